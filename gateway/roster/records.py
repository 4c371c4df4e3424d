"""What a school's files say of its people: one shape for every format.

`None` in a field means that the file says nothing about it: what is on record stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rules.people import Role


@dataclass(frozen=True, slots=True)
class Where:
    """The place a record was read from; `line` counts from 1, the header being line 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A row that cannot be taken, and why, in words for whoever made the file."""

    where: Where
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True)
class EnrolmentRecord:
    """A pupil in a class. Without dates: from the day of the import, until a file says other."""

    class_name: str
    begins: date | None = None
    ends: date | None = None  # the last day, included


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil, once, however many rows it took."""

    reference: str
    given_name: str
    family_name: str
    where: Where
    address: str | None = None  # folded
    enrolments: tuple[EnrolmentRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One adult, once. `reference` is the records' id, or the address where they have none."""

    reference: str
    name: str
    where: Where
    addresses: tuple[str, ...] = ()  # folded, the main one first
    home_language: str | None = None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What ties a contact to a pupil. Where rows disagree, the stricter value stands."""

    contact: str  # the contact's reference
    pupil: str  # the pupil's reference
    where: Where
    kind: str = "guardian"  # the word of the records: mother, carer, social worker
    parental_responsibility: bool | None = None
    may_message: bool | None = None
    may_receive: bool | None = None
    barred: bool | None = None
    restricted_reason: str | None = None
    priority: int | None = None  # lowest first
    begins: date | None = None
    ends: date | None = None  # the last day, included


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A member of staff, or a shared mailbox such as the office. `class_names` None: unsaid."""

    name: str
    address: str  # folded
    where: Where
    roles: tuple[Role, ...] = ()
    class_names: tuple[str, ...] | None = None  # on the day of the reading, where there are dates
    rank: int = 0
    teaching: tuple[EnrolmentRecord, ...] = ()  # the same with their dates, where a format has them


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts that are probably one person: taken as one only when somebody says so."""

    kept: str  # references
    merged: str
    why: str
    where: Where


@dataclass(frozen=True, slots=True)
class Roster:
    """All that one import says. `is_whole` families: who is not in it has left."""

    source: str  # families, staff, mapped, oneroster-1.1, oneroster-1.2, sds-1, sds-2.1
    pupils: tuple[PupilRecord, ...] = ()
    contacts: tuple[ContactRecord, ...] = ()
    links: tuple[LinkRecord, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    merges: tuple[Merge, ...] = ()
    is_whole: bool = False
    # The records name staff: who is not among them has left. A staff file beside them names a few.
    has_staff: bool = True
    # The format has no parental responsibility: links that say nothing of it come in unverified.
    no_flags: bool = False
    files: tuple[tuple[str, str], ...] = field(default=())  # name and SHA-256 of each
    notes: tuple[Flaw, ...] = ()  # taken all the same, and to be read by whoever imports
    # References, and staff addresses, in rows that were not taken: nothing of theirs ends.
    spared: frozenset[str] = frozenset()
    rows_lost: bool = False  # a row was not taken and nobody knows whose: then nobody has left
