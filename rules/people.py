"""School, class, staff, pupil, guardian and link, and the questions asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.links import LinkStanding


class Role(StrEnum):
    """What a member of staff is to this system; one person may hold several."""

    TEACHER = "teacher"
    OFFICE = "office"
    SENCO = "senco"
    SLT = "slt"
    HEAD = "head"
    CHAIR = "chair"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, or a shared mailbox of theirs (the office is one)."""

    staff_id: str
    name: str
    address: str  # folded
    roles: frozenset[Role] = frozenset()
    rank: int = 0  # order among holders of one role, lowest first


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody who reads for a class from `first` to `last`, both included, school's zone."""

    staff: Staff
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class, its one address, and the staff who read for it, in reading order."""

    class_id: str
    name: str
    address: str
    teachers: tuple[Staff, ...] = ()
    covers: tuple[Cover, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The school's record tying a guardian to a pupil, as it stands on the day asked about."""

    pupil_id: str
    pupil_name: str
    class_ids: tuple[str, ...]
    parental_responsibility: bool = True
    may_message: bool = True
    may_receive: bool = True
    barred: bool = False
    standing: LinkStanding = LinkStanding.ACTIVE

    @property
    def is_active(self) -> bool:
        """Whether it counts among the child's links. A bar wins over everything."""
        return self.standing is LinkStanding.ACTIVE and not self.barred

    @property
    def can_write(self) -> bool:
        """Whether this link lets the guardian write about the pupil."""
        return self.may_message and self.is_active

    @property
    def can_receive(self) -> bool:
        """Whether this link lets the guardian receive anything about the pupil."""
        return self.may_receive and self.is_active


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult with an address on record."""

    guardian_id: str
    name: str
    links: tuple[Link, ...] = ()
    removed: bool = False  # removed from the channel by the leadership (policy: "removed")
    home_language: str = "en"

    def links_into(self, class_id: str) -> tuple[Link, ...]:
        """Return the links that let this guardian write to `class_id`."""
        return tuple(link for link in self.links if link.can_write and class_id in link.class_ids)


@dataclass(frozen=True, slots=True)
class Directory:
    """What the roster says about one message: its addressee and whoever has its From address."""

    school_name: str
    addressed_class: SchoolClass | None = None
    classes: tuple[SchoolClass, ...] = ()  # the guardians' children's, and the addressed
    guardians: tuple[Guardian, ...] = ()  # those with exactly the originator's address
    staff: tuple[Staff, ...] = ()  # those with exactly the originator's address
    pupil_id: str | None = None  # the pupil whose own address, or domain, it is
    leads: tuple[Staff, ...] = ()  # office, senco, slt, head, chair, dsl, deputies
    in_post: tuple[Staff, ...] = ()  # everybody on the staff, to know whom a text names

    def holders(self, role: Role) -> tuple[Staff, ...]:
        """Return the staff who hold `role`, in order of rank."""
        found = [person for person in self.leads if role in person.roles]
        return tuple(sorted(found, key=lambda person: (person.rank, person.staff_id)))

    def class_named(self, class_id: str) -> SchoolClass | None:
        """Return the class with this id, if the directory holds it."""
        return next((room for room in self.classes if room.class_id == class_id), None)
