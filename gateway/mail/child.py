"""Reads a suspicious message in a child process that may die of it instead of us.

`python -m gateway.mail.child` takes the message's octets on its standard
input and writes one JSON object. It has limits on processor time and memory,
opens no file and no socket, and lives for one message.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from gateway.mail.content_codec import from_json, to_json
from gateway.mail.limits import DEFAULT_LIMITS, ReadingLimits, TooMuch, Unreadable
from gateway.mail.originator import NO_NAMES, GuardianNames
from gateway.mail.read import read_message
from rules.message import Content

TOO_LONG = "reading took too long"
TOO_LARGE = "reading needed too much memory"
DIED = "reading failed"
_EXIT_MEMORY = 12
_MOST_ANSWER = 200 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
# No secret of ours reaches a process that reads hostile octets.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


def read_safely(
    octets: bytes,
    limits: ReadingLimits = DEFAULT_LIMITS,
    *,
    guardian_names: GuardianNames = NO_NAMES,
) -> Content:
    """Return the content of a message, read here when it is ordinary and apart when it is not.

    Raises:
        TooMuch: a limit is exceeded.
        Unreadable: the message kept the limits and could not be read all the same.
    """
    if len(octets) > limits.message_bytes:
        raise TooMuch("message_bytes")
    if len(octets) > limits.apart_above_bytes or octets.count(b"<") > limits.apart_above_tags:
        return read_apart(octets, limits, guardian_names=guardian_names)
    try:
        return read_message(octets, limits, guardian_names=guardian_names)
    except TooMuch:
        raise
    except MemoryError as error:
        raise Unreadable(TOO_LARGE) from error
    except Exception as error:  # the edge of one message: whatever fails, it is set aside whole
        raise Unreadable(DIED) from error


def read_apart(
    octets: bytes,
    limits: ReadingLimits = DEFAULT_LIMITS,
    *,
    guardian_names: GuardianNames = NO_NAMES,
) -> Content:
    """Return the content of a message as a child process reads it.

    The child gets `child_cpu_seconds` of processor time, three times that by
    the clock, and `child_memory_bytes`.

    Raises:
        TooMuch: a limit is exceeded.
        Unreadable: the child died, answered nonsense or took too long.
    """
    names = {name: sorted(addresses) for name, addresses in guardian_names.items()}
    order = json.dumps({"limits": asdict(limits), "names": names}).encode("ascii")
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "gateway.mail.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
    except OSError as error:
        raise Unreadable(DIED) from error
    with child:
        try:
            if child.stdin:
                child.stdin.write(order + b"\n")
            answer, _ = child.communicate(octets, limits.child_cpu_seconds * 3)
        except subprocess.TimeoutExpired:
            child.kill()
            raise Unreadable(TOO_LONG) from None
        except OSError as error:
            child.kill()
            raise Unreadable(DIED) from error
    return _content(child.returncode, answer)


def child_environment() -> dict[str, str]:
    """Return the environment of a process that is given outside text: where our modules are."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = str(_ROOT)
    return environment


def _content(code: int, answer: bytes) -> Content:
    # The kernel sends SIGXCPU, then SIGKILL, when the processor time is spent.
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        raise Unreadable(TOO_LONG)
    if code == _EXIT_MEMORY:
        raise Unreadable(TOO_LARGE)
    if code != 0 or len(answer) > _MOST_ANSWER:
        raise Unreadable(DIED)
    try:
        text = answer.decode("ascii")
        if text.startswith("too-much "):
            raise TooMuch(text.removeprefix("too-much ").strip())
        return from_json(text)
    except ValueError as error:
        raise Unreadable(DIED) from error


def _main() -> int:
    order = json.loads(sys.stdin.buffer.readline())
    limits = ReadingLimits(**order["limits"])
    resource.setrlimit(
        resource.RLIMIT_CPU, (limits.child_cpu_seconds, limits.child_cpu_seconds + 1)
    )
    resource.setrlimit(resource.RLIMIT_AS, (limits.child_memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    names = {name: frozenset(addresses) for name, addresses in order["names"].items()}
    try:
        octets = sys.stdin.buffer.read()
        answer = to_json(read_message(octets, limits, guardian_names=names))
    except TooMuch as error:
        answer = f"too-much {error.what}"
    except MemoryError:
        return _EXIT_MEMORY
    sys.stdout.write(answer)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_main())
