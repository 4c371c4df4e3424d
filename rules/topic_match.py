"""Which phrases stand in a sentence, and where does each begin and end?

A sentence is looked at as sets of places: where a word of some kind stands, and where
a phrase read so far may end. A set is the bits of one number, so a step of a phrase
is taken at all places at once. Only those phrases are read whose rarest word is there.
There is no backtracking, and a long text is read in blocks: the cost is linear in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rules.topic_anchors import anchor_of
from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_words import Word

_MOST_WORDS = 100_000  # words remembered, some hundred bytes each
_LONGEST_MATCH = 200  # words: phrases that could stand over more are read as far as this
_BLOCK = 2048  # words read at once
_FEW = 40  # different words; of more, what each answers to is looked up once for all phrases


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One element of a phrase: a word that answers to `symbol`, one of `branches`, or a gap."""

    symbol: int = -1
    gap: int = 0
    branches: tuple[_Sequence, ...] = ()
    optional: bool = False
    woken_by: Mapping[int, tuple[_Sequence, ...]] = field(default_factory=dict)
    branch_anchors: frozenset[int] = frozenset()  # the keys; empty: any branch may stand anywhere


@dataclass(frozen=True, slots=True, eq=False)
class _Sequence:
    """Steps after each other. They stand nowhere without all of `needed` and one of each `asked`.

    Both are symbols; `number` is the phrase's, or that of the phrase that it is a branch of.
    """

    number: int
    steps: tuple[_Step, ...]
    needed: frozenset[int]
    asked: tuple[frozenset[int], ...]

    def may_stand_among(self, symbols: frozenset[int]) -> bool:
        if not self.needed <= symbols:
            return False
        return not self.asked or not any(map(symbols.isdisjoint, self.asked))


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A word as the index knows it: what it answers to, and the phrases it is the anchor of."""

    symbols: frozenset[int]
    wakes: tuple[_Sequence, ...]


class _Places:
    """A block of a sentence, as the places where words of each kind stand."""

    __slots__ = ("_branches", "_masks", "_words", "everywhere", "symbols")

    def __init__(self, words: Sequence[_Known]) -> None:
        self.everywhere = (1 << len(words) + 1) - 1
        self._words: dict[_Known, int] = {}
        for index, word in enumerate(words):
            self._words[word] = self._words.get(word, 0) | 1 << index
        self.symbols = frozenset().union(*(word.symbols for word in self._words))
        self._branches: dict[_Step, tuple[_Sequence, ...]] = {}
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

    def _branches_of(self, step: _Step) -> tuple[_Sequence, ...]:
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

    def after(self, steps: Iterable[_Step], places: int) -> int:
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

    def before(self, steps: Sequence[_Step], places: int) -> int:
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


class PhraseIndex:
    """Finds numbered phrases in sentences. Filled by `add`, then only read.

    What it remembers between sentences is speed, never an answer. `phrases_read`
    counts how often a phrase was tried on a block of a sentence.
    """

    def __init__(self) -> None:
        self._phrases: dict[int, _Sequence] = {}
        # Lists are in many phrases, and are looked through once a sentence for all of them.
        self._steps: dict[Element, _Step] = {}
        self._symbols: dict[tuple[Simple, ...], int] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._by_shape: dict[str, list[int]] = {}
        self._longest_prefix = 0
        self._woken_by: dict[int, list[_Sequence]] = {}  # symbol -> phrases whose anchor it is
        self._words: dict[tuple[str, tuple[str, ...]], _Known] = {}
        self.phrases_read = 0

    # --- building -----------------------------------------------------------

    def add(self, number: int, elements: Sequence[Element]) -> None:
        """Make a match of `elements` report `number`."""
        phrase = self._phrases[number] = self._sequence(number, elements)
        for simple in anchor_of(elements):
            self._woken_by.setdefault(self._symbol((simple,)), []).append(phrase)
        self._words = {}

    def _sequence(self, number: int, elements: Sequence[Element]) -> _Sequence:
        steps = tuple(self._step(number, element) for element in elements)
        required = [step for step in steps if not step.optional and not step.gap]
        needed = frozenset(step.symbol for step in required if not step.branches)
        asked = tuple(_anchors(step) for step in required if step.branches)
        return _Sequence(number, steps, needed, tuple(filter(None, asked)))

    def _step(self, number: int, element: Element) -> _Step:
        step = self._steps.get(element)
        if step is None:
            step = self._steps[element] = self._new_step(number, element)
        return step

    def _new_step(self, number: int, element: Element) -> _Step:
        match element:
            case Simple():
                return _Step(self._symbol((element,)))
            case Gap(most):
                return _Step(gap=most)
            case Choice(branches, optional):
                simple = tuple(
                    branch[0]
                    for branch in branches
                    if len(branch) == 1 and isinstance(branch[0], Simple)
                )
                longer = tuple(
                    self._sequence(number, branch)
                    for branch in branches
                    if len(branch) != 1 or not isinstance(branch[0], Simple)
                )
                woken_by = _by_anchor(longer)
                return _Step(
                    self._symbol(simple) if simple else -1,
                    branches=longer,
                    optional=optional,
                    woken_by=woken_by,
                    branch_anchors=frozenset(woken_by),
                )

    def _symbol(self, simples: tuple[Simple, ...]) -> int:
        known = self._symbols.get(simples)
        if known is not None:
            return known
        symbol = self._symbols[simples] = len(self._symbols)
        for simple in simples:
            if simple.kind == "prefix":
                self._longest_prefix = max(self._longest_prefix, len(simple.text))
            table = {"word": self._by_word, "prefix": self._by_prefix, "shape": self._by_shape}
            table[simple.kind].setdefault(simple.text, []).append(symbol)
        return symbol

    # --- reading ------------------------------------------------------------

    def found_in(self, sentence: Sequence[Word]) -> dict[int, int]:
        """Return every phrase of `sentence`: its number, and the index of its first last word."""
        words = self._known(sentence)
        found: dict[int, int] = {}
        for first in range(0, len(words), _BLOCK):
            # A phrase that begins in this block may end in the next.
            block = words[first : first + _BLOCK + _LONGEST_MATCH]
            for number, last in self._found_in_block(block):
                found[number] = min(first + last, found.get(number, first + last))
        return found

    def _found_in_block(self, words: Sequence[_Known]) -> Iterator[tuple[int, int]]:
        places = _Places(words)
        begins = places.everywhere >> 1
        symbols = places.symbols
        tried: set[int] = set()
        for word in words:
            for phrase in word.wakes:
                if phrase.number in tried:
                    continue
                tried.add(phrase.number)
                if not phrase.may_stand_among(symbols):
                    continue
                ends = places.after(phrase.steps, begins)
                if ends:
                    yield phrase.number, (ends & -ends).bit_length() - 2
        self.phrases_read += len(tried)

    def begins(self, sentence: Sequence[Word], number: int, last: int) -> int:
        """Return the index of the word where phrase `number`, ending at word `last`, begins.

        The latest beginning, so that the evidence is the fewest words.
        """
        first = max(0, last + 1 - _LONGEST_MATCH)
        words = self._known(sentence[first : last + 1])
        places = _Places(words)
        found = places.before(self._phrases[number].steps, 1 << len(words))
        return first + found.bit_length() - 1 if found else last

    def _known(self, sentence: Sequence[Word]) -> list[_Known]:
        known = self._words
        if len(known) >= _MOST_WORDS:
            known = self._words = {}
        words: list[_Known] = []
        for word in sentence:
            key = word[:2]
            met = known.get(key)
            if met is None:
                met = known[key] = self._meet(word)
            words.append(met)
        return words

    def _meet(self, word: Word) -> _Known:
        symbols = self._symbols_of(word)
        wakes = {
            phrase.number: phrase
            for symbol in sorted(symbols)
            for phrase in self._woken_by.get(symbol, ())
        }
        return _Known(symbols, tuple(wakes.values()))

    def _symbols_of(self, word: Word) -> frozenset[int]:
        symbols = set(self._by_word.get(word.folded, ()))
        for length in range(2, min(len(word.folded), self._longest_prefix) + 1):
            symbols.update(self._by_prefix.get(word.folded[:length], ()))
        for shape in word.shapes:
            symbols.update(self._by_shape.get(shape, ()))
        return frozenset(symbols)


def _anchors(step: _Step) -> frozenset[int]:
    """Return symbols of which one is there wherever `step` stands; empty when none is sure."""
    if step.branches and not step.branch_anchors:
        return frozenset()
    return step.branch_anchors | ({step.symbol} if step.symbol >= 0 else frozenset())


def _by_anchor(branches: Iterable[_Sequence]) -> dict[int, tuple[_Sequence, ...]]:
    """Return the branches by symbols without which they stand nowhere; empty when one has none."""
    found: dict[int, tuple[_Sequence, ...]] = {}
    for branch in branches:
        anchors = {min(branch.needed)} if branch.needed else set().union(*branch.asked[:1])
        if not anchors:
            return {}
        for anchor in anchors:
            found[anchor] = (*found.get(anchor, ()), branch)
    return found


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
