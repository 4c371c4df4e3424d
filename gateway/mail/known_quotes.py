"""Marks in a reply what we ourselves sent to its writer, whatever their mail program made of it.

We know every word of the mail that is answered, so a quote of it is found in any language and
without any mark: by its words in a row. What is found gets the usual mark of a quoted line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.familiar import FAMILIAR_WORDS
from rules.folded import words_of

_STEP = 4  # words in a row
_BEGINNING = 6  # words by which the beginning of a mail is known
_SHARE = 0.7  # of a line's words, that make it a quoted line
_MOST_STRAY_WORDS = 3  # of a line that some program altered, between two that are known
_TAIL = 12  # letters of a quoted line, by which what goes on after a break is known
_LONGEST = 300_000  # characters
# What mail programs put into a text beside the words: link targets, and signs for images.
_TARGET = re.compile(r"[<(\[]\s?(?:mailto:|https?://|cid:|tel:)[^<>()\[\]\s]{0,2000}\s?[>)\]]")
_IMAGE = re.compile(r"\[(?:image|cid|bild|imagen|obraz)[^\[\]\n]{0,100}\]", re.IGNORECASE)
_SIGNED_ADDRESS = re.compile(r"\b[a-z]\+[a-z2-7]{40,60}@|mailto:", re.IGNORECASE)
_ORNAMENT = re.compile(r"[\s*_=~.|>•·—–-]{1,200}")
_MARKED = re.compile(r"[ \t]{0,3}(?:[>›»|][ \t]?)+")


@dataclass(frozen=True, slots=True)
class Known:
    """What was sent: each stretch of a few words of it, its letters, and how it begins."""

    steps: frozenset[tuple[str, ...]]
    letters: str = ""
    beginnings: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    words: int
    covered: int
    is_strong: bool
    is_marked: bool
    is_ornament: bool
    letters: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    holds_our_address: bool

    @property
    def is_known(self) -> bool:
        return self.words > 0 and self.covered >= _SHARE * self.words


def known_from(sent: Iterable[str], but: Iterable[str] = ()) -> Known:
    """Return what a writer may have quoted: the texts `sent` to them, `but` their own words."""
    steps: set[tuple[str, ...]] = set()
    rows = [words_of(_bare(text[:_LONGEST])) for text in sent]
    for row in rows:
        steps |= _steps(row)
    for text in but:
        steps -= _steps(words_of(_bare(text[:_LONGEST])))
    beginnings = tuple(tuple(row[:_BEGINNING]) for row in rows if len(row) >= _BEGINNING)
    return Known(frozenset(steps), " ".join("".join(row) for row in rows), beginnings)


def mark_known(text: str, known: Known) -> str:
    """Return `text` with "> " before each line that was quoted from what is `known`.

    A line of courtesy that happens to stand in both is left, unless it stands in its
    place among others that are known.
    """
    if not known.steps or len(text) > _LONGEST:
        return text
    lines = text.split("\n")
    looks = _looks(lines, known)
    taken = _taken(looks, known)
    return "\n".join(
        line if not quoted or _MARKED.match(line) else f"> {line}"
        for line, quoted in zip(lines, taken, strict=True)
    )


def above_the_quote(text: str, known: Known) -> str:
    """Return what stands above the first sign of a quote: its mark, or how the mail began.

    There a writer may have put other words of that mail by hand, which is no quote.
    """
    lines = text.split("\n")
    words = [words_of(line) for line in lines]
    for at, line in enumerate(lines):
        if _MARKED.match(line) or (words[at] and _begins(words, at, known)):
            return "\n".join(lines[:at])
    return text


def _begins(words: Sequence[Sequence[str]], at: int, known: Known) -> bool:
    """Whether what was sent begins in the line `at`, which may hold only the first of its words."""
    ahead = [word for line in words[at : at + 4] for word in line][: 4 * _BEGINNING]
    return any(
        tuple(ahead[skipped : skipped + _BEGINNING]) in known.beginnings
        for skipped in range(min(len(words[at]), 2 * _BEGINNING))
    )


def _bare(text: str) -> str:
    return _IMAGE.sub(" ", _TARGET.sub(" ", text))


def _steps(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _STEP]) for at in range(len(words) - _STEP + 1)}


def _looks(lines: Sequence[str], known: Known) -> list[_Line]:
    """Say of each line how many of its words stand in a known row, across line ends too."""
    words = [words_of(_bare(_MARKED.sub("", line, count=1))) for line in lines]
    row = [word for line in words for word in line]
    covered = [False] * len(row)
    for at in range(len(row) - _STEP + 1):
        if tuple(row[at : at + _STEP]) in known.steps:
            covered[at : at + _STEP] = [True] * _STEP
    looks: list[_Line] = []
    at = 0
    for line, own in zip(lines, words, strict=True):
        hits = [word for word, hit in zip(own, covered[at:], strict=False) if hit]
        at += len(own)
        strange = sum(word not in FAMILIAR_WORDS for word in hits)
        strong = len(hits) >= _STEP and (strange >= 2 or len(hits) >= 2 * _STEP)
        looks.append(
            _Line(
                words=len(own),
                covered=len(hits),
                is_strong=strong,
                is_marked=_MARKED.match(line) is not None,
                is_ornament=_ORNAMENT.fullmatch(_bare(line)) is not None,
                letters="".join(own),
                first=tuple(own[:3]),
                last=tuple(own[-3:]),
                holds_our_address=_SIGNED_ADDRESS.search(line) is not None,
            ),
        )
    return looks


def _taken(looks: Sequence[_Line], known: Known) -> list[bool]:
    taken = [line.is_known and line.is_strong for line in looks]
    filled = [at for at, line in enumerate(looks) if line.words]
    # Outward from what is sure: a known line that continues it in the mail that was sent.
    for order in (filled, filled[::-1]):
        for at, following in pairwise(order):
            above, below = min(at, following), max(at, following)
            if taken[at] and not taken[following] and looks[following].is_known:
                taken[following] = _continues(looks[above], looks[below], known)
    # Inward: what a program altered, or cut in the middle of a word, between known lines.
    quoted = [known or line.is_marked for known, line in zip(taken, looks, strict=True)]
    tail = ""  # the last letters of the quoted lines right above
    for place, at in enumerate(filled):
        line = looks[at]
        if not quoted[at] and tail:
            goes_on = len(tail) == _TAIL and tail + line.letters in known.letters
            between = place + 1 < len(filled) and quoted[filled[place + 1]]
            altered = line.covered and line.words <= _MOST_STRAY_WORDS
            taken[at] = quoted[at] = (
                goes_on
                or line.holds_our_address
                or (between and bool(altered or line.covered * 2 > line.words))
            )
        tail = (tail + line.letters)[-_TAIL:] if quoted[at] else ""
    # What holds no words, below a quoted line: rules, signs for images.
    below = False
    for at, line in enumerate(looks):
        if line.words:
            below = quoted[at]
        elif line.is_ornament:
            taken[at] = taken[at] or below
    return taken


def _continues(above: _Line, below: _Line, known: Known) -> bool:
    """Whether the words at the end of one line and at the beginning of the next were in a row."""
    joined = (*above.last, *below.first)
    seam = len(above.last)
    return any(
        joined[at : at + _STEP] in known.steps
        for at in range(len(joined) - _STEP + 1)
        if at < seam < at + _STEP
    )
