"""How many rows a second leave the outbox through one smarthost on loopback?

    python -m benchmarks.send [--rows 2000] [--size 4096] [--connections 2] [--url sqlite:///...]
    python -m benchmarks.send --trouble      5 % 4xx, 5 % 5xx, 1 % stalls, against a clean run

The smarthost is aiosmtpd in a process of its own, which keeps nothing. Each run has an empty
store with `synchronous=FULL`; the time is that of one `run_once`.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from sqlalchemy import insert

from gateway.clock import SystemClock
from gateway.store import outbox
from gateway.store.attempts import RetryRule
from gateway.store.engine import Store
from gateway.store.outbox import Outgoing, Priority
from gateway.store.schema import metadata, schools
from gateway.work.send import Allowed, Pace, Sender
from gateway.work.smarthost import Smarthost, SmarthostSettings

STALL_SECONDS = 40  # a reply of forty octets at one a second


class _Sink:
    """Takes everything, except what the local part asks for otherwise."""

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("later"):
            return "451 4.2.0 later"
        if address.startswith("never"):
            return "550 5.1.1 never"
        if address.startswith("stall"):
            await asyncio.sleep(STALL_SECONDS)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 2.0.0 taken"


def _serve(listener: socket.socket) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(_Sink(), hostname="sink.example", loop=loop), sock=listener
        )
        await server.serve_forever()

    asyncio.run(main())


def fill(store: Store, rows: int, size: int, *, trouble: bool) -> None:
    """Queue the rows, all due now."""
    now = datetime.now(UTC)
    with store.begin() as connection:
        metadata.create_all(connection)
        connection.execute(
            insert(schools).values(school_id="school", name="Elm", domain="elm.example")
        )
        for number in range(rows):
            head = f"Message-ID: <{number}@elm.example>\r\nSubject: s\r\n\r\n".encode()
            line = b"x" * 70 + b"\r\n"
            local = _local_part(number) if trouble else "ok"
            outgoing = Outgoing(
                key=str(number),
                school_id="school",
                kind="digest",
                priority=Priority.DIGEST,
                recipient=f"{local}{number}@parent.example",
                reverse_path="b@elm.example",
                message_id=f"<{number}@elm.example>",
                octets=head + line * ((size - len(head)) // len(line)),
                not_before=now,
            )
            outbox.add(connection, outgoing, now)


def _local_part(number: int) -> str:
    match number % 100:
        case 7 | 27 | 47 | 67 | 87:
            return "later"
        case 13 | 33 | 53 | 73 | 93:
            return "never"
        case 50:
            return "stall"
        case _:
            return "ok"


def run(url: str, rows: int, size: int, connections: int, *, trouble: bool) -> float:
    """Send `rows` rows and print the figures; return the seconds it took."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    sink = multiprocessing.get_context("fork").Process(target=_serve, args=(listener,), daemon=True)
    sink.start()
    listener.close()
    store = Store(url)
    fill(store, rows, size, trouble=trouble)
    sender = Sender(
        store,
        Smarthost(SmarthostSettings("127.0.0.1", port, "gw.elm.example", security="none")),
        SystemClock(),
        Allowed(lambda *_: None, lambda *_: None, lambda _staff, now: now),
        RetryRule(),
        lambda *_: None,
        Pace(connections=connections),
    )
    began, cpu_began = time.perf_counter(), time.process_time()
    taken = sender.run_once()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    with store.read() as connection:
        states = outbox.counts(connection)
    sender.wait_for_stalled(STALL_SECONDS * 2)
    sink.terminate()
    sink.join()
    store.close()
    print(
        f"{'trouble' if trouble else 'clean':8} {taken} rows of {size} B over {connections}"
        f" connections: {seconds:.2f} s, {taken / seconds:.0f}/s, CPU {cpu / rows * 1000:.2f} ms"
        f" a row; {states}"
    )
    return seconds


def main(arguments: list[str] | None = None) -> None:
    """Print one line a run."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.send", description=__doc__)
    options.add_argument("--rows", type=int, default=2000)
    options.add_argument("--size", type=int, default=4096)
    options.add_argument("--connections", type=int, default=2)
    options.add_argument("--url", help="an empty database; a new SQLite file by default")
    options.add_argument("--trouble", action="store_true")
    chosen = options.parse_args(arguments if arguments is not None else [])

    def once(*, trouble: bool) -> float:
        with tempfile.TemporaryDirectory() as folder:
            url = chosen.url or f"sqlite:///{Path(folder) / 'bench.db'}"
            return run(url, chosen.rows, chosen.size, chosen.connections, trouble=trouble)

    clean = once(trouble=False)
    if chosen.trouble:
        print(f"with trouble: {once(trouble=True) / clean:.2f} times the clean run")


if __name__ == "__main__":
    main(sys.argv[1:])
