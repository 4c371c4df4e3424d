"""What everybody in a rehearsal was given, when, and what stands in it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from gateway.clock import Clock
from gateway.rehearsal.cast import Cast
from rules.instruction import Action

# The words beside each signed address in our mails; a reader presses a button with them.
_LABELS = {
    Action.ANSWER: r"Reply to [^:\n]+",
    Action.REPORT: "Report it to senior leaders",
    Action.RAISE: "Raise a safeguarding concern",
    Action.DONE: "No answer needed",
    Action.PASS: "Wrong place, pass it to the office",
    Action.GIVE: "Wrong place, give it to the teacher",
    Action.SNOOZE: r"Show it again on [^:\n]+",
    Action.FILES: "Send me the whole message",
    Action.ACKNOWLEDGE: "I have it",
    Action.RELEASE: "Let the class teacher read it",
    Action.KEEP: "Keep it from the class teacher",
    Action.CONFIRM_HOURS: "Yes, change the hours",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail as it came to one person's mailbox."""

    at: datetime
    recipient: str
    who: str
    reverse_path: str | None
    octets: bytes
    message: Message

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(make_header(decode_header(str(self.message["Subject"] or ""))))

    @property
    def message_id(self) -> str:
        """The Message-ID, by which the outbox knows it."""
        return str(self.message["Message-ID"] or "")

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address in the From field."""
        name, address = parseaddr(str(make_header(decode_header(str(self.message["From"])))))
        return name, address

    @property
    def text(self) -> str:
        """The plain text."""
        return self._part("text/plain")

    @property
    def html(self) -> str:
        """The page, as a mail program shows it."""
        return self._part("text/html")

    def signed_address(self, action: Action, subject: str) -> str | None:
        """Return the address for `action` beside the message with `subject`, if it is in here."""
        text, reply_to = self.text, str(self.message["Reply-To"] or "")
        start = text.find(f"Subject: {subject}\n")
        if start < 0 and action is not Action.CONFIRM_HOURS:  # that is about no message
            return None
        start = _entry_of(text, start)
        label = _LABELS.get(action)
        found = re.search(rf"(?m)^{label}: (\S+@\S+)$", text[max(start, 0) :]) if label else None
        return found[1] if found else (reply_to or None if action is Action.ANSWER else None)

    def _part(self, kind: str) -> str:
        part = next(part for part in self.message.walk() if part.get_content_type() == kind)
        octets = part.get_payload(decode=True)
        assert isinstance(octets, bytes)
        return octets.decode("utf-8").replace("\r\n", "\n")


def _entry_of(text: str, start: int) -> int:
    """Return where the entry begins whose words, at `start`, stand behind a line at the end."""
    behind = re.compile(r"May distress\. This is what (.+) wrote to (.+):\n$").search(
        text, 0, start
    )
    if behind is None:
        return start
    heading = rf"(?m)^(?:\d+\. )?{re.escape(behind[1])}(?:, about .+)? \({re.escape(behind[2])}\)$"
    found = re.search(heading, text)
    return found.start() if found else start


class Deliveries:
    """Everything delivered so far, in order. Written by the postbox's thread."""

    def __init__(self, cast: Cast, clock: Clock) -> None:
        self._cast = cast
        self._clock = clock
        self._lock = threading.Lock()
        self._all: list[Delivery] = []

    def note(self, recipient: str, reverse_path: str | None, octets: bytes) -> None:
        """Keep one delivery; the postbox calls it before it answers 250."""
        delivery = Delivery(
            self._clock.now(),
            recipient.lower(),
            self._cast.name_of(recipient),
            reverse_path,
            octets,
            message_from_bytes(octets),
        )
        with self._lock:
            self._all.append(delivery)

    def all(self) -> tuple[Delivery, ...]:
        """Return every delivery so far, the oldest first."""
        with self._lock:
            return tuple(self._all)

    def to(self, addresses: Iterable[str]) -> tuple[Delivery, ...]:
        """Return what came to these addresses, the newest first."""
        wanted = set(addresses)
        return tuple(one for one in reversed(self.all()) if one.recipient in wanted)
