"""Which half-read phrases stand open after a word, in one part of the machine?"""

from __future__ import annotations

from rules.topic_phrases import Element

MOST_REMEMBERED = 5_000  # places a part, some megabytes; forgetting them changes only speed


class Kind:
    """A kind of word, to one part: all words that answer to the same of its symbols."""

    __slots__ = ("moves", "origins", "starts")

    def __init__(self, moves: tuple[tuple[int, int], ...], starts: int) -> None:
        self.moves = moves  # from any of these states, to these
        self.origins = 0  # all states that any of `moves` leaves
        for origins, _ in moves:
            self.origins |= origins
        self.starts = starts  # states entered from the beginning of a phrase


class Place:
    """Where a part stands after some words: its states, and the places known to follow."""

    __slots__ = ("accepts", "following", "states")

    def __init__(self, states: int, accepts: tuple[int, ...]) -> None:
        self.states = states
        self.accepts = accepts
        self.following: dict[Kind, Place] = {}


class Memory:
    """What a part worked out before. Threads may share one: entries are set whole, or found set."""

    __slots__ = ("places", "start")

    def __init__(self, start: int) -> None:
        self.start = Place(start, ())
        self.places: dict[int, Place] = {start: self.start}


class Part:
    """One automaton: some of the phrases, over the symbols that all parts share.

    Sets of states are the bits of one number. State 0, the beginning of every
    phrase, is never among them. A word of any kind moves on from the states of
    `passing`, each to the next number, so a gap is a run of numbers.
    """

    def __init__(self) -> None:
        self.size = 1
        self.passing = 0
        self.entered: list[int] = [0]  # state -> what is entered with it: itself, and gaps after it
        self.always = 0  # gaps that may begin at any word
        self.edges: dict[int, list[tuple[int, bool, int]]] = {}  # symbol -> (from, at once, to)
        self.bits: dict[frozenset[int], int] = {}
        self.accepts: dict[int, set[int]] = {}
        self.accepting = 0
        self.built: dict[tuple[frozenset[int], Element], frozenset[int]] = {}
        self.kinds: dict[frozenset[int], Kind] = {}
        self.inner: tuple[tuple[int, int], ...] = ()  # a gap's states after which another begins
        self.memory = Memory(0)

    # --- building

    def state(self) -> int:
        self.entered.append(1 << self.size)
        self.size += 1
        return self.size - 1

    def edge(self, frontier: frozenset[int], symbol: int) -> int:
        """Return a new state, reached from `frontier` by `symbol`."""
        state = self.state()
        bits = self.bits.get(frontier)
        if bits is None:
            bits = self.bits[frontier] = sum(1 << origin for origin in frontier if origin)
        self.edges.setdefault(symbol, []).append((bits, 0 in frontier, state))
        return state

    def gap(self, frontier: frozenset[int], most: int) -> frozenset[int]:
        """Return the states that stand up to `most` words after `frontier`."""
        origin = self.state()
        run = [self.state() for _ in range(most)]
        for state in (origin, *run[:-1]):
            self.passing |= 1 << state
        for state in frontier:
            if state == 0:
                self.always |= 1 << origin
            else:
                if self.passing >> (state - 1) & 1:
                    self.inner = (*self.inner, (1 << state, 1 << origin))
                self.entered[state] |= 1 << origin
        return frontier | frozenset(run)

    def accept(self, states: frozenset[int], number: int) -> None:
        for state in states:
            self.accepts.setdefault(state, set()).add(number)
            self.accepting |= 1 << state

    def settle(self) -> None:
        """Forget what was worked out before the last phrase came."""
        self.kinds = {}
        self.memory = Memory(self.always)

    def finish(self) -> None:
        """Let go of what only building needs; a phrase added later shares less, and is found."""
        self.built = {}
        self.bits = {}

    # --- reading

    def kind_of(self, symbols: frozenset[int]) -> Kind:
        mine = frozenset(symbol for symbol in symbols if symbol in self.edges)
        known = self.kinds.get(mine)
        if known is None:
            known = self.kinds.setdefault(mine, self._kind(mine))
        return known

    def _kind(self, symbols: frozenset[int]) -> Kind:
        moves: dict[int, int] = {}
        starts = 0
        for symbol in symbols:
            for origins, at_once, state in self.edges[symbol]:
                reached = self.entered[state]
                if at_once:
                    starts |= reached
                if origins:
                    moves[origins] = moves.get(origins, 0) | reached
        return Kind(tuple(moves.items()), starts)

    def next(self, states: int, kind: Kind) -> int:
        """Return the states after a word of `kind`, beginnings left out."""
        reached = (states & self.passing) << 1
        for state, entered in self.inner:
            if reached & state:
                reached |= entered
        # Most words are not what any half-read phrase waits for.
        if states & kind.origins:
            for origins, targets in kind.moves:
                if states & origins:
                    reached |= targets
        return reached

    def follow(self, memory: Memory, place: Place, kind: Kind) -> Place:
        states = kind.starts | self.always
        if place.states:
            states |= self.next(place.states, kind)
        following = memory.places.get(states)
        if following is None:
            following = Place(states, self.accepted(states))
            if len(memory.places) >= MOST_REMEMBERED:
                return following
            following = memory.places.setdefault(states, following)
        place.following[kind] = following
        return following

    def accepted(self, states: int) -> tuple[int, ...]:
        phrases: set[int] = set()
        states &= self.accepting
        while states:
            last = states & -states
            phrases |= self.accepts[last.bit_length() - 1]
            states ^= last
        return tuple(sorted(phrases))
