"""Which contacts are probably one person, entered once for each child?"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from gateway.roster.records import ContactRecord, Merge

_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "lord"}


def probably_one(people: Iterable[tuple[ContactRecord, str, str]]) -> tuple[Merge, ...]:
    """Return the pairs with one address, one family name and given names that can be the same.

    Each comes with its given and family name, or "" and then the words of the name are asked.
    Two given names that differ are two people: a couple may share one mailbox.
    """
    groups: dict[tuple[str, str], list[tuple[ContactRecord, str]]] = defaultdict(list)
    for contact, given, family in people:
        words = _words(contact.name)
        surname = _plain(family) or (words[-1] if words else "")
        first = _plain(given) or " ".join(words[:-1])
        for address in contact.addresses:
            groups[address, surname].append((contact, first))
    found: dict[tuple[str, str], Merge] = {}
    for (address, _surname), members in groups.items():
        if len(members) > 1:
            for merge in _pairs(address, members):
                found.setdefault((merge.kept, merge.merged), merge)
    return tuple(found.values())


def same_name(one: str, other: str) -> bool:
    """Return whether two names differ in no more than titles, case, accents and signs."""
    return one == other or _words(one) == _words(other)


def share_a_name(one: str, other: str) -> bool:
    """Return whether any word is in both names: who marries or is adopted keeps one of them."""
    return not set(_words(one)).isdisjoint(_words(other))


def _pairs(address: str, members: list[tuple[ContactRecord, str]]) -> Iterable[Merge]:
    kept: list[tuple[ContactRecord, str]] = []
    for contact, given in members:
        same = [one for one, first in kept if _can_be_one(first, given)]
        if len(same) == 1:
            why = f"{contact.name} and {same[0].name} ({same[0].where}) both have {address}"
            yield Merge(same[0].reference, contact.reference, why, contact.where)
        else:
            # With two to choose from, nobody can say which of them it is.
            kept.append((contact, given))


def _can_be_one(one: str, other: str) -> bool:
    short, long = sorted((one.split(), other.split()), key=len)
    if not short:
        return not long
    first, second = short[0], long[0]
    return first == second or (1 in (len(first), len(second)) and first[0] == second[0])


def _words(name: str) -> list[str]:
    return [word for word in _plain(name).split() if word not in _TITLES]


def _plain(name: str) -> str:
    """Return a name without case, accents and signs: "O'Neill-Şahin" is "oneill sahin"."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("-", " "))
    kept = "".join(sign for sign in letters if sign.isalnum() or sign.isspace())
    return " ".join(kept.split())
