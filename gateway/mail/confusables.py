"""Says whether a domain is written to look like another one (UTS 39 §5.1, in small)."""

from __future__ import annotations

import unicodedata

# Scripts whose letters are mistaken for Latin ones. A domain wholly in its own
# script may be honest, yet no guardian's record in these schools would be, so
# the flag costs nothing: it only warns a person.
_LOOK_LIKE_LATIN = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LATIN LETTER SMALL CAPITAL")


def is_confusable(domain: str) -> bool:
    """Return whether `domain` (as U-labels or A-labels) holds letters that look like others'."""
    if domain.isascii() and "xn--" not in domain.lower():
        return False
    if domain.isascii():
        try:
            domain = domain.lower().encode("ascii").decode("idna")
        except (UnicodeError, ValueError):
            return True
    for char in domain:
        if char.isascii():
            continue
        name = unicodedata.name(char, "")
        if name.startswith(_LOOK_LIKE_LATIN) or unicodedata.normalize("NFKC", char) != char:
            return True
        if name.startswith("LATIN") and unicodedata.normalize("NFD", char)[0].isascii():
            # An accent is hard to see on a small screen: pârent.example.
            return True
    return False
