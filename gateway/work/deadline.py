"""Cuts a line when its time is over, whatever the peer is dribbling.

A timeout of a socket starts again with every octet; this one does not. It is what
keeps a 250 from arriving after a teacher's window has closed.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Deadline:
    """A stretch of real time, and the socket that is cut at its end."""

    def __init__(self, seconds: float) -> None:
        """Start counting when entered. `seconds` must be finite; with 0 the time is over."""
        self.seconds = max(seconds, 0.0)
        self.passed = seconds <= 0
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(self.seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self.watch(None)

    def watch(self, line: socket.socket | None) -> None:
        """Cut `line` at the end, or now if the end is past; it replaces the one before."""
        with self._lock:
            self._socket = line
            if self.passed:
                self._shut()

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            # Closing would not wake the thread that reads; nor would a TLS shutdown, which
            # waits for the peer. OSError: the peer was faster.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
