"""Invite codes: how one is written, told from a slip of the pen, and found in a mail.

A code is ten characters drawn at random from an alphabet of 17, and one that checks them:
17^10 is 2^40.87, so it holds 40 bits and more. Not in the alphabet is whatever looks like
something else (0 O Q D, 1 I L, 2 Z, 5 S, 6, 8 B, 9, U V), nor any vowel, so that no
code spells a word. 17 is a prime, and each place has a weight of its own: one wrong character
and two that changed places never go unnoticed (the principle of ISO 7064).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

ALPHABET = "347CFGHJKMNPRTWXY"
RANDOM_CHARACTERS = 10
LENGTH = RANDOM_CHARACTERS + 1
NUMBER_OF_CODES = len(ALPHABET) ** RANDOM_CHARACTERS
MOST_IN_A_MAIL = 8  # of a family with eight children; further ones are not looked at
_GROUPS = (4, 4, 3)
_PLACES = {character: value for value, character in enumerate(ALPHABET)}
_CHECK_WEIGHT_INVERSE = pow(LENGTH, -1, len(ALPHABET))
# A keyboard of another script, and a pasted look-alike: one letter to the eye.
_SAME_TO_THE_EYE = str.maketrans("СНКМРТХУЅНΚΗΜΝΡΤΧΥ", "CHKMPTXYSHKHMNPTXY")
_PIECE = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−.·_:>]{0,5}")
_LONGEST_LOOKED_AT = 20_000  # characters of one text: half a second where all are made like codes
_SLIPS = 2  # characters that a code may have wrong, too few or too many, and still be meant as one
_WITH_DASHES = re.compile(r"(?<![\w-])[^\W_]{4}[-‐‑‒–—−][^\W_]{4}[-‐‑‒–—−][^\W_]{2,4}(?![\w-])")

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CodesFound:
    """The codes in a mail, each plain (no dashes), and how many more were meant as one."""

    codes: tuple[str, ...] = ()
    mistyped: int = 0

    def __bool__(self) -> bool:
        return bool(self.codes or self.mistyped)


def code_of(number: int) -> str:
    """Return the plain code of a random `number`, 0 up to NUMBER_OF_CODES.

    Raises:
        ValueError: `number` is none.
    """
    if not 0 <= number < NUMBER_OF_CODES:
        raise ValueError("no number of a code")
    characters = []
    for _ in range(RANDOM_CHARACTERS):
        number, value = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[value])
    return "".join(characters) + _check("".join(characters))


def grouped(code: str) -> str:
    """Return a plain code as it is printed: "CFGH-JKMN-PR7"."""
    ends = accumulate(_GROUPS)
    return "-".join(code[end - size : end] for size, end in zip(_GROUPS, ends, strict=True))


def is_code(plain: str) -> bool:
    """Whether `plain` has the shape of a code and its last character fits the others."""
    is_shaped = len(plain) == LENGTH and all(one in _PLACES for one in plain)
    return is_shaped and _check(plain[:-1]) == plain[-1]


def codes_in(*texts: str) -> CodesFound:
    """Return the codes in `texts`, in order, each once: any case, spaces and dashes anywhere.

    Of several texts, the first that holds anything meant as a code counts: what stands in a
    quotation below is not asked when the writer's own words hold one.
    """
    for text in texts:
        found = _codes_in(_as_written(text[:_LONGEST_LOOKED_AT]))
        if found:
            return found
    return CodesFound()


def without_codes(text: str, instead: str) -> str:
    """Return `text` with `instead` in the place of every code: whoever reads one can use it."""
    places: list[int] = []  # of each character as written, which one of `text` it was
    pieces: list[str] = []
    for place, character in enumerate(text):
        written = _as_written(character)
        pieces.append(written)
        places += [place] * len(written)
    _found, taken, _slips = _places_in("".join(pieces))
    kept: list[str] = []
    done = 0
    for begin, end in taken:
        kept += [text[done : places[begin]], instead]
        done = places[end - 1] + 1
    return "".join((*kept, text[done:]))


def _check(characters: str) -> str:
    weighted = sum(weight * _PLACES[one] for weight, one in enumerate(characters, 1))
    return ALPHABET[-weighted * _CHECK_WEIGHT_INVERSE % len(ALPHABET)]


def _as_written(text: str) -> str:
    upper = unicodedata.normalize("NFKC", text).upper().translate(_SAME_TO_THE_EYE)
    if upper.isascii():
        return upper
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() and not one.isascii() else one
        for one in upper
    )


def _codes_in(text: str) -> CodesFound:
    codes, taken, slips = _places_in(text)
    unique = tuple(dict.fromkeys(codes))[:MOST_IN_A_MAIL]
    return CodesFound(unique, min(_apart(slips, taken), MOST_IN_A_MAIL))


def _places_in(text: str) -> tuple[list[str], list[_Span], list[_Span]]:
    """Look at every run of pieces that is about as long as a code.

    Return the codes, where each stands, and where something stands that was meant as one.
    """
    pieces = list(_PIECE.finditer(text))
    codes: list[str] = []
    taken: list[_Span] = []
    slips: list[_Span] = []
    number = 0
    while number < len(pieces):
        used = 1
        for size, plain in _runs(text, pieces, number):
            span = (pieces[number].start(), pieces[number + size - 1].end())
            if is_code(plain):
                codes.append(plain)
                taken.append(span)
                used = size
                break
            if _is_nearly([one[0] for one in pieces[number : number + size]]):
                slips.append(span)
        number += used
    slips += [match.span() for match in _WITH_DASHES.finditer(text)]
    return codes, taken, slips


def _runs(text: str, pieces: list[re.Match[str]], first: int) -> list[tuple[int, str]]:
    """Return (number of pieces, their characters) for runs from `first` as long as a code."""
    found: list[tuple[int, str]] = []
    plain = ""
    for size, piece in enumerate(pieces[first : first + LENGTH + _SLIPS], 1):
        if size > 1 and not _BETWEEN.fullmatch(text, pieces[first + size - 2].end(), piece.start()):
            break
        plain += piece[0]
        if len(plain) > LENGTH + 1:
            break
        if len(plain) >= LENGTH - 1:
            found.append((size, plain))
    return found


def _is_nearly(pieces: list[str]) -> bool:
    """Whether somebody meant this as a code: in one piece, or in groups as it is printed."""
    plain = "".join(pieces)
    strange = sum(one not in _PLACES for one in plain)
    if len(pieces) == 1:
        return strange <= _SLIPS
    return [len(one) for one in pieces[:2]] == list(_GROUPS[:2]) and strange < _SLIPS


def _apart(slips: list[_Span], taken: list[_Span]) -> int:
    """Return how many places of `slips` there are that touch neither `taken` nor each other."""
    count, end = 0, -1
    for start, stop in sorted(slips):
        inside = any(start < other_stop and other_start < stop for other_start, other_stop in taken)
        if start >= end and not inside:
            count, end = count + 1, stop
    return count
