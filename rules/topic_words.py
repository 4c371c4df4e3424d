"""What are the words and sentences of a text, folded for comparison, and where do they stand?

Every step is one pass over the text: no expression here can backtrack, so a
megabyte of nonsense costs what a megabyte of prose costs.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, dropwhile, islice, pairwise
from typing import NamedTuple

# Vowel signs of Bengali, Gurmukhi and their neighbours, and the points of Arabic, belong to
# their word although Python does not count them as letters; the danda (U+0964) does not.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
_WORD = rf"[\w{_MARKS}\u200c\u200d\u00ad]"
_EMOJI = "[\U0001f300-\U0001faff\u2600-\u27bf]"
_PIECE = re.compile(
    rf"\d+(?:[.:]\d+)*(?:%|(?:{_WORD})*)|{_WORD}+(?:['\u2019\u2018`]{_WORD}+)*(?:\*+{_WORD}*)*"
    rf"|{_EMOJI}|[?\u061f]"
)
# "1.30" and "e.g" have a mark inside. More marks and spaces after the first say nothing more.
_END = re.compile(r"([.!?\u061f\u2026\u06d4\u0964;])(?![^\W_])[\s.!?\u061f\u2026\u06d4\u0964;]*")
_QUESTION_MARKS = "?\u061f"
_UNFOLDABLE = str.maketrans(
    {
        "\u0142": "l", "\u00f8": "o", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe",
        "\u200c": None, "\u200d": None, "\u00ad": None, "\u0640": None, "\u2019": "'",
        "\u2018": "'", "`": "'", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
        "\u0622": "\u0627", "\u0623": "\u0627", "\u0625": "\u0627", "\u06c1": "\u0647",
        "\u0629": "\u0647", "\u06be": "\u0647", "\u06c3": "\u0647",
    }
)  # fmt: skip
_STRETCHED = re.compile(r"([^\W_])\1{3}")
_KEPT_CONTRACTIONS = ("'ll", "'re", "'d")
_LONGEST_WORD = 40  # characters compared; nobody's word for illness is longer
_WORDS_KEPT = 30_000
_SHORT_LINE = 50  # a line this short was ended by its author, not by a mail program's wrapping


class Word(NamedTuple):
    """One word: `folded` for comparison, `shapes` such as "time", and its place in the text."""

    folded: str
    shapes: tuple[str, ...]
    start: int
    end: int


def fold(word: str) -> str:
    """Return `word` as it is compared: no case, no accents, plain apostrophes.

    "won't" and "wont" are one word, as parents write both; "we'll" keeps its
    apostrophe, because "well" is another word.
    """
    if word.isascii():
        plain = word[:_LONGEST_WORD].lower()
    else:
        spread = unicodedata.normalize("NFKD", word[:_LONGEST_WORD]).casefold()
        plain = "".join(
            mark
            for mark in spread
            if not ("\u0300" <= mark <= "\u036f" or "\u064b" <= mark <= "\u0652")
        ).translate(_UNFOLDABLE)
    plain = plain.rstrip("*")  # *emphasis*
    if "'" in plain and not plain.endswith(_KEPT_CONTRACTIONS):
        plain = plain.replace("'", "")
    return plain


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`, without shapes, marks or places."""
    return tuple(map(_folded, _PIECE.findall(text)))


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the beginning and end of each stretch of `text` that holds one sentence, or no word.

    A line break ends a sentence when the line was short or the next one is empty.
    """
    begin = after = 0
    for line, following in pairwise(text.split("\n")):
        after += len(line) + 1
        if len(line) < _SHORT_LINE or not following:
            if _END.search(text, begin, after - 1):
                yield from _ended(text, begin, after - 1)
            elif begin < after - 1:
                yield begin, after - 1
            begin = after
    yield from _ended(text, begin, len(text))


def _ended(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _END.finditer(text, begin, end):
        yield begin, found.end(1)
        begin = found.end()
    if begin < end:
        yield begin, end


def pieces_of(stretch: str) -> list[str]:
    """Return the words of a sentence as they are written; a question mark after one is a word."""
    pieces: list[str] = _PIECE.findall(stretch)
    if pieces and pieces[0] in _QUESTION_MARKS:
        pieces = list(dropwhile(_QUESTION_MARKS.__contains__, pieces))
    return pieces


class Bounds:
    """Where the words of a stretch stand in its text, read as far as is asked."""

    __slots__ = ("_bounds", "_unread")

    def __init__(self, text: str, begin: int, end: int) -> None:
        found = _PIECE.finditer(text, begin, end)
        words = dropwhile(lambda piece: piece[0] in _QUESTION_MARKS, found)
        self._unread = chain.from_iterable(map(re.Match.span, words))
        self._bounds = array("L")

    def of(self, word: int) -> tuple[int, int]:
        """Return the beginning and end of a word.

        Word 0 is the opening mark of the sentence; the one after the last is the closing mark.
        """
        bounds = self._bounds
        wanted = 2 * max(word, 1)
        if len(bounds) < wanted:
            bounds.extend(islice(self._unread, wanted - len(bounds)))
        if word == 0:
            return bounds[0], bounds[0]
        return (
            (bounds[wanted - 2], bounds[wanted - 1])
            if wanted <= len(bounds)
            else (bounds[-1], bounds[-1])
        )


def sentences(
    text: str, *, opens_with: tuple[str, ...] = (), longest: int | None = None
) -> Iterator[list[Word]]:
    """Yield the sentences of `text` as words, each between a "start" and an "end" mark.

    `opens_with` names further shapes of the opening mark, such as "subject".
    Marks have no letters and no length. A sentence of more than `longest` words
    is yielded in pieces of as many.
    """
    for begin, end in stretches(text):
        found = _PIECE.finditer(text, begin, end)
        pieces = dropwhile(lambda piece: piece[0] in _QUESTION_MARKS, found)
        while words := [Word(*_read(piece[0]), *piece.span()) for piece in islice(pieces, longest)]:
            yield _closed(words, opens_with)


def read_piece(piece: str) -> tuple[str, tuple[str, ...]]:
    """Return a word folded, and its shapes."""
    return ("?", ()) if piece in _QUESTION_MARKS else (fold(piece), shapes_of(piece))


# The same few thousand words make up most mail. Long pieces are not kept, nor is any forever.
_read_before = lru_cache(maxsize=_WORDS_KEPT)(read_piece)


def _read(piece: str) -> tuple[str, tuple[str, ...]]:
    return _read_before(piece) if len(piece) <= _LONGEST_WORD else read_piece(piece)


def _folded(piece: str) -> str:
    return "?" if piece in _QUESTION_MARKS else fold(piece)


def _closed(words: list[Word], opens_with: tuple[str, ...]) -> list[Word]:
    first, last = words[0].start, words[-1].end
    return [Word("", ("start", *opens_with), first, first), *words, Word("", ("end",), last, last)]


def shapes_of(piece: str) -> tuple[str, ...]:
    """Name what `piece` looks like: a time of day, a date, a number, a name, an emoji."""
    shapes = _one_shape(piece)
    if len(piece) > 3 and not piece[0].isdigit() and _STRETCHED.search(piece, 0, _LONGEST_WORD):
        return (*shapes, "stretched")
    return shapes


def _one_shape(piece: str) -> tuple[str, ...]:
    first = piece[0]
    if first.isdigit():
        return _number_shapes(piece.lower())
    if "A" <= first <= "Z" and len(piece) > 2 and piece[1:].islower():
        return ("name",)
    if "*" in piece:
        letters = piece.rstrip("*")
        hidden = "*" in letters or (len(piece) - len(letters) >= 2 and len(letters) <= 3)
        return ("masked",) if hidden else ()
    if first > "\u25ff" and not first.isalnum():
        return ("emoji",)
    if (
        not piece.isascii()
        and fold(piece).isascii()
        and any(ord(mark) > 0xBF for mark in piece[:40])
    ):
        # A curly apostrophe is no accent.
        return () if "\u2018" <= max(piece) <= "\u2019" else ("accented",)
    return ()


def _number_shapes(piece: str) -> tuple[str, ...]:
    if piece.endswith("%"):
        return ("number", "percent")
    bare = piece.rstrip("adhmnprst")
    tail = piece[len(bare) :]
    whole, _, minutes = bare.replace(":", ".").partition(".")
    if not whole.isdecimal() or len(whole) > 4:
        return ("number",)
    hour = int(whole)
    if tail in ("am", "pm", "h") or (minutes.isdecimal() and len(minutes) == 2 and hour < 24):
        return ("number", "time") if hour < 24 else ("number",)
    if tail in ("st", "nd", "rd", "th"):
        return ("number", "date")
    return ("number",)
