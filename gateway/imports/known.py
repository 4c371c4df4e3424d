"""What the store has of a school's people when an import is planned, by what the files name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from gateway.imports.sheet import Row

Rows = dict[str, Row]


@dataclass(slots=True)
class Known:
    """The rows of one school. Planning adds to them, as if each change had been made."""

    school_id: str
    domain: str
    version: int = 0  # of the roster, when it was read
    classes: Rows = field(default_factory=dict)  # by address
    staff: Rows = field(default_factory=dict)  # by address
    roles: dict[tuple[str, str], Row] = field(default_factory=dict)  # by staff id and role
    class_staff: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))
    pupils: Rows = field(default_factory=dict)  # by reference
    enrolments: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    guardians: Rows = field(default_factory=dict)  # by reference
    guardians_by_id: Rows = field(default_factory=dict)
    references: Rows = field(default_factory=dict)  # further references of a guardian
    addresses: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))
    links: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))  # by pupil, guardian
    children: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by guardian

    def guardian(self, reference: str) -> Row | None:
        """Return the guardian whom the records name so, also as one of several references."""
        other = self.references.get(reference)
        if other is not None:
            return self.guardians_by_id.get(other["guardian_id"])
        return self.guardians.get(reference)
