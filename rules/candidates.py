"""Which contacts on record may an unknown writer be? A short list for a person to judge.

A name is no identity: nothing follows from it but a line in the office's list, and a button
that a person may press after asking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.folded import words_of

MOST_SHOWN = 3
_SHORTEST = 3  # letters of a family name found in an address; "li" is in too many


@dataclass(frozen=True, slots=True)
class Child:
    """A child a contact is linked to. `in_class`: in the class that was written to, now."""

    name: str
    family_name: str
    class_names: tuple[str, ...] = ()
    in_class: bool = False
    was_in_class: bool = False  # until a day that is past
    barred: bool = False
    ended: bool = False  # the link, or the child's time at the school

    @property
    def words(self) -> str:
        """The child, with the class of today."""
        return self.name + (f" ({', '.join(self.class_names)})" if self.class_names else "")


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact on record who is looked at."""

    guardian_id: str
    name: str
    addresses: tuple[str, ...]
    children: tuple[Child, ...]
    is_removed: bool = False

    @property
    def may_be_linked(self) -> bool:
        """Whether the office may say that an address is theirs."""
        usable = [one for one in self.children if not one.barred and not one.ended]
        return bool(usable) and not self.is_removed and not any(c.barred for c in self.children)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact, and what speaks for them."""

    contact: Contact
    why: str  # same name, family name, last year's class
    rank: int  # lowest first


def candidates(
    display_name: str, address: str | None, contacts: Iterable[Contact]
) -> tuple[Candidate, ...]:
    """Return the contacts who may have written, the most plausible first, at most three."""
    said = set(words_of(display_name))
    local = set(words_of((address or "").partition("@")[0]))
    found = [one for contact in contacts if (one := _candidate(said, local, contact)) is not None]
    found.sort(key=lambda one: (one.rank, one.contact.name, one.contact.guardian_id))
    return tuple(found[:MOST_SHOWN])


def _candidate(said: set[str], local: set[str], contact: Contact) -> Candidate | None:
    own = set(words_of(contact.name))
    here = any(child.in_class for child in contact.children)
    if len(own) > 1 and (own <= said or own <= local):
        return Candidate(contact, "has the same name", 0 if here else 1)
    for child in contact.children:
        family = [word for word in words_of(child.family_name) if len(word) >= _SHORTEST]
        if not family or not set(family) <= said | local:
            continue
        if child.in_class:
            return Candidate(contact, "has a child of that family name in the class", 2)
        if child.was_in_class:
            return Candidate(contact, "had a child of that family name in the class", 3)
    return None
