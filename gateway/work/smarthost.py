"""Hands one message to the school's smarthost, and says what became of it.

Everything a smarthost can do comes back as an Attempt. Connections are kept for
the next message until `hang_up`; several threads may call `attempt` at once, and
each then has its own.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gateway.config.hosts import is_loopback
from gateway.store.attempts import Attempt
from gateway.store.outbox import Leased
from gateway.work.conversation import Conversation, Refused, cleaned
from gateway.work.deadline import Deadline

_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f-\x9f]{1,256}@[^\s<>@\x00-\x1f\x7f-\x9f]{1,255}")
_HOSTNAME_MISMATCH = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
# What may come of opening a line. ValueError: a challenge that is no base64.
_UNUSABLE = (Refused, OSError, smtplib.SMTPException, ValueError)
_NOT_TRUSTED = frozenset({7, 18, 19, 20, 21})  # self-signed, or an issuer nobody here knows


class SmarthostNotSafe(ValueError):
    """These settings would send children's data over another machine's wire in clear."""


@dataclass(frozen=True, slots=True)
class SmarthostSettings:
    """Where the smarthost is, and how we speak with it."""

    host: str
    port: int
    helo_name: str
    security: Literal["implicit_tls", "starttls", "none"] = "implicit_tls"
    ca_file: Path | None = None  # None: the machine's own authorities
    username: str | None = None
    password: str | None = None
    connect_seconds: float = 30.0
    timeout_seconds: float = 300.0  # any one wait (RFC 5321 §4.5.3.2)
    attempt_seconds: float = 600.0  # one message, connecting and all
    messages_per_connection: int = 100


class Smarthost:
    """The one way out. Safe to share between threads."""

    def __init__(self, settings: SmarthostSettings) -> None:
        """Load the certificate authorities.

        Raises:
            SmarthostNotSafe: `security` is "none", and the host is not this machine.
            OSError: `ca_file` cannot be read, or holds no certificate.
        """
        self._settings = settings
        self._context: ssl.SSLContext | None = None
        if settings.security != "none":
            self._context = ssl.create_default_context(
                cafile=str(settings.ca_file) if settings.ca_file else None
            )
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        elif not is_loopback(settings.host):
            raise SmarthostNotSafe(f'security "none" is for this machine, not {settings.host}')
        self._idle: list[Conversation] = []
        self._busy = 0
        self._round = 0
        self._lock = threading.Lock()

    @property
    def lines_in_use(self) -> int:
        """How many attempts have a working connection at this moment."""
        return self._busy

    def attempt(self, message: Leased, deadline_seconds: float | None = None) -> Attempt:
        """Try to hand over one message within `deadline_seconds` of real time.

        When the time is over the line is cut, so that no 250 can arrive later; the
        limit of the settings holds besides.
        """
        fault = _fault(message)
        if fault is not None:
            return Attempt("rejected", None, f"not sent: {fault}")
        seconds = self._settings.attempt_seconds
        if deadline_seconds is not None:
            seconds = min(seconds, deadline_seconds)
        with Deadline(seconds) as end:
            conversation = self._kept(end)
            if conversation is not None:
                result = self._carry(conversation, message, end)
                if conversation.heard:
                    return result
                # The kept line was on its way out; that says nothing about the smarthost.
            try:
                conversation = self._opened(end)
            except _UNUSABLE as error:
                code, words = _trouble(error)
                words = f"smarthost {self._settings.host}: {words}"
                return Attempt("deferred", code, words, away=True)
            return self._carry(conversation, message, end)

    def hang_up(self) -> None:
        """Close the connections that nobody is using, politely."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._round += 1
        with Deadline(5.0) as end:
            for conversation in idle:
                end.watch(conversation.sock)
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    conversation.quit()
                conversation.close()

    def _kept(self, end: Deadline) -> Conversation | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                conversation = self._idle.pop()
            end.watch(conversation.sock)
            if conversation.is_ready_again():
                return conversation
            conversation.close()

    def _opened(self, end: Deadline) -> Conversation:
        settings = self._settings
        conversation = Conversation(
            settings.host, settings.helo_name, min(settings.connect_seconds, end.seconds)
        )
        try:
            conversation.open(
                settings.port,
                self._context,
                implicit=settings.security == "implicit_tls",
                deadline=end,
            )
            if settings.username is not None:
                conversation.login(settings.username, settings.password or "")
            if end.passed or conversation.sock is None:
                raise TimeoutError("its time was over before it was ready")
            conversation.sock.settimeout(settings.timeout_seconds)
            conversation.round = self._round
        except _UNUSABLE:
            conversation.close()
            raise
        return conversation

    def _carry(self, conversation: Conversation, message: Leased, end: Deadline) -> Attempt:
        with self._lock:
            self._busy += 1
        try:
            return conversation.submit(message)
        finally:
            with self._lock:
                self._busy -= 1
            self._keep_or_close(conversation, end)

    def _keep_or_close(self, conversation: Conversation, end: Deadline) -> None:
        # Nothing may be cut any more that the next attempt will use.
        end.watch(None)
        spent = conversation.carried >= self._settings.messages_per_connection
        if conversation.usable and not end.passed and not spent:
            # Who comes back after a hang-up would be left standing idle for hours.
            with self._lock:
                if conversation.round == self._round:
                    self._idle.append(conversation)
                    return
        if conversation.usable and not end.passed:
            end.watch(conversation.sock)
            with contextlib.suppress(OSError, smtplib.SMTPException):
                conversation.quit()
        conversation.close()


