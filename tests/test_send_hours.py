"""A teacher is given mail inside the reading windows, and at no other moment."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.clocks import MONDAY_MORNING as NOW
from tests.outgoing import a_school, attempts_of, outgoing, queue, row_of, states
from tests.scripted_sink import ScriptedSink
from tests.sending import Desk


@pytest.fixture
def sink():
    with ScriptedSink() as sink:
        yield sink


@pytest.fixture
def desk(store, sink) -> Desk:
    a_school(store)
    return Desk(store, sink.port)


def at(hour: int, minute: int = 0, second: int = 0):
    return NOW.replace(hour=hour, minute=minute, second=second)


@pytest.mark.parametrize("moment", [at(0), at(7, 59, 59), at(18), at(23, 30)])
def test_outside_the_windows_nothing_is_attempted(desk, sink, moment):
    queue(desk.store, outgoing("a", hours_of="teacher", not_before=moment), outgoing("parent"))
    desk.clock.set(moment)
    desk.sender().run_once()
    opening = at(8) if moment < at(8) else at(8) + timedelta(days=1)
    assert row_of(desk.store, "a").not_before == opening
    assert attempts_of(desk.store, "a") == []
    assert outgoing("a").octets not in sink.taken


def test_the_last_minute_of_a_window_is_left_unused(desk, sink):
    queue(desk.store, outgoing("a", hours_of="teacher"))
    desk.clock.set(at(17, 59))
    desk.sender().run_once()
    assert sink.taken == []
    assert row_of(desk.store, "a").not_before == at(8) + timedelta(days=1)


def test_inside_a_window_it_goes(desk, sink):
    queue(desk.store, outgoing("a", hours_of="teacher"))
    desk.clock.set(at(17, 58, 59))
    desk.sender().run_once()
    assert sink.taken == [outgoing("a").octets]


def test_two_weeks_of_ticks_give_nothing_outside_the_windows(desk, sink):
    arrived = []
    sink.dot = lambda octets: arrived.append(desk.clock.now()) or b"250 taken\r\n"
    later = iter(range(10**6))
    sink.rcpt = lambda recipient: b"451 later\r\n" if next(later) % 2 else b"250 ok\r\n"
    moments = [NOW + timedelta(hours=7 * n) for n in range(48)]
    rows = [
        outgoing(f"n{n}", hours_of="teacher", not_before=moment) for n, moment in enumerate(moments)
    ]
    queue(desk.store, *rows)
    sender = desk.sender()
    while desk.clock.now() < NOW + timedelta(days=17):
        sender.run_once()
        desk.clock.advance(minutes=57)
    assert states(desk.store) == {"sent": 48}
    assert all(8 <= moment.hour < 18 for moment in arrived)


def test_no_250_arrives_after_the_window_has_closed(desk, sink):
    answered = threading.Event()

    def when_it_is_too_late(_octets: bytes) -> bytes:
        sink.closing.wait(1.0)
        answered.set()
        return b"250 taken\r\n"

    sink.dot = when_it_is_too_late
    queue(desk.store, outgoing("a", hours_of="teacher"))
    desk.clock.set(at(17, 58))
    # The clock stands, so the window ends 0.3 real seconds from now.
    desk.clock.seconds_until = lambda instant: 0.3  # type: ignore[method-assign]  # as said
    sender = desk.sender()
    sender.run_once()
    assert sender.wait_for_stalled(20)
    assert not answered.is_set()
    assert [one.outcome for one in attempts_of(desk.store, "a")] == ["unknown"]
    assert row_of(desk.store, "a").state == "waiting"
    answered.wait(5)
    desk.clock.set(at(18, 10))
    sink.dot = lambda octets: b"250 taken\r\n"
    before = len(sink.taken)
    sender.run_once()
    assert len(sink.taken) == before
