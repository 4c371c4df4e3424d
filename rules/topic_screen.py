"""Which phrases may stand among some words, to judge by the words alone?

A phrase asks for words; a sentence without them need not be read for it. Phrases are
the bits of a number, so a sentence is judged for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules.topic_phrases import Simple

# For each phrase the rarest words that it asks for, the second rarest, and the third, as bits of
# the phrases' numbers. Few ask for more, and of those that do most are ruled out by three.
Wants = tuple[int, int, int]
_DEPTH = 3


class Screen:
    """Numbered phrases by the words without which they stand nowhere. Filled by `add`."""

    __slots__ = ("_asked", "_wants")

    def __init__(self) -> None:
        self._asked = [0] * _DEPTH  # the phrases that ask for nothing here
        self._wants: dict[Simple, list[int]] = {}

    def add(self, number: int, asked: Sequence[frozenset[Simple]]) -> None:
        """Let phrase `number` pass only among words with one of each of the sets `asked`."""
        one = 1 << number
        for depth in range(_DEPTH):
            if depth >= len(asked):
                self._asked[depth] |= one
                continue
            for simple in asked[depth]:
                wants = self._wants.get(simple)
                if wants is None:
                    wants = self._wants[simple] = [0] * _DEPTH
                wants[depth] |= one

    def wants(self, simples: Iterable[Simple]) -> Wants:
        """Return what a word that is all of `simples` is asked for by."""
        first = second = third = 0
        for simple in simples:
            rarest, next_rarest, next_to_that = self._wants.get(simple, (0, 0, 0))
            first |= rarest
            second |= next_rarest
            third |= next_to_that
        return first, second, third

    def passing(self, words: Iterable[Wants]) -> int:
        """Return the phrases that may stand among `words`, as bits."""
        first, second, third = self._asked
        for rarest, next_rarest, next_to_that in words:
            first |= rarest
            second |= next_rarest
            third |= next_to_that
        return first & second & third
