"""Where in a sentence may a phrase stand? Sets of places, as the bits of one number.

A place lies before each word and after the last. A step of a phrase is taken at all
places at once, so there is no backtracking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_FEW = 40  # different words; of more, what each answers to is looked up once for all phrases


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One element of a phrase: a word that answers to `symbol`, one of `branches`, or a gap."""

    symbol: int = -1
    gap: int = 0
    branches: tuple[Run, ...] = ()
    optional: bool = False
    woken_by: Mapping[int, tuple[Run, ...]] = field(default_factory=dict)
    branch_anchors: frozenset[int] = frozenset()  # the keys; empty: any branch may stand anywhere


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Steps after each other. They stand nowhere without all of `needed` and one of each `asked`.

    Both are symbols; `number` is the phrase's, or that of the phrase that it is a branch of.
    """

    number: int
    steps: tuple[Step, ...]
    needed: frozenset[int]
    asked: tuple[frozenset[int], ...]

    def may_stand_among(self, symbols: frozenset[int]) -> bool:
        if not self.needed <= symbols:
            return False
        return not self.asked or not any(map(symbols.isdisjoint, self.asked))


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A word as the index knows it: what it answers to, and the phrases it is the anchor of."""

    symbols: frozenset[int]
    wakes: tuple[Run, ...]


class Places:
    """A block of a sentence, as the places where words of each kind stand."""

    __slots__ = ("_branches", "_masks", "_words", "everywhere", "symbols")

    def __init__(self, words: Sequence[Known]) -> None:
        self.everywhere = (1 << len(words) + 1) - 1
        self._words: dict[Known, int] = {}
        for index, word in enumerate(words):
            self._words[word] = self._words.get(word, 0) | 1 << index
        self.symbols = frozenset().union(*(word.symbols for word in self._words))
        self._branches: dict[Step, tuple[Run, ...]] = {}
        self._masks: dict[int, int] = {}
        if len(self._words) > _FEW:
            masks = self._masks
            for word, mask in self._words.items():
                for symbol in word.symbols:
                    masks[symbol] = masks.get(symbol, 0) | mask

    def of(self, symbol: int) -> int:
        """Return the places of the words that answer to `symbol`."""
        mask = self._masks.get(symbol)
        if mask is None:
            if symbol not in self.symbols:
                return 0
            mask = 0
            for word, places in self._words.items():
                if symbol in word.symbols:
                    mask |= places
            self._masks[symbol] = mask
        return mask

    def _branches_of(self, step: Step) -> tuple[Run, ...]:
        """Return the branches that may stand in this block: of a long list, few."""
        found = self._branches.get(step)
        if found is None:
            woken = {
                branch
                for symbol in step.branch_anchors & self.symbols
                for branch in step.woken_by[symbol]
            }
            found = self._branches[step] = tuple(
                branch
                for branch in (woken if step.branch_anchors else step.branches)
                if branch.may_stand_among(self.symbols)
            )
        return found

    def ends_of(self, phrase: Run) -> int:
        """Return where `phrase` ends, wherever in the block it begins."""
        if not phrase.may_stand_among(self.symbols):
            return 0
        return self.after(phrase.steps, self.everywhere >> 1)

    def after(self, steps: Iterable[Step], places: int) -> int:
        """Return where `steps` may end that begin at one of `places`."""
        for step in steps:
            reached = places if step.optional else 0
            if step.symbol >= 0:
                reached |= (places & self.of(step.symbol)) << 1
            elif step.gap:
                reached = _spread(places, step.gap) & self.everywhere
            if step.branches:
                for branch in self._branches_of(step):
                    reached |= self.after(branch.steps, places)
            if not reached:
                return 0
            places = reached
        return places

    def before(self, steps: Sequence[Step], places: int) -> int:
        """Return where `steps` may begin that end at one of `places`."""
        for step in reversed(steps):
            reached = places if step.optional else 0
            if step.symbol >= 0:
                reached |= (places >> 1) & self.of(step.symbol)
            elif step.gap:
                reached = _spread_back(places, step.gap)
            if step.branches:
                for branch in self._branches_of(step):
                    reached |= self.before(branch.steps, places)
            places = reached
        return places


class Looked:
    """A sentence looked through: the phrases found, and whether any other stands in it."""

    __slots__ = ("_blocks", "_phrases", "_stands", "found")

    def __init__(
        self,
        found: dict[int, int],
        phrases: Mapping[int, Run],
        blocks: Sequence[tuple[int, Places]],
    ) -> None:
        self.found = found
        self._phrases = phrases
        self._blocks = blocks
        self._stands: dict[int, bool] = {}

    def stands(self, number: int) -> bool:
        """Whether phrase `number` stands in the sentence."""
        known = self._stands.get(number)
        if known is None:
            phrase = self._phrases[number]
            known = number in self.found or any(
                block.ends_of(phrase) for _first, block in self._blocks
            )
            self._stands[number] = known
        return known

    def begins(self, number: int, last: int) -> int:
        """Return the index of the word where phrase `number`, ending at word `last`, begins.

        The latest beginning, so that the evidence is the fewest words.
        """
        steps = self._phrases[number].steps
        latest = -1
        for first, block in self._blocks:
            if last >= first:
                begins = block.before(steps, 1 << last - first + 1 & block.everywhere)
                latest = max(latest, first + begins.bit_length() - 1 if begins else -1)
        return latest if latest >= 0 else last


def _spread(places: int, most: int) -> int:
    """Return every place that lies up to `most` after one of `places`."""
    covered = 0
    while covered < most:
        step = min(covered + 1, most - covered)
        places |= places << step
        covered += step
    return places


def _spread_back(places: int, most: int) -> int:
    covered = 0
    while covered < most:
        step = min(covered + 1, most - covered)
        places |= places >> step
        covered += step
    return places
