"""From octets to what the rules are told: read, authenticated, judged and understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.mail.authentication import Border, judge_authentication, results_found
from gateway.mail.child import read_safely
from gateway.mail.limits import ReadingLimits
from gateway.mail.limits import Unreadable as UnreadableContent
from gateway.mail.salvage import salvage_texts
from gateway.school import School
from gateway.work.facts import Understood
from gateway.work.look_apart import NOTHING_FOUND, Looker, TookTooLong
from gateway.work.own_sentences import without_own_sentences
from rules.automatic import AutomaticVerdict, judge_automatic
from rules.message import (
    Authenticity,
    Content,
    Envelope,
    Inbound,
    Originator,
    Unreadable,
)
from rules.topics import Matcher, Understanding, understand

# Of a message that cannot be read, as much of either end is looked through for a child at risk.
_RAW_SCANNED = 1024 * 1024
# A longer text takes more than about half a second; no parent's own words are as long.
_LOOKED_THROUGH_HERE = 64_000
# The fields that make a message what it is; trace fields differ from copy to copy.
# The same body under another Content-Type is another message: it may hide what the first showed.
_IDENTITY = (
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id",
    "content-type", "content-transfer-encoding", "content-disposition",
)  # fmt: skip
_TELLS_COPIES_APART = {"date", "message-id"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages the way this installation is set up to."""

    limits: ReadingLimits
    border: Border | None
    matcher: Matcher
    looker: Looker | None = None  # None: everything is looked through here

    def inbound(self, envelope: Envelope, octets: bytes, peer: str | None) -> Inbound:
        """Return the message as the rules see it, verified only if our border says so.

        `peer` is the address of the machine that gave it to us, None where we fetched it.

        Raises:
            TooMuch: it exceeds a limit.
            Unreadable: it could not be read although it kept every limit.
        """
        content = read_safely(octets, self.limits)
        mailbox = content.originator.mailbox
        if mailbox is None or self.border is None or not self.border.is_from(peer):
            # Whoever reaches our door can write the border's name on top of a message.
            return Inbound(envelope, content, Authenticity.UNVERIFIED)
        domain = mailbox.rpartition("@")[2]
        authenticity = judge_authentication(content.headers, domain, self.border, self.limits)
        checks = results_found(content.headers, self.border, self.limits)
        return Inbound(envelope, content, authenticity, checks)

    def unreadable(self, envelope: Envelope, octets: bytes, why: str) -> Unreadable:
        """Return a message nobody could read, with what can still be scanned for a concern."""
        ends = (octets[:_RAW_SCANNED], octets[_RAW_SCANNED:][-_RAW_SCANNED:])
        return Unreadable(envelope, why, views=tuple(salvage_texts(ends)))

    def blank(self, message: Unreadable) -> Inbound:
        """Return an unreadable message as an inbound one of which nothing is known."""
        content = Content(Originator("none"), "", "", "", views=message.views)
        return Inbound(message.envelope, content, Authenticity.UNVERIFIED)

    def understand(
        self, message: Inbound | Unreadable, octets: bytes, school: School
    ) -> Understood:
        """Say what the message is about, whether a person wrote it, and what identifies it."""
        inbound = message if isinstance(message, Inbound) else self.blank(message)
        content, envelope = inbound.content, inbound.envelope
        verdict = judge_automatic(
            content.headers,
            envelope.reverse_path,
            lambda address: address.endswith("@" + school.domain),
            subject=content.subject or None,
        )
        understanding = self._look_through(
            _without_ours(content, school.policy.contacts.emergency),
            envelope.arrived.astimezone(school.zone),
            is_readable=message is inbound,
        )
        if not isinstance(message, Inbound):
            # Words found in raw octets decide nothing but whether a child may be at risk.
            labels = understanding.labels & {"safeguarding"}
            understanding = replace(understanding, labels=labels, urgent=False)
        return Understood(understanding, verdict, content_key(content, envelope, octets))

    def not_understood(self, message: Unreadable, octets: bytes) -> Understood:
        """Return what is left to say when `understand` itself fails: nothing, for a person."""
        blank = self.blank(message).content
        verdict = AutomaticVerdict("suspected", ("it could not be looked through",))
        return Understood(NOTHING_FOUND, verdict, content_key(blank, message.envelope, octets))

    def _look_through(
        self, content: Content, sent: datetime, *, is_readable: bool
    ) -> Understanding:
        """Find the topics: here in a text of ordinary length, apart in one that takes seconds.

        Raises:
            UnreadableContent: a message that could be read is too much to look through.
        """
        length = len(content.own_text) + sum(len(view.text) for view in content.views)
        texts = {"subject": content.subject, "own_text": content.own_text}
        if length <= _LOOKED_THROUGH_HERE or self.looker is None:
            return understand(self.matcher, **texts, readable=content.views, sent=sent)
        try:
            return self.looker.understand(**texts, readable=content.views, sent=sent)
        except TookTooLong as error:
            if is_readable:
                raise UnreadableContent("its text is too much to look through") from error
            return NOTHING_FOUND  # it is set aside for a person in any case


def _without_ours(content: Content, emergency: str) -> Content:
    """Return the texts to look through: each once, our own sentences blanked out of them."""
    own = without_own_sentences(content.own_text, emergency)
    views = tuple(
        replace(view, text=without_own_sentences(view.text, emergency))
        for view in content.views
        if view.text != content.own_text
    )
    return replace(content, own_text=own, views=views)


def content_key(content: Content, envelope: Envelope, octets: bytes) -> str:
    """Return what is the same in two copies of one message to one recipient, and in no other.

    The Message-ID alone is a claim that anybody can copy (RELIABILITY A8): the body
    and the fields of identity are in it too, trace fields are not. Without Date and
    Message-ID, "Ben is ill today" may be yesterday's words and all the same news: a
    repeat is then one of the same day (UTC).
    """
    digest = hashlib.sha256(envelope.recipient.encode())
    names = {name.lower() for name, _value in content.headers}
    if not names & _TELLS_COPIES_APART:
        digest.update(envelope.arrived.date().isoformat().encode())
    for name, value in content.headers:
        if name.lower() in _IDENTITY:
            digest.update(f"\0{name.lower()}:{' '.join(value.split())}".encode("utf-8", "replace"))
    _head, blank, body = octets.partition(b"\r\n\r\n")
    # Without a blank line nobody can say where the header ends: then all of it counts.
    digest.update(b"\0\0" + (body if content.headers and blank else octets))
    return digest.hexdigest()
