"""What the smarthost took, as it saw it: to whom, when, and which of our messages it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path

from gateway.rehearsal.postbox import Postbox


@dataclass(frozen=True)
class Delivery:
    """One mail of ours at the moment the smarthost took it."""

    at: datetime
    recipient: str
    reverse_path: str | None
    octets: bytes

    @cached_property
    def message(self) -> Message:
        return message_from_bytes(self.octets)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def dated(self) -> datetime:
        """The instant in its Date field."""
        return parsedate_to_datetime(str(self.message["Date"]))

    @property
    def is_clean(self) -> bool:
        """Whether every line ends in CR LF, and no octet is NUL (RFC 5321 §2.3.8)."""
        return is_clean(self.octets)

    @cached_property
    def text(self) -> str:
        """The plain text of it."""
        for part in self.message.walk():
            if part.get_content_type() == "text/plain":
                octets = part.get_payload(decode=True)
                assert isinstance(octets, bytes)
                return octets.decode("utf-8", "replace")
        return ""


def is_clean(octets: bytes) -> bool:
    """Tell whether octets hold no bare CR, no bare LF and no NUL."""
    return re.search(rb"\r(?!\n)|(?<!\r)\n|\0", octets) is None


@contextmanager
def mailroom(folder: Path, now: Callable[[], datetime]) -> Iterator[tuple[int, list[Delivery]]]:
    """Run a smarthost; give its port, and the growing list of what it took."""
    taken: list[Delivery] = []

    def take(recipient: str, reverse_path: str | None, octets: bytes) -> None:
        taken.append(Delivery(now(), recipient, reverse_path, octets))

    box = Postbox(folder, take)
    box.start()
    try:
        yield box.port, taken
    finally:
        box.stop()
