"""One SMTP conversation: when to answer, when to read a message, when to part."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import Protocol

from gateway.intake import reply
from gateway.intake.aiosmtpd_fixes import Connection, Door
from gateway.intake.dialogue import Desk, Dialogue, Step, Welcome
from gateway.intake.end_of_data import DataReader
from gateway.intake.reply import Reply
from gateway.intake.trouble import log_trouble

log = logging.getLogger(__name__)

START_MAIL_INPUT = "354 End data with <CR><LF>.<CR><LF>"  # 3xx has no enhanced code (RFC 2034 §4)
FAREWELLS = (221, 421)


class Listener(Door, Desk, Protocol):
    """Everything a session asks of the listener it belongs to."""

    async def keep(self, dialogue: Dialogue, octets: bytes, peer: str) -> Reply:
        """Make the message durable, and only then return the answer to its final dot."""
        ...


class Session(Connection):
    """A peer's visit: any number of messages, each answered after it is durable."""

    def __init__(self, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(listener, loop)
        self._listener = listener
        self._dialogue = Dialogue(listener)

    async def converse(self) -> None:
        """Greet, and answer each line until one of us parts."""
        self.say(f"220 {self._listener.hostname} ESMTP")
        while (line := await self.next_line()) is not None:
            answer = await self._answer(line)
            if answer is reply.TOO_MANY_ERRORS:
                await self.flush()
                await asyncio.sleep(self.limits.parting_delay_seconds)
            if isinstance(answer, Reply) and answer.code in FAREWELLS:
                self.part(answer)
            if self.parted:
                return
            if answer is not None:
                self.say(answer)

    async def _answer(self, line: bytes) -> Reply | Welcome | None:
        try:
            answer = self._dialogue.answer(line)
        except Exception as error:  # noqa: BLE001 - the edge of one command.
            log_trouble(log, "command_failed", error)
            return reply.TRY_LATER
        if answer is Step.READ_MESSAGE:
            return await self._take_message()
        if answer is Step.START_TLS:
            await self._go_private()
            return None
        return answer

    async def _go_private(self) -> None:
        assert self._listener.tls is not None, "STARTTLS was not offered"
        await self.start_tls(self._listener.tls)
        self._dialogue.tls_started()

    async def _take_message(self) -> Reply | None:
        """Read to the true end of the message, have it kept, and return the final dot's answer."""
        self.say(START_MAIL_INPUT)
        await self.flush()
        content = DataReader(self.limits.size_bytes)
        held_bytes = 0
        no_room = False
        began = self.loop.time()
        piece = bytes(self.pending)
        self.pending.clear()
        try:
            while (rest := content.feed(piece)) is None:
                more_bytes = content.kept_bytes - held_bytes
                if self._listener.admission.hold(more_bytes):
                    held_bytes += more_bytes
                else:
                    self._listener.admission.hold(-more_bytes - held_bytes)
                    held_bytes = 0
                    content.discard()
                    no_room = True
                if content.seen_bytes > self.limits.discarded_bytes:
                    self.part(reply.TOO_BIG)
                    return None
                self.allow(self._patience(began, content.seen_bytes))
                piece = await self.read_piece()
                if not piece:
                    raise ConnectionResetError("the peer left inside a message")
            self.pending += rest
            self.allow(math.inf)  # What is slow from here on is ours.
            return reply.NO_SPACE if no_room else await self._judge(content)
        finally:
            self._listener.admission.hold(-held_bytes)
            self._dialogue.transaction = None

    def _patience(self, began: float, seen_bytes: int) -> float:
        """Return for how long the next piece of a message may be awaited, in seconds."""
        elapsed = self.loop.time() - began
        seconds = min(self.limits.idle_seconds, self.limits.message_seconds - elapsed)
        if self.limits.floor_bytes_per_second:
            earned = self.limits.idle_seconds + seen_bytes / self.limits.floor_bytes_per_second
            seconds = min(seconds, earned - elapsed)
        return seconds

    async def _judge(self, content: DataReader) -> Reply:
        if content.unclean:
            return self._dialogue.weigh(reply.BAD_LINE_ENDS)
        if content.too_big:
            return self._dialogue.weigh(reply.TOO_BIG)
        try:
            answer = await self._listener.keep(self._dialogue, content.octets(), self.peer)
        except Exception as error:  # noqa: BLE001 - the edge of one message.
            log_trouble(log, "message_not_kept", error)
            return reply.TRY_LATER
        if answer is reply.FINE:
            self._dialogue.message_kept()
        return answer
