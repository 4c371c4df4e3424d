"""Which address does a class's name make, and does it make one of its own?"""

from __future__ import annotations

import re
import unicodedata

from gateway.roster.records import Where
from gateway.roster.tables import BadRow
from gateway.school import RESERVED


def plain_name(name: str) -> str:
    """Return a class's name as its address has it: "3b", "class-3-oak"; "" when nothing is left."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def class_name(name: str) -> str:
    """Return `name` when a class can be called so; raise BadRow when it can have no address."""
    plain = plain_name(name)
    if not plain:
        raise BadRow(f"class {name!r} has no plain letter or digit to make an address of")
    if plain in RESERVED:
        raise BadRow(f"class {name!r} would have an address that is taken already")
    return name


class ClassNames:
    """The names met so far. Two that differ and make one address are not told apart by mail."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, Where]] = {}
        self._fine: set[str] = set()

    def checked(self, name: str, where: Where) -> str:
        """Return `name`; raise BadRow when it has no address, or another class's."""
        if name in self._fine:
            return name
        class_name(name)
        other, there = self._first.setdefault(plain_name(name), (name, where))
        if other != name:
            words = f"class {name!r} would have the address of class {other!r} ({there})"
            raise BadRow(f"{words}; write the name in one way, or rename one class")
        self._fine.add(name)
        return name
