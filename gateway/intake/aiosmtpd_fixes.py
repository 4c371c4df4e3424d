"""What aiosmtpd 1.4.6 must not do in our name: every workaround for that release, in one place.

aiosmtpd keeps the connection, its protocol and its task; the rest is replaced
here, because as it comes (each point has a test):

- it reads DATA a line at a time (1.5 GB and 50 s for 33 MB of empty lines) and
  refuses lines over 1,001 octets; `read_piece` gives what the transport has;
- an error becomes "500 Error: ..." with the exception's text: a permanent
  refusal for our own fault, and a leak; we say 451 in fixed words;
- its timer is renewed by every NOOP and never inside DATA; ours is a deadline
  that the session moves, looked at by one timer;
- it lets any number of connections in;
- it cancels the session when the peer has sent all and half-closed;
- it writes one packet a reply; we answer a pipelined group at once (RFC 2920 §3.2);
- it takes STARTTLS apart through private attributes of asyncio; we ask the loop;
- it looks up our own name and searches itself for hooks at each connection, and
  may leave Nagle's delay on;
- its `mail.log` logger writes addresses.
"""

from __future__ import annotations

import asyncio
import logging
import math
import socket
import ssl
from typing import Protocol

from aiosmtpd.smtp import SMTP

from gateway.intake import reply
from gateway.intake.admission import Admission
from gateway.intake.limits import SmtpLimits
from gateway.intake.reply import Reply
from gateway.intake.trouble import log_trouble

log = logging.getLogger(__name__)

PIECE_BYTES = 256 * 1024


class Door(Protocol):
    """What a connection asks of the listener behind which it opens."""

    limits: SmtpLimits
    hostname: str
    tls: ssl.SSLContext | None
    admission: Admission
    closing: bool

    def opened(self, connection: Connection) -> None:
        """Remember a connection that has entered."""
        ...

    def closed(self, connection: Connection) -> None:
        """Forget it."""
        ...


