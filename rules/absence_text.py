"""Which sentences and clauses does a parent's own text have? Spans only; nothing is understood.

Every pattern is bounded and only the beginning of a long text is looked at, so the time
taken is linear and small whatever somebody sends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 8_000  # characters looked at; a report of an absence is shorter
_SHORT_LINE = 50  # a line this short was ended by its author, not by a mail program's wrapping
_ENDS = re.compile(r"[.!?\u2026\u0964\u06d4\u061f]+[)\"'\u201d]*(?=\s|$)|\n")
_NO_END = frozenset(["mr", "mrs", "ms", "dr", "st", "approx", "appt", "yr", "prof", "rev"])
_CLAUSE_ENDS = re.compile(
    r"[,;:()\u2013\u2014]|\s-\s|\b(?:but|so|because|cos|then|although|though|and then)\b",
    re.IGNORECASE,
)
_CURLY = str.maketrans("\u2019\u2018\u02bc`\u00b4", "'''''")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words that stand there."""
        return text[self.start : self.end]


def plain(text: str) -> str:
    """Return the text that is looked at, character for character: straight apostrophes."""
    return text[:LONGEST].translate(_CURLY)


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text`, without white space around them, none empty."""
    found: list[Span] = []
    begins = 0
    for end in _ENDS.finditer(text):
        if _goes_on(text, begins, end):
            continue
        found += _trimmed(text, begins, end.end())
        begins = end.end()
    return (*found, *_trimmed(text, begins, len(text)))


def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """Return the pieces of a sentence between commas, "but", "so" and their like."""
    found: list[Span] = []
    begins = sentence.start
    for mark in _CLAUSE_ENDS.finditer(text, sentence.start, sentence.end):
        found += _trimmed(text, begins, mark.start())
        # "so" and "but" belong to what follows; a comma to nothing.
        begins = mark.start() if mark[0][0].isalpha() else mark.end()
    return (*found, *_trimmed(text, begins, sentence.end))


def _goes_on(text: str, begins: int, end: re.Match[str]) -> bool:
    if end[0] == "\n":
        line = text[text.rfind("\n", 0, end.start()) + 1 : end.start()]
        follows = text[end.end() : end.end() + 1]
        return len(line) > _SHORT_LINE and follows.isalnum()
    word = text[max(begins, end.start() - 8) : end.start()].rpartition(" ")[2].lower()
    return end[0] == "." and (word in _NO_END or bool(re.fullmatch(r"[a-z]|[ap]\.m", word)))


def _trimmed(text: str, start: int, end: int) -> tuple[Span, ...]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (Span(start, end),) if start < end else ()
