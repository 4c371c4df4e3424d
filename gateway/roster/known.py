"""Whom have the tables of an export named so far, and what became of each id?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gateway.roster.gathering import Gathering
from gateway.roster.records import EnrolmentRecord, StaffRecord, Where
from gateway.roster.tables import BadRow
from rules.people import Role


@dataclass(slots=True)
class Member:
    """A member of staff of an export, and the classes they have been met in."""

    name: str
    address: str
    where: Where
    is_teacher: bool
    teaching: dict[EnrolmentRecord, None] = field(default_factory=dict)
    is_unsure: bool = False  # a row about their classes could not be taken


class Known:
    """The ids of one export. `people` is the file's name, for messages."""

    def __init__(self, into: Gathering, people: str) -> None:
        self.pupils: set[str] = set()
        self.contacts: set[str] = set()
        self.members: dict[str, Member] = {}
        self.left: set[str] = set()  # the file itself says that they are no longer there
        self.refused: set[str] = set()  # their own row was not taken, and that is reported
        self._into = into
        self._people = people
        self._first: dict[str, tuple[Where, tuple[str, ...]]] = {}

    def once(self, reference: str, where: Where, *says: str) -> None:
        """Raise BadRow when this id has a row already; two people of one id are nobody."""
        there, said = self._first.setdefault(reference, (where, says))
        if there is where:
            return
        if said != says:
            self._into.contradict(reference)
            self.refused.add(reference)
            self.members.pop(reference, None)
            raise BadRow(f"{reference} is somebody else in {there}; each id is one person's")
        raise BadRow(f"{reference} is in {there} already; take one of the rows out")

    def is_named(self, reference: str) -> bool:
        """Return whether the id has a row, whatever became of it."""
        return reference in self._first or reference in self.left or reference in self.refused

    def pupil(self, reference: str) -> bool:
        """Return whether this is a pupil taken; False when they left or were refused.

        Raises:
            BadRow: the id is nobody's, or somebody's who is no pupil.
        """
        return self._is(reference, reference in self.pupils, "pupil")

    def contact(self, reference: str) -> bool:
        """Return whether this is a contact taken; otherwise as `pupil`."""
        return self._is(reference, reference in self.contacts, "guardian")

    def member(self, reference: str) -> Member | None:
        """Return the member of staff, None when they left or were refused; as `pupil`."""
        found = self.members.get(reference)
        self._is(reference, found is not None, "member of staff")
        return found

    def _is(self, reference: str, is_it: bool, what: str) -> bool:
        if is_it:
            return True
        if reference in self.refused:
            self._into.spare(reference)
            return False
        if reference in self.left:
            return False
        if reference in self._first:
            raise BadRow(f"{reference} in {self._people} is no {what}")
        raise BadRow(f"{reference} is not in {self._people}")


def gather_members(members: Iterable[Member], into: Gathering, today: date | None) -> None:
    """Take the staff, each with the classes they teach on `today`, or ever without it."""
    for member in members:
        into.staff(
            StaffRecord(
                member.name,
                member.address,
                member.where,
                (Role.TEACHER,) if member.is_teacher else (),
                _class_names(member, today),
                teaching=tuple(member.teaching),
            )
        )


def _class_names(member: Member, today: date | None) -> tuple[str, ...] | None:
    now = [turn.class_name for turn in member.teaching if today is None or _is_on(turn, today)]
    # Between two years nobody teaches anybody: then what is on record stays.
    nothing_said = member.is_unsure or (member.teaching and not now)
    if nothing_said or not (member.is_teacher or member.teaching):
        return None
    return tuple(dict.fromkeys(now))


def _is_on(turn: EnrolmentRecord, today: date) -> bool:
    begun = turn.begins is None or turn.begins <= today
    return begun and (turn.ends is None or today <= turn.ends)
