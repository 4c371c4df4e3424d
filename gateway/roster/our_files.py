"""Reads a CSV file of our own making strictly: known columns, UTF-8, every fault named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from gateway.config.tomlfile import meant
from gateway.roster import cells
from gateway.roster.faults import RosterFaults
from gateway.roster.records import Flaw, Where
from gateway.roster.tables import BadRow

Made = TypeVar("Made")

# What a spreadsheet takes for a formula, and what `safe_cell` has made of it.
_RECKONED = re.compile(r"'*[=+\-@]")


class OurRow:
    """The cells of one line by their columns' names; "" where there is none."""

    __slots__ = ("_values", "line")

    def __init__(self, line: int, values: Mapping[str, str]) -> None:
        self.line = line
        self._values = values

    def __getitem__(self, column: str) -> str:
        return self._values.get(column, "")

    def says(self, column: str) -> bool:
        """Return whether the file has such a column at all."""
        return column in self._values


def rows_of(
    path: Path,
    wanted: tuple[str, ...],
    optional: tuple[str, ...],
    make: Callable[[OurRow], Made],
) -> tuple[tuple[Made, ...], tuple[Flaw, ...]]:
    """Return what `make` makes of each row, and the rows it refused.

    Raises:
        RosterFaults: the file as a whole is not what it should be.
    """
    rows: list[Made] = []
    flaws: list[Flaw] = []
    lines = _lines(path)
    columns = [name.lower() for name in next(lines, (1, []))[1]]
    _check_columns(path.name, columns, wanted, optional)
    for line, found in lines:
        try:
            rows.append(make(OurRow(line, _by_column(columns, found))))
        except BadRow as fault:
            flaws.append(Flaw(Where(path.name, line), str(fault)))
    if not rows and not flaws:
        raise RosterFaults([f"{path.name}: there are no rows in it"])
    return tuple(rows), tuple(flaws)


def flag(row: OurRow, column: str, *, default: bool) -> bool:
    """Return what a yes-or-no cell says, `default` when it is empty."""
    said = cells.flag(row[column].lower(), column)
    return default if said is None else said


def safe_cell(value: str) -> str:
    """Return a value as a spreadsheet shows it and does not reckon it: see `_as_meant`."""
    return f"'{value}" if _RECKONED.match(value) else value


def _as_meant(cell: str) -> str:
    """Take away the one apostrophe before a sign with which a formula begins."""
    return cell[1:] if cell[:1] == "'" and _RECKONED.match(cell) else cell


def _check_columns(
    file: str, columns: list[str], wanted: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise RosterFaults([f"{file}, line 1: missing columns: {', '.join(missing)}"])
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RosterFaults([f"{file}, line 1: given twice: {', '.join(twice)}"])
    strange = [
        f"{file}, line 1: unknown column {name!r}{meant(name, (*wanted, *optional))}"
        for name in columns
        if name and name not in (*wanted, *optional)
    ]
    if strange:
        raise RosterFaults(strange)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that has any, the columns' names first."""
    try:
        text = path.read_text("utf-8-sig")  # Excel begins its CSV with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise RosterFaults([f"{path.name}: cannot be read as UTF-8 text ({error})"]) from error
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for raw in reader:
            found = [_as_meant(cell.strip()) for cell in raw]
            if any(found):
                yield reader.line_num, found
    except csv.Error as error:
        raise RosterFaults([f"{path.name}, line {reader.line_num}: {error}"]) from error


def _by_column(columns: list[str], found: list[str]) -> dict[str, str]:
    if any(found[len(columns) :]):
        raise BadRow("more cells than columns; put quotes around a value that holds a comma")
    if any(sign in cell for cell in found for sign in "\n\r\x00"):
        raise BadRow("a cell holds a line break; is a quotation mark missing?")
    return dict(zip(columns, found + [""] * len(columns), strict=False))
