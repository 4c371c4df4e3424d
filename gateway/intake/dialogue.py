"""Which answer each SMTP command earns (RFC 5321 §4.1), with no socket in sight.

Offered are exactly the verbs in `Dialogue.answer`; there is no AUTH, CHUNKING,
ETRN or HELP to attack. Lines must end in CR LF (RFC 5321 §2.3.8): every mail
server's do, and a listener that is generous here is half of a smuggling attack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from gateway.intake import reply
from gateway.intake.limits import SmtpLimits
from gateway.intake.paths import (
    read_mail_parameters,
    read_recipient,
    read_reverse_path,
    split_path,
)
from gateway.intake.reply import Reply

HELO_OCTETS = 255
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
# A browser made to speak to us (cross-protocol attack) sends commands in its body.
_OTHER_PROTOCOLS = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT"})


class Step(Enum):
    """What only the connection itself can do next."""

    READ_MESSAGE = auto()
    START_TLS = auto()


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to HELO or EHLO; it carries no enhanced code (RFC 2034 §3)."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        *first, last = self.lines
        return "\r\n".join([*(f"250-{line}" for line in first), f"250 {last}"])


Answer = Reply | Welcome | Step


@dataclass(slots=True)
class Transaction:
    """One message's envelope while it is being told. Recipients map to their school's id."""

    reverse_path: str | None
    recipients: dict[str, str] = field(default_factory=dict)


class Desk(Protocol):
    """What a dialogue asks of the listener it belongs to."""

    limits: SmtpLimits
    hostname: str
    offers_tls: bool
    offers_utf8: bool

    def has_room(self) -> bool:
        """Tell whether the store has space for another message."""
        ...

    def school_of(self, recipient: str) -> str | None:
        """Return the school_id of an address that is ours, or None."""
        ...


class Dialogue:
    """The state of one SMTP session, and its patience."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.helo: str | None = None
        self.tls = False
        self.transaction: Transaction | None = None
        self._junk = 0
        self._errors = 0
        self._unknown = 0

    def answer(self, line: bytes) -> Answer:
        """Return what `line` (with its line end) earns; a 421 or 221 closes the session."""
        answer = self._obey(line)
        return self.weigh(answer) if isinstance(answer, Reply) else answer

    def weigh(self, answer: Reply) -> Reply:
        """Return `answer`, or a farewell when it is one refusal too many."""
        if not answer.is_refusal:
            return answer
        self._errors += 1
        return reply.TOO_MANY_ERRORS if self._errors > self.desk.limits.errors else answer

    def message_kept(self) -> None:
        """Begin afresh: a peer that brings mail has earned new patience, except for guessing."""
        self._junk = self._errors = 0

    def tls_started(self) -> None:
        """Forget what was said in the clear (RFC 3207 §4.2)."""
        self.tls = True
        self.helo = None
        self.transaction = None

    def _obey(self, line: bytes) -> Answer:
        if len(line) > self.desk.limits.command_octets:
            return reply.LINE_TOO_LONG
        if not line.endswith(b"\r\n"):
            return reply.BARE_LF_COMMAND
        text = line[:-2]
        if _CONTROL.search(text):
            return reply.CONTROL_IN_COMMAND
        verb, _, argument = text.decode("utf-8", "surrogateescape").strip(" ").partition(" ")
        argument = argument.strip(" ")
        match verb.upper():
            case "MAIL":
                return self._mail(argument)
            case "RCPT":
                return self._rcpt(argument)
            case "DATA":
                return self._data(argument)
            case "QUIT":
                return reply.GOODBYE
            case "EHLO" | "HELO" | "RSET" | "NOOP" | "VRFY" | "EXPN" | "HELP" | "STARTTLS" as junk:
                return self._without_mail(junk, argument)
            case other if other in _OTHER_PROTOCOLS:
                return reply.NOT_SMTP
            case _:
                return reply.NOT_A_COMMAND

    def _without_mail(self, verb: str, argument: str) -> Answer:
        if self._is_junk():
            return reply.TOO_MANY_COMMANDS
        match verb:
            case "EHLO" | "HELO":
                return self._greet(verb, argument)
            case "RSET":
                self.transaction = None
                return reply.FINE
            case "NOOP":
                return reply.FINE
            case "VRFY":
                return reply.WILL_NOT_VERIFY
            case "STARTTLS" if self.desk.offers_tls:
                if self.tls:
                    return reply.ALREADY_TLS
                return reply.BAD_ARGUMENT if argument else Step.START_TLS
            case _:
                return reply.NOT_OFFERED

    def _greet(self, verb: str, name: str) -> Answer:
        if not name or not name.isascii() or len(name) > HELO_OCTETS:
            return reply.BAD_ARGUMENT
        self.helo = name
        self.transaction = None
        if verb == "HELO":
            return Welcome((self.desk.hostname,))
        offers = [
            self.desk.hostname,
            f"SIZE {self.desk.limits.size_bytes}",
            "8BITMIME",
            "PIPELINING",
            "ENHANCEDSTATUSCODES",
        ]
        if self.desk.offers_utf8:
            offers.append("SMTPUTF8")
        if self.desk.offers_tls and not self.tls:
            offers.append("STARTTLS")
        return Welcome(tuple(offers))

    def _mail(self, argument: str) -> Answer:
        if self.helo is None:
            return reply.GREET_FIRST
        if self.transaction is not None:
            return reply.ALREADY_MAIL
        path = split_path(argument, "FROM:")
        if path is None:
            return reply.BAD_ARGUMENT
        parameters = read_mail_parameters(path[1], utf8=self.desk.offers_utf8)
        if isinstance(parameters, Reply):
            return parameters
        declared_bytes, utf8 = parameters
        reverse_path = read_reverse_path(path[0], utf8=utf8)
        if isinstance(reverse_path, Reply):
            return reverse_path
        if declared_bytes > self.desk.limits.size_bytes:
            return reply.TOO_BIG
        if not self.desk.has_room():
            return reply.NO_SPACE
        self.transaction = Transaction(reverse_path)
        return reply.SENDER_NOTED

    def _rcpt(self, argument: str) -> Answer:
        transaction = self.transaction
        if transaction is None:
            return reply.MAIL_FIRST
        path = split_path(argument, "TO:")
        if path is None:
            return reply.BAD_ARGUMENT
        if path[1]:
            return reply.BAD_PARAMETER
        # What is known or not is asked before how many there are already, so
        # that the limit cannot be used to guess for nothing.
        recipient = read_recipient(path[0], utf8=self.desk.offers_utf8)
        school_id = None if isinstance(recipient, Reply) else self.desk.school_of(recipient)
        if isinstance(recipient, Reply) or school_id is None:
            return self._not_ours(
                recipient if isinstance(recipient, Reply) else reply.UNKNOWN_RECIPIENT
            )
        if recipient in transaction.recipients:
            return reply.TOO_MANY_COMMANDS if self._is_junk() else reply.RECIPIENT_TAKEN
        if len(transaction.recipients) >= self.desk.limits.recipients:
            return reply.TOO_MANY_COMMANDS if self._is_junk() else reply.TOO_MANY_RECIPIENTS
        transaction.recipients[recipient] = school_id
        return reply.RECIPIENT_TAKEN

    def _not_ours(self, refusal: Reply) -> Reply:
        self._unknown += 1
        if self._unknown > self.desk.limits.unknown_recipients:
            return reply.TOO_MANY_ERRORS
        return refusal

    def _data(self, argument: str) -> Answer:
        if argument:
            return reply.BAD_ARGUMENT
        if self.transaction is None:
            return reply.MAIL_FIRST
        return Step.READ_MESSAGE if self.transaction.recipients else reply.NO_RECIPIENT

    def _is_junk(self) -> bool:
        self._junk += 1
        return self._junk > self.desk.limits.junk_commands
