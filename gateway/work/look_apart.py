"""Looks through long texts in a process of its own, so that nothing else waits for them.

Looking for topics costs microseconds a character. A megabyte is seconds in
which our own process would neither take nor decide other mail. `python -m
gateway.work.look_apart` reads one JSON order a line and answers each with one;
it ends when its standard input does.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.mail.child import child_environment
from gateway.topicpacks import load_matcher
from rules.message import TextView
from rules.topics import Evidence, Understanding, understand

SECONDS = 30.0  # for one message; by the clock, as the machine may be busy
MEMORY_BYTES = 512 * 1024 * 1024
NOTHING_FOUND = Understanding(frozenset(), False, frozenset(), frozenset(), ())


class TookTooLong(Exception):
    """The text could not be looked through in time; nothing is known of it."""


class Looker:
    """The other process: begun when it is first needed, and again after it had to be ended."""

    def __init__(
        self, packs: Path | None = None, seconds: float = SECONDS, *, second_reader: bool = False
    ) -> None:
        """`packs` is the school's own folder of topic packs; see `load_matcher`."""
        self._arguments = [str(packs or ""), *(["second-reader"] if second_reader else [])]
        self._seconds = seconds
        self._one_order = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def understand(
        self, *, subject: str, own_text: str, readable: tuple[TextView, ...], sent: datetime
    ) -> Understanding:
        """Return what `rules.topics.understand` says, found in the other process.

        Raises:
            TookTooLong: it needed more time or memory than it may have.
        """
        views = [[view.kind, view.text] for view in readable]
        order = json.dumps([subject, own_text, views, sent.isoformat()]).encode("ascii")
        with self._one_order:
            process = self._process = self._process or _begin(self._arguments)
            patience = threading.Timer(self._seconds, process.kill)
            patience.start()
            try:
                answer = _ask(process, order)
            finally:
                patience.cancel()
            if not answer.endswith(b"\n"):
                self._end()
                raise TookTooLong
        return _understanding(json.loads(answer))

    def close(self) -> None:
        """End the other process."""
        with self._one_order:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _begin(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own module, our own folder
        [sys.executable, "-m", "gateway.work.look_apart", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
    )


def _ask(process: subprocess.Popen[bytes], order: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(order + b"\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:  # it died meanwhile
        return b""


def _understanding(value: dict[str, Any]) -> Understanding:
    return Understanding(
        frozenset(value["labels"]),
        bool(value["urgent"]),
        frozenset(value["extra"]),
        frozenset(value["perhaps"]),
        tuple(Evidence(**{**one, "alike": tuple(one["alike"])}) for one in value["evidence"]),
    )


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    packs, *helped = sys.argv[1:]
    matcher = load_matcher(Path(packs) if packs else None, second_reader=bool(helped))
    for line in sys.stdin.buffer:
        subject, own_text, views, sent = json.loads(line)
        found = understand(
            matcher,
            subject=subject,
            own_text=own_text,
            readable=tuple(TextView(kind, text) for kind, text in views),
            sent=datetime.fromisoformat(sent),
        )
        sys.stdout.write(json.dumps(asdict(found), default=sorted) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
