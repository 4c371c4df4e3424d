"""Dated cases for eight policies in three time zones, worked out by hand, and not by the program.

The tables are `tests/data/promises/`, one a policy of `tests/data/policies/`; each case says why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from gateway.config.policyfile import load_policy
from rules.calendar import SchoolCalendar
from rules.people import SchoolClass, Staff
from rules.policy import ClosedDays, EarlyClosing
from rules.promises import PromiseMade
from rules.readers import Reader, reader_for, with_covers

DATA = Path(__file__).parent / "data"
POLICIES = {path.stem: load_policy(path) for path in sorted((DATA / "policies").glob("*.toml"))}
ANYBODY = "hazel"  # has no days, leave or bookings in any policy


@dataclass(frozen=True)
class Case:
    policy: str
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.policy} {self.said['arrives']}"

    @property
    def calendar(self) -> SchoolCalendar:
        """The policy's, with what the office announced since."""
        policy = POLICIES[self.policy]
        days = [date.fromisoformat(text) for text in self.said.get("closed", ())]
        closed = tuple(ClosedDays(day, day, "snow") for day in days)
        early: tuple[EarlyClosing, ...] = ()
        if "early" in self.said:
            on, closes = self.said["early"]["on"], self.said["early"]["closes"]
            early = (EarlyClosing(date.fromisoformat(on), time.fromisoformat(closes)),)
        hours = replace(
            policy.hours, closed=policy.hours.closed + closed, early=policy.hours.early + early
        )
        return SchoolCalendar.of(replace(policy, hours=hours))

    @property
    def arrived(self) -> datetime:
        return self.at("arrives")

    def at(self, key: str) -> datetime:
        text: str = self.said[key]
        local = datetime.fromisoformat(text.rstrip("~")).replace(tzinfo=self.calendar.zone)
        return local.replace(fold=int(text.endswith("~"))).astimezone(UTC)

    def reader(self) -> Reader:
        """Who reads it, of the class's teachers and those who cover for them."""
        calendar = self.calendar
        teachers = tuple(map(person, self.said.get("teachers", (ANYBODY,))))
        room = SchoolClass("3b", "3B", "3b@class.oakfield.example", teachers)
        room = with_covers(room, calendar.hours.leave, lambda at: person(at.partition("@")[0]))
        found = reader_for(room, lambda one: calendar.narrowed(person(one).address), self.arrived)
        assert found is not None
        return found

    def promise(self) -> PromiseMade:
        return self.reader().calendar.promise(self.arrived)


def person(name: str) -> Staff:
    return Staff(name, name.title(), f"{name}@oakfield.example")


def cases() -> Iterator[Case]:
    for path in sorted((DATA / "promises").glob("*.toml")):
        for said in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield Case(path.stem, said)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_message_is_read_and_answered_when_the_policy_says(case):
    promise = case.promise()
    assert (promise.reads_at, promise.due) == (case.at("read"), case.at("due")), case.said["why"]
    assert promise.breach == case.said.get("breach", False), case.said["why"]
    if "limit" in case.said:
        assert promise.limit == case.at("limit")


@pytest.mark.parametrize("case", [one for one in CASES if "reader" in one.said], ids=str)
def test_whoever_of_the_class_reads_soonest_has_it(case):
    assert case.reader().staff.staff_id == case.said["reader"], case.said["why"]


@pytest.mark.parametrize("case", [one for one in CASES if "acknowledged" in one.said], ids=str)
def test_somebody_says_that_they_have_it_by_the_time_the_policy_gives(case):
    assert case.promise().acknowledge_by == case.at("acknowledged"), case.said["why"]


def test_a_policy_that_promises_no_acknowledgement_makes_none():
    assert all(one.promise().acknowledge_by is None for one in CASES if one.policy == "seed")


def test_every_policy_has_cases_and_there_are_more_than_sixty():
    assert {one.policy for one in CASES} == set(POLICIES)
    assert len({(one.policy, str(one.said)) for one in CASES}) > 60
    assert len({POLICIES[one.policy].zone for one in CASES}) == 3
