"""A stored message with what the roster says of it: what every mail about it is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.mail.attachments import attachment_octets
from gateway.mail.draft import Enclosure
from gateway.mail.limits import TooMuch
from gateway.mail.limits import Unreadable as UnreadableContent
from gateway.school import School
from gateway.store import people, spool
from gateway.store import schema as t
from gateway.work.reader import Reader
from rules.message import Content, Envelope, Originator

# Base64 adds a third; most mail hosts take 25 MB or a little more.
MOST_ENCLOSED_BYTES = 17 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One message, its octets, what could be read of it, and whom it is from and about."""

    row: Row[Any]
    octets: bytes
    content: Content
    readable: bool
    guardian_name: str
    class_name: str
    class_address: str
    pupils: tuple[str, ...]

    @property
    def spool_id(self) -> str:
        """Our id of the message."""
        return str(self.row.spool_id)

    @property
    def arrived(self) -> datetime:
        """When it arrived: aware, UTC."""
        arrived: datetime = self.row.arrived
        return arrived

    @property
    def verified(self) -> bool:
        """Whether the border proved the From address."""
        return bool(self.row.authenticity == "verified")

    @property
    def writer(self) -> str:
        """The guardian's name as on the roster, or what the From field claims."""
        claimed = self.content.originator
        return self.guardian_name or claimed.display_name or claimed.mailbox or "unknown sender"

    @property
    def claimed_address(self) -> str:
        """The From address, or words where there is not exactly one."""
        originator = self.content.originator
        if originator.mailbox is not None:
            return originator.mailbox
        return "no address" if originator.outcome == "none" else "no single address"

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """The files, each with the reason for which it is held, if it is."""
        return tuple(
            f"{part.name} (held: {part.dangerous})" if part.dangerous else part.name
            for part in self.content.attachments
        )

    def enclosures(self) -> tuple[Enclosure, ...]:
        """Return the files that may travel, as long as they fit in one mail."""
        kept: list[Enclosure] = []
        room = MOST_ENCLOSED_BYTES
        for part in self.content.attachments:
            if not part.dangerous and part.size_bytes <= room:
                octets = attachment_octets(self.octets, part.part)
                kept.append(Enclosure(part.name, part.media_type, octets))
                room -= len(octets)
        return tuple(kept)

    def original(self, beside: tuple[Enclosure, ...]) -> bytes | None:
        """Return the octets to enclose whole, unless they are too big or hold a dangerous file."""
        used = sum(len(enclosure.octets) for enclosure in beside)
        dangerous = any(part.dangerous for part in self.content.attachments)
        fits = used + len(self.octets) <= MOST_ENCLOSED_BYTES
        return self.octets if fits and not dangerous else None


def enclosures_of(sources: Sequence[Source]) -> tuple[Enclosure, ...]:
    """Return the files of several messages that fit in one mail, the newest message's first."""
    found: list[Enclosure] = []
    room = MOST_ENCLOSED_BYTES
    for source in reversed(sources):
        for file in source.enclosures():
            if len(file.octets) <= room:
                found.append(file)
                room -= len(file.octets)
    return tuple(found)


def load_source(
    connection: Connection,
    school: School,
    reader: Reader,
    spool_id: str,
    now: datetime,
    content: Content | None = None,
    octets: bytes | None = None,
) -> Source:
    """Return the message `spool_id`; `content` and `octets` save reading them again."""
    row = connection.execute(select(t.messages).where(t.messages.c.spool_id == spool_id)).one()
    if octets is None:
        octets = spool.read_raw(connection, spool_id)
    readable = True
    if content is None:
        envelope = Envelope(spool_id, row.arrived, row.reverse_path, row.recipient, row.size_bytes)
        try:
            content = reader.inbound(envelope, octets, row.peer).content
        except (TooMuch, UnreadableContent):
            readable = False
            unread = reader.unreadable(envelope, octets, "")
            text = "\n\n".join(view.text for view in unread.views[:1])
            content = Content(Originator("none"), "", "", text, views=unread.views)
    day = school.today(row.arrived)
    names = people.guardian_names(connection, [row.guardian_id] if row.guardian_id else [])
    room = school.staffing(connection, now).rooms.get(row.class_id or "")
    pupils: tuple[str, ...] = ()
    if row.guardian_id and row.class_id:
        ids = people.pupils_between(connection, row.guardian_id, row.class_id, day)
        known = people.pupil_names(connection, ids)
        pupils = tuple(known[pupil_id] for pupil_id in ids if pupil_id in known)
    return Source(
        row,
        octets,
        content,
        readable,
        names.get(row.guardian_id, ""),
        room.name if room else "",
        room.address if room else row.recipient,
        pupils,
    )
