"""Reads an export of the school's own records by a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gateway.roster import cells
from gateway.roster.gathering import Gathering, Named, in_order
from gateway.roster.mapping import Mapping
from gateway.roster.records import LinkRecord, Where
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, Row, column_key, read_table


def gather_mapped(source: Source, name: str, mapping: Mapping, into: Gathering) -> None:
    """Take what is good in the rows of one file, and report the rest.

    A child comes in though the contact in the same row cannot be read.

    Raises:
        RosterFaults: the file is no CSV, or a column of the mapping is not in it.
    """
    table = read_table(source, name)
    table.need(*mapping.needed())
    reading = _Reading(mapping, into)
    for row in table:
        reading.take(row)
    into.close(table)
    reading.close()


class _Reading:
    def __init__(self, mapping: Mapping, into: Gathering) -> None:
        self._mapping = mapping
        self._into = into
        c = mapping.columns
        single = {name: value for name, value in c.__dict__.items() if isinstance(value, str)}
        self._names = single
        self._keys = {name: column_key(value) for name, value in single.items()}
        self._contact_names = [column_key(name) for name in c.contact_name]
        self._emails = [(name, column_key(name)) for name in c.contact_emails]
        self._yes = frozenset(word.casefold() for word in mapping.words.yes)
        self._no = frozenset(word.casefold() for word in mapping.words.no)
        self._nameless: list[Where] = []

    def take(self, row: Row) -> None:
        """Take one row."""
        pupil_ref = contact_ref = ""
        try:
            pupil_ref = cells.reference(self._cell(row, "pupil_ref"), self._names["pupil_ref"])
            if contact_ref := self._cell(row, "contact_ref"):
                cells.reference(contact_ref, self._names["contact_ref"])
            self._pupil(row, pupil_ref)
        except BadRow as fault:
            self._into.flaw(row.where, str(fault), pupil_ref, contact_ref)
            return
        try:
            contact_ref = self._contact(row, pupil_ref, contact_ref)
        except BadRow as fault:
            self._into.flaw(row.where, str(fault), pupil_ref, contact_ref)

    def close(self) -> None:
        """Say how many contacts nobody could find again."""
        if self._nameless:
            words = f"the first of {len(self._nameless)} contacts with neither id nor address"
            self._into.note(self._nameless[0], f"{words}: left out")

    def _cell(self, row: Row, name: str) -> str:
        key = self._keys.get(name)
        return row[key] if key else ""

    def _pupil(self, row: Row, reference: str) -> None:
        given, family = self._pupil_name(row)
        email = self._cell(row, "pupil_email")
        address = cells.address(email, self._names["pupil_email"]) if email else None
        begins, ends = self._day(row, "class_begins"), self._day(row, "class_ends")
        in_order(begins, ends)
        rooms = [self._into.class_names.checked(name, row.where) for name in self._classes(row)]
        self._into.pupil(row.where, reference, given, family, address)
        for room in rooms:
            self._into.enrol(row.where, reference, room, begins, ends)

    def _pupil_name(self, row: Row) -> tuple[str, str]:
        if "pupil_name" not in self._keys:
            given = cells.needed(self._cell(row, "given_name"), self._names["given_name"])
            family = cells.needed(self._cell(row, "family_name"), self._names["family_name"])
            return cells.one_line(given), cells.one_line(family)
        column, name = self._names["pupil_name"], self._cell(row, "pupil_name")
        family, comma, given = cells.needed(name, column).partition(",")
        if not comma or not family.strip() or not given.strip():
            raise BadRow(f'{column} is {name!r}; write it as "Family name, Given name"')
        return cells.one_line(given), cells.one_line(family)

    def _classes(self, row: Row) -> Iterator[str]:
        how = self._mapping.class_name
        cell = self._cell(row, "class_")
        for name in cell.split(how.several) if how.several else [cell]:
            if cleaned := _cleaned(name, how.separator, how.part, how.remove):
                yield cleaned

    def _contact(self, row: Row, pupil_ref: str, written: str) -> str:
        name = cells.one_line(*(row[key] for key in self._contact_names))
        addresses = list(self._addresses(row, pupil_ref, written))
        if not (name or addresses or written):
            return ""  # a pupil with no contact, or a second class of one
        if not written and not addresses:
            self._nameless.append(row.where)
            return ""
        contact = cells.short(written or addresses[0], self._names.get("contact_ref", "address"))
        link = self._link(row, contact, pupil_ref)
        family = row[self._contact_names[-1]] if len(self._contact_names) > 1 else ""
        given = row[self._contact_names[-2]] if len(self._contact_names) > 1 else ""
        language = self._cell(row, "home_language")
        named = Named(cells.needed(name, self._mapping.columns.contact_name[-1]), given, family)
        cells.short(language, "the language", cells.LANGUAGE_LENGTH)
        self._into.contact(row.where, contact, named, addresses, language or None)
        self._into.link(link)
        return contact

    def _addresses(self, row: Row, pupil_ref: str, contact_ref: str) -> Iterator[str]:
        sign = self._mapping.address_separator
        for column, key in self._emails:
            cell = row[key]
            for one in cell.split(sign) if sign else [cell]:
                if not one.strip():
                    continue
                try:
                    yield cells.address(one.strip(), column)
                except BadRow as fault:
                    self._into.flaw(row.where, str(fault), pupil_ref, contact_ref)

    def _link(self, row: Row, contact: str, pupil: str) -> LinkRecord:
        barred = self._flag(row, "barred")
        if barred is False and not self._mapping.words.lift_bars:
            barred = None
        priority = self._cell(row, "priority")
        begins, ends = self._day(row, "contact_begins"), self._day(row, "contact_ends")
        in_order(begins, ends)
        kind = self._cell(row, "relationship").casefold() or "guardian"
        return LinkRecord(
            contact,
            pupil,
            row.where,
            kind=cells.short(kind, self._names.get("relationship", "")),
            parental_responsibility=self._flag(row, "parental_responsibility"),
            may_message=self._flag(row, "may_message"),
            may_receive=self._flag(row, "may_receive"),
            barred=barred,
            restricted_reason=self._cell(row, "restricted_reason") or None,
            priority=cells.whole_number(priority, self._names.get("priority", "")),
            begins=begins,
            ends=ends,
        )

    def _flag(self, row: Row, name: str) -> bool | None:
        words = self._mapping.words
        shown = (words.yes[0], words.no[0])
        column = self._names.get(name, "")
        return cells.flag(self._cell(row, name), column, self._yes, self._no, shown)

    def _day(self, row: Row, name: str) -> date | None:
        cell = self._cell(row, name)
        return cells.day(cell, self._names[name], self._mapping.days) if cell else None


def _cleaned(name: str, separator: str, part: int, remove: tuple[str, ...]) -> str:
    """Return a class's name out of its cell: with "/", -1 and "Class", "Y3 / Class 3B" is 3B."""
    if separator and separator in name:
        parts = [one.strip() for one in name.split(separator)]
        name = parts[part - 1 if part > 0 else part] if abs(part) <= len(parts) else ""
        if not name:
            raise BadRow(f"class {' '.join(parts)!r} has no part number {part}")
    for word in remove:
        folded = name.strip()
        if folded.casefold().startswith(word.casefold() + " "):
            folded = folded[len(word) :]
        if folded.casefold().endswith(" " + word.casefold()):
            folded = folded[: -len(word)]
        name = folded
    return cells.one_line(name)
