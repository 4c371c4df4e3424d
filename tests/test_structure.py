"""The parts of real messages are those that Python's own parser finds, where it is safe to ask."""

import email

from gateway.mail.headers import split_header, with_line_feeds
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.mail.structure import find_parts
from tests.shared import shared

FOLDERS = ("enmime", "mikel-mail", "sisimai-set-of-emails", "stalwart-mail-parser/thirdparty")
# compat32 takes delivery reports apart into a message for each recipient.
NOT_COMPARED = ("message/delivery-status", "message/feedback-report", "message/external-body")


def our_leaves(octets: bytes) -> list[tuple[str, bytes]]:
    found = find_parts(octets, split_header(octets, DEFAULT_LIMITS), DEFAULT_LIMITS)
    return [
        (part.media_type, b"".join(part.octets()[0].split()))
        for part in found.parts
        if not part.is_container and part.media_type != "message/rfc822"
    ]


def their_leaves(octets: bytes) -> list[tuple[str, bytes]]:
    return [
        (part.get_content_type(), b"".join((part.get_payload(decode=True) or b"").split()))
        for part in email.message_from_bytes(octets).walk()
        if not part.is_multipart()
    ]


def test_the_parts_are_those_that_the_standard_library_finds():
    compared, different = 0, []
    for folder in FOLDERS:
        for path in sorted(shared("corpus", *folder.split("/")).rglob("*")):
            octets = with_line_feeds(path.read_bytes()) if path.is_file() else b""
            if path.suffix not in (".eml", ".raw") or any(
                kind.encode() in octets.lower() for kind in NOT_COMPARED
            ):
                continue
            compared += 1
            if our_leaves(octets) != their_leaves(octets):
                different.append(path.name)
    assert compared > 400
    # What is left are messages announcing parts they do not have: we show them as text.
    assert len(different) * 20 <= compared, different
