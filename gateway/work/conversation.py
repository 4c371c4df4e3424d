"""One SMTP connection to the smarthost: opened safely, and one envelope at a time.

The commands are smtplib's. What it leaves open is closed here: certificates are
verified, replies are bounded, and what happened before the final dot is told
apart from what happened after it.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

from gateway.store.attempts import Attempt
from gateway.store.outbox import Leased
from gateway.work.deadline import Deadline

LONGEST_REPLY_LINE_BYTES = 2048  # RFC 5321 §4.5.3.1.5 says 512; some hosts send more
MOST_REPLY_LINES = 100
RESET_SECONDS = 10.0  # RSET asks for no work: who does not answer it soon is gone
MOST_WORDS = 240  # characters kept of a reply

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Replies about our standing with the smarthost, not about the message (RFC 4954 §6,
# RFC 5321 §4.2.2): taken as final they would fail every row for one wrong password.
_OUR_STANDING = frozenset({530, 534, 535, 538})
_CLOSING = 421  # RFC 5321 §3.8: may come at any time, and says nothing about the message
_OUT_OF_STEP = 503


class Refused(Exception):
    """The smarthost would not begin: greeting, TLS or log-in. The words are for the technician."""

    def __init__(self, code: int | None, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class Conversation(smtplib.SMTP):
    """A connection to the smarthost.

    `usable` says whether it can carry another envelope, `carried` how many it has, and
    `heard` whether the smarthost has judged the last one at all. `round` is its owner's.
    """

    def __init__(self, host: str, helo_name: str, timeout_seconds: float) -> None:
        """Make ready; `open` connects. `timeout_seconds` bounds each single wait."""
        # A local name given keeps smtplib from asking the resolver for it.
        super().__init__(local_hostname=helo_name, timeout=timeout_seconds)
        self._host = host
        self.command_encoding = "utf-8"  # RFC 6531 addresses; plain ASCII is unchanged
        self.carried = 0
        self.usable = False
        self.heard = False
        self.round = 0
        self._clean = True

    def open(
        self, port: int, context: ssl.SSLContext | None, *, implicit: bool, deadline: Deadline
    ) -> None:
        """Connect, secure the line with `context` (None: loopback only), and greet.

        Raises:
            Refused: the smarthost answered, and not with what was asked.
            OSError, smtplib.SMTPException: it could not be reached, or hung up.
        """
        self.sock = socket.create_connection((self._host, port), self.timeout)
        # Commands are small and each waits for its reply: Nagle would add 40 ms to them.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deadline.watch(self.sock)
        if context is not None and implicit:
            self._secure(context, deadline)
        self._expect(*self.getreply(), wanted=220, at="greeting")
        self._greet()
        if context is not None and not implicit:
            if not self.has_extn("starttls"):
                raise Refused(None, "it does not offer STARTTLS; nothing is sent in clear")
            self._expect(*self.docmd("STARTTLS"), wanted=220, at="STARTTLS")
            self._secure(context, deadline)
            self._greet()
        self.usable = True

    def submit(self, message: Leased) -> Attempt:
        """Carry one envelope to its end; never raises for what the peer does."""
        dotted = False
        self.heard = False
        self._clean = False
        try:
            for command, wanted in self._commands(message):
                code, words = self.docmd(command)
                self.heard = self.heard or code != _CLOSING
                if code // 100 != wanted:
                    return self._refusal(code, words)
            self.send(_stuffed(message.octets))
            dotted = True
            self.send(b".\r\n")
            code, words = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.usable = False
            why = cleaned(str(error).encode("utf-8", "replace")) or type(error).__name__
            if dotted:
                return Attempt("unknown", None, f"the line was lost after the final dot: {why}")
            return Attempt("deferred", None, f"the line was lost before the final dot: {why}")
        self.carried += 1
        if code // 100 == 2:
            self._clean = True
            return Attempt("sent", code, cleaned(words))
        return self._refusal(code, words)

    def is_ready_again(self) -> bool:
        """Say whether the last envelope is forgotten; asks (RSET) where it was refused."""
        if self._clean:
            return True
        assert self.sock is not None
        patience = self.sock.gettimeout()
        try:
            self.sock.settimeout(RESET_SECONDS)
            answered: bool = self.docmd("RSET")[0] == 250
            self.sock.settimeout(patience)
        except (OSError, smtplib.SMTPException):
            return False
        return answered

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply; what is too long or is none counts as a line lost.

        smtplib reads as many lines as a peer cares to send.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        words: list[bytes] = []
        for _ in range(MOST_REPLY_LINES):
            line = self.file.readline(LONGEST_REPLY_LINE_BYTES + 1)
            if not line.endswith(b"\n"):
                raise smtplib.SMTPServerDisconnected("a reply broke off, or was too long")
            if not re.match(rb"[2-5]\d\d[ \-\r\n]", line):
                raise smtplib.SMTPServerDisconnected("that is no reply")
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)
        raise smtplib.SMTPServerDisconnected("a reply of too many lines")

    def _secure(self, context: ssl.SSLContext, deadline: Deadline) -> None:
        assert self.sock is not None
        self.sock = context.wrap_socket(
            self.sock, server_hostname=self._host, do_handshake_on_connect=False
        )
        deadline.watch(self.sock)
        self.sock.do_handshake()
        # What was buffered in clear was not said by the peer we have just verified, and
        # what it offered before is forgotten (RFC 3207 §4.2).
        self.file = None
        self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def _greet(self) -> None:
        if self.ehlo()[0] != 250:
            self._expect(*self.helo(), wanted=250, at="EHLO")

    def _expect(self, code: int, words: bytes, *, wanted: int, at: str) -> None:
        if code != wanted:
            raise Refused(code, f"it answered {at} with {code} {cleaned(words)}")

    def _commands(self, message: Leased) -> list[tuple[str, int]]:
        parameters = ""
        if self.has_extn("size"):
            parameters += f" SIZE={len(message.octets)}"
        # RFC 6152 §3 would have us convert where 8BITMIME is not offered. Every host in use
        # passes eight bits all the same, and a refusal would keep a parent's words back.
        if self.has_extn("8bitmime") and not message.octets.isascii():
            parameters += " BODY=8BITMIME"
        if not (message.recipient + (message.reverse_path or "")).isascii():
            parameters += " SMTPUTF8"
        return [
            (f"MAIL FROM:<{message.reverse_path or ''}>{parameters}", 2),
            (f"RCPT TO:<{message.recipient}>", 2),
            ("DATA", 3),
        ]

    def _refusal(self, code: int, words: bytes) -> Attempt:
        if code in (_CLOSING, _OUT_OF_STEP) or code // 100 not in (4, 5):
            # It is leaving, or answers something else than what was asked.
            self.usable = False
        if code in _OUR_STANDING or not self.heard:
            return Attempt("deferred", code, cleaned(words), away=True)
        final = code // 100 == 5 and code != _OUT_OF_STEP
        return Attempt("rejected" if final else "deferred", code, cleaned(words))


def cleaned(words: bytes) -> str:
    """Return a peer's words as one short line without controls."""
    text = words.decode("utf-8", "replace")
    return _UNSEEN.sub(" ", text).strip()[:MOST_WORDS]


def _stuffed(octets: bytes) -> bytes:
    """Return the content with its dots doubled (RFC 5321 §4.5.2), ending in CRLF."""
    stuffed = octets.replace(b"\n.", b"\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
