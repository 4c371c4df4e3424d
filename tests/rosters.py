"""Invented families and staff as the files a school's records give, and their way into a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from gateway.roster.families import read_families
from gateway.roster.staff import read_staff
from gateway.store.engine import Store
from gateway.store.people import directory_for
from gateway.store.roster_write import RosterWriter, ensure_school, school_of
from gateway.store.schema import guardians, links, staff
from gateway.store.staffing import load_staffing
from rules.people import Directory

DOMAIN = "class.oakfield.example"
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AMINA = "amina.okoro@parent.example"
DANIEL = "daniel.okoro@parent.example"
PUPIL_DOMAINS = ("pupils.oakfield.example",)

STAFF = """\
name,email,roles,classes,rank
Miss Khan,khan@oakfield.example,teacher,3B,0
Mr Hughes,hughes@oakfield.example,teacher,4A;3B,1
School office,office@oakfield.example,office,,0
Mrs Adeyemi,adeyemi@oakfield.example,DSL,,0
Mr Fraser,fraser@oakfield.example,deputy dsl,,1
"""
FAMILY_COLUMNS = (
    "pupil_ref",
    "given_name",
    "family_name",
    "class",
    "guardian_name",
    "guardian_email",
    "guardian_ref",
    "barred",
    "pupil_email",
    "may_message",
)
BEN: dict[str, str] = {
    "pupil_ref": "P1",
    "given_name": "Ben",
    "family_name": "Okoro",
    "class": "3B",
    "guardian_name": "Amina Okoro",
    "guardian_email": AMINA,
    "guardian_ref": "G1",
}


def families(*changes: Mapping[str, str]) -> str:
    """Return a families file: Ben and his mother once for each of `changes`."""
    rows = [{**BEN, **change} for change in changes or ({},)]
    lines = [",".join(row.get(name, "") for name in FAMILY_COLUMNS) for row in rows]
    return "\n".join((",".join(FAMILY_COLUMNS), *lines)) + "\n"


def written(folder: Path, name: str, text: str) -> Path:
    """Write a roster file, and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class Roster:
    """A store into which rosters are imported on a day of one's choice."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self._folder = folder

    def take(
        self, family_text: str = "", staff_text: str = "", day: date = MONDAY
    ) -> dict[str, int]:
        """Import files with these texts on `day`; return what the import says it wrote."""
        with self.store.begin() as connection:
            school_id = ensure_school(connection, "Oakfield Primary School", DOMAIN, NOW)
            now = datetime.combine(day, NOW.timetz())
            writer = RosterWriter(connection, school_id, DOMAIN, now, day)
            if staff_text:
                writer.write_staff(read_staff(written(self._folder, "staff.csv", staff_text)))
            if family_text:
                path = written(self._folder, "families.csv", family_text)
                writer.write_families(read_families(path))
            return dict(writer.counts)

    def about(
        self, originator: str | None = AMINA, to: str = "3b", day: date = MONDAY
    ) -> Directory:
        """Return what the roster says of a message from `originator` to the class `to`."""
        with self.store.read() as connection:
            school_id = school_of(connection, DOMAIN)
            return directory_for(
                connection,
                load_staffing(connection, school_id, day),
                school_id,
                f"{to}@{DOMAIN}",
                originator,
                PUPIL_DOMAINS,
            )

    def remove(self, reference: str, first: date, last: date | None) -> None:
        """Remove a guardian from the channel, as the leadership's decision will."""
        self._change(
            guardians, guardians.c.reference == reference, removed_from=first, removed_until=last
        )

    def link_until(self, last: date) -> None:
        """Let every link end."""
        self._change(links, links.c.kind == "guardian", ends=last)

    def leaves(self, address: str, last: date) -> None:
        """Let a member of staff leave."""
        self._change(staff, staff.c.address == address, ends=last)

    def rows(self, table: Any, *columns: str) -> Sequence[tuple[Any, ...]]:
        """Return these columns of every row of a table."""
        with self.store.read() as connection:
            query = select(*(table.c[name] for name in columns))
            return sorted((tuple(row) for row in connection.execute(query)), key=str)

    def _change(self, table: Any, which: Any, **values: Any) -> None:
        with self.store.begin() as connection:
            assert connection.execute(update(table).where(which).values(**values)).rowcount
