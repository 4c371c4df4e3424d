"""Which words must a sentence have before a phrase can stand in it?

A phrase asks for several words; looking for the rarest of them first leaves
most of the machine at rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_words import words_of

# Words that stand in every other sentence of a parent's mail say nothing of what it is about.
# Only speed depends on this list.
_COMMON = frozenset(
    words_of(
        "? a about all an and any are as at back be been but by can come could day did do"
        " does for from get going got had has have he hello her hes hi him his home how i if"
        " ill im in is it its just know let like me miss mr mrs my need no not of on one or"
        " our out please school she shes so some thank thanks that the their them then there"
        " they this time to today tomorrow up us was we week what when which who will with"
        " would year you your"
    )
)
_COST_OF_COMMON = 100
_COSTS_OF_SHAPES = {"start": 5000, "end": 5000, "name": 2000, "schoolday": 2000}
_COST_OF_SHAPE = 300
_COST_OF_PREFIX = 3
_COST_OF_WORD = 1


def asked_of(elements: Iterable[Element]) -> list[frozenset[Simple]]:
    """Return sets of words of each of which a sentence has one wherever `elements` stand in it.

    The rarest come first. Empty when they may stand anywhere, which `read_phrase`
    does not let through.
    """
    asked = {found: None for element in elements if (found := _asked_by(element))}
    return sorted(asked, key=_cost_of)


def _cost_of(asked: Iterable[Simple]) -> int:
    """Say how often one of `asked` is met, in parts that mean something only to each other."""
    return sum(map(_cost, asked))


def _asked_by(element: Element) -> frozenset[Simple]:
    match element:
        case Simple():
            return frozenset({element})
        case Gap():
            return frozenset()
        case Choice(branches, optional):
            found = [asked_of(branch)[:1] for branch in branches]
            if optional or not all(found):
                return frozenset()
            return frozenset().union(*(rarest for (rarest,) in found))


@cache
def _cost(simple: Simple) -> int:
    match simple.kind:
        case "shape":
            return _COSTS_OF_SHAPES.get(simple.text, _COST_OF_SHAPE)
        case "prefix":
            begun = sum(word.startswith(simple.text) for word in _COMMON)
            return _COST_OF_PREFIX + begun * _COST_OF_COMMON
        case _:
            return _COST_OF_COMMON if simple.text in _COMMON else _COST_OF_WORD
