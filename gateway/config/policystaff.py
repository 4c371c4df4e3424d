"""Who of the staff works when, and who is away? [[hours.staff]] and [[hours.leave]], checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from gateway.config.mailboxes import StaffAddress
from gateway.config.tomlfile import Place, Section, Text
from gateway.config.written import Day, Days, in_order
from rules import policy as rules
from rules.narrowing import common_spans, is_long_enough


class StaffHours(Section):
    address: StaffAddress
    working: Days
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.first, self.last)
        return self

    def as_rules(self) -> rules.StaffWeek:
        return rules.StaffWeek(self.address, self.working.week, self.first, self.last)


class Leave(Section):
    address: StaffAddress
    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    why: Text = "leave"
    cover: StaffAddress | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.first, self.last)
        return self

    def as_rules(self) -> rules.Leave:
        return rules.Leave(self.address, self.first, self.last or self.first, self.why, self.cover)


def staff_faults(
    staff: Sequence[StaffHours], leave: Sequence[Leave], windows: rules.Week
) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong with these sections beside each other and the school's `windows`."""
    weeks = [one.as_rules() for one in staff]
    for number, theirs in enumerate(weeks):
        read = [span for day in range(7) for span in common_spans(windows[day], theirs.week[day])]
        if not any(map(is_long_enough, read)):
            words = "leaves no reading window; if they are away, write [[hours.leave]]"
            yield ("staff", number, "working"), words
        for earlier, other in enumerate(weeks[:number]):
            if other.staff == theirs.staff and _overlap(other, theirs):
                yield ("staff", number), f"has dates that hours.staff[{earlier}] gives already"
    away = [one.as_rules() for one in leave]
    for number, one in enumerate(away):
        if one.cover == one.staff:
            yield ("leave", number, "cover"), "is the person who is away"
            continue
        for where, absent in enumerate(away):
            if absent.staff == one.cover and _overlap(absent, one):
                yield ("leave", number, "cover"), f"is away then, by hours.leave[{where}]"


def _overlap(one: rules.StaffWeek | rules.Leave, other: rules.StaffWeek | rules.Leave) -> bool:
    begins = max(one.first or date.min, other.first or date.min)
    return begins <= min(one.last or date.max, other.last or date.max)
