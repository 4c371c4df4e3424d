"""Reads a school's people from CSV: families (a row for each pupil and contact) and staff.

Every bad row is reported with file, line and reason, all at once. Nothing is
guessed: an address that is not exactly one mailbox is a fault.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gateway.mail.addresses import Mailbox, fold_mailbox, read_mailbox
from rules.people import Role

FAMILY_COLUMNS = (
    "pupil_ref",
    "given_name",
    "family_name",
    "class",
    "guardian_name",
    "guardian_email",
)
STAFF_COLUMNS = ("name", "email", "roles")
_YES = {"y", "yes", "true", "t", "1"}
_NO = {"n", "no", "false", "f", "0"}


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One pupil and one contact. `guardian_ref` is the contact's id, or the address without one."""

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


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff, or a shared mailbox such as the office."""

    line: int
    name: str
    address: str
    roles: tuple[Role, ...]
    class_names: tuple[str, ...]
    rank: int


class RosterFaults(Exception):
    """The file cannot be taken as it is. `faults` name file, line and reason."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_families(path: Path) -> tuple[FamilyRow, ...]:
    """Return the rows of a families file. Raises RosterFaults with every fault in it."""
    return _read(path, FAMILY_COLUMNS, _family)


def read_staff(path: Path) -> tuple[StaffRow, ...]:
    """Return the rows of a staff file. Raises RosterFaults with every fault in it."""
    return _read(path, STAFF_COLUMNS, _staff)


Row = TypeVar("Row", FamilyRow, StaffRow)


class _BadRow(Exception):
    pass


def _read(
    path: Path, wanted: tuple[str, ...], make: Callable[[int, dict[str, str]], Row]
) -> tuple[Row, ...]:
    rows: list[Row] = []
    faults: list[str] = []
    for line, values in _lines(path, wanted):
        try:
            rows.append(make(line, values))
        except _BadRow as fault:
            faults.append(f"{path.name}, line {line}: {fault}")
    if not rows and not faults:
        faults.append(f"{path.name}: there are no rows in it")
    if faults:
        raise RosterFaults(tuple(faults))
    return tuple(rows)


def _lines(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text("utf-8-sig")  # Excel begins its CSV with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise RosterFaults((f"{path.name}: cannot be read as UTF-8 text ({error})",)) from error
    reader = csv.DictReader(text.splitlines(), strict=True)
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise RosterFaults((f"{path.name}, line 1: missing columns: {', '.join(missing)}",))
    try:
        for raw in reader:
            cells = [value for key, value in raw.items() if key is not None]
            values = dict(zip(columns, ((cell or "").strip() for cell in cells), strict=False))
            if any(values.values()):
                yield reader.line_num, values
    except csv.Error as error:
        raise RosterFaults((f"{path.name}, line {reader.line_num}: {error}",)) from error


def _family(line: int, values: dict[str, str]) -> FamilyRow:
    address = _address(values, "guardian_email")
    pupil_address = _address(values, "pupil_email") if values.get("pupil_email") else None
    return FamilyRow(
        line,
        _text(values, "pupil_ref"),
        _text(values, "given_name"),
        _text(values, "family_name"),
        _text(values, "class"),
        pupil_address,
        values.get("guardian_ref") or address,
        _text(values, "guardian_name"),
        address,
        values.get("home_language") or "en",
        _flag(values, "parental_responsibility", default=True),
        _flag(values, "may_message", default=True),
        _flag(values, "may_receive", default=True),
        _flag(values, "barred", default=False),
        values.get("restricted_reason", ""),
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
        _list(values, "classes"),
        int(rank),
    )


def _text(values: dict[str, str], column: str) -> str:
    value = values.get(column, "")
    if not value:
        raise _BadRow(f"{column} is empty")
    return value


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
