"""What does a phrase of a topic pack ask for?

The language a school writes phrases in, smallest first:

- `off today`: these words, in this order, in one sentence;
- `vomit*`: any word that begins so;
- `(ill|sick|under the weather)`: one of these; `[really|so]`: one of these or nothing;
- `~3`: up to three words of any kind;
- `{day}`: one of the words listed under that name in `[words]`;
- `#time`, `#date`, `#number`, `#percent`, `#name`, `#emoji`: a word that looks like one;
  `#masked`: a word with stars for letters; `#accented`: one with a letter English has not;
  `#stretched`: one with a letter four times in a row;
  `#start`, `#end`: the edge of a sentence; `#subject`: the beginning of the subject;
  `#schoolday`: the beginning of any sentence of a message sent in the school day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.topic_words import words_of

SHAPES = frozenset(
    {
        "time",
        "date",
        "number",
        "percent",
        "name",
        "emoji",
        "masked",
        "accented",
        "stretched",
        "start",
        "end",
        "subject",
        "schoolday",
    }
)
LONGEST_GAP = 20
DEEPEST = 20  # brackets inside each other
_PIECES_KEPT = 20_000  # a few megabytes; the packs of all languages have about half as many


class PhraseFault(ValueError):
    """A phrase that cannot be read; the text says what is wrong in words for its author."""


@dataclass(frozen=True, slots=True)
class Simple:
    """One word: `kind` is "word", "prefix" or "shape"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words of any kind."""

    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, or nothing when `optional`."""

    branches: tuple[tuple[Element, ...], ...]
    optional: bool = False


Element = Simple | Gap | Choice


def read_phrase(phrase: str, words: Mapping[str, tuple[str, ...]]) -> tuple[Element, ...]:
    """Return the elements of `phrase`, with the lists of `words` put in.

    Raises:
        PhraseFault: the phrase is empty, has an unclosed bracket, an unknown
            list or shape, or could match no word at all.
    """
    elements = _sequence(phrase, words, frozenset())
    if not elements or isinstance(elements[0], Gap) or not any(map(_needs_a_word, elements)):
        raise PhraseFault(f"{phrase!r} must begin with, and ask for, at least one word")
    return elements


def _needs_a_word(element: Element) -> bool:
    match element:
        case Simple():
            return True
        case Gap():
            return False
        case Choice(branches, optional):
            return not optional and all(any(map(_needs_a_word, branch)) for branch in branches)


def _sequence(
    text: str, words: Mapping[str, tuple[str, ...]], inside: frozenset[str]
) -> tuple[Element, ...]:
    return _read_sequence(text, words, inside) if "{" in text else _plain_sequence(text)


# A list is read again for every phrase that names it, and its entries are the same each time.
@lru_cache(maxsize=_PIECES_KEPT)
def _plain_sequence(text: str) -> tuple[Element, ...]:
    return _read_sequence(text, {}, frozenset())


def _read_sequence(
    text: str, words: Mapping[str, tuple[str, ...]], inside: frozenset[str]
) -> tuple[Element, ...]:
    found: list[Element] = []
    for piece in _pieces(text):
        if piece[0] in "([":
            branches = tuple(_sequence(part, words, inside) for part in _branches(piece[1:-1]))
            if any(not branch for branch in branches):
                raise PhraseFault(f"{piece!r} has an empty choice")
            found.append(Choice(branches, optional=piece[0] == "["))
        elif piece[0] == "{":
            found.append(_listed(piece[1:-1], words, inside))
        elif piece[0] == "~":
            if not piece[1:].isdecimal() or not 0 < int(piece[1:]) <= LONGEST_GAP:
                raise PhraseFault(f"{piece!r} must be ~1 to ~{LONGEST_GAP}")
            found.append(Gap(int(piece[1:])))
        else:
            found.extend(_simples(piece))
    return tuple(found)


def _listed(name: str, words: Mapping[str, tuple[str, ...]], inside: frozenset[str]) -> Choice:
    if name in inside:
        raise PhraseFault(f"the list {{{name}}} contains itself")
    if name not in words:
        raise PhraseFault(f"there is no list {{{name}}} in [words]")
    branches = tuple(_sequence(entry, words, inside | {name}) for entry in words[name])
    if not branches or any(not branch for branch in branches):
        raise PhraseFault(f"the list {{{name}}} is empty or has an empty entry")
    flat: list[tuple[Element, ...]] = []
    for branch in branches:
        only = branch[0]
        # A list made of lists is one list: matching is quicker, and means the same.
        if len(branch) == 1 and isinstance(only, Choice) and not only.optional:
            flat.extend(only.branches)
        else:
            flat.append(branch)
    return Choice(tuple(flat))


def _simples(piece: str) -> tuple[Simple, ...]:
    """Read a plain piece; "d&v" is two words, as it would be in a message."""
    if piece[0] == "#":
        if piece[1:] not in SHAPES:
            raise PhraseFault(f"{piece!r} is not a shape; there are {', '.join(sorted(SHAPES))}")
        return (Simple("shape", piece[1:]),)
    if set(piece) & set("()[]{}|~"):
        raise PhraseFault(f"{piece!r} cannot be read")
    if piece.endswith("*"):
        stem = words_of(piece[:-1])
        if len(stem) != 1 or len(stem[0]) < 2 or "*" in piece[:-1]:
            raise PhraseFault(f"{piece!r} needs at least two letters before its one *")
        return (Simple("prefix", stem[0]),)
    folded = words_of(piece)
    if not folded or "*" in piece:
        raise PhraseFault(f"{piece!r} cannot be read")
    return tuple(Simple("word", word) for word in folded)


def _pieces(text: str) -> list[str]:
    """Split at spaces outside brackets, and at hyphens, which a text has as often as not."""
    pieces: list[str] = []
    depth = 0
    piece = ""
    for mark in text + " ":
        if depth == 0 and (mark.isspace() or mark == "-"):
            if piece:
                pieces.append(piece)
            piece = ""
            continue
        depth += (mark in "([{") - (mark in ")]}")
        piece += mark
        if depth < 0:
            raise PhraseFault(f"{text!r} closes a bracket that was never opened")
        if depth > DEEPEST:
            raise PhraseFault(f"has brackets more than {DEEPEST} deep")
    if depth or piece:
        raise PhraseFault(f"{text!r} leaves a bracket open")
    for piece in pieces:
        if piece[0] in "([{" and piece[-1] != {"(": ")", "[": "]", "{": "}"}[piece[0]]:
            raise PhraseFault(f"{piece!r} needs a space after its bracket")
    return pieces


def _branches(text: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    part = ""
    for mark in text:
        depth += (mark in "([{") - (mark in ")]}")
        if mark == "|" and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += mark
    return [*parts, part]
