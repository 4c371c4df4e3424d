"""Reads one CSV file as rows of named cells, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.roster.faults import RosterFaults
from gateway.roster.records import Flaw, Where
from gateway.roster.sources import Source

_DELIMITERS = ",;\t|"
_TOLD = re.compile(r"\s*sep=([,;\t|])\r?\n", re.IGNORECASE)  # what Excel writes for itself
_A_LINE_BREAK = "a line break; is a quotation mark missing?"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class BadRow(Exception):
    """A row cannot be taken; the message says why and what to do."""


def plain_header(name: str) -> str:
    """Return a column's name without case, spaces and signs: "SIS ID" and "sis_id" are one."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def column_key(name: str) -> str:
    """Return a column's key. "Forename#2" is the second column called so."""
    base, mark, number = name.partition("#")
    if not mark:
        return plain_header(name)
    second = number.strip()
    return plain_header(base) if second == "1" else f"{plain_header(base)}#{second}"


class Row:
    """One row: `row["sourcedid"]` is that cell without outer space, "" when there is none."""

    __slots__ = ("_cells", "_is_odd", "_table", "where")

    def __init__(self, where: Where, table: Table, cells: list[str], *, is_odd: bool) -> None:
        self.where = where
        self._table = table
        self._cells = cells
        self._is_odd = is_odd  # a line break or a NUL stands in one of the cells

    def __getitem__(self, key: str) -> str:
        place = self._table.columns.get(key)
        if place is None or place >= len(self._cells):
            return ""
        cell = self._cells[place].strip()
        if self._is_odd and ("\n" in cell or "\r" in cell or "\x00" in cell):
            column = self._table.header[place]
            what = "a NUL; save the file as UTF-8" if "\x00" in cell else _A_LINE_BREAK
            raise BadRow(f"{column} holds {what}")
        return cell


@dataclass(slots=True)
class Table:
    """A file's columns and rows. Rows that are no CSV go to `flaws` while reading."""

    file: str
    columns: dict[str, int]  # plain header (with #2 for the second of its name): position
    header: tuple[str, ...]
    flaws: list[Flaw] = field(default_factory=list)
    notes: list[Flaw] = field(default_factory=list)
    _records: Iterator[tuple[int, bool, list[str]]] = field(default_factory=lambda: iter(()))

    def __iter__(self) -> Iterator[Row]:
        wide = len(self.header)
        for line, is_odd, cells in self._records:
            where = Where(self.file, line)
            if len(cells) > wide and any(cells[wide:]):
                why = "more cells than columns; put quotes around a value that holds a comma"
                self.flaws.append(Flaw(where, why))
                continue
            yield Row(where, self, cells, is_odd=is_odd)

    def says(self, key: str) -> bool:
        """Return whether the file has such a column at all."""
        return key in self.columns

    def need(self, *wanted: str) -> None:
        """Raise RosterFaults unless the columns are there."""
        missing = [name for name in wanted if column_key(name) not in self.columns]
        if missing:
            found = ", ".join(name for name in self.header if name) or "none"
            words = f"missing columns: {', '.join(missing)} (found: {found})"
            raise RosterFaults([f"{self.file}, line 1: {words}"])


def read_table(source: Source, name: str) -> Table:
    """Return the table in the source's file `name`, its rows still to be read.

    Raises:
        RosterFaults: it is no text, or has no line with the columns' names.
    """
    shown = source.shown(name)
    notes: list[Flaw] = []
    text = _text(source.read(name), shown, notes)
    told = _TOLD.match(text)
    delimiter = told[1] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    flaws: list[Flaw] = []
    records = _records(reader, shown, flaws, has_nul="\x00" in text)
    if told:
        next(records)
    header = next(records, None)
    if flaws:
        raise RosterFaults(str(flaw) for flaw in flaws)
    if header is None:
        raise RosterFaults([f"{shown}: there is nothing in it"])
    names = tuple(cell.strip() for cell in header[-1])
    return Table(shown, _places(names), names, flaws, notes, records)


def _places(names: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for position, name in enumerate(names):
        plain, number = plain_header(name), 1
        if not plain:
            continue
        key = plain
        while key in places:
            number += 1
            key = f"{plain}#{number}"
        places[key] = position
    return places


def _records(
    reader: Iterator[list[str]], shown: str, flaws: list[Flaw], *, has_nul: bool
) -> Iterator[tuple[int, bool, list[str]]]:
    """Yield each record with the line it begins in, and whether a cell may hold a line break.

    What is no CSV becomes a flaw.
    """
    ended = 0
    while True:
        begins = ended + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            flaws.append(Flaw(Where(shown, begins), f"{error}; look at the quotation marks"))
            cells = []
        ended = reader.line_num  # type: ignore[attr-defined]  # csv's reader has it
        if any(cells) and any(cell.strip() for cell in cells):
            yield begins, has_nul or ended > begins, cells


def _text(octets: bytes, shown: str, notes: list[Flaw]) -> str:
    for mark, encoding in _MARKS:
        if octets.startswith(mark):
            return _decoded(octets, encoding, shown)
    if b"\x00" in octets[:2000]:
        raise RosterFaults([f"{shown}: is not plain text; save it as CSV in UTF-8"])
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        why = "is not UTF-8; read as Windows-1252, look whether names with accents are right"
        notes.append(Flaw(Where(shown, line), why))
    return _decoded(octets, "cp1252", shown)


def _decoded(octets: bytes, encoding: str, shown: str) -> str:
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        words = f"{shown}, line {line}: cannot be read as {encoding}; save the file as UTF-8"
        raise RosterFaults([words]) from error


def _delimiter(text: str) -> str:
    """Return what stands between the columns' names; cells are not asked, they hold anything."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=lambda sign: (bare.count(sign), sign == ","))
