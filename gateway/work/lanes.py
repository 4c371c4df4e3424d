"""Runs a step in several threads until nothing is left, with spare ones for those held up."""

from __future__ import annotations

import threading
from collections.abc import Callable


class _Lane:
    """One thread that repeats the step. `left_behind`: a spare runs in its place."""

    def __init__(self) -> None:
        self.steps = 0
        self.steps_seen = -1
        self.left_behind = False
        self.done = False
        self.error: Exception | None = None


class Lanes:
    """So many threads for one step, and no slow peer that holds up the rest.

    A lane that stands in one step for `slow_after_seconds` of real time, or up to
    twice that, is left behind: a spare takes its place, at most `spare` of them at
    once, and it ends with its step. Threads die with the program, so a step must be
    safe to abandon.
    """

    def __init__(
        self, step: Callable[[], bool], lanes: int, spare: int, slow_after_seconds: float
    ) -> None:
        """`step` returns False when nothing is left to do."""
        self._step = step
        self._wanted = lanes
        self._spare = spare
        self._slow_after_seconds = slow_after_seconds
        self._lanes: list[_Lane] = []
        self._wake = threading.Condition()

    def run(self) -> int:
        """Repeat the step until it returns False in every lane; return how many did work.

        Lanes left behind are not waited for; `join` does that.

        Raises:
            Exception: whatever a step raised, once the lanes have come to their end.
        """
        with self._wake:
            for _ in range(self._wanted):
                self._start()
            while any(not (lane.done or lane.left_behind) for lane in self._lanes):
                if not self._wake.wait(self._slow_after_seconds):
                    self._leave_behind()
            return self._results()

    def join(self, seconds: float) -> bool:
        """Wait for lanes left behind; False when some are still held up after `seconds`."""
        with self._wake:
            return self._wake.wait_for(lambda: all(lane.done for lane in self._lanes), seconds)

    def _start(self) -> None:
        lane = _Lane()
        self._lanes.append(lane)
        threading.Thread(target=self._run, args=(lane,), name="send", daemon=True).start()

    def _run(self, lane: _Lane) -> None:
        try:
            while not lane.left_behind and self._step():
                lane.steps += 1
        except Exception as error:  # noqa: BLE001 - carried to the caller of run, which raises it
            lane.error = error
        with self._wake:
            lane.done = True
            self._wake.notify_all()

    def _leave_behind(self) -> None:
        for lane in [one for one in self._lanes if not (one.done or one.left_behind)]:
            at_work = sum(not one.done for one in self._lanes)
            if lane.steps == lane.steps_seen and at_work < self._wanted + self._spare:
                lane.left_behind = True
                self._start()
            lane.steps_seen = lane.steps

    def _results(self) -> int:
        steps = 0
        for lane in self._lanes:
            steps, lane.steps = steps + lane.steps, 0
        ended = [lane for lane in self._lanes if lane.done]
        self._lanes = [lane for lane in self._lanes if not lane.done]
        for lane in ended:
            if lane.error is not None:
                raise lane.error
        return steps
