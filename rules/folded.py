"""Which words does a text hold, however it is set? Case, accents and look-alikes fall away."""

from __future__ import annotations

import re
import unicodedata

# Letters of other alphabets that look like Latin ones, small after folding. Genuine Cyrillic
# and Greek texts are folded alike, so they still compare with themselves.
_LOOK_ALIKES = str.maketrans(
    "авекмнортсухіјѕһԁԛԝαβεικνορτυχωγıłøđɡℓ‐‑‒–—’ʼ",
    "abekmhoptcyxijshdqwabeikvoptuxwyilodgl-----''",
)
# A character of a script that sets no spaces is a word of its own (Chinese, Japanese, Thai).
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_DROPPED = ("Mn", "Mc", "Me", "Cf")  # marks on letters; what has no width


def folded(text: str) -> str:
    """Return `text` in one case, without accents, with look-alike letters as Latin ones."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (char for char in plain if unicodedata.category(char) not in _DROPPED)
    return "".join(kept).translate(_LOOK_ALIKES)


def words_of(text: str) -> list[str]:
    """Return the folded words of `text` in order: letters and digits, nothing else."""
    return _WORD.findall(folded(text))
