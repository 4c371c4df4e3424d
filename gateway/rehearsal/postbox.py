"""Plays the school's mail host: takes mail by SMTP on this machine, and files it in Maildirs.

Some addresses fail on purpose, so that a newcomer can see what happens then:
`name+451@...` is always deferred, `name+550@...` always rejected (any 4xx or 5xx
will do), and `name+451once@...` only the first time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gateway.config.hosts import is_loopback

SIZE_LIMIT_BYTES = 64 * 1024 * 1024
_ON_PURPOSE = re.compile(r"\+([45]\d\d)(once)?@")

OnDelivery = Callable[[str, str | None, bytes], None]


class NotThisMachine(ValueError):
    """A rehearsal takes anybody's mail, so it must not be reachable from elsewhere."""


class Postbox:
    """A mail host for one program run: `start`, then `port`, then `stop`."""

    def __init__(
        self,
        folder: Path,
        on_delivery: OnDelivery | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        security: Literal["implicit_tls", "starttls", "none"] = "none",
        context: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        """File mail below `folder`, one Maildir an address.

        `on_delivery` gets recipient, reverse-path (None: null) and octets, after they are
        filed and before the 250, one message at a time. Port 0 takes a free one.

        Raises:
            NotThisMachine: `host` is not loopback.
        """
        if not is_loopback(host):
            raise NotThisMachine(f"a rehearsal listens on this machine only, not on {host}")
        self._host = host
        self._wanted_port = port
        self._security = security
        self._context = context
        self._login = login
        self._handler = _Handler(folder, on_delivery)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postbox", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port in use, once started."""
        assert self._server is not None, "not started"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def start(self) -> None:
        """Listen; OSError when the port is taken."""
        # aiosmtpd writes addresses, and at DEBUG every line of a message, to this log.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        """Close every connection and forget the port. What is filed stays."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._handler.close()

    async def _listen(self) -> None:
        implicit = self._context if self._security == "implicit_tls" else None
        self._server = await self._loop.create_server(
            self._session, self._host, self._wanted_port, ssl=implicit
        )

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        sessions = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    def _session(self) -> SMTP:
        with_starttls = self._security == "starttls"
        return SMTP(
            self._handler,
            hostname="postbox.example",
            data_size_limit=SIZE_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            tls_context=self._context if with_starttls else None,
            require_starttls=with_starttls,
            # aiosmtpd knows of no TLS but its own STARTTLS, and would refuse any log-in.
            auth_require_tls=with_starttls,
            auth_required=self._login is not None,
            authenticator=self._authenticate if self._login is not None else None,
            loop=self._loop,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        assert self._login is not None
        name, password = (part.encode() for part in self._login)
        right = (
            isinstance(given, LoginPassword)
            and secrets.compare_digest(given.login, name)
            and secrets.compare_digest(given.password, password)
        )
        return AuthResult(success=right, handled=False)


class _Handler:
    def __init__(self, folder: Path, on_delivery: OnDelivery | None) -> None:
        self._folder = folder
        self._on_delivery = on_delivery
        self._number = 0
        self._failed_once: set[str] = set()
        # One thread: deliveries keep their order, and the loop never waits for a disk.
        self._filing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postbox-filing")

    def close(self) -> None:
        self._filing.shutdown(wait=True)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        failing = _ON_PURPOSE.search(address)
        if failing is not None and not (failing[2] and address in self._failed_once):
            self._failed_once.add(address)
            return f"{failing[1]} {failing[1][0]}.0.0 failing on purpose"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        octets = envelope.original_content or b""
        # aiosmtpd hands over the null reverse-path as text.
        reverse_path = None if envelope.mail_from in (None, "", "<>") else envelope.mail_from
        loop = asyncio.get_running_loop()
        for recipient in envelope.rcpt_tos:
            await loop.run_in_executor(self._filing, self._deliver, recipient, reverse_path, octets)
        return "250 2.0.0 filed"

    async def handle_exception(self, _error: Exception) -> str:
        return "451 4.3.0 try again later"

    def _deliver(self, recipient: str, reverse_path: str | None, octets: bytes) -> None:
        self._number += 1
        maildir = self._folder / maildir_name(recipient)
        for part in ("tmp", "new", "cur"):
            (maildir / part).mkdir(parents=True, exist_ok=True)
        name = f"{self._number:010}.{secrets.token_hex(6)}.postbox"
        (maildir / "tmp" / name).write_bytes(octets)
        (maildir / "tmp" / name).rename(maildir / "new" / name)
        if self._on_delivery is not None:
            self._on_delivery(recipient, reverse_path, octets)


def maildir_name(recipient: str) -> str:
    """Return the folder name of an address: itself, unless it would lead somewhere else."""
    name = quote(recipient.lower(), safe="@+")
    return name if not name.startswith(".") else f"%2E{name[1:]}"
