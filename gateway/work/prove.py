"""Asks the DNS who wrote a message, beside everything else: nobody else's mail waits for it.

A message that waits for an answer stays received. When the DNS does not say, it is asked again
with growing pauses until the message is half an hour old; then the writer counts as not verified.
What may be about a child at risk waits a few seconds, once.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.proof.judge import Proof, prove
from gateway.proof.lookups import MESSAGE_SECONDS, Lookups
from gateway.proof.spf_check import Session
from gateway.store.engine import Store
from gateway.store.spool import read_raw
from rules.message import Authenticity

log = logging.getLogger(__name__)

WORKERS = 8
CONCERN_SECONDS = 3.0
# Many messages of domains whose servers say nothing must not keep others from their first try.
FIRST_TRY_SECONDS = 5.0
ASKED_UNTIL = timedelta(minutes=30)  # of the message's age
PAUSES_SECONDS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
# Beyond so many, whoever comes next is not verified: a flood must not keep a school's mail back.
WAITING_AT_MOST = 5_000

NOT_SAID = Proof(Authenticity.UNVERIFIED, "temperror", (), "temperror")


@dataclass(frozen=True, slots=True)
class Question:
    """Whose domain is to be proven, and by what the message came with."""

    spool_id: str
    author: str  # the domain of the one From mailbox
    session: Session
    arrived: datetime


@dataclass(slots=True)
class _Case:
    question: Question
    began: float  # monotonic seconds
    is_concern: bool
    tried: int = 0
    under_way: bool = True
    again: float = 0.0  # monotonic seconds
    proof: Proof | None = None

    @property
    def authenticity(self) -> Authenticity:
        """What holds if nobody asks any more: what nobody said proves nothing."""
        found = self.proof.authenticity if self.proof else None
        return found or Authenticity.UNVERIFIED

    @property
    def is_answered(self) -> bool:
        return self.proof is not None and self.proof.authenticity is not None

    def has_waited_enough(self, now: float, age: timedelta) -> bool:
        if self.is_concern:
            return bool(self.tried) or now - self.began >= CONCERN_SECONDS
        return bool(self.tried) and not self.under_way and age >= ASKED_UNTIL


@dataclass(order=True, slots=True)
class _Turn:
    """A place in the queue: a concern before all, then what was tried least."""

    rank: int
    number: int
    spool_id: str = field(compare=False)


class Prover:
    """Proves the writers of messages in threads of its own."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lookups: Lookups,
        on_answer: Callable[[], None],
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
        waiting_at_most: int = WAITING_AT_MOST,
    ) -> None:
        """`on_answer` is called, from any thread, when a message need wait no longer."""
        self._pauses = tuple(pauses_seconds)
        self._waiting_at_most = waiting_at_most
        self._store = store
        self._clock = clock
        self._lookups = lookups
        self._on_answer = on_answer
        self._cases: dict[str, _Case] = {}
        self._lock = threading.Lock()
        self._turns: queue.PriorityQueue[_Turn] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def proof_of(self, question: Question, *, is_concern: bool = False) -> Proof | None:
        """Return what was found; None while it is being asked. The answer is given once."""
        with self._lock:
            case = self._cases.get(question.spool_id)
            now = self._clock.monotonic()
            if case is None:
                if len(self._cases) >= self._waiting_at_most:
                    return NOT_SAID
                self._cases[question.spool_id] = _Case(question, now, is_concern)
                self._enqueue(-1 if is_concern else 0, question.spool_id)
                return None
            age = self._clock.now() - question.arrived
            if case.is_answered or case.has_waited_enough(now, age):
                del self._cases[question.spool_id]
                return replace(case.proof or NOT_SAID, authenticity=case.authenticity)
            if not case.under_way and now >= case.again:
                case.under_way = True
                self._enqueue(case.tried, question.spool_id)
            return None

    def waiting(self) -> frozenset[str]:
        """Return the ids of the messages about which `proof_of` would have nothing new."""
        now = self._clock.monotonic()
        with self._lock:
            return frozenset(
                spool_id
                for spool_id, case in self._cases.items()
                if not case.is_answered
                and (case.under_way or now < case.again)
                and not case.has_waited_enough(now, timedelta())
            )

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being asked at this moment."""
        with self._lock:
            return not any(case.under_way for case in self._cases.values())

    def stop(self) -> None:
        """Ask no more. A question under way ends by itself; its message is asked about again."""
        self._stopping.set()
        for _thread in self._threads:
            self._enqueue(-2, "")

    def _enqueue(self, rank: int, spool_id: str) -> None:
        if len(self._threads) < WORKERS and not self._stopping.is_set():
            thread = threading.Thread(target=self._run, name="prove", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._turns.put(_Turn(rank, next(self._numbers), spool_id))

    def _run(self) -> None:
        while not self._stopping.is_set():
            turn = self._turns.get()
            with self._lock:
                case = self._cases.get(turn.spool_id)
            if case is None or self._stopping.is_set():
                continue
            proof: Proof | None = None
            try:
                proof = self._ask(
                    case.question, MESSAGE_SECONDS if case.tried else FIRST_TRY_SECONDS
                )
            except Exception:
                # The edge of one question: our own fault must not keep the message for ever.
                if not self._stopping.is_set():  # then the store may have gone before us
                    log.exception("proving_failed", extra={"spool_id": turn.spool_id})
            with self._lock:
                case.proof = proof
                pause = self._pauses[min(case.tried, len(self._pauses) - 1)]
                case.again = self._clock.monotonic() + pause
                case.tried += 1
                case.under_way = False
            self._on_answer()

    def _ask(self, question: Question, seconds: float) -> Proof:
        with self._store.read() as connection:
            octets = read_raw(connection, question.spool_id)
        return prove(
            octets,
            question.author,
            question.session,
            question.arrived,
            self._lookups.asking(seconds),
        )
