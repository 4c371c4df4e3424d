"""Whom a line to `people@` may mean: what the shell has looked up for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactFound:
    """A contact on record whom the line may mean."""

    guardian_id: str
    reference: str  # the school's own
    name: str
    addresses: tuple[str, ...] = ()
    children: tuple[str, ...] = ()  # "Ben Okoro (3B)"
    linked_to: frozenset[str] = frozenset()  # pupil ids, whatever the standing
    barred_from: frozenset[str] = frozenset()  # pupil ids
    is_removed: bool = False

    @property
    def words(self) -> str:
        """Who it is, so that two of one name are told apart."""
        whose = f", {' and '.join(self.children)}" if self.children else ""
        return f"{self.name}{whose} (number {self.reference})"


@dataclass(frozen=True, slots=True)
class PupilFound:
    """A pupil whom the line may mean."""

    pupil_id: str
    reference: str
    name: str
    class_names: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Who it is, so that two of one name are told apart."""
        where = f" ({', '.join(self.class_names)})" if self.class_names else ""
        return f"{self.name}{where}, number {self.reference}"


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    """What was found for the two ends of a line."""

    contacts: tuple[ContactFound, ...] = ()  # whom `who` may mean; of a pupil named in "show" too
    named: tuple[ContactFound, ...] = ()  # whom the name after "as" may mean
    pupils: tuple[PupilFound, ...] = ()
    is_a_pupils: bool = False  # the address in the line
    is_ours: bool = False  # the address in the line: one that the gateway is written to at
    own_pupils: frozenset[str] = frozenset()  # ids of the writer's own children