def _fault(message: Leased) -> str | None:
    """Say why these octets must not go onto any wire; the outgoing lint lets none through."""
    for address in (message.recipient, message.reverse_path):
        if address is not None and not _ADDRESS.fullmatch(address):
            return "an address holds what no address may (RFC 5321 §4.1.2)"
    octets = message.octets
    pairs = octets.count(b"\r\n")
    if octets.count(b"\r") != pairs or octets.count(b"\n") != pairs or b"\0" in octets:
        return "a bare CR or LF, or a NUL, in the message (RFC 5321 §2.3.8)"
    return None


def _trouble(error: Exception) -> tuple[int | None, str]:
    """Return the code, if there was one, and words that a technician can act on."""
    match error:
        case Refused():
            return error.code, error.words
        case ssl.SSLCertVerificationError():
            why = cleaned(error.verify_message.encode())
            if error.verify_code in _HOSTNAME_MISMATCH:
                return None, f"its certificate is for another name ({why}); check outbound.host"
            if error.verify_code in _NOT_TRUSTED:
                return None, (
                    f"its certificate is signed by nobody trusted here ({why});"
                    " if it is the school's own authority, name it in outbound.ca_file"
                )
            return None, f"its certificate is not valid ({why})"
        case ssl.SSLError():
            return None, (
                f"no TLS connection ({cleaned((error.reason or '').encode())});"
                " check outbound.security and outbound.port"
            )
        case smtplib.SMTPAuthenticationError():
            words = error.smtp_error
            said = cleaned(words if isinstance(words, bytes) else words.encode())
            advice = "check outbound.username and outbound.password_file"
            if "authentication is disabled" in said.lower():
                # Microsoft 365: no password will ever do.
                advice = (
                    "log-in by password is switched off there: allow SMTP AUTH for this mailbox,"
                    " or send through a connector"
                )
            return error.smtp_code, f"it refused the log-in ({error.smtp_code} {said}); {advice}"
        case smtplib.SMTPNotSupportedError():
            return None, "it offers no log-in; leave outbound.username out if it needs none"
        case UnicodeError():
            return None, "its user name or password holds a character that AUTH cannot carry"
        case ConnectionRefusedError():
            return None, "nothing answers there; check outbound.host and outbound.port"
        case TimeoutError():
            return None, "it did not answer in time"
        case _:
            return None, f"it could not be used: {cleaned(str(error).encode()) or 'no answer'}"
