"""A real listener on loopback over a real store, and a peer that says exactly what it is told."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert, select

from gateway.clock import RehearsalClock
from gateway.intake.group_commit import SpoolWriter
from gateway.intake.limits import SmtpLimits
from gateway.intake.smtp import SmtpAddress, SmtpListener
from gateway.store.engine import Store
from gateway.store.schema import messages, metadata, raw_messages, schools

MONDAY = datetime(2026, 11, 2, 8, 5, tzinfo=UTC)
SCHOOL = "0000000000school"
OURS = "class-7b@school.example"
ALSO_OURS = "class-8c@school.example"
OUR_ADDRESSES = {OURS: SCHOOL, ALSO_OURS: SCHOOL}
LIMITS = replace(SmtpLimits(), parting_delay_seconds=0.0, linger_seconds=0.2, min_free_bytes=1)


def new_store(folder: Path) -> Store:
    """Return a store in `folder` that knows one school, and gives up on a lock soon."""
    store = Store(f"sqlite:///{folder / 'gateway.db'}")
    metadata.create_all(store.engine)
    with store.begin() as connection:
        connection.execute(
            insert(schools).values(school_id=SCHOOL, name="Oak School", domain="school.example")
        )

    @event.listens_for(store.engine, "checkout")
    def be_impatient(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA busy_timeout=30")

    return store


class Peer:
    """A client that speaks raw octets."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._heard = self.socket.makefile("rb")

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def reply(self) -> str:
        """Return one whole reply, without its last line end; "" when the line is closed."""
        lines = []
        while True:
            try:
                line = self._heard.readline()
            except ConnectionError:
                line = b""
            lines.append(line.decode("ascii").rstrip("\r\n"))
            if line[3:4] != b"-":
                return "\n".join(lines)

    def say(self, line: str | bytes) -> str:
        self.send((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return self.reply()

    def greet(self) -> Peer:
        assert self.reply().startswith("220 ")
        assert self.say("EHLO home.example").startswith("250-")
        return self

    def begin(self, *recipients: str, sender: str = "mum@home.example") -> Peer:
        """Go as far as the 354."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or (OURS,):
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250 ")
        assert self.say("DATA").startswith("354 ")
        return self

    def bring(self, content: bytes, *recipients: str) -> str:
        """Bring one message; `content` must end in a line end."""
        self.begin(*recipients).send(content + b".\r\n")
        return self.reply()

    def start_tls(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)
        self._heard = self.socket.makefile("rb")

    def close(self) -> None:
        self._heard.close()
        self.socket.close()


class Door:
    """The running listener, seen from outside."""

    def __init__(self, store: Store, writer: SpoolWriter, listener: SmtpListener) -> None:
        self.store = store
        self.writer = writer
        self.listener = listener
        self.loop = asyncio.new_event_loop()
        self.peers: list[Peer] = []

    def peer(self, *, greeted: bool = True) -> Peer:
        peer = Peer(self.listener.port)
        self.peers.append(peer)
        return peer.greet() if greeted else peer

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    def rows(self) -> list[Any]:
        with self.store.read() as connection:
            return list(connection.execute(select(messages).order_by(messages.c.spool_id)))

    def octets(self) -> list[bytes]:
        with self.store.read() as connection:
            return list(connection.execute(select(raw_messages.c.octets)).scalars())


@contextmanager
def open_door(
    folder: Path,
    limits: SmtpLimits = LIMITS,
    *,
    recipients: Callable[[str], str | None] = OUR_ADDRESSES.get,
    free_space: Callable[[], int] = lambda: 10**12,
    **address: Any,
) -> Iterator[Door]:
    """Run a listener on its own thread until the end of the block."""
    store = new_store(folder)
    writer = SpoolWriter(store)
    listener = SmtpListener(
        SmtpAddress(port=0, hostname="mx.school.example", **address),
        limits,
        writer,
        recipients,
        RehearsalClock(MONDAY, speed=0),
        free_space,
    )
    door = Door(store, writer, listener)
    thread = threading.Thread(target=door.loop.run_forever, daemon=True)
    writer.start()
    thread.start()
    try:
        door.run(listener.start())
        yield door
    finally:
        for peer in door.peers:
            peer.close()
        door.run(listener.stop())
        writer.stop()
        door.loop.call_soon_threadsafe(door.loop.stop)
        thread.join(5)
        door.loop.close()
        store.close()
