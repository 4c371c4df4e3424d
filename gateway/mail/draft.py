"""What one outgoing message is meant to be, before any octet of it exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# RFC 5322 §3.2.3 dot-atom and host labels only. Quoted local parts are legal, but no
# guardian has one, and they are where header parsers disagree about who is meant.
_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*",
    re.ASCII | re.IGNORECASE,
)
# Looser than RFC 5322 §3.6.4 on purpose: what a parent's program wrote must thread.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_REFERENCES_KEPT = 10


class DraftFault(ValueError):
    """We were asked to write a message that has no honest form; the words name the field."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels with a message."""

    name: str
    media_type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to one person.

    `sender` is an address of ours; `sender_name`, `subject`, `text`, `html` and the
    names of attachments may hold text from outside and are cleaned when composed.
    `enclosed` is a message as it was received; it travels as "original.eml".
    `forbidden` lists addresses and names that must not appear anywhere in it.

    Raises:
        DraftFault: an address or id of ours is malformed, or `date` is naive.
    """

    kind: str
    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    message_id: str  # fixed when the outbox row is written
    date: datetime  # aware
    html: str | None = None
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()  # oldest first
    auto_submitted: Literal["auto-replied", "auto-generated"] | None = None
    attachments: tuple[Enclosure, ...] = ()
    enclosed: bytes | None = None
    forbidden: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("sender", "recipient", "reply_to"):
            address = getattr(self, field)
            if address is not None and not is_address(address):
                raise DraftFault(f"{field} is not one plain address")
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise DraftFault("message_id is not a message id")
        if self.date.tzinfo is None:
            raise DraftFault("date has no zone")


def is_address(text: str) -> bool:
    """Say whether `text` is exactly one plain ASCII mailbox (RFC 5321 §4.5.3.1 lengths)."""
    local = text.rpartition("@")[0]
    return len(text) <= 254 and len(local) <= 64 and _ADDRESS.fullmatch(text) is not None


def thread_ids(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids for In-Reply-To and for References (RFC 5322 §3.6.4).

    They come from other people's programs, so whatever is not an id is left out.
    Of a long thread the first and the last ten are kept: readers thread by those.
    """
    answered = _ids((draft.in_reply_to or "",))[:1]
    chain = _ids((*draft.references, *answered))
    if len(chain) > _REFERENCES_KEPT + 1:
        chain = (chain[0], *chain[-_REFERENCES_KEPT:])
    return answered, chain


def _ids(texts: Iterable[str]) -> tuple[str, ...]:
    valid = (text.strip() for text in texts)
    newest_last = dict.fromkeys(reversed([text for text in valid if _MESSAGE_ID.fullmatch(text)]))
    return tuple(reversed(newest_last))
