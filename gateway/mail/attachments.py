"""Lists the parts that are not the body, under names that are safe to show and to save."""

from __future__ import annotations

import re
import unicodedata

from gateway.mail.dangerous import danger
from gateway.mail.headers import split_header, with_line_feeds
from gateway.mail.limits import DEFAULT_LIMITS, ReadingLimits
from gateway.mail.shown_text import shown
from gateway.mail.structure import Part, find_parts
from rules.message import Attachment

_LONGEST_NAME = 120  # characters
_PATH = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_USUAL_ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
}


def given_name(part: Part) -> str:
    """Return the name a part gives itself, decoded, or "" (RFC 2183 §2.3)."""
    for field, parameter in ((part.disposition, "filename"), (part.content_type, "name")):
        name = shown(field.parameters.get(parameter, ""))
        if name:
            return name
    return ""


def safe_name(name: str) -> str:
    """Return a file name without a path, controls or a leading dot, at most 120 characters."""
    last = unicodedata.normalize("NFC", shown(name)).replace("\\", "/").rstrip("/ ")
    last = _PATH.sub("_", last.rpartition("/")[2]).strip(" .")
    if _RESERVED.match(last):
        last = f"_{last}"
    if len(last) > _LONGEST_NAME:
        stem, dot, ending = last.rpartition(".")
        if dot and len(ending) <= 10:
            last = f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
        else:
            last = last[:_LONGEST_NAME]
    return last


def attachment_of(part: Part, enclosed_danger: str = "") -> Attachment:
    """Return what there is to say of a part. Its octets are decoded and let go again."""
    octets, _ = part.octets()
    name = given_name(part)
    safe = safe_name(name) or f"part-{part.number}{_USUAL_ENDINGS.get(part.media_type, '')}"
    is_message = part.media_type.startswith("message/")
    reason = danger(name or safe, part.media_type, b"" if is_message else octets)
    return Attachment(
        part=part.number,
        name=safe,
        media_type=part.media_type,
        size_bytes=len(octets),
        inline=part.disposition.value == "inline" or part.parent == "multipart/related",
        dangerous=reason or enclosed_danger,
    )


def attachment_octets(octets: bytes, part: int, limits: ReadingLimits = DEFAULT_LIMITS) -> bytes:
    """Return the decoded octets of part number `part` of the message `octets`.

    Raises:
        KeyError: the message has no such part.
        TooMuch: the message exceeds the limits, as it did when it was read.
    """
    octets = with_line_feeds(octets)
    structure = find_parts(octets, split_header(octets, limits), limits)
    for found in structure.parts:
        if found.number == part and not found.is_container:
            return found.octets()[0]
    raise KeyError(part)
