"""The outbox: added once, taken by one, the most urgent first, and never lost with its sender."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from gateway.store import outbox
from gateway.store.engine import Store
from gateway.store.outbox import Priority
from tests.clocks import MONDAY_MORNING as NOW
from tests.outgoing import a_school, outgoing, queue, row_of, states, take


@pytest.fixture(autouse=True)
def school(store: Store) -> None:
    a_school(store)


def test_a_step_that_runs_again_adds_nothing(store):
    first, second = queue(store, outgoing("a")), queue(store, outgoing("a"))
    assert first[0] is not None
    assert second == [None]
    assert states(store) == {"waiting": 1}


def test_a_message_id_used_twice_is_a_fault_and_not_a_repetition(store):
    queue(store, outgoing("a"))
    with pytest.raises(IntegrityError):
        queue(store, outgoing("b", message_id="<a@elm.example>"))


def test_what_is_taken_is_exactly_what_was_queued(store):
    queue(store, outgoing("a", reverse_path=None, hours_of="teacher", octets=b"\x00\xff\r\n."))
    (taken,) = take(store, NOW)
    assert (taken.reverse_path, taken.hours_of, taken.octets, taken.attempts, taken.queued) == (
        None,
        "teacher",
        b"\x00\xff\r\n.",
        0,
        NOW,
    )


def test_nothing_is_taken_before_its_time(store):
    queue(store, outgoing("a", not_before=NOW + timedelta(seconds=1)))
    assert take(store, NOW) == []
    assert len(take(store, NOW + timedelta(seconds=1))) == 1


def test_an_alert_goes_before_two_thousand_digests(store):
    queue(store, *(outgoing(f"d{n}", priority=Priority.DIGEST) for n in range(2000)))
    queue(store, outgoing("answer", priority=Priority.ANSWER))
    queue(store, outgoing("office", priority=Priority.OFFICE))
    queue(store, outgoing("alert", priority=Priority.SAFEGUARDING))
    order = [row.key for row in take(store, NOW, limit=4)]
    assert order[:3] == ["alert", "office", "answer"]


def test_of_equals_whoever_is_due_longer_goes_first(store):
    queue(store, outgoing("late"), outgoing("early", not_before=NOW - timedelta(hours=1)))
    assert [row.key for row in take(store, NOW)] == ["early", "late"]


def test_a_row_in_one_senders_hands_is_not_given_to_another(store):
    queue(store, outgoing("a"))
    assert len(take(store, NOW)) == 1
    assert take(store, NOW + timedelta(seconds=899)) == []


def test_a_row_whose_sender_died_is_taken_again(store):
    queue(store, outgoing("a"))
    (first,) = take(store, NOW)
    (second,) = take(store, NOW + timedelta(seconds=900))
    assert (first.outbox_id, first.message_id) == (second.outbox_id, second.message_id)


def test_many_senders_take_each_row_once(store):
    queue(store, *(outgoing(f"n{n}") for n in range(200)))
    taken: list[str] = []

    def work() -> None:
        while rows := take(store, NOW, limit=3):
            taken.extend(row.key for row in rows)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"n{n}" for n in range(200))


def test_a_postponed_row_waits_and_counts_no_attempt(store):
    (outbox_id,) = queue(store, outgoing("a"))
    take(store, NOW)
    with store.begin() as connection:
        outbox.postpone(connection, outbox_id, NOW + timedelta(hours=3))
        assert outbox.next_due(connection) == NOW + timedelta(hours=3)
    assert take(store, NOW) == []
    assert row_of(store, "a").attempts == 0


def test_only_what_nobody_holds_can_be_taken_back(store):
    queue(store, outgoing("a"), outgoing("b"))
    (held,) = take(store, NOW, limit=1)
    (free,) = {"a", "b"} - {held.key}
    with store.begin() as connection:
        assert not outbox.withdraw(connection, held.key, NOW)
        assert outbox.withdraw(connection, free, NOW)
        assert not outbox.withdraw(connection, "none", NOW)
    assert states(store) == {"leased": 1, "withdrawn": 1}


def test_the_next_instant_of_interest_is_known(store):
    with store.read() as connection:
        assert outbox.next_due(connection) is None
    queue(store, outgoing("a"), outgoing("b", not_before=NOW + timedelta(days=2)))
    take(store, NOW, limit=1, seconds=600)
    with store.read() as connection:
        assert outbox.next_due(connection) == NOW + timedelta(seconds=600)
        assert outbox.counts(connection, "school") == {"leased": 1, "waiting": 1}
        assert outbox.counts(connection, "another") == {}
