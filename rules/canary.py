"""Does a text carry words of another family? The last question before an answer leaves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from rules.familiar import FAMILIAR_WORDS
from rules.folded import folded, words_of

_STEP = 3  # words: two texts share a stretch where they share each three words of it
# How many words in a row, and how many of them unfamiliar, nobody writes twice by chance.
_TELLING = ((3, 3), (6, 2), (10, 1))
_LONGEST_PLAIN_NUMBER = 4  # digits: a year, a page, a time of day
_FEWEST_WHOLE = 3  # words of a message or sentence that is found whole
_SQUASHED = 44  # letters and digits in a row, whatever stands between them
_LETTER = re.compile(r"[^\W_]")
_SENTENCE = re.compile(r"[^.!?\n؟。।]+")
# Long numbers, and codes of letters and digits together; the pattern of a date is none.
_NUMBER = re.compile(r"(?<![\w£$€])\+?\(?\d(?:[ .()/-]{0,2}\d){5,16}(?!\w)")
_DATE = re.compile(r"\d{1,4}([./ -])\d{1,2}\1\d{1,4}")
_CODE = re.compile(r"(?<!\w)(?=\w{0,12}\d)(?=\w{0,12}[a-z])\w{6,20}(?!\w)")
_POSTCODE = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)[ \n]{0,3}(\d[a-z]{2})(?!\w)")
_ADDRESS = re.compile(r"[^\s<>@,;:()\"']{1,64}@[^\s<>@,;:()\"']{1,80}")
_LONGEST = 200_000  # characters looked at of any one text


def carries_foreign_words(text: str, own: Iterable[str], foreign: Iterable[str]) -> bool:
    """Return whether words of `foreign` texts stand in `text` that stand in none of `own`.

    `own` are the texts of the conversation that is answered. What counts: a few
    unfamiliar words in a row, more where they are familiar ones; a short message whole;
    the same letters in a row however they are spaced; a long number, a code, a postcode
    or an e-mail address. Linear in all of them.
    """
    text = text[:_LONGEST]
    mine = [other[:_LONGEST] for other in own]
    found = words_of(text)
    steps = _steps(found)
    for other in mine:
        steps -= _steps(words_of(other))
    marks = _marks(text).difference(*(_marks(other) for other in mine))
    letters = _stretches(text).difference(*(_stretches(other) for other in mine))
    known = {word for other in mine for word in words_of(other)} | FAMILIAR_WORDS
    line = f" {' '.join(found)} "
    own_lines = [f" {' '.join(words_of(other))} " for other in mine]
    for other in foreign:
        other = other[:_LONGEST]
        words = words_of(other)
        if _shares_a_stretch(steps, words, known) or not marks.isdisjoint(_marks(other)):
            return True
        if _holds_whole(line, own_lines, other, known) or _same_letters(letters, other, known):
            return True
    return False


def _steps(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _STEP]) for at in range(len(words) - _STEP + 1)}


def _is_strange(word: str, known: Collection[str]) -> bool:
    """Whether a word tells one text from another: no number of a date, no class, no courtesy."""
    if word in known or (word.isdigit() and len(word) <= _LONGEST_PLAIN_NUMBER):
        return False
    return len(word) > 2 or not word.isascii()


def _shares_a_stretch(
    steps: Collection[tuple[str, ...]], words: Sequence[str], known: Collection[str]
) -> bool:
    """Whether a telling number of words in a row is in both, by their overlapping steps."""
    if not steps:
        return False
    length = strange = 0
    for at in range(len(words) - _STEP + 1):
        step = tuple(words[at : at + _STEP])
        if step not in steps:
            length = 0
            continue
        if length == 0:
            length, strange = _STEP, sum(_is_strange(word, known) for word in step)
        else:
            length, strange = length + 1, strange + _is_strange(step[-1], known)
        if any(length >= words_ and strange >= strange_ for words_, strange_ in _TELLING):
            return True
    return False


def _holds_whole(line: str, own_lines: Iterable[str], other: str, known: Collection[str]) -> bool:
    """Whether a whole message, or a whole sentence of two unfamiliar words, stands in `line`."""
    for fewest, piece in ((1, other), *((2, one) for one in _SENTENCE.findall(other))):
        words = words_of(piece)
        if len(words) < _FEWEST_WHOLE or len(words) > 60:
            continue
        if sum(_is_strange(word, known) for word in words) < fewest:
            continue
        wanted = f" {' '.join(words)} "
        if wanted in line and not any(wanted in mine for mine in own_lines):
            return True
    return False


def _letters(text: str) -> str:
    return "".join(_LETTER.findall(folded(text)))


def _stretches(text: str) -> set[str]:
    letters = _letters(text)
    return {letters[at : at + _SQUASHED] for at in range(len(letters) - _SQUASHED + 1)}


def _same_letters(stretches: Collection[str], other: str, known: Collection[str]) -> bool:
    """Whether a long row of letters is in both, with unfamiliar words in it."""
    if not stretches:
        return False
    words = words_of(other)
    letters = "".join(words)
    begins = [0] * (len(letters) + 1)
    place = 0
    for word in words:
        begins[place + 1] += _is_strange(word, known)
        place += len(word)
    for at in range(len(letters)):
        begins[at + 1] += begins[at]
    return any(
        letters[at : at + _SQUASHED] in stretches and begins[at + _SQUASHED] - begins[at] >= 2
        for at in range(len(letters) - _SQUASHED + 1)
    )


def _marks(text: str) -> set[str]:
    """Return the numbers, codes, postcodes and addresses in `text`, however they are written."""
    plain = folded(text)
    found = {"".join(pair) for pair in _POSTCODE.findall(plain)}
    found |= set(_CODE.findall(plain)) | {one.strip(".") for one in _ADDRESS.findall(plain)}
    for match in _NUMBER.finditer(plain):
        if not _DATE.fullmatch(match[0]):
            digits = re.sub(r"\D", "", match[0])
            # A telephone number with its country, or with the 0 in place of it.
            found.add(digits[-9:] if len(digits) >= 9 else digits)
    return found
