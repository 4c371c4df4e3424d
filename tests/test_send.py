"""Sending: all of it, to whoever may still have it, the urgent first, and nothing lost."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from gateway.store.outbox import Priority
from gateway.store.schema import guardian_addresses, guardians, links
from tests.clocks import MONDAY_MORNING as NOW
from tests.outgoing import MUM, a_school, attempts_of, outgoing, queue, row_of, states
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


def test_all_that_is_due_goes_over_few_connections(desk, sink):
    queue(desk.store, *(outgoing(f"n{n}") for n in range(60)))
    queue(desk.store, outgoing("tomorrow", not_before=NOW + timedelta(days=1)))
    assert desk.sender().run_once() == 60
    assert states(desk.store) == {"sent": 60, "waiting": 1}
    assert sorted(sink.taken) == sorted(outgoing(f"n{n}").octets for n in range(60))
    assert sink.connections <= 2


def test_a_bad_recipient_does_not_hold_up_the_rest(desk, sink):
    answers = {"later": b"451 later\r\n", "nobody": b"550 nobody\r\n"}
    sink.rcpt = lambda recipient: answers.get(recipient.partition("@")[0], b"250 ok\r\n")
    queue(desk.store, *(outgoing(key) for key in ("later", "a", "nobody", "b")))
    desk.sender().run_once()
    assert states(desk.store) == {"waiting": 1, "failed": 1, "sent": 2}
    assert desk.told == ["nobody"]
    assert row_of(desk.store, "later").not_before > NOW + timedelta(minutes=4)
    assert [one.code for one in attempts_of(desk.store, "later")] == [451]


def test_an_alert_queued_behind_digests_goes_next(desk, sink):
    desk.pace = {"connections": 1}
    queue(desk.store, *(outgoing(f"d{n}", priority=Priority.DIGEST) for n in range(30)))

    def alert_arrives(_octets: bytes) -> bytes:
        if len(sink.taken) == 5:
            queue(desk.store, outgoing("alert", priority=Priority.SAFEGUARDING))
        return b"250 taken\r\n"

    sink.dot = alert_arrives
    desk.sender().run_once()
    assert sink.taken[6] == outgoing("alert").octets
    assert len(sink.taken) == 31


def test_slow_recipients_leave_the_others_their_way(desk, sink):
    desk.pace = {"connections": 2, "slow_after_seconds": 0.1}
    release, digests_out, alert_out = threading.Event(), threading.Event(), threading.Event()

    def rcpt(recipient: str) -> bytes:
        if recipient.startswith("slow"):
            release.wait(30)
        return b"250 ok\r\n"

    def dot(octets: bytes) -> bytes:
        if len(sink.taken) == 39:
            digests_out.set()
        if octets == outgoing("alert").octets:
            alert_out.set()
        return b"250 taken\r\n"

    sink.rcpt, sink.dot = rcpt, dot
    queue(desk.store, *(outgoing(f"slow{n}") for n in range(6)))
    queue(desk.store, *(outgoing(f"n{n}", priority=Priority.DIGEST) for n in range(40)))
    sender = desk.sender()
    sender.run_once()
    assert digests_out.wait(20)
    queue(desk.store, outgoing("alert", priority=Priority.SAFEGUARDING))
    sender.run_once()
    assert alert_out.wait(20)
    assert len(sink.taken) == 41
    release.set()
    assert sender.wait_for_stalled(30)
    assert states(desk.store) == {"sent": 47}


def bar_mum(store, change):
    with store.begin() as connection:
        connection.execute(change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (delete(guardian_addresses), "this address"),
        (update(guardian_addresses).values(address="new@parent.example"), "this address"),
        (delete(links), "no link"),
        (update(links).values(barred=True), "no link"),
        (update(links).values(may_receive=False), "no link"),
        (update(links).values(ends=NOW.date() - timedelta(days=1)), "no link"),
        (update(links).values(begins=NOW.date() + timedelta(days=1)), "no link"),
        (update(guardians).values(removed_from=NOW.date()), "removed"),
        (
            update(guardians).values(removed_from=date(2026, 1, 1), removed_until=NOW.date()),
            "removed",
        ),
    ],
)
def test_who_was_unlinked_after_it_was_queued_gets_nothing(desk, sink, change, words):
    queue(desk.store, outgoing("a", recipient=MUM, guardian_id="mum"))
    bar_mum(desk.store, change)
    desk.sender().run_once()
    assert sink.taken == []
    assert row_of(desk.store, "a").state == "withdrawn"
    (attempt,) = attempts_of(desk.store, "a")
    assert attempt.outcome == "withdrawn"
    assert words in attempt.words


@pytest.mark.parametrize(
    "change",
    [
        update(links).values(begins=NOW.date(), ends=NOW.date()),
        update(guardians).values(removed_from=date(2026, 1, 1), removed_until=date(2026, 2, 1)),
        update(guardians).values(removed_from=NOW.date() + timedelta(days=1)),
    ],
)
def test_who_is_linked_today_gets_it(desk, sink, change):
    queue(desk.store, outgoing("a", recipient=MUM, guardian_id="mum"))
    bar_mum(desk.store, change)
    desk.sender().run_once()
    assert len(sink.taken) == 1


def test_a_sender_that_dies_with_a_row_in_its_hands_loses_nothing(desk, sink):
    hanging = threading.Event()
    sink.rcpt = lambda recipient: b"250 ok\r\n" if hanging.wait(30) else b""
    queue(desk.store, outgoing("a"))
    desk.pace = {"slow_after_seconds": 0.05}
    desk.sender().run_once()  # abandoned in the middle of its attempt
    assert states(desk.store) == {"leased": 1}
    sink.rcpt = lambda recipient: b"250 ok\r\n"
    assert desk.sender().run_once() == 0
    desk.clock.advance(seconds=900)
    assert desk.sender().run_once() == 1
    assert states(desk.store) == {"sent": 1}
    assert sink.taken == [outgoing("a").octets]
    hanging.set()


def test_a_fault_of_ours_in_one_row_does_not_stop_the_others(desk, sink):
    queue(desk.store, outgoing("odd", hours_of="teacher"), outgoing("a"))

    def broken(_staff_id, _now):
        raise KeyError

    desk.hours.deadline = broken  # type: ignore[method-assign]  # the fault under test
    desk.sender().run_once()
    assert row_of(desk.store, "a").state == "sent"
    assert row_of(desk.store, "odd").state == "waiting"
    assert [one.words for one in attempts_of(desk.store, "odd")] == ["our own fault: KeyError"]