class Connection(SMTP):
    """One connection: lines and pieces in, replies out, deadlines and farewells.

    What is said on it is `converse`, which a subclass gives.
    """

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        # Not SMTP.__init__: it looks through every attribute of itself and its
        # handler for hooks, which costs more than the rest of a short session.
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(limit=PIECE_BYTES, loop=loop),
            client_connected_cb=self._cb_client_connected,
            loop=loop,
        )
        self.loop = loop
        self.hostname = door.hostname
        self.transport = None
        self.session = None
        self.envelope = None
        self._original_transport = None
        self._handler_coroutine = None
        self._timeout_handle = None
        self.peer = ""
        self.limits = door.limits
        self.pending = bytearray()  # read, and not yet taken for a command
        self._door = door
        self._channel: asyncio.Transport | None = None
        self._encrypted = False
        self._waiting = False  # for the peer's next command: the only moment to be told to go
        self._parted = False
        self._deadline = math.inf
        self._unsaid: list[str] = []

    async def converse(self) -> None:
        """Speak with the peer until one of us parts."""
        raise NotImplementedError

    # --- the protocol, as asyncio calls it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or tell it at once why not."""
        assert isinstance(transport, asyncio.Transport)
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) else ""
        refusal = reply.CLOSING if self._door.closing else self._door.admission.enter(self.peer)
        if refusal is not None:
            transport.write(f"{refusal}\r\n".encode())
            transport.close()
            return
        self._channel = transport
        self._door.opened(self)
        _send_at_once(transport)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Feed the reader of the moment: after STARTTLS it is another one."""
        self._reader.feed_data(data)

    def eof_received(self) -> bool:
        """Answer what was sent before the peer closed its side, instead of giving up."""
        self._reader.feed_eof()
        return not self._encrypted

    def connection_lost(self, error: Exception | None) -> None:
        """Give the connection's place free."""
        if self._channel is None:
            return  # It was never let in.
        self._leave()
        super().connection_lost(error)

    def _leave(self) -> None:
        self._channel = None
        self._door.admission.leave(self.peer)
        self._door.closed(self)
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()

    async def _handle_client(self) -> None:
        try:
            await self.converse()
        except OSError:
            pass  # The peer went away, or its TLS handshake failed: it knows.
        except Exception as error:  # noqa: BLE001 - the edge of one session.
            log_trouble(log, "session_failed", error)
            self.part(reply.TRY_LATER)  # In the middle of something: what follows has no meaning.
        self._close()

    # --- time

    def allow(self, seconds: float) -> None:
        """Give the peer `seconds` from now for what it does; infinite while the wait is ours."""
        self._deadline = self.loop.time() + seconds
        if self._timeout_handle is None or self._deadline < self._timeout_handle.when():
            self._look_again_at(self._deadline)

    def _reset_timeout(self, duration: float | None = None) -> None:
        # The library calls this once, when the connection opens.
        self.allow(duration or self.limits.idle_seconds)

    def _look_again_at(self, moment: float) -> None:
        # One timer that looks again is cheaper than one cancelled for each command.
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_at(moment, self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time()
        if now >= self._deadline:
            self.part(reply.TOO_SLOW)
            return
        self._look_again_at(min(self._deadline, now + self.limits.idle_seconds))

    # --- the end

    @property
    def parted(self) -> bool:
        """Whether the farewell was said."""
        return self._parted

    def part_if_waiting(self) -> None:
        """Say that we close, unless a command or a message is under way: that is finished first."""
        if self._waiting:
            self.part(reply.CLOSING)

    def part(self, farewell: Reply) -> None:
        """Say `farewell` and close; a peer that does not read it is cut off a little later."""
        if self._parted or self._channel is None:
            return
        self._parted = True
        self.say(farewell)
        self._channel.write(self._take_unsaid())
        self._close()

    def abort(self) -> None:
        """Cut the connection without another word."""
        if self._channel is not None:
            self._channel.abort()

    def _close(self) -> None:
        if self._channel is None:
            return
        self._channel.close()
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(self.limits.linger_seconds, self.abort)

    # --- words

    async def next_line(self) -> bytes | None:
        """Return the next line with its end (cut, when it is too long), or None at the end."""
        self.allow(self.limits.idle_seconds)
        while True:
            if self._door.closing:
                self.part(reply.CLOSING)
                return None
            end = self.pending.find(b"\n") + 1
            if end:
                line = bytes(self.pending[:end])
                del self.pending[:end]
                return line
            del self.pending[self.limits.command_octets + 1 :]
            self._waiting = True
            piece = await self.read_piece()
            self._waiting = False
            if not piece:
                return None
            self.pending += piece

    async def read_piece(self) -> bytes:
        """Say what is to be said, then return what the peer sent, b"" at the end."""
        await self.flush()
        return await self._reader.read(PIECE_BYTES)

    def say(self, answer: object) -> None:
        """Put an answer beside those that leave together."""
        self._unsaid.append(f"{answer}\r\n")

    async def flush(self) -> None:
        """Send every answer that waits."""
        if self._unsaid:
            self._writer.write(self._take_unsaid())
            await self._writer.drain()

    def _take_unsaid(self) -> bytes:
        said = "".join(self._unsaid).encode("ascii")
        self._unsaid.clear()
        return said

    # --- TLS

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Say that we are ready, and go on encrypted, with nothing kept of what came in the clear.

        Raises:
            OSError: the handshake failed; the connection is closed.
        """
        assert self._channel is not None
        self.say(reply.READY_FOR_TLS)
        await self.flush()
        # What came in the clear behind the command was not said by the peer we
        # are about to know (CVE-2024-34083): it stays behind in the old reader.
        self.pending.clear()
        self._reader = asyncio.StreamReader(limit=PIECE_BYTES, loop=self.loop)
        self.allow(math.inf)  # The handshake has its own limit.
        channel = None
        try:
            channel = await self.loop.start_tls(
                self._channel,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=self.limits.idle_seconds,
            )
        finally:
            if channel is None and self._channel is not None:
                # asyncio does not say connection_lost for a peer that leaves here.
                self._channel.abort()
                self._leave()
        if channel is None:
            raise ConnectionResetError("the peer left inside the TLS handshake")
        self.transport = self._channel = channel
        self._reader.set_transport(channel)
        self._writer = asyncio.StreamWriter(channel, self, self._reader, self.loop)
        self._encrypted = True


def quiet_library_log() -> None:
    """Turn down the logger to which aiosmtpd writes addresses and, on DEBUG, whole messages."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def _send_at_once(transport: asyncio.Transport) -> None:
    # asyncio does this only for sockets made with the protocol's number; each
    # EHLO then waits 40 ms for the peer's delayed acknowledgement.
    made = transport.get_extra_info("socket")
    if made is not None and made.family in (socket.AF_INET, socket.AF_INET6):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
