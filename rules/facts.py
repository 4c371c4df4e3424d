"""Everything `decide` is told besides the message: roster, hours, policy, what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.automatic import AutomaticVerdict
from rules.calendar import SchoolCalendar
from rules.code_facts import CodeFacts
from rules.instruction import HoursChange, Instruction
from rules.notices import Told
from rules.people import Directory
from rules.people_facts import PeopleFacts
from rules.policy import Policy
from rules.topics import Understanding

# `signed` carries a token; `senior` is the leadership's confidential address.
# `postmaster` must be there (RFC 5321 §4.5.1).
# `hours` takes one-line changes of the calendar, `help` answers with the policy in short.
# `link` takes invite codes.
# `people` takes one line of the office's about who is linked.
RecipientKind = Literal[
    "class", "signed", "senior", "postmaster", "hours", "help", "people", "link"
]


@dataclass(frozen=True, slots=True)
class HoursFacts:
    """What must be known to change the hours by mail. Addresses are folded."""

    staff: frozenset[str] = frozenset()  # the addresses of all in post
    readers: frozenset[str] = frozenset()  # of those among them who teach
    undoable: HoursChange | None = None  # the newest that the writer may undo


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
    # Whom an allegation of the last weeks from this address was about: staff ids.
    kept_from: frozenset[str] = frozenset()
    hours: HoursFacts = field(default_factory=HoursFacts)  # for mail to `hours` alone
    codes: CodeFacts | None = None  # for mail to `link` that holds any
    people: PeopleFacts = field(default_factory=PeopleFacts)  # for mail to `people` alone

    def calendar_of(self, staff_id: str) -> SchoolCalendar:
        """Return the hours of one member of staff; the school's where nothing narrows them."""
        return self.calendars.get(staff_id, self.calendar)
