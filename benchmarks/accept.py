"""Durable acceptance: how many messages a second are answered 250 after their commit.

The listener runs in this process on a file store in a temporary folder, the
clients in another, each connection one message after the other with pipelined
commands. CPU is this process's time; what the clients use is not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, insert, select

from gateway.clock import SystemClock
from gateway.intake.group_commit import SpoolWriter
from gateway.intake.limits import SmtpLimits
from gateway.intake.smtp import SmtpAddress, SmtpListener
from gateway.store.engine import Store
from gateway.store.schema import messages, metadata, schools
from gateway.store.types import new_id

RECIPIENT = "class-7b@school.example"
ENVELOPE = f"MAIL FROM:<parent@home.example>\r\nRCPT TO:<{RECIPIENT}>\r\nDATA\r\n".encode()
SIZES = {"4 kB": 4_000, "100 kB": 100_000}
CONNECTIONS = (1, 10, 50)
ROW = "{:>7} {:>5} {:>11} {:>9} {:>8} {:>8} {:>9}"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks accept", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="of work for each row")
    parser.add_argument("--folder", type=Path, help="where the store is made")
    parser.add_argument("--uvloop", action="store_true", help="use uvloop, if it is installed")
    options = parser.parse_args(arguments if arguments is not None else [])
    print(ROW.format("size", "conns", "one a conn.", "msg/s", "CPU ms", "commits", "RSS MB"))
    for label, size_bytes in SIZES.items():
        for connections in CONNECTIONS:
            _print_row(label, size_bytes, connections, False, options)
    for connections in CONNECTIONS[1:]:
        _print_row("4 kB", SIZES["4 kB"], connections, True, options)


def _print_row(
    label: str, size_bytes: int, connections: int, fresh: bool, options: argparse.Namespace
) -> None:
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure = _measure(Path(folder), size_bytes, connections, fresh, options.seconds)
        figures = _run(measure, uvloop=options.uvloop)
    print(
        ROW.format(
            label,
            connections,
            "yes" if fresh else "no",
            f"{figures['rate']:,.0f}",
            f"{figures['cpu_ms']:.2f}",
            f"{figures['commits']:,}",
            f"{figures['rss_mb']:.0f}",
        ),
        flush=True,
    )


def _run(measure: Any, *, uvloop: bool) -> dict[str, Any]:
    if not uvloop:
        return asyncio.run(measure)
    import uvloop as loops  # type: ignore[import-not-found]  # An option, not a dependency.

    with asyncio.Runner(loop_factory=loops.new_event_loop) as runner:
        return runner.run(measure)


async def _measure(
    folder: Path, size_bytes: int, connections: int, fresh: bool, seconds: float
) -> dict[str, Any]:
    clock = SystemClock()
    store = Store(f"sqlite:///{folder / 'accept.db'}")
    metadata.create_all(store.engine)
    school_id = new_id(clock.now())
    with store.begin() as connection:
        connection.execute(
            insert(schools).values(school_id=school_id, name="Oak", domain="school.example")
        )
    commits: list[int] = []
    writer = SpoolWriter(store, on_commit=lambda spool_ids: commits.append(len(spool_ids)))
    writer.start()
    listener = SmtpListener(
        SmtpAddress(port=0, hostname="mx.school.example"),
        replace(SmtpLimits(), connections=1_000, connections_per_ip=1_000),
        writer,
        {RECIPIENT: school_id}.get,
        clock,
        lambda: _free_bytes(folder),
    )
    await listener.start()
    before = time.process_time()
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.accept", "--client"),
        json.dumps([listener.port, size_bytes, connections, fresh, seconds]),
        stdout=subprocess.PIPE,
    )
    said, _ = await client.communicate()
    cpu_seconds = time.process_time() - before
    accepted, elapsed = json.loads(said)
    await listener.stop()
    writer.stop()
    with store.read() as connection:
        kept = connection.execute(select(func.count()).select_from(messages)).scalar_one()
    store.close()
    if kept != accepted:
        raise SystemExit(f"{accepted} messages were answered 250, and {kept} are kept")
    return {
        "rate": accepted / elapsed,
        "cpu_ms": 1000 * cpu_seconds / accepted,
        "commits": len(commits),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _free_bytes(folder: Path) -> int:
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize


# --- the client's side, in its own process ----------------------------------------------------


async def _client(
    port: int, size_bytes: int, connections: int, fresh: bool, seconds: float
) -> tuple[int, float]:
    head = b"From: parent@home.example\r\nTo: class-7b@school.example\r\nSubject: Reading\r\n\r\n"
    line = b"Please could the reading book stay in the bag until Friday, thank you.\r\n"
    content = head + line * ((size_bytes - len(head)) // len(line)) + b".\r\n"
    began = time.perf_counter()
    work = _Work(port, content, began + seconds, fresh)
    await asyncio.gather(*(work.visit_until_done() for _ in range(connections)))
    return work.accepted, time.perf_counter() - began


@dataclass
class _Work:
    port: int
    content: bytes
    until: float
    fresh: bool
    accepted: int = 0

    async def visit_until_done(self) -> None:
        loop = asyncio.get_running_loop()
        while time.perf_counter() < self.until:
            _, visit = await loop.create_connection(lambda: _Visit(self), "127.0.0.1", self.port)
            await visit.over

    def wants_another(self) -> bool:
        self.accepted += 1
        return not self.fresh and time.perf_counter() < self.until


class _Visit(asyncio.Protocol):
    """One connection as a script of expected codes: cheap, so that the server is what is timed."""

    def __init__(self, work: _Work) -> None:
        self.over = asyncio.get_running_loop().create_future()
        self._work = work
        self._heard = b""
        self._expected = [b"221", b"250", b"354", b"250", b"250", b"250", b"220"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._heard = (self._heard + data).split(b"\r\n")
        for line in lines:
            if line[3:4] == b" ":
                self._go_on(line)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(error or ConnectionResetError("the server closed early"))

    def _go_on(self, line: bytes) -> None:
        if not line.startswith(self._expected[-1]):
            self.over.set_exception(ValueError(f"expected {self._expected[-1]!r}, heard {line!r}"))
            return
        self._expected.pop()
        match len(self._expected):
            case 6:
                self._transport.write(b"EHLO client.example\r\n")
            case 5:
                self._transport.write(ENVELOPE)
            case 2:
                self._transport.write(self._work.content)
            case 1 if self._work.wants_another():
                self._expected += [b"250", b"354", b"250", b"250"]
                self._transport.write(ENVELOPE)
            case 1:
                self._transport.write(b"QUIT\r\n")
            case 0:
                self.over.set_result(None)
                self._transport.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--client"]:
        print(json.dumps(asyncio.run(_client(*json.loads(sys.argv[2])))))
    else:
        main(sys.argv[1:])
