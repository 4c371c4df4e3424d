"""Which phrases stand in a sentence, and where does each begin and end?

All phrases are one automaton over words, so the cost is one step a word,
however many phrases there are. A step that was taken before is remembered; a
step never taken costs at most the number of states, which the packs fix and
the text cannot raise. There is no backtracking.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_words import Word

_MOST_REMEMBERED = 50_000  # places, some tens of megabytes; forgetting them changes only speed
_LONGEST_MATCH = 60  # words looked back over for a beginning
_ANY = -1


class _Kind:
    """A kind of word: all words that answer to the same symbols."""

    __slots__ = ("symbols",)

    def __init__(self, symbols: tuple[int, ...]) -> None:
        self.symbols = symbols


class _Place:
    """Where the automaton stands after some words: its states, and the places known to follow."""

    __slots__ = ("accepts", "following", "states")

    def __init__(self, states: tuple[int, ...], accepts: tuple[int, ...]) -> None:
        self.states = states
        self.accepts = accepts
        self.following: dict[_Kind, _Place] = {}


class _Memory:
    """What was worked out before. Threads may share one: each entry is set whole, or found set."""

    __slots__ = ("kinds", "places", "start", "words")

    def __init__(self) -> None:
        self.start = _Place((), ())
        self.places: dict[tuple[int, ...], _Place] = {(): self.start}
        self.kinds: dict[tuple[int, ...], _Kind] = {}
        self.words: dict[tuple[str, tuple[str, ...]], _Kind] = {}


class Automaton:
    """Finds numbered phrases in sentences. Built once by `add`, then only read.

    What it remembers between sentences is speed, never an answer: the same
    sentence gives the same phrases in any order of asking. `steps_computed`
    counts the steps that were not remembered.
    """

    def __init__(self) -> None:
        self._edges: list[dict[int, set[int]]] = [{}]  # state -> symbol -> states; 0 is the start
        self._accepts: list[set[int]] = [set()]
        self._built: dict[tuple[frozenset[int], Element], frozenset[int]] = {}
        self._symbols: dict[tuple[Simple, ...], int] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._by_shape: dict[str, list[int]] = {}
        self._longest_prefix = 0
        self.steps_computed = 0
        self._memory = _Memory()

    # --- building -----------------------------------------------------------

    def add(self, number: int, elements: Sequence[Element]) -> None:
        """Make a match of `elements` report `number`."""
        frontier = frozenset({0})
        for element in elements:
            frontier = self._after(frontier, element)
        for state in frontier:
            self._accepts[state].add(number)
        self._memory = _Memory()

    def _after(self, frontier: frozenset[int], element: Element) -> frozenset[int]:
        # Two phrases that begin alike share their states: the same element after
        # the same states leads to the same place.
        key = (frontier, element)
        known = self._built.get(key)
        if known is None:
            known = self._built[key] = self._grow(frontier, element)
        return known

    def _grow(self, frontier: frozenset[int], element: Element) -> frozenset[int]:
        match element:
            case Simple():
                return frozenset({self._edge(frontier, self._symbol((element,)))})
            case Gap(most):
                reached = set(frontier)
                last = frontier
                for _ in range(most):
                    last = frozenset({self._edge(last, _ANY)})
                    reached |= last
                return frozenset(reached)
            case Choice(branches, optional):
                return self._choose(frontier, branches, optional=optional)

    def _choose(
        self, frontier: frozenset[int], branches: tuple[tuple[Element, ...], ...], *, optional: bool
    ) -> frozenset[int]:
        reached = set(frontier) if optional else set()
        single = tuple(
            branch[0] for branch in branches if len(branch) == 1 and isinstance(branch[0], Simple)
        )
        if single:
            reached.add(self._edge(frontier, self._symbol(single)))
        for branch in branches:
            if len(branch) == 1 and isinstance(branch[0], Simple):
                continue
            states = frontier
            for element in branch:
                states = self._after(states, element)
            reached |= states
        return frozenset(reached)

    def _edge(self, frontier: frozenset[int], symbol: int) -> int:
        state = len(self._edges)
        self._edges.append({})
        self._accepts.append(set())
        for origin in frontier:
            self._edges[origin].setdefault(symbol, set()).add(state)
        return state

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
        memory = self._memory
        if max(len(memory.places), len(memory.words)) >= _MOST_REMEMBERED:
            memory = self._memory = _Memory()
        found: dict[int, int] = {}
        place = memory.start
        for index, word in enumerate(sentence):
            key = (word.folded, word.shapes)
            kind = memory.words.get(key)
            if kind is None:
                symbols = self._symbols_of(word)
                kind = memory.words[key] = memory.kinds.setdefault(symbols, _Kind(symbols))
            following = place.following.get(kind)
            place = self._follow(memory, place, kind) if following is None else following
            for number in place.accepts:
                found.setdefault(number, index)
        return found

    def begins(self, sentence: Sequence[Word], number: int, last: int) -> int:
        """Return the index of the word where phrase `number`, ending at word `last`, begins.

        The latest beginning, so that the evidence is the fewest words.
        """
        for first in range(last, max(-1, last - _LONGEST_MATCH), -1):
            states = {0}
            for word in sentence[first : last + 1]:
                states = self._next(states, self._symbols_of(word))
            if any(number in self._accepts[state] for state in states):
                return first
        return last

    def _symbols_of(self, word: Word) -> tuple[int, ...]:
        symbols = set(self._by_word.get(word.folded, ()))
        for length in range(2, min(len(word.folded), self._longest_prefix) + 1):
            symbols.update(self._by_prefix.get(word.folded[:length], ()))
        for shape in word.shapes:
            symbols.update(self._by_shape.get(shape, ()))
        return tuple(sorted(symbols))

    def _next(self, states: set[int], symbols: tuple[int, ...]) -> set[int]:
        reached: set[int] = set()
        for state in states:
            edges = self._edges[state]
            if len(edges) < len(symbols):
                for symbol, targets in edges.items():
                    if symbol == _ANY or symbol in symbols:
                        reached |= targets
            else:
                for symbol in symbols:
                    if symbol in edges:
                        reached |= edges[symbol]
                if _ANY in edges:
                    reached |= edges[_ANY]
        return reached

    def _follow(self, memory: _Memory, place: _Place, kind: _Kind) -> _Place:
        self.steps_computed += 1
        states = tuple(sorted(self._next({0, *place.states}, kind.symbols)))
        following = memory.places.get(states)
        if following is None:
            accepts = {phrase for state in states for phrase in self._accepts[state]}
            made = _Place(states, tuple(sorted(accepts)))
            if len(memory.places) >= _MOST_REMEMBERED:
                return made
            following = memory.places.setdefault(states, made)
        place.following[kind] = following
        return following
