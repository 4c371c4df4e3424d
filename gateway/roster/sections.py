"""The classes of an export by their ids, their names and the days they last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from gateway.roster.faults import RosterFaults
from gateway.roster.gathering import Gathering, in_order
from gateway.roster.known import Known
from gateway.roster.records import EnrolmentRecord, Where
from gateway.roster.tables import BadRow


@dataclass(frozen=True, slots=True)
class Section:
    """One class of one year. Its name may be another year's too: "3B" comes back each autumn."""

    class_id: str
    name: str
    where: Where
    begins: date | None
    ends: date | None  # the last day, included

    def overlaps(self, other: Section) -> bool:
        """Return whether there is a day on which both are held."""
        return (self.ends is None or other.begins is None or other.begins <= self.ends) and (
            other.ends is None or self.begins is None or self.begins <= other.ends
        )


class Sections:
    """The classes taken so far; `file` is the classes' file, for messages."""

    def __init__(self, into: Gathering, file: str) -> None:
        self.left: set[str] = set()
        self._into = into
        self._file = file
        self._taken: dict[str, Section] = {}
        self._refused: set[str] = set()
        self._by_name: dict[str, list[Section]] = defaultdict(list)
        self._schools: dict[str, Where] = {}

    def add(self, section: Section, school_id: str) -> None:
        """Take a class. Raises BadRow when the id is taken, or two would have one address."""
        have = self._taken.get(section.class_id)
        if have is not None:
            raise BadRow(f"{section.class_id} is in {have.where} already; each class has one row")
        in_order(section.begins, section.ends)
        self._into.class_names.checked(section.name, section.where)
        for other in self._by_name[section.name]:
            if other.overlaps(section):
                raise BadRow(
                    f"class {section.name!r} is held in the same days as {other.class_id} "
                    f"({other.where}), and both would have one address; name them apart"
                )
        self._taken[section.class_id] = section
        self._by_name[section.name].append(section)
        if school_id:
            self._schools.setdefault(school_id, section.where)

    def refuse(self, class_id: str) -> None:
        """Remember a class whose own row was not taken, and reported."""
        self._refused.add(class_id)

    def enrolment(
        self, class_id: str, begins: date | None, ends: date | None
    ) -> EnrolmentRecord | None:
        """Return somebody's time in a class, None when the class is no longer there.

        A day that the row does not give is the class's.

        Raises:
            BadRow: there is no such class.
        """
        section = self._taken.get(class_id)
        if section is None:
            if class_id in self.left:
                return None
            if class_id in self._refused:
                raise RefusedClass
            raise BadRow(f"class {class_id} is not in {self._file}")
        begins, ends = begins or section.begins, ends or section.ends
        in_order(begins, ends)
        return EnrolmentRecord(section.name, begins, ends)

    def one_school(self, names: dict[str, str]) -> None:
        """Raise RosterFaults when the classes are several schools'."""
        if len(self._schools) > 1:
            listed = ", ".join(f"{names.get(one, 'unnamed')} ({one})" for one in self._schools)
            words = f"holds several schools: {listed}; export the one that Schoolgate serves"
            raise RosterFaults([f"{self._file}: {words}"])


class RefusedClass(Exception):
    """The class's own row was not taken, which is reported already."""


def place(
    known: Known,
    sections: Sections,
    into: Gathering,
    where: Where,
    user: str,
    class_id: str,
    *,
    as_staff: bool,
    begins: date | None = None,
    ends: date | None = None,
) -> None:
    """Put somebody in a class, as pupil or as staff.

    Raises:
        BadRow: one of the two is not in the files, or the days are the wrong way round.
    """
    member = None
    if as_staff:
        member = known.member(user)
        if member is None:
            return
    elif not known.pupil(user):
        return
    try:
        found = sections.enrolment(class_id, begins, ends)
    except (BadRow, RefusedClass) as fault:
        if member is not None:
            member.is_unsure = True
        into.spare(user)
        if isinstance(fault, RefusedClass):
            return
        raise
    if found is None:
        return
    if member is not None:
        member.teaching[found] = None
    else:
        into.enrol(where, user, found.class_name, found.begins, found.ends)
