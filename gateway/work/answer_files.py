"""Which files of a teacher's answer go on to the parent, and which stay behind?"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.mail.attachments import attachment_octets
from gateway.mail.draft import Enclosure
from gateway.work.source import Source
from rules.message import Attachment

MOST_BYTES = 5 * 1024 * 1024  # of all files of one answer
_LOGO_BYTES = 64 * 1024  # an image in the text that is no larger belongs to a signature
# What mail programs add of their own accord; nobody attached it, so nobody is told.
_PROGRAMS_OWN = (
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
    "application/pgp-keys", "application/ms-tnef", "application/vnd.ms-tnef",
)  # fmt: skip
# Cards and invitations hold staff addresses; a message inside may be another family's.
_NEVER = ("message/", "multipart/", "text/vcard", "text/x-vcard", "text/calendar")
_CARD = ("text/vcard", "text/x-vcard")


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """What goes, and the names of what does not, each with the reason in plain words."""

    going: tuple[Enclosure, ...] = ()
    staying: tuple[str, ...] = ()


def files_of(answer: Source) -> AnswerFiles:
    """Return the files of an answer, small and safe ones to go, the others by name."""
    going: list[Enclosure] = []
    staying: list[str] = []
    room = MOST_BYTES
    for part in answer.content.attachments:
        if _is_programs_own(part):
            continue
        why = _why_not(part, room)
        if why:
            staying.append(f"{part.name} ({why})")
            continue
        octets = attachment_octets(answer.octets, part.part)
        going.append(Enclosure(part.name, part.media_type, octets))
        room -= len(octets)
    return AnswerFiles(tuple(going), tuple(staying))


def _is_programs_own(part: Attachment) -> bool:
    if part.media_type in _PROGRAMS_OWN or part.media_type in _CARD:
        return True
    is_image = part.media_type.startswith("image/")
    return is_image and part.inline and part.size_bytes <= _LOGO_BYTES


def _why_not(part: Attachment, room: int) -> str:
    if part.dangerous:
        return part.dangerous
    if part.media_type.startswith(_NEVER):
        return "a kind of file that we do not pass on"
    return "too large" if part.size_bytes > room else ""
