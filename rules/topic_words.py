"""What are the words and sentences of a text, folded for comparison, and where do they stand?

Every step is one pass over the text: no expression here can backtrack, so a
megabyte of nonsense costs what a megabyte of prose costs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Vowel signs of Bengali, Gurmukhi and their neighbours, and the points of Arabic, belong to
# their word although Python does not count them as letters; the danda (U+0964) does not.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
_WORD = rf"[\w{_MARKS}\u200c\u200d\u00ad]"
_EMOJI = "[\U0001f300-\U0001faff\u2600-\u27bf]"
_TOKEN = re.compile(
    rf"\d+(?:[.:]\d+)*(?:%|(?:{_WORD})*)|{_WORD}+(?:['\u2019\u2018`]{_WORD}+)*(?:\*+{_WORD}*)*"
    rf"|{_EMOJI}|[?\u061f]|[.!\u2026\u06d4\u0964\n;]"
)
_ENDS = frozenset(".!?\u061f\u2026\u06d4\u0964;")
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
    return tuple(
        "?" if piece in "?\u061f" else fold(piece)
        for piece in _TOKEN.findall(text)
        if piece in "?\u061f" or (piece not in _ENDS and piece != "\n")
    )


def sentences(text: str, *, opens_with: tuple[str, ...] = ()) -> Iterator[list[Word]]:
    """Yield the sentences of `text` as words, each between a "start" and an "end" mark.

    `opens_with` names further shapes of the opening mark, such as "subject".
    Marks have no letters and no length. A line break ends a sentence when the
    line was short or the next one is empty.
    """
    words: list[Word] = []
    line_start = 0
    length = len(text)
    for found in _TOKEN.finditer(text):
        piece = found[0]
        first, last = found.span()
        if piece == "\n":
            blank = last >= length or text[last] == "\n"
            short = first - line_start < _SHORT_LINE
            line_start = last
            if words and (blank or short):
                yield _closed(words, opens_with)
                words = []
        elif piece in _ENDS:
            if piece in "?\u061f" and words:
                words.append(Word("?", (), first, last))
            if words and (last >= length or not text[last].isalnum()):
                yield _closed(words, opens_with)
                words = []
        else:
            folded, shapes = _read(piece) if last - first <= _LONGEST_WORD else _unread(piece)
            words.append(Word(folded, shapes, first, last))
    if words:
        yield _closed(words, opens_with)


def _unread(piece: str) -> tuple[str, tuple[str, ...]]:
    return fold(piece), shapes_of(piece)


# The same few thousand words make up most mail. Long pieces are not kept, nor is any forever.
_read = lru_cache(maxsize=_WORDS_KEPT)(_unread)


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
