"""One program on one store: a second start is refused while the first one runs."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from gateway.store.engine import Store


class AlreadyRunning(Exception):
    """Another Schoolgate works on this store."""


class InstanceLock:
    """A lock on a file beside the SQLite store; the system drops it when the process ends.

    PostgreSQL needs none: there, rows are claimed one by one.
    """

    def __init__(self, store: Store) -> None:
        database = store.url.database
        self._path = Path(f"{database}.lock") if store.is_sqlite and database else None
        self._file: int | None = None

    def take(self) -> bool:
        """Hold the lock, or raise AlreadyRunning. False where there is none to hold."""
        if self._path is None:
            return False
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            raise AlreadyRunning(f"another Schoolgate is using {self._path.stem}") from error
        self._file = file
        return True

    def drop(self) -> None:
        """Let go of the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
