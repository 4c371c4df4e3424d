"""Does a text carry words of another family? The last question before an answer leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable

RUN = 6  # words in a row that nobody writes twice by chance
_WORD = re.compile(r"\w+")


def carries_foreign_words(text: str, own: Iterable[str], foreign: Iterable[str]) -> bool:
    """Return whether a run of words of `foreign` texts stands in `text`, and in none of `own`.

    `own` are the texts of the conversation that is answered. Linear in all of them.
    """
    runs = _runs(text)
    for other in own:
        runs -= _runs(other)
    return any(not runs.isdisjoint(_runs(other)) for other in foreign)


def names_somebody_else(text: str, own: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether a full name of `others`, that is none of `own`, stands in `text`."""
    words = " ".join(_words(text))
    mine = {" ".join(_words(name)) for name in own}
    for name in others:
        wanted = " ".join(_words(name))
        if " " in wanted and wanted not in mine and f" {wanted} " in f" {words} ":
            return True
    return False


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
