"""Reads our own families file: a row for each pupil and contact.

Nothing is guessed: an address that is not exactly one mailbox is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.roster import cells
from gateway.roster.class_names import class_name
from gateway.roster.faults import RosterFaults
from gateway.roster.gathering import Gathering, Named
from gateway.roster.our_files import OurRow, flag, rows_of
from gateway.roster.records import Flaw, LinkRecord, Where
from gateway.roster.tables import BadRow

FAMILY_COLUMNS = (
    "pupil_ref",
    "given_name",
    "family_name",
    "class",
    "guardian_name",
    "guardian_email",
)
# What a file may leave out: then, as with an empty cell, whatever is on record stays. A bar
# that a court ordered is lifted by the word "no" and by nothing else.
FAMILY_OPTIONAL = (
    "guardian_ref",
    "pupil_email",
    "home_language",
    "parental_responsibility",
    "may_message",
    "may_receive",
    "barred",
    "restricted_reason",
)


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One pupil and one contact. `guardian_ref` is the contact's id, or the address without one.

    `given` names the optional columns this row says something in; the others hold the
    values of a new link.
    """

    line: int
    pupil_ref: str
    given_name: str
    family_name: str
    class_name: str
    pupil_address: str | None
    guardian_ref: str
    guardian_name: str
    guardian_address: str
    home_language: str
    parental_responsibility: bool
    may_message: bool
    may_receive: bool
    barred: bool
    restricted_reason: str
    given: frozenset[str] = frozenset()


def read_families(path: Path) -> tuple[FamilyRow, ...]:
    """Return the rows of a families file. Raises RosterFaults with every fault in it."""
    rows, flaws = rows_of(path, FAMILY_COLUMNS, FAMILY_OPTIONAL, _family)
    # Rows that contradict each other are looked for when each of them can be read.
    flaws = flaws or tuple(
        flaw
        for find in (_in_two_classes, _two_people_as_one)
        for _row, flaw in find(path.name, rows)
    )
    if flaws:
        raise RosterFaults(str(flaw) for flaw in flaws)
    return rows


def gather_families(path: Path, into: Gathering) -> None:
    """Take the good rows of a families file, and report the others.

    Raises:
        RosterFaults: it is no such file.
    """
    rows, flaws = rows_of(path, FAMILY_COLUMNS, FAMILY_OPTIONAL, _family)
    for flaw in flaws:
        into.flaw(flaw.where, flaw.why)
    pupils: set[str] = set()
    guardians: set[str] = set()
    for row, flaw in _in_two_classes(path.name, rows):
        into.flaw(flaw.where, flaw.why, row.pupil_ref)
        pupils.add(row.pupil_ref)
    for row, flaw in _two_people_as_one(path.name, rows):
        into.flaw(flaw.where, flaw.why, row.guardian_ref)
        guardians.add(row.guardian_ref)
    for row in rows:
        # Which of two rows that contradict each other is right, the file does not say.
        if row.pupil_ref in pupils or row.guardian_ref in guardians:
            continue
        where = Where(path.name, row.line)
        try:
            _gather(row, where, into)
        except BadRow as fault:
            into.flaw(where, str(fault), row.pupil_ref, row.guardian_ref)


def _gather(row: FamilyRow, where: Where, into: Gathering) -> None:
    into.class_names.checked(row.class_name, where)
    into.pupil(where, row.pupil_ref, row.given_name, row.family_name, row.pupil_address)
    into.enrol(where, row.pupil_ref, row.class_name)
    into.contact(
        where,
        row.guardian_ref,
        Named(row.guardian_name),
        [row.guardian_address],
        row.home_language if "home_language" in row.given else None,
    )
    said = row.given
    into.link(
        LinkRecord(
            row.guardian_ref,
            row.pupil_ref,
            where,
            parental_responsibility=(
                row.parental_responsibility if "parental_responsibility" in said else None
            ),
            may_message=row.may_message if "may_message" in said else None,
            may_receive=row.may_receive if "may_receive" in said else None,
            barred=row.barred if "barred" in said else None,
            restricted_reason=row.restricted_reason or None,
        )
    )


def _in_two_classes(file: str, rows: tuple[FamilyRow, ...]) -> Iterator[tuple[FamilyRow, Flaw]]:
    first: dict[str, FamilyRow] = {}
    for row in rows:
        other = first.setdefault(row.pupil_ref, row)
        if other.class_name != row.class_name:
            why = (
                f"pupil {row.pupil_ref} is in {row.class_name} here "
                f"and in {other.class_name} in line {other.line}"
            )
            yield row, Flaw(Where(file, row.line), why)


def _two_people_as_one(file: str, rows: tuple[FamilyRow, ...]) -> Iterator[tuple[FamilyRow, Flaw]]:
    """Two adults at one address without references would become one, bars and all."""
    first: dict[str, FamilyRow] = {}
    for row in rows:
        other = first.setdefault(row.guardian_ref, row)
        if other.guardian_name.casefold() != row.guardian_name.casefold():
            why = (
                f"{row.guardian_name} and {other.guardian_name} (line "
                f"{other.line}) have the same guardian_ref or address: give each a guardian_ref"
            )
            yield row, Flaw(Where(file, row.line), why)


def _family(row: OurRow) -> FamilyRow:
    address = cells.address(row["guardian_email"], "guardian_email")
    pupil = row["pupil_email"]
    pupil_address = cells.address(pupil, "pupil_email") if pupil else None
    return FamilyRow(
        row.line,
        cells.reference(row["pupil_ref"], "pupil_ref"),
        cells.needed(row["given_name"], "given_name"),
        cells.needed(row["family_name"], "family_name"),
        class_name(cells.needed(row["class"], "class")),
        pupil_address,
        cells.short(row["guardian_ref"] or address, "guardian_ref"),
        cells.needed(row["guardian_name"], "guardian_name"),
        address,
        cells.short(row["home_language"] or "en", "home_language", cells.LANGUAGE_LENGTH),
        flag(row, "parental_responsibility", default=True),
        flag(row, "may_message", default=True),
        flag(row, "may_receive", default=True),
        flag(row, "barred", default=False),
        row["restricted_reason"],
        frozenset(name for name in FAMILY_OPTIONAL if row[name]),
    )
