"""What every part of planning shares: the rows known, the sheet of changes, the day, the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from gateway.imports.known import Known
from gateway.imports.sheet import Row, Sheet

CALLED_OTHERWISE = "pupils called otherwise"  # the heading


@dataclass(slots=True)
class Planning:
    """One import in the making. Dates are the school's."""

    known: Known
    today: date
    ids: Iterator[str]
    spared: frozenset[str] = frozenset()  # references and staff addresses of which nothing ends
    strangers: set[str] = field(default_factory=set)  # pupils' ids whose number is another's now
    sheet: Sheet = field(default_factory=Sheet)
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def yesterday(self) -> date:
        """The last day of what ends now: an ending holds from the moment it is written."""
        return self.today - timedelta(days=1)

    def spared_guardians(self) -> set[str]:
        """Return the ids of the contacts of whom nothing may end: a row of theirs was not taken."""
        found = (self.known.guardian(one) for one in self.spared)
        return {row["guardian_id"] for row in found if row}

    def tell(self, heading: str, line: str) -> None:
        """Add a line to what whoever imports is shown."""
        self.told[heading].append(line)

    def add(self, table: str, row: Row) -> Row:
        """Write down a new row."""
        return self.sheet.add(table, row)

    def change(self, table: str, row: Row, values: Row) -> bool:
        """Change what differs in a row; return whether anything did."""
        return self.sheet.change(table, row, values)


def pupil_words(row: Row) -> str:
    """Return a pupil as the office knows the child: reference and name."""
    return f"{row['reference']} {row['given_name']} {row['family_name']}"


def guardian_words(row: Row) -> str:
    """Return a contact as the office knows them: name, and reference where it is no address."""
    reference = row["reference"]
    return f"{row['name']} ({reference})"
