"""The clock of the machine, and the clock of a rehearsal."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.clock import Clock, RehearsalClock, SystemClock

FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)


class Seconds:
    """Real seconds that pass when told."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def test_the_system_clock_tells_utc_and_never_waits_for_the_past():
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.seconds_until(clock.now() - timedelta(hours=1)) == 0
    assert clock.monotonic() <= clock.monotonic()


def test_a_rehearsal_runs_as_many_times_as_fast_as_told():
    seconds = Seconds()
    clock = RehearsalClock(FRIDAY, speed=60, base=seconds)
    assert clock.now() == FRIDAY
    seconds.passed = 2.0
    assert clock.now() == FRIDAY + timedelta(minutes=2)
    assert clock.monotonic() == 2.0
    assert clock.seconds_until(FRIDAY + timedelta(minutes=3)) == 1.0


def test_a_rehearsal_jumps_over_the_weekend_and_goes_on_from_there():
    seconds = Seconds()
    clock = RehearsalClock(FRIDAY, speed=60, base=seconds)
    seconds.passed = 1.0
    assert clock.jump_to(MONDAY) == MONDAY
    seconds.passed = 2.0
    assert clock.now() == MONDAY + timedelta(minutes=1)


def test_a_rehearsal_never_goes_back():
    clock = RehearsalClock(MONDAY, base=Seconds())
    assert clock.jump_to(FRIDAY) == MONDAY
    assert clock.now() == MONDAY


def test_a_rehearsal_may_stand_still_between_jumps():
    clock = RehearsalClock(FRIDAY, speed=0)
    assert clock.now() == clock.now() == FRIDAY
    assert clock.seconds_until(MONDAY) == math.inf
    assert clock.jump_to(MONDAY.astimezone(ZoneInfo("Asia/Kolkata"))) == MONDAY
    assert clock.now().utcoffset() == timedelta(0)


def test_threads_that_jump_at_once_all_see_time_go_forward():
    clock = RehearsalClock(FRIDAY, speed=1_000)

    def hop(number: int) -> bool:
        before = clock.now()
        clock.jump_to(FRIDAY + timedelta(minutes=number % 50))
        return clock.now() >= before

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(hop, range(2_000)))


def test_a_clock_needs_a_zone_and_cannot_run_backwards():
    with pytest.raises(ValueError, match="aware"):
        RehearsalClock(FRIDAY.replace(tzinfo=None))
    with pytest.raises(ValueError, match="0 or more"):
        RehearsalClock(FRIDAY, speed=-1)


def test_a_rehearsal_clock_may_change_its_speed_and_never_jumps_by_it():
    seconds = Seconds()
    clock = RehearsalClock(FRIDAY, 0, seconds)
    seconds.passed = 10
    clock.run_at(60)
    assert clock.now() == FRIDAY
    seconds.passed = 13
    assert clock.now() == FRIDAY + timedelta(minutes=3)
