"""Which phrases stand in a sentence, and where does each begin and end?

The phrases are shared out over a few automata over words, so the cost is a
few steps a word, however many phrases there are. A step that was taken before
is remembered; a step never taken costs at most the number of states, which
the packs fix and the text cannot raise. There is no backtracking.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_states import MOST_REMEMBERED, Kind, Memory, Part
from rules.topic_words import Word

# One automaton for all phrases would remember every mixture of half-read phrases that ever came
# up, and hardly ever meet one again; parts of this many states meet theirs again and again.
_STATES_A_PART = 800
_MOST_WORDS = 100_000
_LONGEST_MATCH = 60  # words looked back over for a beginning


class Automaton:
    """Finds numbered phrases in sentences. Built once by `add`, then only read.

    What it remembers between sentences is speed, never an answer: the same
    sentence gives the same phrases in any order of asking. `steps_computed`
    counts the steps that were not remembered.
    """

    def __init__(self) -> None:
        self._parts: list[Part] = [Part()]
        self._part_of: dict[int, Part] = {}  # phrase number -> where it was added
        self._ends_of: dict[int, int] = {}  # phrase number -> its last states there
        self._symbols: dict[tuple[Simple, ...], int] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._by_shape: dict[str, list[int]] = {}
        self._longest_prefix = 0
        self.steps_computed = 0
        self._words: dict[tuple[str, tuple[str, ...]], tuple[Kind, ...]] = {}

    # --- building -----------------------------------------------------------

    def add(self, number: int, elements: Sequence[Element]) -> None:
        """Make a match of `elements` report `number`."""
        part = self._parts[-1]
        if part.size >= _STATES_A_PART:
            part = Part()
            self._parts.append(part)
        frontier = frozenset({0})
        for element in elements:
            frontier = self._after(part, frontier, element)
        part.accept(frontier, number)
        part.settle()
        self._part_of[number] = part
        self._ends_of[number] = sum(1 << state for state in frontier)
        self._words = {}

    def _after(self, part: Part, frontier: frozenset[int], element: Element) -> frozenset[int]:
        # Two phrases that begin alike share their states: the same element after
        # the same states leads to the same place.
        key = (frontier, element)
        known = part.built.get(key)
        if known is None:
            known = part.built[key] = self._grow(part, frontier, element)
        return known

    def _grow(self, part: Part, frontier: frozenset[int], element: Element) -> frozenset[int]:
        match element:
            case Simple():
                return frozenset({part.edge(frontier, self._symbol((element,)))})
            case Gap(most):
                return part.gap(frontier, most)
            case Choice(branches, optional):
                return self._choose(part, frontier, branches, optional=optional)

    def _choose(
        self,
        part: Part,
        frontier: frozenset[int],
        branches: tuple[tuple[Element, ...], ...],
        *,
        optional: bool,
    ) -> frozenset[int]:
        reached = set(frontier) if optional else set()
        single = tuple(
            branch[0] for branch in branches if len(branch) == 1 and isinstance(branch[0], Simple)
        )
        if single:
            reached.add(part.edge(frontier, self._symbol(single)))
        for branch in branches:
            if len(branch) == 1 and isinstance(branch[0], Simple):
                continue
            states = frontier
            for element in branch:
                states = self._after(part, states, element)
            reached |= states
        return frozenset(reached)

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
        known = self._words
        if len(known) >= _MOST_WORDS:
            known = self._words = {}
        if not known:
            for part in self._parts:
                part.finish()
        kinds: list[tuple[Kind, ...]] = []
        for word in sentence:
            key = word[:2]
            answers = known.get(key)
            if answers is None:
                symbols = self._symbols_of(word)
                answers = known[key] = tuple(part.kind_of(symbols) for part in self._parts)
            kinds.append(answers)
        found: dict[int, int] = {}
        for part, column in zip(self._parts, zip(*kinds, strict=True), strict=True):
            if not part.always and not any(kind.starts for kind in set(column)):
                continue
            memory = part.memory
            if len(memory.places) >= MOST_REMEMBERED:
                memory = part.memory = Memory(part.always)
            place = memory.start
            for index, kind in enumerate(column):
                following = place.following.get(kind)
                if following is None:
                    self.steps_computed += 1
                    following = part.follow(memory, place, kind)
                place = following
                for number in place.accepts:
                    found.setdefault(number, index)
        return found

    def begins(self, sentence: Sequence[Word], number: int, last: int) -> int:
        """Return the index of the word where phrase `number`, ending at word `last`, begins.

        The latest beginning, so that the evidence is the fewest words.
        """
        part = self._part_of[number]
        accepting = self._ends_of[number]
        kinds: list[Kind] = []
        for first in range(last, max(-1, last - _LONGEST_MATCH), -1):
            kind = part.kind_of(self._symbols_of(sentence[first]))
            states = kind.starts
            for later in reversed(kinds):
                if not states:
                    break
                states = part.next(states, later)
            if states & accepting:
                return first
            kinds.append(kind)
        return last

    def _symbols_of(self, word: Word) -> frozenset[int]:
        symbols = set(self._by_word.get(word.folded, ()))
        for length in range(2, min(len(word.folded), self._longest_prefix) + 1):
            symbols.update(self._by_prefix.get(word.folded[:length], ()))
        for shape in word.shapes:
            symbols.update(self._by_shape.get(shape, ()))
        return frozenset(symbols)
