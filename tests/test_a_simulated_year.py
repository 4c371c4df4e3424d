"""A month of the simulated year, over the autumn's clock change, on hosts in two zones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.campaigns.year import SHORT, run
from tests.campaigns.year_oracle import Oracle
from tests.campaigns.year_school import POLICY, ROOMS, TEACHERS, address

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer
LONDON = ZoneInfo("Europe/London")


def test_a_month_is_the_same_wherever_the_host_thinks_it_is_and_nothing_comes_outside(tmp_path):
    outcomes = list(run("short", ("America/New_York", "Asia/Kolkata"), tmp_path))
    for outcome in outcomes:
        assert outcome.faults == [], "\n".join(outcome.lines())
        assert outcome.figures["accepted"] >= SHORT.messages
        assert outcome.figures["given to a teacher"] > 100, "or the month proves nothing"
    assert len({outcome.digest for outcome in outcomes}) == 1


# The oracle judges the year, so what it says of single days is checked by hand.


def cuts_on(number: int, on: date) -> list[str]:
    oracle = Oracle(POLICY, ROOMS, on, on)
    return [f"{cut.astimezone(LONDON):%H:%M}" for cut in oracle.cuts(address(number))]


AFTERNOON = ["15:30", "15:45", "16:00", "16:15", "16:30", "16:45", "16:50"]


@pytest.mark.parametrize(
    ("number", "on", "cuts"),
    [
        (10, date(2026, 9, 14), ["08:00", "08:15", "08:20", *AFTERNOON]),
        (10, date(2026, 9, 12), []),  # a Saturday
        (10, date(2026, 11, 2), []),  # an INSET day
        (10, date(2026, 12, 18), ["08:00", "08:15", "08:20"]),  # ends at 13:15
        (10, date(2027, 5, 21), ["08:00", "08:15", "08:20", "15:30", "15:45", "16:00"]),
        (10, date(2026, 9, 16), ["08:00", "08:15", "08:20"]),  # training in the afternoon
        (2, date(2026, 9, 14), AFTERNOON),  # quiet on Monday mornings
        # Choir takes the middle out of the afternoon.
        (3, date(2026, 9, 15), ["08:00", "08:15", "08:20", "15:30", "15:35", *AFTERNOON[3:]]),
        (11, date(2026, 9, 17), []),  # works from Monday to Wednesday
        (15, date(2026, 9, 17), ["08:00", "08:15", "08:20"]),  # works in the mornings
        (17, date(2027, 1, 4), []),  # changed places after Christmas
        (10, date(2026, 11, 9), []),  # on leave
    ],
)  # fmt: skip
def test_the_oracle_counts_the_cuts_of_a_day_as_one_does_by_hand(number, on, cuts):
    assert cuts_on(number, on) == cuts


def test_the_oracle_gives_a_message_to_whoever_reads_soonest():
    oracle = Oracle(POLICY, ROOMS, date(2026, 9, 1), date(2026, 11, 30))
    # A job share: on Thursday the other half reads; on Wednesday both do, and the first is named.
    assert oracle.reader("4b", datetime(2026, 9, 16, 17, 0, tzinfo=LONDON))[0] == address(12)
    assert oracle.reader("4b", datetime(2026, 9, 15, 17, 0, tzinfo=LONDON))[0] == address(11)
    # Leave, with somebody else for that time only.
    assert oracle.reader("4a", datetime(2026, 11, 10, 12, 0, tzinfo=LONDON))[0] == address(23)
    who, cut = oracle.reader("4a", datetime(2026, 11, 20, 17, 0, tzinfo=LONDON))
    assert (who, cut) == (address(10), datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_thirty_teach_and_each_reads_for_a_class():
    assert {who for readers in ROOMS.values() for who in readers} == TEACHERS
    assert len(TEACHERS) == 30
