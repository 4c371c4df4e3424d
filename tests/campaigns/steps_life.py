"""A gateway that lives by a clock which is not always right: what it believes is due, it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.configuration import Configuration
from gateway.program import Program
from gateway.store.spool import Arrival, write_arrivals
from tests.campaigns.steps_world import Event, SteppedClock
from tests.campaigns.year_sink import Sink, Taken


class Life:
    """One gateway between the events of a run."""

    def __init__(self, configuration: Configuration, clock: SteppedClock, sink: Sink) -> None:
        self._configuration = configuration
        self._clock = clock
        self._sink = sink
        self._program: Program | None = None
        self._suspended = False
        self._true: list[datetime] = []
        self._start()

    @property
    def program(self) -> Program:
        """The program that runs; there must be one."""
        assert self._program is not None, "it is down"
        return self._program

    @property
    def seen(self) -> list[tuple[Taken, datetime]]:
        """Every mail that left, and the true time at which it did."""
        return list(zip(self._sink.taken, self._true, strict=True))

    def live(self, events: Iterable[Event], end: datetime) -> None:
        """Live through the events, in the order of true time, up to `end`."""
        for event in events:
            self._until(event.at)
            self._happen(event)
        self._until(end)

    def close(self) -> None:
        """Stop where it is, as a power cut does: what is not committed is gone."""
        if self._program is not None:
            self._program.store.close()
        self._program = None

    def _start(self) -> None:
        self._program = Program(self._configuration, self._clock)

    def _until(self, at: datetime) -> None:
        """Do what falls due, by the gateway's own clock, before the true time `at`."""
        while self._program is not None and not self._suspended:
            due = self._work()
            if due is None or self._clock.true_time_of(due) >= at:
                break
            self._clock.true = self._clock.true_time_of(due)
        self._clock.true = max(self._clock.true, at)

    def _work(self) -> datetime | None:
        due = self.program.rounds.run_here()
        self._true += [self._clock.true] * (len(self._sink.taken) - len(self._true))
        if due is not None and due <= self._clock.now():
            raise AssertionError(f"due at {due}, and it is {self._clock.now()}")
        return due

    def _happen(self, event: Event) -> None:
        match event.what:
            case "step":
                self._clock.error = event.error
            case "suspend" | "resume":
                self._suspended = event.what == "suspend"
            case "stop":
                self.close()
            case "start":
                self._start()
            case "away" | "back":
                self._sink.refusing = event.refusing
            case "mail":
                self._take_in(event)

    def _take_in(self, event: Event) -> None:
        recipient = (event.recipient, self.program.school.school_id)
        arrival = Arrival(
            event.octets, event.path, (recipient,), "smtp", None, None, False, self._clock.now()
        )
        with self.program.store.begin() as connection:
            write_arrivals(connection, [arrival])
