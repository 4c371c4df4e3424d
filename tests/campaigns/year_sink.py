"""A smarthost that notes to whom and when, and keeps few octets: a year is much mail."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from typing import Literal, Self

_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(<[^>]+>)")


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail of ours at the moment the smarthost took it."""

    at: datetime
    recipient: str
    message_id: str
    fingerprint: str
    octets: bytes  # of mails to those whose mail is kept; else empty


def text_of(octets: bytes) -> str:
    """Return the plain text of a mail of ours."""
    for part in message_from_bytes(octets).walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""


def fingerprint(octets: bytes) -> str:
    """Return what tells one mail's octets from another's."""
    return hashlib.sha256(octets).hexdigest()


@dataclass
class Sink:
    """Takes mail on loopback until the end of its block, each line in a thread of its own.

    One recipient a mail, as the gateway sends. `now` is asked before the 250 goes out, so
    what is noted is never later than what the gateway notes.
    """

    now: Callable[[], datetime]
    keep: Collection[str] | None = ()  # whose mail is kept with its octets; None: everybody's
    # What it refuses just now: nothing, everybody who comes, or each recipient for a while.
    refusing: Literal["", "all", "recipients"] = ""
    taken: list[Taken] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="sink", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._serve, args=(line,), name="sink-line", daemon=True
            ).start()

    def _serve(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        recipient = ""
        with line, line.makefile("rb") as reader:
            line.sendall(b"220 sink.example\r\n" if self.refusing != "all" else b"421 away\r\n")
            while command := reader.readline():
                verb = command[:4].upper()
                answer = b"250 ok\r\n"
                if verb == b"RCPT":
                    recipient = command.partition(b"<")[2].partition(b">")[0].decode().lower()
                    answer = b"451 later\r\n" if self.refusing == "recipients" else answer
                elif verb == b"EHLO":
                    answer = b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                elif verb == b"DATA":
                    line.sendall(b"354 go on\r\n")
                    octets = bytearray()
                    while (part := reader.readline()) != b".\r\n":
                        if not part:
                            return
                        octets += part[1:] if part.startswith(b".") else part
                    self._take(recipient, bytes(octets))
                elif verb == b"QUIT":
                    line.sendall(b"221 bye\r\n")
                    return
                line.sendall(answer)

    def _take(self, recipient: str, octets: bytes) -> None:
        found = _MESSAGE_ID.search(octets)
        name = found[1].decode("ascii", "replace") if found else ""
        kept = octets if self.keep is None or recipient in self.keep else b""
        self.taken.append(Taken(self.now(), recipient, name, fingerprint(octets), kept))
