"""Runs a step in several threads until nothing is left, with spare ones for those held up."""

from __future__ import annotations

import threading
from collections.abc import Callable

# How often the lanes are looked at, in a share of the longest time one may stand still.
LOOKS = 20
# A lane is held up when it stands for this many times what a step usually takes.
UNUSUAL = 8


class _Lane:
    """One thread that repeats the step. `left_behind`: a spare runs in its place."""

    def __init__(self) -> None:
        self.steps = 0
        self.steps_seen = 0
        self.counted = 0  # in the result of a run
        self.stood = 0  # looks in a row at which it was in the same step
        self.left_behind = False
        self.done = False
        self.error: Exception | None = None


class Lanes:
    """So many threads for one step, and no slow peer that holds up the rest.

    A lane that stands in one step for unusually long is left behind: a spare takes its
    place, at most `spare` of them at once, and it ends with its step. Threads die with
    the program, so a step must be safe to abandon.
    """

    def __init__(
        self, step: Callable[[], bool], lanes: int, spare: int, slow_after_seconds: float
    ) -> None:
        """`step` returns False when nothing is left to do.

        `slow_after_seconds`, of real time, are unusually long in any case.
        """
        self._step = step
        self._wanted = lanes
        self._spare = spare
        self._look_seconds = slow_after_seconds / LOOKS
        self._lanes: list[_Lane] = []
        self._wake = threading.Condition()

    def run(self) -> int:
        """Repeat the step until it returns False in every lane; return how many did work.

        Lanes that stand for `slow_after_seconds` are not waited for; `join` does that.

        Raises:
            Exception: whatever a step raised, once the lanes have come to their end.
        """
        with self._wake:
            for _ in range(min(self._wanted, self._room())):
                self._start()
            looks, steps = 0, 0
            while any(not (lane.done or lane.stood >= LOOKS) for lane in self._lanes):
                if self._wake.wait(self._look_seconds):
                    continue
                usual = looks / steps if steps else 1.0
                moved = self._leave_behind(min(max(UNUSUAL * usual, 2.0), LOOKS))
                looks, steps = looks + len(moved), steps + sum(moved)
            return self._results()

    def join(self, seconds: float) -> bool:
        """Wait for lanes left behind; False when some are still held up after `seconds`."""
        with self._wake:
            return self._wake.wait_for(lambda: all(lane.done for lane in self._lanes), seconds)

    def _room(self) -> int:
        return self._wanted + self._spare - sum(not lane.done for lane in self._lanes)

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

    def _leave_behind(self, most_looks: float) -> list[int]:
        """Replace the lanes that stood for `most_looks`; return the steps of those that moved."""
        moved: list[int] = []
        for lane in [one for one in self._lanes if not one.done]:
            steps = lane.steps - lane.steps_seen
            lane.steps_seen = lane.steps
            lane.stood = 0 if steps else lane.stood + 1
            if steps:
                moved.append(steps)
            if lane.stood >= most_looks and not lane.left_behind and self._room() > 0:
                lane.left_behind = True
                self._start()
        return moved

    def _results(self) -> int:
        steps = sum(lane.steps - lane.counted for lane in self._lanes)
        for lane in self._lanes:
            lane.counted = lane.steps
        ended = [lane for lane in self._lanes if lane.done]
        self._lanes = [lane for lane in self._lanes if not lane.done]
        for lane in ended:
            if lane.error is not None:
                raise lane.error
        return steps
