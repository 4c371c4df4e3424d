"""Takes mail by SMTP: one listening address, its open sessions, and a 250 only after the commit."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.intake import reply
from gateway.intake.admission import Admission, Network
from gateway.intake.aiosmtpd_fixes import Connection, quiet_library_log
from gateway.intake.dialogue import Dialogue
from gateway.intake.group_commit import SpoolUnavailable, SpoolWriter
from gateway.intake.limits import SmtpLimits
from gateway.intake.reply import Reply
from gateway.intake.session import Session
from gateway.store.spool import Arrival

log = logging.getLogger(__name__)

BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where we listen and as whom. Port 0 takes a free one; `tls` offers STARTTLS."""

    host: str = "127.0.0.1"
    port: int = 8025
    hostname: str = "localhost"
    tls: ssl.SSLContext | None = None
    offers_utf8: bool = False  # only when the smarthost has SMTPUTF8 too (RFC 6531 §3.2)
    trusted_relays: tuple[Network, ...] = ()


class SmtpListener:
    """The SMTP door. Start it on a running loop; the writer must have been started.

    `recipients` returns the school_id of an address that is ours (given in lower
    case), or None; `free_space` returns the octets left where the store lives.
    Both are called on the loop and must be quick; what they raise becomes 451.
    """

    def __init__(
        self,
        address: SmtpAddress,
        limits: SmtpLimits,
        writer: SpoolWriter,
        recipients: Callable[[str], str | None],
        clock: Clock,
        free_space: Callable[[], int],
    ) -> None:
        self.limits = limits
        self.hostname = address.hostname
        self.tls = address.tls
        self.offers_tls = address.tls is not None
        self.offers_utf8 = address.offers_utf8
        self.admission = Admission(limits, address.trusted_relays)
        self.closing = False
        self._address = address
        self._writer = writer
        self._recipients = recipients
        self._clock = clock
        self._free_space = free_space
        self._server: asyncio.Server | None = None
        self._open: set[Connection] = set()
        self._all_closed = asyncio.Event()

    @property
    def port(self) -> int:
        """The port in use; meaningful between `start` and `stop`."""
        if self._server is None:
            return self._address.port
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def is_busy(self) -> bool:
        """Whether a session is open."""
        return bool(self._open)

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address is taken, not ours, or needs rights we lack.
        """
        quiet_library_log()
        loop = asyncio.get_running_loop()
        self.closing = False
        self._server = await loop.create_server(
            lambda: Session(self, loop),
            self._address.host,
            self._address.port,
            backlog=BACKLOG,
        )
        log.info("smtp_listening", extra={"port": self.port})

    async def stop(self) -> None:
        """Take no more; finish what is under way, tell the others 421, cut off whoever lingers."""
        self.closing = True
        if self._server is not None:
            self._server.close()
            self._server = None
        self._all_closed.clear()
        for connection in tuple(self._open):
            connection.part_if_waiting()
        if self._open:
            try:
                await asyncio.wait_for(self._all_closed.wait(), self.limits.stop_seconds)
            except TimeoutError:
                await self._cut_off()
        log.info("smtp_stopped")

    async def _cut_off(self) -> None:
        for connection in tuple(self._open):
            connection.part(reply.CLOSING)
        await asyncio.sleep(0)  # Let what was said leave before the sockets go.
        for connection in tuple(self._open):
            connection.abort()
        await asyncio.sleep(0)

    # --- what a connection asks

    def opened(self, connection: Connection) -> None:
        """Remember an open session."""
        self._open.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget a session that has ended."""
        self._open.discard(connection)
        if not self._open:
            self._all_closed.set()

    def has_room(self) -> bool:
        """Tell whether the store has space for another message."""
        return self._free_space() >= self.limits.min_free_bytes

    def school_of(self, recipient: str) -> str | None:
        """Return the school_id of an address that is ours, or None."""
        return self._recipients(recipient)

    async def keep(self, dialogue: Dialogue, octets: bytes, peer: str) -> Reply:
        """Make the message durable, and only then return the answer to its final dot."""
        transaction = dialogue.transaction
        assert transaction is not None, "content was read outside a transaction"
        arrival = Arrival(
            octets=octets,
            reverse_path=transaction.reverse_path,
            recipients=tuple(transaction.recipients.items()),
            transport="smtp",
            peer=peer or None,
            helo=dialogue.helo,
            tls=dialogue.tls,
            arrived=self._clock.now(),
        )
        try:
            spool_ids = await self._writer.accept(arrival)
        except SpoolUnavailable:
            return reply.TRY_LATER  # The writer has logged why.
        for spool_id in spool_ids:
            log.info("message_accepted", extra={"spool_id": spool_id, "size_bytes": len(octets)})
        return reply.FINE
