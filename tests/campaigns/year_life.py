"""A gateway that lives through dates and times on a clock that stands still while it works."""

from __future__ import annotations

import heapq
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import select

from gateway.clock import RehearsalClock
from gateway.configuration import Configuration
from gateway.program import Program
from gateway.rehearsal.stage import Stage
from gateway.store import promises
from gateway.store.schema import messages
from gateway.store.schema import promises as made
from gateway.store.spool import Arrival, write_arrivals
from gateway.tokens import token_in
from rules.instruction import Action
from tests.campaigns.year_judge import Judge, Verdict
from tests.campaigns.year_mail import LONDON, Mail
from tests.campaigns.year_oracle import Oracle
from tests.campaigns.year_premises import configured, enrolled
from tests.campaigns.year_school import POLICY, ROOMS
from tests.campaigns.year_sink import Sink
from tests.installation import DOMAIN, DSL, authenticated

_SIGNED = re.compile(rb"a\+[a-z2-7]{47}@")
# The lead acknowledges after so long: before the next in line is told, and after.
ACKNOWLEDGED_AFTER = (timedelta(minutes=10), timedelta(minutes=40))
# Each evening teachers have dealt with what they were given, but for every so many-th message.
FORGOTTEN_EVERY = 8
EVENING = time(18)


class Stuck(AssertionError):
    """Something is due, and nothing is done about it."""


class Year:
    """The school of `year_school`, from `start` on. Use as a context."""

    def __init__(self, folder: Path, families: int, start: datetime) -> None:
        self.folder = folder
        self._families = families
        self.clock = RehearsalClock(start, speed=0)
        self.sink = Sink(self.clock.now, keep=(DSL,))
        self._answers: list[tuple[datetime, int, bytes, str]] = []
        self._seen = 0
        self._evening = datetime.combine(start.astimezone(LONDON).date(), EVENING, LONDON)
        self._configuration: Configuration
        self._program: Program | None = None
        self._stage: Stage | None = None
        self._brought = 0
        self._due: datetime | None = None  # when there is something to do, while stepping

    def __enter__(self) -> Self:
        self.sink.__enter__()
        self._configuration = configured(self.folder, self.sink.port)
        enrolled(self._stepping(), self.folder, self._families, self.clock.now())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        self.sink.__exit__(kind, error, trace)

    # Two ways to live: steps in this thread, or a program that runs, with its workers and its door.

    def _stepping(self) -> Program:
        if self._program is None:
            self._close()
            self._program = Program(self._configuration, self.clock)
            self._due = self._program.next_due()
        return self._program

    def _running(self) -> Stage:
        if self._stage is None:
            self._close()
            self._stage = Stage(self._configuration, self.clock)
            self._stage.open()
        return self._stage

    def _close(self) -> None:
        if self._program is not None:
            self._program.store.close()
        if self._stage is not None:
            self._stage.settle()
            self._stage.close()
        self._program, self._stage = None, None

    def bring(self, mail: Mail, *, by_smtp: bool) -> None:
        """Live until `mail` is written, and take it in."""
        # Of mail that comes at the very instant of a cut, and the digest made then, nobody could
        # say which was first: all mail comes just after.
        at = mail.at + timedelta(microseconds=1)
        if by_smtp:
            self._running()
        else:
            self._stepping()
        self.live_until(at)
        self._take_in(mail.octets, mail.reverse_path, mail.recipient)

    def live_until(self, instant: datetime) -> None:
        """Live through all that falls due before `instant`, then stand at it."""
        while (event := self._next_event()) < instant:
            self._advance(event)
            self._what_people_do()
        self._advance(instant)

    def _next_event(self) -> datetime:
        return min([self._evening, *(answer[0] for answer in self._answers[:1])])

    def _advance(self, instant: datetime) -> None:
        if self._stage is not None:
            self._stage.advance_to(instant)
            self._stage.settle()
        else:
            self._stepping()
            while self._due is not None and self._due < instant:
                self.clock.jump_to(self._due)
                self._work()
            # What falls due at this very instant is done after what happens at it.
            self.clock.jump_to(instant)
        self._lead_answers()

    def _work(self) -> None:
        self._due = self._stepping().rounds.run_here()
        if self._due is not None and self._due <= self.clock.now():
            raise Stuck(f"due at {self._due}, and it is {self.clock.now()}")

    def _take_in(self, octets: bytes, path: str, recipient: str) -> None:
        if self._stage is not None:
            self._stage.submit(path, [recipient], octets)
            self._stage.settle()
            return
        program = self._stepping()
        arrival = Arrival(
            octets,
            path,
            ((recipient, program.school.school_id),),
            "smtp",
            "127.0.0.1",
            "border.example",
            False,
            self.clock.now(),
        )
        with program.store.begin() as connection:
            write_arrivals(connection, [arrival])
        self._work()

    # What people do.

    def _lead_answers(self) -> None:
        """Have the lead acknowledge what reached them, by the signed address in it."""
        new, self._seen = self.sink.taken[self._seen :], len(self.sink.taken)
        for taken in new:
            for found in _SIGNED.finditer(taken.octets):
                local = found[0].decode()[:-1]
                token = token_in(local)
                if token is not None and token.action is Action.ACKNOWLEDGE:
                    self._brought += 1
                    at = taken.at + ACKNOWLEDGED_AFTER[self._brought % 2]
                    heapq.heappush(self._answers, (at, self._brought, *_acknowledged(local)))

    def _what_people_do(self) -> None:
        now = self.clock.now()
        while self._answers and self._answers[0][0] <= now:
            _at, _number, octets, recipient = heapq.heappop(self._answers)
            self._take_in(octets, DSL, recipient)
        if self._evening <= now:
            self._evening += timedelta(days=1)
            self._teachers_deal_with_it(now)

    def _teachers_deal_with_it(self, now: datetime) -> None:
        store = self._stage.program.store if self._stage else self._stepping().store
        query = (
            select(made.c.spool_id, messages.c.message_id)
            .join(messages, messages.c.spool_id == made.c.spool_id)
            .where(made.c.given.is_not(None), made.c.kept.is_(None))
        )
        with store.begin() as connection:
            dealt_with = [
                row.spool_id
                for row in connection.execute(query)
                if int(row.message_id[1:].partition(".")[0]) % FORGOTTEN_EVERY
            ]
            if dealt_with:
                promises.keep(connection, how="done", now=now, spool_ids=dealt_with)
        if self._program is not None:
            self._due = self._program.next_due()

    def judge(self, first: date, last: date) -> Verdict:
        """Return what is wrong, the figures, and one digest of all that came of it."""
        oracle = Oracle(POLICY, ROOMS, first, last + timedelta(days=7))
        program = self._stepping()
        return Judge(program.store, program.school.school_id, self.sink.taken, oracle).verdict()


def _acknowledged(local: str) -> tuple[bytes, str]:
    recipient = f"{local}@{DOMAIN}"
    head = f"From: Mrs Adeyemi <{DSL}>\r\nTo: {recipient}\r\nSubject: acknowledge\r\n"
    octets = authenticated("oakfield.example") + f"{head}\r\nI have it.\r\n".encode()
    return octets, recipient
