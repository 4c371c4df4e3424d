"""Invented people as the records of a roster, and imports of them planned and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update

from gateway.imports.plan import RosterPlan
from gateway.roster.records import (
    ContactRecord,
    EnrolmentRecord,
    LinkRecord,
    PupilRecord,
    Roster,
    StaffRecord,
    Where,
)
from gateway.store.engine import Store
from gateway.store.import_undo import Undone, undo
from gateway.store.imports import Choices, plan_on, write_import
from gateway.store.roster_write import ensure_school
from gateway.store.schema import enrolments, guardians, links, pupils
from rules.people import Role

DOMAIN = "class.oakfield.example"
MONDAY = date(2026, 11, 23)
HERE = Where("records.csv", 2)


def pupil(reference: str, *classes: str | EnrolmentRecord, **more: Any) -> PupilRecord:
    """Return a pupil in these classes, each a name or with its dates."""
    rooms = tuple(
        one if isinstance(one, EnrolmentRecord) else EnrolmentRecord(one) for one in classes
    )
    return PupilRecord(reference, f"Child{reference}", "Okoro", HERE, None, rooms, **more)


def contact(reference: str, *addresses: str, **more: Any) -> ContactRecord:
    """Return a contact; without addresses, with one of their own."""
    found = addresses or (f"{reference.lower()}@parent.example",)
    return ContactRecord(reference, more.pop("name", f"Adult {reference}"), HERE, found, **more)


def link(guardian: str, child: str, **more: Any) -> LinkRecord:
    """Return a link; who has parental responsibility unless `more` says otherwise."""
    return LinkRecord(guardian, child, HERE, **{"parental_responsibility": True, **more})


def teacher(name: str, *classes: str, roles: tuple[Role, ...] = (Role.TEACHER,)) -> StaffRecord:
    """Return a member of staff who reads for these classes."""
    return StaffRecord(name, f"{name.lower()}@oakfield.example", HERE, roles, classes)


def family(child: str, *adults: str, **more: Any) -> Roster:
    """Return a roster of one child in 3B and these adults."""
    return Roster(
        "mapped",
        (pupil(child, "3B"),),
        tuple(contact(adult) for adult in adults),
        tuple(link(adult, child) for adult in adults),
        **more,
    )


class Office:
    """A store, and somebody who imports into it on a day of one's choice."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.begin() as connection:
            self.school_id = ensure_school(connection, "Oakfield", DOMAIN, self.at(MONDAY))

    @staticmethod
    def at(day: date) -> datetime:
        """Nine in the morning of a day."""
        return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)

    def plan(self, roster: Roster, day: date = MONDAY, **choices: Any) -> RosterPlan:
        """Return what an import would change; nothing is written."""
        with self.store.read() as connection:
            return plan_on(
                connection,
                self.school_id,
                DOMAIN,
                roster,
                now=self.at(day),
                today=day,
                choices=Choices(**choices),
            )

    def take(self, roster: Roster, day: date = MONDAY, **choices: Any) -> RosterPlan:
        """Import, whatever would end; return what was planned."""
        plan = self.plan(roster, day, **choices)
        with self.store.begin() as connection:
            write_import(connection, self.school_id, plan, roster, self.at(day))
        return plan

    def undo(self, day: date = MONDAY, import_id: str | None = None) -> Undone:
        """Take the newest import back."""
        with self.store.begin() as connection:
            return undo(connection, self.school_id, import_id, self.at(day), day)

    def links(self) -> dict[tuple[str, str], Any]:
        """Return every link by the references of both sides."""
        query = (
            select(links, guardians.c.reference, pupils.c.reference.label("child"))
            .join(guardians, guardians.c.guardian_id == links.c.guardian_id)
            .join(pupils, pupils.c.pupil_id == links.c.pupil_id)
        )
        with self.store.read() as connection:
            return {(row.reference, row.child): row for row in connection.execute(query)}

    def standing(self, guardian: str, child: str = "P1") -> str:
        """Return how a link stands."""
        return str(self.links()[guardian, child].standing)

    def change_link(self, guardian: str, child: str = "P1", **values: Any) -> None:
        """Change a link behind every import's back."""
        row = self.links()[guardian, child]
        self.change(
            links,
            (links.c.guardian_id == row.guardian_id) & (links.c.pupil_id == row.pupil_id),
            **values,
        )

    def change(self, table: Any, which: Any, **values: Any) -> None:
        """Change rows behind every import's back."""
        with self.store.begin() as connection:
            assert connection.execute(update(table).where(which).values(**values)).rowcount

    def rows(self, table: Any) -> Sequence[tuple[Any, ...]]:
        """Return every row of a table, in a fixed order."""
        with self.store.read() as connection:
            return sorted((tuple(row) for row in connection.execute(select(table))), key=str)

    def rows_of_guardians(self) -> Sequence[Any]:
        """Return every guardian."""
        with self.store.read() as connection:
            return connection.execute(select(guardians)).all()

    def days(self) -> list[tuple[date, date | None]]:
        """Return the first and last days of the enrolments, in order."""
        with self.store.read() as connection:
            c = enrolments.c
            query = select(c.begins, c.ends).order_by(c.begins)
            return [(row.begins, row.ends) for row in connection.execute(query)]
