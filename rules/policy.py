"""The school's policy as one frozen value, with its version and its clauses.

`gateway.config.policyfile` reads it from `policy.toml`. Every number of the policy is
data here; no rule carries one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

Where = Literal["teacher", "office", "senco", "dsl", "head"]
ImportedLinks = Literal["at-once", "invited"]


@dataclass(frozen=True, slots=True)
class Span:
    """Wall-clock time from `opens` up to, but not including, `closes`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError(f"a span must open before it closes: {self.opens}-{self.closes}")


Week = tuple[tuple[Span, ...], ...]  # seven days, Monday first; the spans of a day in order


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Dates on which nothing opens, first and last included, in the school's zone."""

    first: date
    last: date
    why: str  # "Christmas holiday", "INSET day", "Good Friday"


@dataclass(frozen=True, slots=True)
class Booking:
    """Time taken out of the windows on one date or each week: staff training and the like.

    On the date `on`; else on each `weekday` (0 is Monday), or on every day where that is None,
    from `first` to `last`, both included. `staff` None means all staff.
    """

    span: Span
    why: str
    on: date | None = None
    weekday: int | None = None
    staff: str | None = None  # their address, folded
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class EarlyClosing:
    """A day that ends at `closes` for everything: working hours, windows and the office."""

    on: date
    closes: time
    why: str = "early closing"


@dataclass(frozen=True, slots=True)
class StaffWeek:
    """One member of staff works in these spans only, from `first` to `last`, both included.

    Without dates it always holds. Several for one person, on different dates, follow each other;
    on dates that none of them covers, the school's own week is theirs.
    """

    staff: str  # their address, folded
    week: Week
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Dates on which one member of staff is given nothing, first and last included.

    `why` is between the school and them: it is shown to staff and never to a parent.
    """

    staff: str  # their address, folded
    first: date
    last: date
    why: str = "leave"
    cover: str | None = None  # the address of whoever reads for their classes meanwhile


@dataclass(frozen=True, slots=True)
class Hours:
    """The nested hours of the school: working contains windows; the office has its own."""

    working: Week
    windows: Week
    office: Week
    closed: tuple[ClosedDays, ...] = ()
    early: tuple[EarlyClosing, ...] = ()
    bookings: tuple[Booking, ...] = ()
    batch_every: timedelta = timedelta(minutes=15)
    last_cut_before_close: timedelta = timedelta(minutes=10)
    staff_weeks: tuple[StaffWeek, ...] = ()
    leave: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """Within how long a teacher answers, and how the clock runs (REQUIREMENTS D2)."""

    clock: Literal["working_day", "elapsed"] = "working_day"
    days: int = 1  # working days, when clock is "working_day"
    hours: int = 24  # elapsed hours, when clock is "elapsed"
    # Elapsed hours within which a person says that they have it; None: the school promises none.
    acknowledge_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """What every notice names: somebody to ring."""

    office_phone: str
    office_address: str
    emergency: str = "In an emergency, ring 999."


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the school's policy."""

    version: str
    school_name: str
    zone: str
    reviewed: date
    next_review: date
    owners: tuple[str, ...]
    hours: Hours
    promise: Promise
    contacts: Contacts
    where: dict[str, Where] = field(
        default_factory=lambda: {"attendance": "office", "appointment": "office", "send": "office"}
    )
    clauses: dict[str, str] = field(default_factory=dict)  # clause id -> the school's own words
    escalate_after: timedelta = timedelta(minutes=15)  # a safeguarding alert nobody acknowledged
    # Who is told of an allegation when everybody at the school who could be is its subject.
    outside_contact: str | None = None
    notices_a_day: int = 3  # per guardian
    not_linked_every: timedelta = timedelta(days=7)
    pupil_domains: tuple[str, ...] = ()
    send_now: bool = True  # a teacher may have an answer leave outside their windows
    draft_translations: bool = False  # send translations that no speaker has reviewed
    onboarding_mail: bool = True  # new staff are told by mail what this system does
    invite_days: int = 30  # so long an invite code is good
    # Whether a contact on record may write at once, or first mails the code of an invitation.
    imported_links: ImportedLinks = "at-once"
    small_attachments_bytes: int = 1_000_000  # files attached to one digest; the rest on request
