"""A smarthost that does what a test tells it to, over a real socket, however rude."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

# In the order of a session; a line may be dropped at any of them.
POINTS = (
    "before the greeting",
    "before EHLO is answered",
    "after EHLO is answered",
    "before MAIL is answered",
    "after MAIL is answered",
    "before RCPT is answered",
    "after RCPT is answered",
    "before DATA is answered",
    "after DATA is answered",
    "inside the content",
    "after the final dot",
)


class _Dropped(Exception):
    pass


@dataclass
class ScriptedSink:
    """Takes mail on loopback. Fields that are functions may be replaced while it runs."""

    drops: Callable[[str], bool] = lambda point: False
    greeting: Callable[[], bytes] = lambda: b"220 sink.example\r\n"
    offers: bytes = b"250-sink.example\r\n250 SIZE 0\r\n"
    auth: bytes = b"235 welcome\r\n"
    mail: Callable[[], bytes] = lambda: b"250 ok\r\n"
    rcpt: Callable[[str], bytes] = lambda recipient: b"250 ok\r\n"
    dot: Callable[[bytes], bytes] = lambda octets: b"250 taken\r\n"
    taken: list[bytes] = field(default_factory=list)  # content as it came, before the answer
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    one_line_only: bool = False  # turn away who comes while another is here
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        alone = self.one_at_a_time.acquire(blocking=False)
        try:
            with line:
                if self.one_line_only and not alone:
                    self._point("before it is turned away")
                    line.sendall(b"421 too many\r\n")
                    return
                self._session(line)
        except (_Dropped, OSError):
            return
        finally:
            if alone:
                self.one_at_a_time.release()

    def _point(self, point: str) -> None:
        if self.drops(point):
            raise _Dropped

    def _session(self, line: socket.socket) -> None:
        self._point("before the greeting")
        line.sendall(self.greeting())
        reader = line.makefile("rb")
        while command := reader.readline().decode("latin-1").rstrip("\r\n"):
            verb = command[:4].upper()
            self.commands.append(verb + command[4:])
            self._point(f"before {verb} is answered")
            if verb == "DATA":
                line.sendall(b"354 go on\r\n")
                self._point("after DATA is answered")
                self._content(line, reader)
                continue
            line.sendall(self._answer(verb, command))
            if verb == "QUIT":
                return
            self._point(f"after {verb} is answered")

    def _answer(self, verb: str, command: str) -> bytes:
        match verb:
            case "EHLO":
                return self.offers
            case "AUTH":
                return self.auth
            case "MAIL":
                return self.mail()
            case "RCPT":
                return self.rcpt(command.partition("<")[2].rpartition(">")[0])
            case _:
                return b"250 ok\r\n"

    def _content(self, line: socket.socket, reader: object) -> None:
        octets = b""
        while not (octets.endswith(b"\r\n.\r\n") or octets == b".\r\n"):
            octets += reader.readline()  # type: ignore[attr-defined]  # makefile's type is private
            if not octets:
                raise _Dropped
            self._point("inside the content")
        octets = octets[:-3].replace(b"\r\n..", b"\r\n.")
        answer = self.dot(octets)
        if answer.startswith(b"250"):
            self.taken.append(octets)
        self._point("after the final dot")
        line.sendall(answer)
