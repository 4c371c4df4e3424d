"""Who plays in a rehearsal: everybody's name, addresses and part, as the roster's CSV files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.roster.families import FamilyRow
from gateway.roster.staff import StaffRow
from rules.people import Role

_PARTS = {
    Role.OFFICE: "the office",
    Role.SENCO: "SENCo",
    Role.DSL: "safeguarding lead",
    Role.DEPUTY_DSL: "deputy safeguarding lead",
    Role.HEAD: "head teacher",
    Role.SLT: "senior leader",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of a rehearsal, staff in the order of the file. Addresses are folded."""

    staff: tuple[StaffRow, ...]
    addresses: Mapping[str, tuple[str, ...]] = field(repr=False)  # by name
    names: Mapping[str, str] = field(repr=False)  # by address

    @classmethod
    def of(cls, staff: Iterable[StaffRow], families: Iterable[FamilyRow]) -> Cast:
        """Return the cast of these rows."""
        staff = tuple(staff)
        pairs = [(row.name, row.address) for row in staff]
        pairs += [(row.guardian_name, row.guardian_address) for row in families]
        addresses: dict[str, tuple[str, ...]] = {}
        for name, address in dict.fromkeys(pairs):
            addresses[name] = (*addresses.get(name, ()), address)
        return cls(staff, addresses, {address: name for name, address in pairs})

    def joined_by(self, others: Iterable[tuple[str, str]]) -> Cast:
        """Return the cast with people who are not on the roster: name and address."""
        found = {address.lower(): name for name, address in others}
        new = {address: name for address, name in found.items() if address not in self.names}
        addresses = {name: (address,) for address, name in new.items()}
        return Cast(self.staff, {**addresses, **self.addresses}, {**new, **self.names})

    def name_of(self, address: str) -> str:
        """Return the name behind an address, or the address when nobody here has it."""
        return self.names.get(address.lower(), address)

    def part_of(self, name: str) -> str:
        """Return what somebody is to the school: "teacher of 3B", "safeguarding lead", "" """
        row = next((row for row in self.staff if row.name == name), None)
        if row is None:
            return ""
        if row.class_names:
            return f"teacher of {' and '.join(row.class_names)}"
        return next((words for role, words in _PARTS.items() if role in row.roles), "")

    def with_part(self, name: str) -> str:
        """Return "Mrs Adeyemi (safeguarding lead)", or the name alone where it says enough."""
        part = self.part_of(name)
        return f"{name} ({part})" if part and not part.startswith(("teacher", "the ")) else name

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that somebody teaches."""
        return tuple(dict.fromkeys(name for row in self.staff for name in row.class_names))

    @property
    def teacher_addresses(self) -> frozenset[str]:
        """The addresses that are given mail only inside the windows."""
        return frozenset(row.address for row in self.staff if row.class_names)

    @property
    def staff_addresses(self) -> frozenset[str]:
        """All addresses of the school's people."""
        return frozenset(row.address for row in self.staff)
