"""One message to the smarthost: what every answer means, and what is never put on a wire."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gateway.store.outbox import Leased
from gateway.work.smarthost import Smarthost, SmarthostNotSafe, SmarthostSettings
from tests.clocks import MONDAY_MORNING
from tests.scripted_sink import POINTS, ScriptedSink


def a_message(**changes) -> Leased:
    values = {
        "outbox_id": "0" * 16,
        "school_id": "school",
        "key": "a",
        "kind": "notice",
        "priority": 2,
        "recipient": "mum@parent.example",
        "reverse_path": "b@elm.example",
        "message_id": "<a@elm.example>",
        "octets": b"Subject: s\r\n\r\n.dot\r\nbody\r\n",
        "spool_id": None,
        "guardian_id": None,
        "hours_of": None,
        "queued": MONDAY_MORNING,
        "not_before": MONDAY_MORNING,
        "attempts": 0,
        "leased_until": MONDAY_MORNING,
    }
    return Leased(**(values | changes))


def settings(port: int, **changes) -> SmarthostSettings:
    values = {"host": "127.0.0.1", "port": port, "helo_name": "gw.elm.example", "security": "none"}
    return SmarthostSettings(**(values | changes))


@pytest.fixture
def sink():
    with ScriptedSink() as sink:
        yield sink


@pytest.fixture
def smarthost(sink):
    smarthost = Smarthost(settings(sink.port))
    yield smarthost
    smarthost.hang_up()


def test_what_is_taken_is_octet_for_octet_what_was_queued(sink, smarthost):
    attempt = smarthost.attempt(a_message())
    assert (attempt.outcome, attempt.code, attempt.words) == ("sent", 250, "taken")
    assert sink.taken == [a_message().octets]


def test_a_notice_goes_with_the_null_reverse_path(sink, smarthost):
    smarthost.attempt(a_message(reverse_path=None))
    assert "MAIL FROM:<> SIZE=26" in sink.commands


def test_one_connection_carries_many_up_to_its_bound(sink):
    smarthost = Smarthost(settings(sink.port, messages_per_connection=10))
    assert {smarthost.attempt(a_message()).outcome for _ in range(25)} == {"sent"}
    smarthost.hang_up()
    assert (sink.connections, len(sink.taken), sink.commands.count("QUIT")) == (3, 25, 3)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"250 ok\r\n", "sent"),
        (b"251 will forward\r\n", "sent"),
        (b"450 busy\r\n", "deferred"),
        (b"421 going\r\n", "deferred"),
        (b"550 nobody\r\n", "rejected"),
        (b"503 out of step\r\n", "deferred"),
        (b"354 what?\r\n", "deferred"),
        (b"999 what?\r\n", "deferred"),
        (b"\xff\xfe\r\n", "deferred"),
    ],
)
def test_each_recipients_answer_is_its_own(sink, smarthost, reply, outcome):
    sink.rcpt = lambda recipient: reply if recipient.startswith("odd") else b"250 ok\r\n"
    attempt = smarthost.attempt(a_message(recipient="odd@parent.example"))
    assert (attempt.outcome, attempt.away) == (outcome, False)
    assert smarthost.attempt(a_message()).outcome == "sent"


@pytest.mark.parametrize("code", [530, 535])
def test_a_lost_log_in_fails_no_message(sink, smarthost, code):
    sink.mail = lambda: b"%d authenticate first\r\n" % code
    attempt = smarthost.attempt(a_message())
    assert (attempt.outcome, attempt.away) == ("deferred", True)


def test_a_log_in_that_the_provider_has_switched_off_is_told_from_a_wrong_password(sink):
    sink.offers = b"250-sink.example\r\n250 AUTH LOGIN PLAIN\r\n"
    sink.auth = b"535 5.7.139 SmtpClientAuthentication is disabled for the Tenant\r\n"
    smarthost = Smarthost(settings(sink.port, username="gw", password="p"))
    assert "switched off" in smarthost.attempt(a_message()).words
    sink.auth = b"535 5.7.8 wrong\r\n"
    assert "outbound.password_file" in smarthost.attempt(a_message()).words
    sink.auth = b"334 ***not base64\r\n"
    assert smarthost.attempt(a_message()).away


def test_a_kept_line_that_is_closing_says_nothing_about_the_smarthost(sink, smarthost):
    smarthost.attempt(a_message())
    replies = iter([b"421 enough for one line\r\n"])
    sink.mail = lambda: next(replies, b"250 ok\r\n")
    assert smarthost.attempt(a_message()).outcome == "sent"
    assert sink.connections == 2


@pytest.mark.parametrize("point", POINTS)
def test_what_happened_before_the_final_dot_is_told_from_what_happened_after(
    sink, smarthost, point
):
    sink.drops = lambda here: here == point
    attempt = smarthost.attempt(a_message())
    if point in ("after DATA is answered", "inside the content"):
        # Our dot may have left before their closing arrived: then we cannot know.
        assert attempt.outcome in ("deferred", "unknown")
    else:
        assert attempt.outcome == ("unknown" if point == "after the final dot" else "deferred")
    assert attempt.away == (POINTS.index(point) < 2)


def test_a_hostile_reply_is_bounded_and_cleaned(sink, smarthost):
    sink.dot = lambda octets: b"550 no\x1b[2J\x00\x07 " + b"x" * 1900 + b"\r\n"
    words = smarthost.attempt(a_message()).words
    assert len(words) <= 240
    assert words.isprintable()
    sink.dot = lambda octets: b"250-" + b"x" * 100_000 + b"\r\n"
    assert smarthost.attempt(a_message()).outcome == "unknown"
    sink.dot = lambda octets: b"250-x\r\n" * 10_000
    assert smarthost.attempt(a_message()).outcome == "unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "mum@parent.example>\r\nRCPT TO:<evil@evil.example"},
        {"recipient": "mum@parent.example\n"},
        {"reverse_path": "b@elm.example\r\nDATA"},
        {"recipient": "mum@parent.example> NOTIFY=NEVER"},
        {"recipient": "no at sign"},
        {"octets": b"Subject: s\r\n\r\nbody\n.\nMAIL FROM:<x>\r\n"},
        {"octets": b"Subject: s\r\n\r\nbody\r.\r\r\n"},
        {"octets": b"Subject: s\r\n\r\n\x00\r\n"},
    ],
)
def test_what_could_be_taken_for_a_command_is_never_put_on_a_wire(sink, smarthost, changes):
    assert smarthost.attempt(a_message(**changes)).outcome == "rejected"
    assert sink.connections == 0


@pytest.mark.parametrize(("offer", "said"), [(b"8BITMIME", True), (b"SIZE", False)])
def test_eight_bits_are_announced_only_where_they_are_offered(sink, smarthost, offer, said):
    sink.offers = b"250-sink.example\r\n250 " + offer + b"\r\n"
    octets = "Subject: s\r\n\r\nZoë\r\n".encode()
    assert smarthost.attempt(a_message(octets=octets)).outcome == "sent"
    assert sink.taken == [octets]
    assert any("BODY=8BITMIME" in command for command in sink.commands) == said


def test_a_smarthost_that_is_not_there_is_away(sink):
    with ScriptedSink() as gone:
        port = gone.port
    attempt = Smarthost(settings(port)).attempt(a_message())
    assert (attempt.outcome, attempt.away) == ("deferred", True)
    assert "nothing answers there" in attempt.words


def test_clear_text_is_for_this_machine_only(tmp_path: Path):
    with pytest.raises(SmarthostNotSafe):
        Smarthost(settings(25, host="mail.elm.example"))


def test_an_attempt_ends_at_its_deadline_whatever_is_dribbled(sink):
    smarthost = Smarthost(settings(sink.port))
    release = threading.Event()

    def slowly(octets: bytes) -> bytes:
        release.wait(20)
        return b"250 taken at last\r\n"

    sink.dot = slowly
    attempt = smarthost.attempt(a_message(), deadline_seconds=0.2)
    release.set()
    assert attempt.outcome == "unknown"
    assert smarthost.attempt(a_message(), deadline_seconds=0).away
