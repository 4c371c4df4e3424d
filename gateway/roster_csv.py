"""Reads a school's people from CSV: families (a row for each pupil and contact) and staff.

Every bad row is reported with file, line and reason, all at once. Nothing is
guessed: an address that is not exactly one mailbox is a fault.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gateway.config.tomlfile import meant
from gateway.mail.addresses import Mailbox, fold_mailbox, read_mailbox
from gateway.school import RESERVED
from rules.people import Role

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
STAFF_COLUMNS = ("name", "email", "roles")
STAFF_OPTIONAL = ("classes", "rank")
REFERENCE_LENGTH = 64  # as the store keeps it
LANGUAGE_LENGTH = 35  # the same; RFC 5646 §4.4.1 asks for no more
_YES = {"y", "yes", "true", "t", "1"}
_NO = {"n", "no", "false", "f", "0"}


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


class RosterFaults(Exception):
    """The file cannot be taken as it is. `faults` name file, line and reason."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_families(path: Path) -> tuple[FamilyRow, ...]:
    """Return the rows of a families file. Raises RosterFaults with every fault in it."""
    rows = _read(path, FAMILY_COLUMNS, FAMILY_OPTIONAL, _family)
    found = (*_in_two_classes(rows), *_two_people_as_one(rows))
    faults = tuple(f"{path.name}, {fault}" for fault in found)
    if faults:
        raise RosterFaults(faults)
    return rows


def _in_two_classes(rows: tuple[FamilyRow, ...]) -> Iterator[str]:
    first: dict[str, FamilyRow] = {}
    for row in rows:
        other = first.setdefault(row.pupil_ref, row)
        if other.class_name != row.class_name:
            yield (
                f"line {row.line}: pupil {row.pupil_ref} is in {row.class_name} here "
                f"and in {other.class_name} in line {other.line}"
            )


def _two_people_as_one(rows: tuple[FamilyRow, ...]) -> Iterator[str]:
    """Two adults at one address without references would become one, bars and all."""
    first: dict[str, FamilyRow] = {}
    for row in rows:
        other = first.setdefault(row.guardian_ref, row)
        if other.guardian_name.casefold() != row.guardian_name.casefold():
            yield (
                f"line {row.line}: {row.guardian_name} and {other.guardian_name} (line "
                f"{other.line}) have the same guardian_ref or address: give each a guardian_ref"
            )


def read_staff(path: Path) -> tuple[StaffRow, ...]:
    """Return the rows of a staff file. Raises RosterFaults with every fault in it."""
    return _read(path, STAFF_COLUMNS, STAFF_OPTIONAL, _staff)


def plain_name(name: str) -> str:
    """Return a class's name as its address has it: "3b", "class-3-oak"; "" when nothing is left."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


Row = TypeVar("Row", FamilyRow, StaffRow)


class _BadRow(Exception):
    pass


def _read(
    path: Path,
    wanted: tuple[str, ...],
    optional: tuple[str, ...],
    make: Callable[[int, dict[str, str]], Row],
) -> tuple[Row, ...]:
    rows: list[Row] = []
    faults: list[str] = []
    lines = _lines(path)
    columns = [name.lower() for name in next(lines, (1, []))[1]]
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise RosterFaults((f"{path.name}, line 1: missing columns: {', '.join(missing)}",))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RosterFaults((f"{path.name}, line 1: given twice: {', '.join(twice)}",))
    strange = [
        f"{path.name}, line 1: unknown column {name!r}{meant(name, (*wanted, *optional))}"
        for name in columns
        if name and name not in (*wanted, *optional)
    ]
    if strange:
        raise RosterFaults(tuple(strange))
    for line, cells in lines:
        try:
            rows.append(make(line, _by_column(columns, cells)))
        except _BadRow as fault:
            faults.append(f"{path.name}, line {line}: {fault}")
    if not rows and not faults:
        faults.append(f"{path.name}: there are no rows in it")
    if faults:
        raise RosterFaults(tuple(faults))
    return tuple(rows)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that has any, the columns' names first."""
    try:
        text = path.read_text("utf-8-sig")  # Excel begins its CSV with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise RosterFaults((f"{path.name}: cannot be read as UTF-8 text ({error})",)) from error
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for raw in reader:
            cells = [cell.strip() for cell in raw]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise RosterFaults((f"{path.name}, line {reader.line_num}: {error}",)) from error


def _by_column(columns: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(columns) :]):
        raise _BadRow("more cells than columns; put quotes around a value that holds a comma")
    return dict(zip(columns, cells + [""] * len(columns), strict=False))


def _family(line: int, values: dict[str, str]) -> FamilyRow:
    address = _address(values, "guardian_email")
    pupil_address = _address(values, "pupil_email") if values.get("pupil_email") else None
    return FamilyRow(
        line,
        _short(_text(values, "pupil_ref"), "pupil_ref", REFERENCE_LENGTH),
        _text(values, "given_name"),
        _text(values, "family_name"),
        _class(_text(values, "class")),
        pupil_address,
        _short(values.get("guardian_ref") or address, "guardian_ref", REFERENCE_LENGTH),
        _text(values, "guardian_name"),
        address,
        _short(values.get("home_language") or "en", "home_language", LANGUAGE_LENGTH),
        _flag(values, "parental_responsibility", default=True),
        _flag(values, "may_message", default=True),
        _flag(values, "may_receive", default=True),
        _flag(values, "barred", default=False),
        values.get("restricted_reason", ""),
        frozenset(name for name in FAMILY_OPTIONAL if values.get(name)),
    )


def _staff(line: int, values: dict[str, str]) -> StaffRow:
    roles = []
    for word in _list(values, "roles"):
        try:
            roles.append(Role(word.lower().replace(" ", "_")))
        except ValueError:
            known = ", ".join(Role)
            raise _BadRow(f"unknown role {word!r}; the roles are {known}") from None
    rank = values.get("rank") or "0"
    if not rank.isdigit():
        raise _BadRow(f"rank is {rank!r}, not a whole number")
    return StaffRow(
        line,
        _text(values, "name"),
        _address(values, "email"),
        tuple(roles),
        tuple(_class(name) for name in _list(values, "classes")),
        int(rank),
        "classes" in values,
    )


def _text(values: dict[str, str], column: str) -> str:
    value = values.get(column, "")
    if not value:
        raise _BadRow(f"{column} is empty")
    return value


def _short(value: str, column: str, most: int) -> str:
    if len(value) > most:
        raise _BadRow(f"{column} has {len(value)} characters; at most {most} can be kept")
    return value


def _class(name: str) -> str:
    plain = plain_name(name)
    if not plain:
        raise _BadRow(f"class {name!r} has no plain letter or digit to make an address of")
    if plain in RESERVED:
        raise _BadRow(f"class {name!r} would have an address that is taken already")
    return name


def _list(values: dict[str, str], column: str) -> tuple[str, ...]:
    words = values.get(column, "").replace(",", ";").split(";")
    return tuple(word.strip() for word in words if word.strip())


def _address(values: dict[str, str], column: str) -> str:
    text = _text(values, column)
    mailbox = read_mailbox(text)
    folded = fold_mailbox(mailbox) if isinstance(mailbox, Mailbox) else None
    if folded is None:
        raise _BadRow(f"{column} is not one plain address: {text!r}")
    return folded


def _flag(values: dict[str, str], column: str, *, default: bool) -> bool:
    word = values.get(column, "").lower()
    if not word:
        return default
    if word in _YES | _NO:
        return word in _YES
    raise _BadRow(f"{column} is {word!r}; write yes or no")
