"""Steps the clock of a working gateway, suspends it, and stops it over a window.

`python -m tests.campaigns.clock_steps`: for each kind of trouble 20 runs of two school days.
A clock that is an hour or a day ahead or behind for a while and is then put right (and so
steps the other way), a machine suspended for three hours, a service down from 08:00 to 08:40;
in half of the runs the smarthost is away around it as well, and some programs die while their
clock is wrong. The times are drawn for each run, near the edges of the windows above all.

A mail to a teacher is outside when the gateway's own clock said so at that moment; once the
clock is right, that is the true time. What is urgent must reach its people within minutes of
the moment at which the gateway, its clock and the smarthost are all well again.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from gateway.configuration import load_configuration
from gateway.program import Program
from tests.campaigns.steps_judge import Judge
from tests.campaigns.steps_life import Life
from tests.campaigns.steps_world import (
    BEGINS,
    ENDS,
    KINDS,
    MAILS,
    SteppedClock,
    events_of,
    trouble_of,
)
from tests.campaigns.year_oracle import Oracle
from tests.campaigns.year_premises import configured, enrolled
from tests.campaigns.year_school import POLICY, ROOMS
from tests.campaigns.year_sink import Sink

RUNS = 20


@dataclass(slots=True)
class Figures:
    """What the runs of one kind came to."""

    kind: str
    runs: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the figures as text."""
        counted = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
        yield f"{self.kind}: {self.runs} runs in {self.seconds:.0f} s; {counted}"
        yield f"  FAULTS: {len(self.faults)}"
        yield from (f"    {fault}" for fault in self.faults[:20])


class Campaign:
    """One school, set up once; each run begins with a copy of its store. Use as a context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sink = Sink(lambda: BEGINS, keep=None)
        self._oracle = Oracle(POLICY, ROOMS, date(2026, 11, 9), date(2026, 12, 4))

    def __enter__(self) -> Self:
        self._sink.__enter__()
        new = self._folder / "new"
        new.mkdir()
        program = Program(configured(new, self._sink.port), SteppedClock(BEGINS))
        enrolled(program, new, MAILS, BEGINS)
        program.store.close()
        return self

    def __exit__(self, *_error: object) -> None:
        self._sink.__exit__()

    def run(self, kind: str, seed: int, figures: Figures) -> None:
        """Live through one run, and judge it."""
        chance = random.Random(f"{kind}/{seed}")
        trouble = trouble_of(kind, chance)
        events = events_of(trouble, chance)
        folder = self._folder / "run"
        shutil.copytree(self._folder / "new", folder)
        clock = SteppedClock(BEGINS)
        self._sink.taken.clear()
        self._sink.refusing, self._sink.now = "", clock.now
        began = time.perf_counter()
        life = Life(load_configuration(folder / "schoolgate.toml", {}), clock, self._sink)
        try:
            life.live(events, ENDS)
            program = life.program
            judge = Judge(program.store, program.school.school_id, life.seen, self._oracle)
            found = list(judge.faults(trouble, events))
        finally:
            life.close()
            shutil.rmtree(folder)
        figures.faults += [f"run {seed}: {fault}" for fault in found]
        figures.counts.update(judge.counts)
        figures.runs += 1
        figures.seconds += time.perf_counter() - began


def main() -> int:
    """Run all of it, print the figures, and return 1 when anything is wrong."""
    faults = 0
    with (
        tempfile.TemporaryDirectory(prefix="schoolgate-steps-") as scratch,
        Campaign(Path(scratch)) as campaign,
    ):
        for kind in KINDS:
            figures = Figures(kind)
            for seed in range(RUNS):
                campaign.run(kind, seed, figures)
            print("\n".join(figures.lines()), flush=True)
            faults += len(figures.faults)
    print("Nothing outside, nothing twice, nothing asleep." if not faults else f"{faults} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
