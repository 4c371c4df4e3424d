"""Where in some sentences may a phrase stand? Sets of places, as the bits of one number.

A place lies before each word and after the last of a sentence, and no step of a phrase
leads from one sentence into the next. A step is taken at all places of all sentences at
once, so there is no backtracking, and many sentences cost little more than one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.topic_screen import Screen, Wants

_FEW = 64  # places: a number as short is cheaply changed bit by bit


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One element of a phrase: a word that answers to `symbol`, one of `branches`, or a gap.

    `hops` lead over a gap, `first` is the number of the first branch.
    """

    symbol: int = -1
    hops: tuple[int, ...] = ()
    branches: tuple[Run, ...] = ()
    first: int = 0
    optional: bool = False


Run = tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """The steps of a phrase. Of those found unasked, each has its place in the order of waking,
    and the symbols of which its rarest word answers to one."""

    steps: Run
    woken: int = -1
    rarest: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A word as the index knows it: what it answers to, and what asks for it.

    `mark` is one character that no word has which is known otherwise.
    """

    mark: str
    symbols: frozenset[int]
    phrases: Wants
    branches: Wants


@dataclass(frozen=True, slots=True)
class Language:
    """What places are read by: which words are known to answer to a symbol, and which branches
    may stand among some words."""

    speakers: Sequence[set[Known]]  # by symbol
    branches: Screen


class Places:
    """Some sentences, as the places where words of each kind stand.

    Words are counted through all sentences, with one for the stop behind each.
    """

    __slots__ = (
        "_branches",
        "_everywhere",
        "_here",
        "_language",
        "_length",
        "_masks",
        "_present",
        "_rooms",
        "_starts",
        "_stops",
        "_within",
        "_words",
    )  # fmt: skip

    def __init__(self, language: Language, sentences: Sequence[Sequence[Known]]) -> None:
        self._language = language
        self._starts: list[int] = []
        at: dict[Known, list[int]] = {}
        place = 0
        for sentence in sentences:
            self._starts.append(place)
            for word in sentence:
                if word in at:
                    at[word].append(place)
                else:
                    at[word] = [place]
                place += 1
            place += 1
        self._words = {word: _as_bits(places) for word, places in at.items()}
        self._present = set(at)
        self._length = place
        self._everywhere = (1 << place) - 1
        self._stops = _as_bits([*(start - 1 for start in self._starts[1:]), place - 1])
        self._within = self._everywhere ^ self._stops
        self._masks: dict[int, int] = {}
        self._rooms: dict[int, int] = {}
        self._branches: dict[Step, tuple[Run, ...]] = {}
        self._here: int | None = None

    # --- where a phrase stands ----------------------------------------------

    def ends_of(self, phrase: Phrase) -> int:
        """Return the places where `phrase` ends, wherever it begins."""
        return self._after(phrase.steps, self._within)

    def sentences_of(self, ends: int) -> int:
        """Return the sentences in which a phrase ends at one of `ends`: their stops."""
        # Last words of a phrase, and all words of the sentence added: only then the sum
        # carries into the stop.
        return ((ends >> 1) + self._within) & self._stops if ends else 0

    def sentence_at(self, place: int) -> int:
        """Return the index of the sentence in which `place` lies."""
        return bisect_right(self._starts, place) - 1

    def start_of(self, sentence: int) -> int:
        """Return the place where the sentence of this index begins."""
        return self._starts[sentence]

    def stop_of(self, sentence: int) -> int:
        """Return the place behind the last word of the sentence of this index."""
        behind = sentence + 1
        return (self._starts[behind] if behind < len(self._starts) else self._length) - 1

    def begins(self, phrase: Phrase, end: int) -> int:
        """Return the latest place where `phrase` may begin that ends at place `end`, or -1."""
        return self._before(phrase.steps, 1 << end & self._everywhere).bit_length() - 1

    def first_words_of(self, phrase: Phrase, start: int) -> Iterator[tuple[int, int]]:
        """Yield each of its rarest symbols, after how far behind `start` a word answers to it."""
        for symbol in phrase.rarest:
            if bits := self._of(symbol) >> start:
                yield (bits & -bits).bit_length() - 1, symbol

    # --- steps --------------------------------------------------------------

    def _after(self, steps: Run, places: int) -> int:
        masks = self._masks
        known = self._branches
        for step in steps:
            reached = places if step.optional else 0
            symbol = step.symbol
            if symbol >= 0:
                mask = masks[symbol] if symbol in masks else self._of(symbol)
                reached |= (places & mask) << 1
            elif step.hops:
                reached = places
                for hop in step.hops:
                    reached |= (reached << hop) & self._room(hop)
            if step.branches:
                for branch in known[step] if step in known else self._branches_of(step):
                    reached |= self._after(branch, places)
            if not reached:
                return 0
            places = reached
        return places

    def _before(self, steps: Run, places: int) -> int:
        masks = self._masks
        known = self._branches
        for step in reversed(steps):
            reached = places if step.optional else 0
            symbol = step.symbol
            if symbol >= 0:
                mask = masks[symbol] if symbol in masks else self._of(symbol)
                reached |= (places >> 1) & mask
            elif step.hops:
                reached = places
                for hop in step.hops:
                    reached |= (reached & self._room(hop)) >> hop
            if step.branches:
                for branch in known[step] if step in known else self._branches_of(step):
                    reached |= self._before(branch, places)
            places = reached
        return places

    def _of(self, symbol: int) -> int:
        """Return the places of the words that answer to `symbol`, and keep them in `_masks`."""
        mask = 0
        for word in self._language.speakers[symbol] & self._present:
            mask |= self._words[word]
        self._masks[symbol] = mask
        return mask

    def _room(self, hop: int) -> int:
        """Return the places that lie at least `hop` words after the beginning of a sentence."""
        room = self._rooms.get(hop)
        if room is None:
            near = (self._stops << 1 | 1) & self._everywhere
            for step in hops_over(hop - 1):
                near |= near << step
            room = self._rooms[hop] = self._everywhere & ~near
        return room

    def _branches_of(self, step: Step) -> tuple[Run, ...]:
        """Return the branches that may stand among these words: of a long list, few."""
        here = self._here
        if here is None:
            wants = [word.branches for word in self._words]
            here = self._here = self._language.branches.passing(wants)
        here = here >> step.first & (1 << len(step.branches)) - 1
        found = self._branches[step] = tuple(
            branch for number, branch in enumerate(step.branches) if here >> number & 1
        ) if here else ()  # fmt: skip
        return found


def hops_over(gap: int) -> tuple[int, ...]:
    """Return steps such that taking or leaving each in turn leads over 0 to `gap` words."""
    hops: list[int] = []
    while sum(hops) < gap:
        hops.append(min(sum(hops) + 1, gap - sum(hops)))
    return tuple(hops)


def _as_bits(places: list[int]) -> int:
    """Return rising `places` as the bits of one number, in a time that grows as their number."""
    if len(places) < _FEW:
        bits = 0
        for place in places:
            bits |= 1 << place
        return bits
    octets = bytearray(places[-1] // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")
