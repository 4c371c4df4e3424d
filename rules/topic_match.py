"""Which phrases stand in a sentence, and where does each begin and end?

Only those phrases are read whose rarest word is there, and lists that merely go with a
rule only where the rule's own phrases stand. A long text is read in blocks: the cost is
linear in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rules.topic_anchors import anchor_of
from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_places import Known, Looked, Places, Run, Step
from rules.topic_words import Word

_MOST_WORDS = 100_000  # words remembered, some hundred bytes each
_LONGEST_MATCH = 200  # words: phrases that could stand over more are read as far as this
_BLOCK = 2048  # words read at once


class PhraseIndex:
    """Finds numbered phrases in sentences. Filled by `add`, then only read.

    What it remembers between sentences is speed, never an answer. `phrases_read`
    counts how often a phrase was tried on a block of a sentence.
    """

    def __init__(self) -> None:
        self._phrases: dict[int, Run] = {}
        # Lists are in many phrases, and are looked through once a sentence for all of them.
        self._steps: dict[Element, Step] = {}
        self._symbols: dict[tuple[Simple, ...], int] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._by_shape: dict[str, list[int]] = {}
        self._longest_prefix = 0
        self._anchors: dict[int, frozenset[Simple]] = {}  # of phrases that are asleep
        self._woken_by: dict[int, list[Run]] = {}  # symbol -> phrases whose anchor it is
        self._words: dict[tuple[str, tuple[str, ...]], Known] = {}
        self.phrases_read = 0

    # --- building -----------------------------------------------------------

    def add(self, number: int, elements: Sequence[Element], *, asleep: bool = False) -> None:
        """Make a match of `elements` report `number`; `asleep`, only when it is asked about."""
        self._phrases[number] = self._sequence(number, elements)
        self._anchors[number] = anchor_of(elements)
        if not asleep:
            self.wake(number)

    def wake(self, number: int) -> None:
        """Have phrase `number` found without being asked about."""
        for simple in self._anchors.pop(number, ()):
            symbol = self._symbol((simple,))
            self._woken_by.setdefault(symbol, []).append(self._phrases[number])
        self._words = {}

    def _sequence(self, number: int, elements: Sequence[Element]) -> Run:
        steps = tuple(self._step(number, element) for element in elements)
        required = [step for step in steps if not step.optional and not step.gap]
        needed = frozenset(step.symbol for step in required if not step.branches)
        asked = tuple(_anchors(step) for step in required if step.branches)
        return Run(number, steps, needed, tuple(filter(None, asked)))

    def _step(self, number: int, element: Element) -> Step:
        step = self._steps.get(element)
        if step is None:
            step = self._steps[element] = self._new_step(number, element)
        return step

    def _new_step(self, number: int, element: Element) -> Step:
        match element:
            case Simple():
                return Step(self._symbol((element,)))
            case Gap(most):
                return Step(gap=most)
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
                return Step(
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
        return self.look_at(sentence).found

    def look_at(self, sentence: Sequence[Word]) -> Looked:
        """Return the sentence as looked through, of which more can be asked."""
        words = self._known(sentence)
        blocks = []
        found: dict[int, int] = {}
        for first in range(0, len(words), _BLOCK):
            # A phrase that begins in this block may end in the next.
            block = words[first : first + _BLOCK + _LONGEST_MATCH]
            places = Places(block)
            blocks.append((first, places))
            for number, last in self._found_in_block(block, places):
                found[number] = min(first + last, found.get(number, first + last))
        return Looked(found, self._phrases, blocks)

    def _found_in_block(self, words: Sequence[Known], places: Places) -> Iterator[tuple[int, int]]:
        tried: set[int] = set()
        for word in words:
            for phrase in word.wakes:
                if phrase.number in tried:
                    continue
                tried.add(phrase.number)
                ends = places.ends_of(phrase)
                if ends:
                    yield phrase.number, (ends & -ends).bit_length() - 2
        self.phrases_read += len(tried)

    def _known(self, sentence: Sequence[Word]) -> list[Known]:
        known = self._words
        if len(known) >= _MOST_WORDS:
            known = self._words = {}
        words: list[Known] = []
        for word in sentence:
            key = word[:2]
            met = known.get(key)
            if met is None:
                met = known[key] = self._meet(word)
            words.append(met)
        return words

    def _meet(self, word: Word) -> Known:
        symbols = self._symbols_of(word)
        wakes = {
            phrase.number: phrase
            for symbol in sorted(symbols)
            for phrase in self._woken_by.get(symbol, ())
        }
        return Known(symbols, tuple(wakes.values()))

    def _symbols_of(self, word: Word) -> frozenset[int]:
        symbols = set(self._by_word.get(word.folded, ()))
        for length in range(2, min(len(word.folded), self._longest_prefix) + 1):
            symbols.update(self._by_prefix.get(word.folded[:length], ()))
        for shape in word.shapes:
            symbols.update(self._by_shape.get(shape, ()))
        return frozenset(symbols)


def _anchors(step: Step) -> frozenset[int]:
    """Return symbols of which one is there wherever `step` stands; empty when none is sure."""
    if step.branches and not step.branch_anchors:
        return frozenset()
    return step.branch_anchors | ({step.symbol} if step.symbol >= 0 else frozenset())


def _by_anchor(branches: Iterable[Run]) -> dict[int, tuple[Run, ...]]:
    """Return the branches by symbols without which they stand nowhere; empty when one has none."""
    found: dict[int, tuple[Run, ...]] = {}
    for branch in branches:
        anchors = {min(branch.needed)} if branch.needed else set().union(*branch.asked[:1])
        if not anchors:
            return {}
        for anchor in anchors:
            found[anchor] = (*found.get(anchor, ()), branch)
    return found
