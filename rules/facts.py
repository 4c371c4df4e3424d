"""Everything `decide` is told besides the message: roster, hours, policy, what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.automatic import AutomaticVerdict
from rules.calendar import SchoolCalendar
from rules.instruction import Instruction
from rules.notices import Told
from rules.people import Directory
from rules.policy import Policy
from rules.topics import Understanding

# `signed` carries a token; `senior` is the leadership's confidential address.
# `postmaster` must be there (RFC 5321 §4.5.1).
RecipientKind = Literal["class", "signed", "senior", "postmaster"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the shell has looked up for one message. `calendars` is by staff id."""

    directory: Directory
    policy: Policy
    calendar: SchoolCalendar
    understanding: Understanding
    verdict: AutomaticVerdict
    recipient_kind: RecipientKind = "class"
    calendars: Mapping[str, SchoolCalendar] = field(default_factory=dict)
    instruction: Instruction | None = None
    duplicate_of: str | None = None
    told: Told = field(default_factory=Told)

    def calendar_of(self, staff_id: str) -> SchoolCalendar:
        """Return the hours of one member of staff; the school's where nothing narrows them."""
        return self.calendars.get(staff_id, self.calendar)
