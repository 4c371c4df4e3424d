"""What the DNS said is kept as long as it holds; what it did not say is never an answer."""

import threading

import pytest

from gateway.clock import SystemClock
from gateway.proof.lookups import KEPT_ANSWERS, MESSAGE_QUESTIONS, Lookups, NotNow
from tests.dns_server import dns_server

ZONE = {
    "parent.example": [
        {"TXT": ["v=spf1 ", "-all"]},
        {"A": "192.0.2.1"},
        {"MX": [10, "mx.example"]},
    ],
    "alias.example": [{"CNAME": "parent.example"}],
    "loop.example": [{"CNAME": "loop.example"}],
    "empty.example": [{"A": "192.0.2.9"}],
    "down.example": ["SERVFAIL"],
    "mute.example": ["MUTE"],
    "huge.example": [{"TXT": "x" * 20_000}],
}


@pytest.fixture
def zone():
    with dns_server(ZONE) as server:
        yield server


class Later(SystemClock):
    """The machine's clock, put forward by hand."""

    ahead = 0.0

    def monotonic(self):
        return super().monotonic() + self.ahead


def lookups(server, clock=None, **more):
    return Lookups(clock or SystemClock(), ["127.0.0.1"], server.port, **more)


def test_records_are_read_as_they_are_meant(zone):
    asking = lookups(zone).asking()
    assert asking.texts("Parent.example.") == (b"v=spf1 -all",)
    assert asking.texts("alias.example") == (b"v=spf1 -all",)
    assert asking.find("parent.example", "A") == ("192.0.2.1",)
    assert asking.find("parent.example", "MX") == ((10, "mx.example"),)


def test_nothing_there_is_an_answer(zone):
    asking = lookups(zone).asking()
    assert asking.texts("nobody.example") == ()
    assert asking.texts("empty.example") == ()
    assert asking.texts("x" * 64 + ".example") == ()
    assert asking.texts("..") == ()


@pytest.mark.parametrize("name", ["down.example", "mute.example", "loop.example"])
def test_no_answer_is_not_nothing(zone, name):
    with pytest.raises(NotNow):
        lookups(zone, lookup_seconds=0.3).asking().texts(name)


def test_an_answer_is_asked_for_once_while_it_holds(zone):
    clock = Later()
    found = lookups(zone, clock)
    for _time in range(5):
        found.asking().texts("parent.example")
        found.asking().texts("nobody.example")
    assert zone.asked["parent.example", "TXT"] == 1
    clock.ahead = 301.0  # the zone says 300 seconds
    found.asking().texts("parent.example")
    assert zone.asked["parent.example", "TXT"] == 2


def test_a_server_that_is_down_is_left_alone_for_a_moment_and_then_asked_again(zone):
    clock = Later()
    found = lookups(zone, clock)
    for _time in range(3):
        with pytest.raises(NotNow):
            found.asking().texts("down.example")
    assert zone.asked["down.example", "TXT"] == 1
    clock.ahead = 31.0
    zone.put({"down.example": [{"TXT": "back"}]})
    assert found.asking().texts("down.example") == (b"back",)


def test_one_message_may_ask_so_much_and_no_more(zone):
    asking = lookups(zone).asking()
    for number in range(MESSAGE_QUESTIONS):
        asking.texts(f"{number % 3}.example")
    with pytest.raises(NotNow):
        asking.texts("parent.example")


def test_a_message_that_has_asked_too_long_asks_no_more(zone):
    clock = Later()
    asking = lookups(zone, clock).asking()
    clock.ahead = 16.0
    with pytest.raises(NotNow):
        asking.texts("parent.example")


def test_what_is_kept_is_bounded_and_what_is_long_is_not_kept(zone):
    found = lookups(zone)
    for _time in range(2):
        assert len(found.asking().texts("huge.example")[0]) == 20_000
    assert len(found._kept) == 0
    assert KEPT_ANSWERS * 8_192 < 100_000_000


def test_many_may_ask_at_once(zone):
    found = lookups(zone)
    told = []
    threads = [
        threading.Thread(target=lambda: told.append(found.asking().texts("parent.example")))
        for _number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [(b"v=spf1 -all",)] * 20
