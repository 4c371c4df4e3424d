"""Which phrases stand in some sentences, and where does each begin and end?

Only those phrases are read whose rarest words are there, and lists that merely go with a
rule only where the rule's own phrases stand. Many sentences are read at once, a very long
one in pieces: the cost is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from rules.topic_anchors import asked_of
from rules.topic_looked import Looked
from rules.topic_phrases import Choice, Element, Gap, Simple
from rules.topic_places import Known, Language, Phrase, Step, hops_over
from rules.topic_screen import Screen
from rules.topic_words import Word, read_piece

_MOST_WORDS = 30_000  # words remembered, some hundred bytes each
_A_READING = 100  # words
_LONGEST_KEPT = 40  # characters: a longer word is hardly met twice


class PhraseIndex:
    """Finds numbered phrases in sentences. Filled by `add`, then only read.

    What it remembers between sentences is speed, never an answer. `phrases_read`
    counts how often a phrase was tried on a hundred words.
    """

    def __init__(self) -> None:
        self._phrases: dict[int, Phrase] = {}
        self._awake = 0
        self._asleep: dict[int, frozenset[Simple]] = {}  # and their rarest words
        self._screen = Screen()
        # Lists are in many phrases, and are looked through once for all of them.
        self._steps: dict[Element, Step] = {}
        self._branches_known = 0
        self._symbols: dict[tuple[Simple, ...], int] = {}
        self._symbols_of: dict[Simple, list[int]] = {}
        self._whole: dict[str, Simple] = {}
        self._prefixes: dict[str, Simple] = {}
        self._lengths: dict[str, list[int]] = {}  # of prefixes, by their first two letters
        self._shapes: dict[str, Simple] = {}
        self._speakers: list[set[Known]] = []  # by symbol
        self._language = Language(self._speakers, Screen())
        self._met: dict[tuple[Simple, ...], Known] = {}
        self._words = _Vocabulary(self)
        self._marks: dict[tuple[str, ...], Known] = {}
        self.phrases_read = 0

    # --- building -----------------------------------------------------------

    def add(self, number: int, elements: Sequence[Element], *, asleep: bool = False) -> None:
        """Make a match of `elements` report `number`; `asleep`, only when it is asked about."""
        asked = asked_of(elements)
        self._phrases[number] = Phrase(tuple(map(self._step, elements)))
        self._asleep[number] = asked[0]
        self._screen.add(number, asked)
        if not asleep:
            self.wake(number)

    def wake(self, number: int) -> None:
        """Have phrase `number` found without being asked about."""
        if number in self._asleep:
            rarest = frozenset(self._symbol((simple,)) for simple in self._asleep.pop(number))
            phrase = self._phrases[number]
            self._phrases[number] = replace(phrase, woken=self._awake.bit_count(), rarest=rarest)
            self._awake |= 1 << number

    def _step(self, element: Element) -> Step:
        step = self._steps.get(element)
        if step is None:
            step = self._steps[element] = self._new_step(element)
        return step

    def _new_step(self, element: Element) -> Step:
        match element:
            case Simple():
                return Step(self._symbol((element,)))
            case Gap(most):
                return Step(hops=hops_over(most))
            case Choice(branches, optional):
                simple = tuple(
                    branch[0]
                    for branch in branches
                    if len(branch) == 1 and isinstance(branch[0], Simple)
                )
                longer = [
                    branch
                    for branch in branches
                    if len(branch) != 1 or not isinstance(branch[0], Simple)
                ]
                runs = tuple(tuple(map(self._step, branch)) for branch in longer)
                first = self._branches_known
                self._branches_known += len(longer)
                for number, branch in enumerate(longer, first):
                    self._language.branches.add(number, asked_of(branch))
                symbol = self._symbol(simple) if simple else -1
                return Step(symbol, branches=runs, first=first, optional=optional)

    def _symbol(self, simples: tuple[Simple, ...]) -> int:
        known = self._symbols.get(simples)
        if known is not None:
            return known
        symbol = self._symbols[simples] = len(self._symbols)
        self._speakers.append(set())
        for simple in simples:
            if simple not in self._symbols_of:
                self._symbols_of[simple] = []
                self._add(simple)
            self._symbols_of[simple].append(symbol)
        return symbol

    def _add(self, simple: Simple) -> None:
        match simple.kind:
            case "prefix":
                self._prefixes[simple.text] = simple
                lengths = self._lengths.setdefault(simple.text[:2], [])
                if len(simple.text) not in lengths:
                    lengths.append(len(simple.text))
            case "shape":
                self._shapes[simple.text] = simple
            case _:
                self._whole[simple.text] = simple

    # --- reading ------------------------------------------------------------

    def look_at(self, sentence: Sequence[Word]) -> Looked:
        """Return the sentence as looked through, of which more can be asked."""
        words = [self._meet(word.folded, word.shapes) for word in sentence]
        return self.look_through([words], [self._screen.passing(word.phrases for word in words)])

    def known(self, pieces: Sequence[str], opens_with: tuple[str, ...]) -> tuple[Known, ...]:
        """Return the words of a sentence, as the index knows them, between its two marks."""
        first = self._marks.get(opens_with)
        if first is None:
            first = self._marks[opens_with] = self._meet("", ("start", *opens_with))
        last = self._marks.get(("end",))
        if last is None:
            last = self._marks["end",] = self._meet("", ("end",))
        return (first, *map(self._words.__getitem__, pieces), last)

    def possible(self, words: Iterable[Known]) -> int:
        """Return the phrases that may stand among `words`, as bits; 0 if all of them sleep."""
        passing = self._screen.passing([word.phrases for word in set(words)])
        return passing if passing & self._awake else 0

    def look_through(self, sentences: Sequence[Sequence[Known]], possible: Sequence[int]) -> Looked:
        """Return the sentences as looked through: one, or several of few words.

        `possible` is for each what the function of that name says.
        """
        looked = Looked(self._phrases, self._language, sentences, possible)
        tried = looked.find(self._awake)
        self.phrases_read += tried * (1 + sum(map(len, sentences)) // _A_READING)
        return looked

    def meet(self, piece: str) -> Known:
        """Return a word as the index knows it."""
        return self._meet(*read_piece(piece))

    def _meet(self, folded: str, shapes: tuple[str, ...]) -> Known:
        simples = [
            self._prefixes[folded[:length]]
            for length in self._lengths.get(folded[:2], ())
            if length <= len(folded) and folded[:length] in self._prefixes
        ]
        if folded in self._whole:
            simples.append(self._whole[folded])
        simples += [self._shapes[shape] for shape in shapes if shape in self._shapes]
        key = tuple(simples)
        met = self._met.get(key)
        if met is None:
            symbols = frozenset(chain.from_iterable(self._symbols_of[simple] for simple in simples))
            wants = self._screen.wants(simples), self._language.branches.wants(simples)
            met = self._met[key] = Known(chr(len(self._met)), symbols, *wants)
            for symbol in symbols:
                self._speakers[symbol].add(met)
        return met


class _Vocabulary(dict[str, Known]):
    """Words met before, as they were written."""

    def __init__(self, index: PhraseIndex) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, piece: str) -> Known:
        met = self._index.meet(piece)
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[piece] = met
        return met
