"""What is said when nothing can be read of a file at all."""

from __future__ import annotations

from collections.abc import Iterable


class RosterFaults(Exception):
    """The file cannot be taken as it is. `faults` name file, line and reason."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
