"""What would a roster change? A function of what the store has and what the files say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.imports.known import Known
from gateway.imports.leavers import plan_leavers, plan_strangers
from gateway.imports.links import more_than_two, plan_links
from gateway.imports.merging import merged, plan_merges
from gateway.imports.people import plan_contacts, plan_pupils
from gateway.imports.planning import CALLED_OTHERWISE, Planning
from gateway.imports.readers import LEFT_ALONE, classes_read_for, tell_left_alone
from gateway.imports.sheet import RowChange, counted
from gateway.imports.staff import plan_staff
from gateway.roster.records import Merge, Roster

# What ends, of how many: a file that was cut in half must not take half the school away.
ENDING_SHARE = 0.05
ENDINGS_ALWAYS_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Ending:
    """How many of one kind an import would end, and how many it may without being asked."""

    what: str
    number: int
    of: int
    allowed: int

    @property
    def is_too_many(self) -> bool:
        """Whether somebody must say first that this is meant."""
        return self.number > self.allowed


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """All that an import would change, and what whoever imports should read of it."""

    version: int  # of the roster that it was planned on
    changes: tuple[RowChange, ...]
    told: Mapping[str, tuple[str, ...]]  # lines by heading
    endings: tuple[Ending, ...] = ()
    to_review: tuple[Merge, ...] = ()  # probably one person; nobody has said so

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each kind are new, changed or ended."""
        return counted(self.changes)

    @property
    def too_many_endings(self) -> tuple[Ending, ...]:
        """The kinds of which more would end than may."""
        return tuple(ending for ending in self.endings if ending.is_too_many)


def plan_import(
    known: Known,
    roster: Roster,
    *,
    today: date,
    ids: Iterator[str],
    merge: bool = False,
    invited: bool = False,
    allow_ending: int | None = None,
) -> RosterPlan:
    """Return what the import of `roster` would change on `today`, the school's date.

    `known` is used up: it holds afterwards what the store would. `merge` takes as one whom the
    reader of the files took for one; `invited` lets new links wait for their code;
    `allow_ending` is how many of each kind may end.
    """
    plan = Planning(known, today, ids, roster.spared)
    accepted = tuple(one for one in roster.merges if merge or one.merged in known.references)
    roster = merged(roster, accepted)
    before, read_for = _numbers(plan), classes_read_for(plan)
    plan_staff(plan, roster.staff)
    plan_pupils(plan, roster.pupils)
    plan_contacts(plan, roster.contacts, is_whole=roster.is_whole)
    plan_merges(plan, accepted)
    plan_strangers(plan, roster.links)
    named = plan_links(plan, roster.links, no_flags=roster.no_flags, invited=invited)
    if roster.is_whole:
        plan_leavers(plan, roster, named)
    more_than_two(plan)
    tell_left_alone(plan, read_for)
    endings = tuple(
        Ending(what, len(plan.told.get(f"{what} ended", ())), of, _allowed(of, allow_ending))
        for what, of in before.items()
    )
    endings += tuple(
        Ending(heading, len(plan.told[heading]), of, _allowed(of, allow_ending))
        for heading, of in ((CALLED_OTHERWISE, before["pupils"]), (LEFT_ALONE, len(read_for)))
        if plan.told.get(heading)
    )
    return RosterPlan(
        known.version,
        plan.sheet.changes(),
        {heading: tuple(lines) for heading, lines in plan.told.items() if lines},
        endings,
        tuple(one for one in roster.merges if one not in accepted),
    )


def _allowed(of: int, asked: int | None) -> int:
    if asked is not None:
        return asked
    return max(ENDINGS_ALWAYS_ALLOWED, int(of * ENDING_SHARE))


def _numbers(plan: Planning) -> dict[str, int]:
    """Return how many there are of each kind of which too many may not end at once."""
    today = plan.today

    def holds(row: Mapping[str, date | None]) -> bool:
        ends = row["ends"]
        return ends is None or ends >= today

    known = plan.known
    return {
        "pupils": sum(any(map(holds, rows)) for rows in known.enrolments.values()),
        "links": sum(holds(row) for links in known.links.values() for row in links.values()),
        "staff": sum(map(holds, known.staff.values())),
        "addresses": sum(map(len, known.addresses.values())),
    }
