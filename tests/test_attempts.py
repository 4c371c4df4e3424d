"""The timetable of attempts: back off, give up after five days, and tell a person once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.store.attempts import Attempt, RetryRule, record_attempt, record_away
from gateway.store.engine import Store
from tests.clocks import MONDAY_MORNING as NOW
from tests.clocks import SettableClock
from tests.outgoing import a_school, attempts_of, outgoing, queue, row_of, states, take

RULE = RetryRule()
LATER = Attempt("deferred", 451, "later")


@pytest.fixture(autouse=True)
def school(store: Store) -> None:
    a_school(store)


def test_the_wait_grows_from_five_minutes_to_seventy():
    minutes = [RULE.wait(number, "id").total_seconds() / 60 for number in range(1, 9)]
    for waited, full in zip(minutes, [5, 10, 20, 40, 70, 70, 70, 70], strict=True):
        assert full * 0.9 <= waited <= full


def test_rows_deferred_together_come_back_apart_and_always_alike():
    waits = {RULE.wait(1, f"row{number}") for number in range(100)}
    assert len(waits) > 50
    assert RULE.wait(3, "row") == RULE.wait(3, "row")


def try_all(store, clock, attempt, **of_row):
    """Make the attempt at every time that is due, till nothing waits; return the instants."""
    queue(store, outgoing("a", **of_row))
    times, told = [], 0
    while row_of(store, "a").state == "waiting":
        clock.set(row_of(store, "a").not_before)
        (taken,) = take(store, clock.now())
        with store.begin() as connection:
            told += record_attempt(connection, taken, attempt, clock.now(), RULE)
        times.append(clock.now())
    return times, told


def test_after_five_days_it_has_failed_and_a_person_is_told_once(store):
    times, told = try_all(store, SettableClock(NOW), LATER)
    assert told == 1
    assert row_of(store, "a").state == "failed"
    assert timedelta(days=5) <= times[-1] - times[0] < timedelta(days=5, minutes=71)
    assert sum(moment - times[0] <= timedelta(hours=48) for moment in times) <= 60
    assert len(attempts_of(store, "a")) == len(times)


def test_five_days_without_the_smarthost_leave_the_few_chances_of_a_teachers_row(store):
    queue(store, outgoing("a", hours_of="teacher"))
    for days in range(0, 18, 2):
        (taken,) = take(store, NOW + timedelta(days=days))
        with store.begin() as connection:
            assert not record_attempt(connection, taken, LATER, NOW + timedelta(days=days), RULE)
    (taken,) = take(store, NOW + timedelta(days=20))
    with store.begin() as connection:
        assert record_attempt(connection, taken, LATER, NOW + timedelta(days=20), RULE)


def test_a_rejection_is_final_at_once(store):
    times, told = try_all(store, SettableClock(NOW), Attempt("rejected", 550, "no such person"))
    assert (len(times), told, row_of(store, "a").state) == (1, 1, "failed")


def test_a_line_lost_after_the_dot_is_tried_again_with_the_same_message_id(store):
    queue(store, outgoing("a"))
    (first,) = take(store, NOW)
    with store.begin() as connection:
        record_attempt(connection, first, Attempt("unknown", None, "lost"), NOW, RULE)
    (second,) = take(store, NOW + timedelta(minutes=5))
    assert second.message_id == first.message_id
    assert [one.outcome for one in attempts_of(store, "a")] == ["unknown"]


def test_who_lost_the_lease_can_still_say_that_it_went(store):
    queue(store, outgoing("a"))
    (slow,) = take(store, NOW)
    later = NOW + timedelta(seconds=900)
    (second,) = take(store, later)
    with store.begin() as connection:
        record_attempt(connection, slow, Attempt("sent", 250, "ok"), later, RULE)
    assert row_of(store, "a").state == "sent"
    with store.begin() as connection:
        assert not record_attempt(connection, second, LATER, later, RULE)
    assert row_of(store, "a").state == "sent"


def test_who_lost_the_lease_cannot_fail_what_another_is_sending(store):
    queue(store, outgoing("a"))
    (slow,) = take(store, NOW)
    later = NOW + timedelta(seconds=900)
    take(store, later)
    with store.begin() as connection:
        assert not record_attempt(connection, slow, Attempt("rejected", 550, "no"), later, RULE)
    assert row_of(store, "a").state == "leased"


def test_an_outage_costs_each_row_one_attempt_and_no_wait(store):
    queue(store, *(outgoing(f"n{n}") for n in range(50)))
    for minutes in range(0, 48 * 60, 60):
        with store.begin() as connection:
            now = NOW + timedelta(minutes=minutes)
            assert record_away(connection, "smarthost away", now, RULE) == ()
    assert len(attempts_of(store, "n7")) == 1
    assert len(take(store, NOW, limit=100)) == 50


def test_an_outage_of_five_days_fails_what_waited_through_it(store):
    queue(store, outgoing("a"), outgoing("digest", hours_of="teacher"))
    with store.begin() as connection:
        record_away(connection, "smarthost away", NOW, RULE)
    queue(store, outgoing("new", not_before=NOW + timedelta(days=4)))
    with store.begin() as connection:
        failed = record_away(connection, "smarthost away", NOW + timedelta(days=5), RULE)
    assert [row.key for row in failed] == ["a"]
    assert states(store) == {"failed": 1, "waiting": 2}
