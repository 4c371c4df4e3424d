"""Does a text name a person of another family? First names that many bear do not count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rules.familiar import FAMILIAR_NAMES, FAMILIAR_WORDS
from rules.folded import folded, words_of

_SHORTEST = 3  # letters of a single name; "Li" is too often something else
# What stands before a family name, folded: English and the languages of the notices.
_TITLE_WORDS = """
    mr mrs ms miss mx dr herr frau monsieur madame mme m senor senora senhor senhora pan pani
    domnul doamna dl dna signor signora meneer mevrouw bwana"""
_TITLES = _TITLE_WORDS.split()
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def names_somebody_else(
    text: str, own: Iterable[str], others: Iterable[str], known: Iterable[str] = ()
) -> bool:
    """Return whether somebody of `others`, who is none of `own`, is named in `text`.

    By full name in either order, by title and family name, or by a single name that is
    rare: no word of courtesy and school, no name that many bear. `known` are further texts
    whose words name nobody else: the conversation itself, the names of staff.
    """
    line = f" {' '.join(words_of(text))} "
    mine = [words_of(name) for name in own]
    whole = {tuple(name) for name in mine}
    known_words = {word for one in known for word in words_of(one)}
    excused = {word for name in mine for word in name} | known_words
    shown = _shown_as_names(text)
    for name in others:
        words = words_of(name)
        if not words or tuple(words) in whole:
            continue
        if len(words) > 1 and not set(words) <= excused:
            both = (" ".join(words), " ".join((words[-1], *words[:-1])))
            short = f"{words[0]} {words[-1]}"
            if any(f" {one} " in line for one in (*both, short)):
                return True
        family = words[-1]
        if family not in excused and any(f" {title} {family} " in line for title in _TITLES):
            return True
        if any(word in shown and _is_rare(word, excused) for word in words):
            return True
    return False


def _is_rare(word: str, excused: Collection[str]) -> bool:
    return (
        len(word) >= _SHORTEST
        and word not in excused
        and word not in FAMILIAR_NAMES
        and word not in FAMILIAR_WORDS
    )


def _shown_as_names(text: str) -> set[str]:
    """Return the folded words that begin with a capital, or are of a script that has none."""
    found: set[str] = set()
    for match in _TOKEN.finditer(text):
        first = match[0][0]
        if first.isupper() or not first.islower():
            found.update(words_of(match[0]))
            found.add(folded(match[0]).removesuffix("'s"))
    return found
