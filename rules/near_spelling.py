"""Which of many words are spelt almost like another, to the eye? Distance and look-alike letters.

A word has two forms: its letters (case, accents, separators and foreign look-alike letters
folded), and its skeleton, in which what is hard to tell apart is one letter: 0 and o, 1, i and
l, rn and m. Two words look alike when their skeletons are equal or few letters differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.folded import folded

# Beyond those of `folded`: small capitals, Latin letters with tails, Armenian, Cherokee, Coptic.
_FOREIGN = str.maketrans(
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑæœɛɩȷƙɫɱŋꞃʂʈʋʐоѵѡгпіνησьոսօհցքզᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃⲟⲥⲣ",
    "abcdefghijklmnoprstuvwyzaaoeijklmnrstvzovwrnivnobnuohgpqabcdehjklmprstvwzocp",
)
# What a hurried reader does not tell apart, two letters before one.
_PAIRS = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("uu", "w"), ("cl", "d"))
_SINGLE = str.maketrans("013456789i|!$", "oleasbtbgllls") | {ord("q"): "g", ord("2"): "z"}
_SEPARATORS = re.compile(r"[^\w@]|_")

_SHORT = 4  # below it, only equal skeletons look alike
_LONG = 10  # from it on, two letters may differ
LONGEST = 254  # of an address (RFC 5321 §4.5.3.1); what is longer is no look-alike


def words_in(text: str) -> list[str]:
    """Return the parts of `text` between dots, hyphens and underscores, as letters."""
    parts = (letters(part) for part in _SEPARATORS.split(text))
    return [part for part in parts if part]


def letters(text: str) -> str:
    """Return the letters and digits of `text` as a reader takes them, A-labels decoded."""
    if "xn--" in text:
        text = ".".join(_decoded(label) for label in text.split("."))
    return _SEPARATORS.sub("", folded(text).translate(_FOREIGN))


def skeleton(text: str) -> str:
    """Return `text` with letters that look alike made one: equal for two that look the same."""
    found = letters(text).translate(_SINGLE)
    for pair, single in _PAIRS:
        found = found.replace(pair, single)
    return found


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


@dataclass(frozen=True, slots=True)
class NearSpellings:
    """Words arranged by their thirds: where two letters differ, one third is untouched."""

    _by_skeleton: Mapping[str, tuple[str, ...]]
    _by_piece: Mapping[tuple[int, int, str], tuple[str, ...]]  # (length, which third, letters)

    @classmethod
    def of(cls, words: Iterable[str]) -> NearSpellings:
        """Arrange `words`."""
        by_skeleton: dict[str, list[str]] = defaultdict(list)
        by_piece: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for word in words:
            by_skeleton[skeleton(word)].append(word)
            form = letters(word)
            if len(form) >= _SHORT:
                for number, (begin, end) in enumerate(_thirds(len(form))):
                    by_piece[len(form), number, form[begin:end]].append(word)
        return cls(
            {key: tuple(found) for key, found in by_skeleton.items()},
            {key: tuple(found) for key, found in by_piece.items()},
        )

    def like(self, word: str) -> Iterator[tuple[str, int]]:
        """Give the words that look like `word`, and in how many letters they differ."""
        if len(word) > LONGEST:
            return
        seen = set()
        for found in self._by_skeleton.get(skeleton(word), ()):
            seen.add(found)
            yield found, 0
        form = letters(word)
        most = _may_differ(len(form))
        for found in self._sharing_a_third(form) if most else ():
            if found not in seen:
                seen.add(found)
                other = letters(found)
                distance = letters_apart(form, other, min(most, _may_differ(len(other)) or 1))
                if distance is not None:
                    yield found, distance

    def _sharing_a_third(self, form: str) -> Iterator[str]:
        # A third is moved by at most two letters, and so is the end.
        for size in range(max(_SHORT, len(form) - 2), len(form) + 3):
            for number, (begin, end) in enumerate(_thirds(size)):
                for moved in range(max(0, begin - 2), begin + 3):
                    piece = form[moved : moved + end - begin]
                    yield from self._by_piece.get((size, number, piece), ())


def _thirds(size: int) -> tuple[tuple[int, int], ...]:
    first, second = size // 3, 2 * size // 3
    return ((0, first), (first, second), (second, size))


def _may_differ(size: int) -> int:
    return 0 if size < _SHORT else 1 if size < _LONG else 2


def letters_apart(one: str, other: str, most: int) -> int | None:
    """Return how many letters are changed, added, left out or swapped; None if more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, against in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (char != against))
            if at > 1 and to > 1 and char == other[to - 2] and one[at - 2] == against:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
