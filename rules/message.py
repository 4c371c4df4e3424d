"""What is known of one message: who claims to have written it, to whom, and every text in it.

Values only. `gateway.mail` reads the octets and fills them in; nothing here
parses. Text from outside stays exactly as decoded, controls removed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

OriginatorOutcome = Literal["single", "ambiguous", "none"]


@dataclass(frozen=True, slots=True)
class Originator:
    """The From: field as our strict reader sees it (RFC 5322 §3.6.2): a claim until checked.

    `mailbox` is folded for comparison (local part and domain lower case, domain
    as A-labels) and set only when `outcome` is "single". `display_name` is what
    a mail program would show; it is never identity. `flags` are warnings for a
    person, such as "display_name_is_other_address".
    """

    outcome: OriginatorOutcome
    mailbox: str | None = None
    display_name: str = ""
    flags: frozenset[str] = frozenset()


class Authenticity(StrEnum):
    """How far the originator is proven, by the border we trust or by ourselves (RFC 9989)."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


ViewKind = Literal["plain", "html", "hidden", "quoted", "attached", "filename", "raw"]


@dataclass(frozen=True, slots=True)
class TextView:
    """One readable text of a message. `attached` is somebody else's message enclosed in it."""

    kind: ViewKind
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the body. `name` is safe to show; `part` finds it again in the octets."""

    part: int
    name: str
    media_type: str
    size_bytes: int
    inline: bool = False
    dangerous: str = ""  # why it is held, or "" when it may travel


@dataclass(frozen=True, slots=True)
class Content:
    """A message as read within limits: header facts, the author's own words, every other text.

    `headers` are (name, unfolded value) in the order of the message, encoded
    words not decoded. `body_text` is the whole body as text; `own_text` is what
    the author wrote this time: quotes and signatures cut. `views` holds every
    readable text, so that a phrase in any one of them can raise a concern.
    """

    originator: Originator
    subject: str
    own_text: str
    body_text: str
    views: tuple[TextView, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    message_id: str | None = None
    references: tuple[str, ...] = ()  # In-Reply-To first, then References, newest last
    date_claimed: datetime | None = None  # the Date: field, aware; shown, never obeyed
    received_count: int = 0
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> tuple[str, ...]:
        """Return every value of the field `name`, top first."""
        folded = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == folded)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One recipient of one accepted message (RFC 5321 §4.1.1). `reverse_path` None means `<>`."""

    spool_id: str
    arrived: datetime  # aware, UTC
    reverse_path: str | None
    recipient: str
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Inbound:
    """Everything `decide` is told about a message itself."""

    envelope: Envelope
    content: Content
    authenticity: Authenticity
    checks: str = ""  # what was found of SPF, DKIM and DMARC, for a person: "spf=pass, dmarc=fail"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that no limit or parser let through: kept whole, for a person to look at."""

    envelope: Envelope
    why: str
    originator: Originator = field(default_factory=lambda: Originator("none"))
    views: tuple[TextView, ...] = ()  # what could still be read as text, for the safeguarding scan
