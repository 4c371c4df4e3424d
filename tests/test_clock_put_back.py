"""A clock that was a day ahead for a minute: what was written down meanwhile is called back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from gateway.store.attempts import Attempt, RetryRule, record_attempt
from gateway.store.schema import outbox as outbox_table
from gateway.ticks import Ticks
from gateway.work.clock_put_back import ClockPutBack
from tests.clocks import MONDAY_MORNING as NOW
from tests.clocks import SettableClock
from tests.outgoing import a_school, outgoing, queue, row_of, states, take
from tests.scripted_sink import ScriptedSink
from tests.sending import Desk

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
AHEAD = NOW + DAY


@pytest.fixture
def sink():
    with ScriptedSink() as sink:
        yield sink


@pytest.fixture
def desk(store, sink) -> Desk:
    a_school(store)
    return Desk(store, sink.port)


def put_back(desk: Desk) -> int:
    """Have the clock be seen a day ahead, and then put right."""
    watch = ClockPutBack(desk.store, desk.clock, {})
    desk.clock.set(AHEAD)
    watch.run_once()
    desk.clock.set(NOW)
    assert watch.next_due() == NOW
    return watch.run_once()


def test_mail_queued_by_a_clock_that_was_ahead_goes_at_once(desk, sink):
    queue(desk.store, outgoing("alert", not_before=AHEAD), now=AHEAD)
    desk.clock.set(AHEAD)
    watch = ClockPutBack(desk.store, desk.clock, {})
    watch.run_once()
    desk.clock.set(NOW)
    assert desk.sender().run_once() == 0, "or there is nothing to mend"
    assert watch.run_once() == 1
    assert desk.sender().run_once() == 1
    assert states(desk.store) == {"sent": 1}


def test_mail_tried_by_a_clock_that_was_ahead_is_tried_again_at_once(desk):
    queue(desk.store, outgoing("tried"), now=NOW)
    (leased,) = take(desk.store, AHEAD)
    with desk.store.begin() as connection:
        record_attempt(connection, leased, Attempt("deferred", 451, "later"), AHEAD, RetryRule())
    assert row_of(desk.store, "tried").not_before > AHEAD
    assert put_back(desk) == 1
    assert row_of(desk.store, "tried").not_before == NOW


def test_what_is_bound_to_a_teachers_windows_is_asked_again_and_not_sent_outside(desk, sink):
    queue(desk.store, outgoing("a", hours_of="teacher", not_before=AHEAD + HOUR), now=NOW)
    desk.hours.opens = NOW.hour + 1
    assert put_back(desk) == 1
    desk.sender().run_once()
    assert sink.taken == []
    assert row_of(desk.store, "a").not_before == NOW + HOUR


def test_an_answer_that_waits_for_an_opening_goes_on_waiting(desk):
    queue(desk.store, outgoing("answer", not_before=NOW + 3 * HOUR), now=NOW)
    queue(desk.store, outgoing("written ahead", not_before=AHEAD + 3 * HOUR), now=AHEAD)
    assert put_back(desk) == 1
    assert row_of(desk.store, "answer").not_before == NOW + 3 * HOUR
    assert row_of(desk.store, "written ahead").not_before == NOW + 3 * HOUR


def test_mail_that_is_tried_again_at_its_own_time_keeps_its_timetable(desk):
    queue(desk.store, outgoing("tried"), now=NOW)
    (leased,) = take(desk.store, NOW)
    with desk.store.begin() as connection:
        record_attempt(connection, leased, Attempt("deferred", 451, "later"), NOW, RetryRule())
    before = row_of(desk.store, "tried").not_before
    assert put_back(desk) == 0
    assert row_of(desk.store, "tried").not_before == before


def test_small_steps_back_of_a_clock_that_is_kept_right_change_nothing(desk):
    watch = ClockPutBack(desk.store, desk.clock, {})
    watch.run_once()
    queue(desk.store, outgoing("a", hours_of="teacher", not_before=NOW + HOUR), now=NOW)
    desk.clock.set(NOW - timedelta(seconds=1))
    assert watch.next_due() is None
    assert watch.run_once() == 0
    assert row_of(desk.store, "a").not_before == NOW + HOUR


def test_a_smarthost_left_alone_until_tomorrow_by_mistake_is_asked_today(desk, sink):
    desk.clock.set(AHEAD)
    sender = desk.sender()
    queue(desk.store, outgoing("a"), now=NOW)
    sink.greeting = lambda: b"421 away\r\n"
    sender.run_once()
    sink.greeting = lambda: b"220 sink.example\r\n"
    desk.clock.set(NOW + MINUTE)
    sender.run_once()
    assert states(desk.store) == {"sent": 1}


def test_an_attempt_under_way_is_not_doubled_when_the_clock_jumps_past_its_lease(desk, sink):
    reached, go_on = threading.Event(), threading.Event()

    def slow(_octets: bytes) -> bytes:
        reached.set()
        assert go_on.wait(60)
        return b"250 taken\r\n"

    sink.dot = slow
    queue(desk.store, outgoing("a"), now=NOW)
    sender = desk.sender()
    sending = threading.Thread(target=sender.run_once)
    sending.start()
    assert reached.wait(60)
    desk.clock.set(NOW + 3 * HOUR)
    with desk.store.begin() as connection:
        # As another lane does: it takes back what was leased for less than three hours.
        connection.execute(update(outbox_table).values(state="waiting", leased_until=None))
    assert sender._step() is True  # the row is taken up, and left to the attempt under way
    go_on.set()
    sending.join(60)
    sender.wait_for_stalled(60)
    assert states(desk.store) == {"sent": 1}
    assert len(sink.taken) == 1


def test_a_tick_that_the_clock_has_put_a_day_away_comes_at_once():
    machine = SettableClock(datetime.now(UTC))
    ticks = Ticks(machine)
    ticks.call(lambda: None, 3600.0, "tick_work")
    ticks.start()
    try:
        machine.advance(hours=1)
        assert ticks.catch_up() == []
        machine.advance(days=-1)
        assert ticks.catch_up() == ["tick_work"]
    finally:
        ticks.stop()
