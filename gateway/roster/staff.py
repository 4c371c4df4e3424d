"""Reads our own staff file: a row for each member of staff or shared mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.roster import cells
from gateway.roster.class_names import class_name
from gateway.roster.faults import RosterFaults
from gateway.roster.gathering import Gathering
from gateway.roster.our_files import OurRow, rows_of
from gateway.roster.records import StaffRecord, Where
from gateway.roster.tables import BadRow
from rules.people import Role

STAFF_COLUMNS = ("name", "email", "roles")
STAFF_OPTIONAL = ("classes", "rank")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff, or a shared mailbox such as the office."""

    line: int
    name: str
    address: str
    roles: tuple[Role, ...]
    class_names: tuple[str, ...]
    rank: int
    says_classes: bool = False  # the file has a column for them, so these are all there are


def read_staff(path: Path) -> tuple[StaffRow, ...]:
    """Return the rows of a staff file. Raises RosterFaults with every fault in it."""
    rows, flaws = rows_of(path, STAFF_COLUMNS, STAFF_OPTIONAL, _staff)
    if flaws:
        raise RosterFaults(str(flaw) for flaw in flaws)
    return rows


def gather_staff(path: Path, into: Gathering, *, beside: bool = False) -> None:
    """Take the good rows of a staff file, and report the others. See `Gathering.staff`.

    Raises:
        RosterFaults: it is no such file.
    """
    rows, flaws = rows_of(path, STAFF_COLUMNS, STAFF_OPTIONAL, _staff)
    for flaw in flaws:
        into.flaw(flaw.where, flaw.why)
    for row in rows:
        where = Where(path.name, row.line)
        try:
            names = tuple(into.class_names.checked(name, where) for name in row.class_names)
        except BadRow as fault:
            into.flaw(where, str(fault), row.address)
            continue
        into.staff(
            StaffRecord(
                row.name,
                row.address,
                where,
                row.roles,
                names if row.says_classes else None,
                row.rank,
            ),
            beside=beside,
        )


def _staff(row: OurRow) -> StaffRow:
    roles = []
    for word in _list(row["roles"]):
        try:
            roles.append(Role(word.lower().replace(" ", "_")))
        except ValueError:
            known = ", ".join(Role)
            raise BadRow(f"unknown role {word!r}; the roles are {known}") from None
    rank = row["rank"] or "0"
    if not rank.isdigit():
        raise BadRow(f"rank is {rank!r}, not a whole number")
    return StaffRow(
        row.line,
        cells.needed(row["name"], "name"),
        cells.address(row["email"], "email"),
        tuple(roles),
        tuple(class_name(name) for name in _list(row["classes"])),
        int(rank),
        row.says("classes"),
    )


def _list(cell: str) -> tuple[str, ...]:
    words = cell.replace(",", ";").split(";")
    return tuple(word.strip() for word in words if word.strip())
