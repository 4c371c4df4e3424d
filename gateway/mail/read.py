"""Reads a message's octets into what `rules` may know of it, within limits."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.mail.attachments import attachment_of
from gateway.mail.body import Chosen, choose, is_body_text
from gateway.mail.headers import HeaderBlock, split_header, with_line_feeds
from gateway.mail.identifiers import read_date, read_message_id, read_references
from gateway.mail.limits import DEFAULT_LIMITS, ReadingLimits, TooMuch
from gateway.mail.originator import NO_NAMES, GuardianNames, read_originator
from gateway.mail.part_text import read_text
from gateway.mail.quotes import Split, split_quotes
from gateway.mail.salvage import salvage_texts
from gateway.mail.shown_text import shown
from gateway.mail.structure import Part, Structure, find_parts
from rules.message import Attachment, Content, TextView

# What mail programs put before the subject of a message they pass on, case folded:
# en, de, fr, es/pt, it, nl, sv, da/nb, fi, pl, cs, hu, ro, tr, ru, el, ar, he, zh, ja.
_FORWARD_MARKS = (
    "fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "doorst:", "vs:", "vb:", "vl:", "vid:",
    "pd:", "tov:", "továbbítás:", "redirecţionat:", "ynt:", "i̇lt:", "ilt:", "пересл:", "prth:",
    "πρθ:", "إعادة توجيه:", "הועבר:", "转发:", "轉寄:", "転送:",
)  # fmt: skip
_TEXT_NAMES = (".txt", ".text", ".md", ".csv", ".htm", ".html")
_REPORT_TYPES = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/global-delivery-status",
    "message/rfc822-headers",
)


def read_message(
    octets: bytes,
    limits: ReadingLimits = DEFAULT_LIMITS,
    *,
    guardian_names: GuardianNames = NO_NAMES,
) -> Content:
    """Return everything that can be read of a message. It opens no attachment.

    `guardian_names` are for the warning that a display name is borrowed.

    Raises:
        TooMuch: a limit is exceeded; the message is to be set aside whole.
    """
    if len(octets) > limits.message_bytes:
        raise TooMuch("message_bytes")
    if octets.count(b"\n") > limits.lines:
        raise TooMuch("lines")
    octets = with_line_feeds(octets)
    header = split_header(octets, limits)
    structure = find_parts(octets, header, limits)
    chosen = choose(structure.parts)
    subject = shown(header.first("subject") or "")
    forwarded = subject.casefold().startswith(_FORWARD_MARKS)
    body_text, split, views = _texts(structure, chosen, limits, forwarded)
    attachments = _attachments(chosen, structure)
    views += [TextView("filename", each.name) for each in attachments if each.name]
    views += salvage_texts(_outside(structure, octets, header))
    return Content(
        originator=read_originator(header.fields, guardian_names=guardian_names, limits=limits),
        subject=subject,
        own_text=split.own,
        body_text=body_text,
        views=_once(views),
        attachments=attachments,
        headers=header.pairs(),
        message_id=read_message_id(header.first("message-id")),
        references=read_references(
            header.all("in-reply-to"), header.all("references"), limits.references
        ),
        date_claimed=read_date(header.first("date")),
        received_count=len(header.all("received")),
        defects=(*header.defects, *structure.defects),
    )


def _texts(
    structure: Structure, chosen: Chosen, limits: ReadingLimits, forwarded: bool
) -> tuple[str, Split, list[TextView]]:
    """Return the body, the author's words in it, and a view of every text there is."""
    read = {
        part.number: read_text(part, limits, forwarded=forwarded, laid_out=True)
        for part in chosen.plain
    }
    body = list(read.values())
    plain_is_blank = not any(text.shown.strip() for text in body)
    for part in chosen.html:
        if part.number not in read:
            read[part.number] = read_text(
                part, limits, forwarded=forwarded, laid_out=plain_is_blank
            )
    if plain_is_blank:
        body = [read[part.number] for part in chosen.html]
    body_text = _joined(text.shown for text in body)
    split = split_quotes(_joined(text.own for text in body), forwarded=forwarded)
    views = [
        TextView("plain", split.own),
        TextView("quoted", _joined((split.quoted, split.signature))),
    ]
    for text in read.values():
        if text not in body:
            views.append(TextView("html" if text.is_html else "plain", text.own))
        views.append(TextView("hidden", text.hidden))
        views.append(TextView("quoted", text.quoted))
        views.extend(TextView("raw", raw) for raw in text.raw)
    for part in (*chosen.attachments, *chosen.enclosed):
        if _is_text(part):
            text = read_text(part, limits, forwarded=True)
            views.append(TextView("attached", _joined((text.shown, text.hidden))))
            views.extend(TextView("raw", raw) for raw in text.raw)
    for part in structure.parts:
        if part.enclosed and part.header and (about := part.header.first("subject")):
            views.append(TextView("attached", shown(about)))
    return body_text, split, views


def _is_text(part: Part) -> bool:
    """Whether a file can be looked through: by its type, or else by its name."""
    if part.media_type.startswith("text/") or part.media_type in _REPORT_TYPES:
        return True
    return attachment_of(part).name.lower().endswith(_TEXT_NAMES)


def _attachments(chosen: Chosen, structure: Structure) -> tuple[Attachment, ...]:
    """List the attachments; a message inside is as dangerous as what is attached to it."""
    above = {part.number: part.parent_number for part in structure.parts}
    listed = {part.number for part in chosen.attachments}
    held: dict[int, str] = {}
    for part in chosen.enclosed:
        if part.media_type.startswith("message/") or is_body_text(part):
            continue
        if reason := attachment_of(part).dangerous:
            number = part.number
            while number >= 0 and number not in listed:
                number = above[number]
            held[number] = reason
    return tuple(attachment_of(part, held.get(part.number, "")) for part in chosen.attachments)


def _outside(structure: Structure, octets: bytes, header: HeaderBlock) -> list[bytes]:
    """Return the octets that this reader saw no part in, but another program might."""
    if structure.defects or header.defects:
        return [octets[header.body_start :]]
    return list(structure.outside)


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in (each.strip("\n") for each in texts) if text.strip())


def _once(views: list[TextView]) -> tuple[TextView, ...]:
    """Drop empty views, and views whose words another one already has in the same order."""
    seen: set[str] = set()
    kept = []
    for view in views:
        folded = " ".join(view.text.split())
        if folded and folded not in seen:
            seen.add(folded)
            kept.append(view)
    return tuple(kept)
