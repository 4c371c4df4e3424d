"""How a rehearsal runs its course: to its end, over idle stretches in a jump."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.clock import RehearsalClock
from gateway.program import Program

LOOK_EVERY_SECONDS = 0.02
# Idle for so long in real time before the clock may jump: a client may be between two mails.
QUIET_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Course:
    """A rehearsal's clock, its end and speed, and whether idle stretches are jumped over."""

    clock: RehearsalClock
    until: datetime | None
    speed: float
    jump: bool

    async def run(self, program: Program, stop: asyncio.Event) -> None:
        """Return at the end of the rehearsal, or when `stop` is set."""
        self.clock.run_at(self.speed)
        done, since = program.done, self.clock.monotonic()
        while not stop.is_set():
            if await self._is_over(program):
                return
            # Not idleness but work ends the quiet: every tick has the workers look for some, and
            # on a busy machine they would be found looking each time.
            if program.done != done or program.listener.is_busy:
                done, since = program.done, self.clock.monotonic()
            quiet = self.clock.monotonic() - since
            if self.jump and quiet >= QUIET_SECONDS and program.is_idle:
                self._jump(await asyncio.to_thread(program.next_due))
                program.rounds.wake()
                since = self.clock.monotonic()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _is_over(self, program: Program) -> bool:
        """Whether the end is reached, and all that was due by then is done."""
        if self.until is None or self.clock.now() < self.until or not program.is_idle:
            return False
        due = await asyncio.to_thread(program.next_due)
        return (due is None or due > self.until) and program.is_idle

    def _jump(self, due: datetime | None) -> None:
        goals = [goal for goal in (due, self.until) if goal is not None]
        if goals:
            self.clock.jump_to(max(min(goals), self.clock.now().astimezone(UTC)))
