"""How a draft becomes octets: only fields we chose, in forms that no reader can take for others.

The standard library's own folding of addresses, subjects and file names decodes and
re-encodes what it is given: an encoded line break in a parent's subject became a real
`Bcc:` field (CVE-2024-6923), and long References became encoded words that no mail
program threads. So each field of ours is written here in its final, folded form, and
the library only lays fields and parts out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import quote

from gateway.mail.clean import NAME_LIMIT, SUBJECT_LIMIT, clean_line, clean_page
from gateway.mail.draft import Draft, Enclosure, thread_ids

ENCLOSED_NAME = "original.eml"
# The only fields that ever stand at the head of a message of ours.
FIELDS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
_FILE_NAME_LIMIT = 75  # characters: percent-encoded in one line of fewer than 998 octets
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_UNKNOWN_TYPE = "application/octet-stream"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()-]+")
_UNSAFE_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_MBOX_FROM = re.compile(rb"^From ", re.MULTILINE)
_TEXT_LINE = 76  # RFC 2045 §6.7
_WORD_OCTETS = 39  # 64 characters encoded: within RFC 2047 §2's 75 beside "Subject: "

Encoding = Literal["7bit", "quoted-printable", "base64"]


class _AsWritten(EmailPolicy):
    """Keep field values exactly as given: they arrive cleaned, encoded and folded."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_WIRE = _AsWritten(linesep="\r\n", max_line_length=None, refold_source="none", cte_type="7bit")


def compose(draft: Draft) -> bytes:
    """Return the message as octets: 7-bit, CRLF line ends, no line over 998.

    The same draft gives the same octets, so a repeat after a crash is recognisable.
    """
    content = _content(draft)
    message = EmailMessage(policy=_WIRE)
    for name, value in [*_fields(draft), *content.items()]:
        message[name] = value
    message.set_payload(content.get_payload())
    return message.as_bytes(policy=_WIRE)


def _fields(draft: Draft) -> list[tuple[str, str]]:
    answered, chain = thread_ids(draft)
    name = clean_line(draft.sender_name, NAME_LIMIT)
    fields = [
        ("From", f"{_phrase(name)} <{draft.sender}>" if name else draft.sender),
        ("To", draft.recipient),
        ("Reply-To", draft.reply_to or ""),
        ("Subject", _unstructured(clean_line(draft.subject, SUBJECT_LIMIT))),
        ("Date", format_datetime(draft.date)),
        ("Message-ID", draft.message_id),
        ("In-Reply-To", "\r\n ".join(answered)),
        ("References", "\r\n ".join(chain)),
        ("Auto-Submitted", draft.auto_submitted or ""),  # RFC 3834 §5
        # Exchange answers automatic mail unless it is told not to.
        ("X-Auto-Response-Suppress", "All" if draft.auto_submitted else ""),
        ("MIME-Version", "1.0"),
    ]
    return [(field, value) for field, value in fields if value or field == "Subject"]


def _content(draft: Draft) -> EmailMessage:
    body = _text_part("plain", draft.text)
    if draft.html is not None:
        body = _multipart("alternative", [body, _text_part("html", draft.html)], draft)
    files = [_file_part(enclosure) for enclosure in draft.attachments]
    if draft.enclosed is not None:
        # Always as base64 octets, never as message/rfc822: that type may not be encoded
        # (RFC 2046 §5.2.1), so an original with bare CR, NUL or long lines would have to
        # be altered. One form for all keeps every octet, for evidence as for signatures,
        # and leaves nothing in it that a program could take for a part of our message.
        files.append(_file_part(Enclosure(ENCLOSED_NAME, _UNKNOWN_TYPE, draft.enclosed)))
    return _multipart("mixed", [body, *files], draft) if files else body


def _multipart(subtype: str, parts: list[EmailMessage], draft: Draft) -> EmailMessage:
    # Drawn from the content, so that nobody who wrote a piece of it can foresee it;
    # "=_" occurs in no quoted-printable or base64 line (RFC 2045 §6.7).
    seed = hashlib.sha256(draft.message_id.encode())
    for part in parts:
        seed.update(part.as_bytes(policy=_WIRE))
    whole = EmailMessage(policy=_WIRE)
    whole["Content-Type"] = f'multipart/{subtype}; boundary="=_{seed.hexdigest()[:40]}"'
    for part in parts:
        whole.attach(part)
    return whole


def _text_part(subtype: Literal["plain", "html"], text: str) -> EmailMessage:
    encoding, payload = _encoded(text)
    part = EmailMessage(policy=_WIRE)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(payload.decode("ascii"))
    return part


def encoded_size(text: str) -> int:
    """Return how many octets `text` takes as one part's content, line ends as CRLF."""
    payload = _encoded(text)[1]
    return len(payload) + payload.count(b"\n")


def _encoded(text: str) -> tuple[Encoding, bytes]:
    octets = clean_page(text).rstrip("\n").encode("utf-8") + b"\n"
    longest = max(map(len, octets.split(b"\n")))
    # A line "From ..." would come out of an mbox as ">From ...", and a lone "." has
    # ended messages early on faulty servers: both are safe when encoded.
    tame = b"\n." not in b"\n" + octets and not _MBOX_FROM.search(octets)
    if octets.isascii() and longest <= _TEXT_LINE and tame:
        return "7bit", octets
    quoted = _MBOX_FROM.sub(b"=46rom ", binascii.b2a_qp(octets, istext=True))
    plain64 = base64.encodebytes(octets.replace(b"\n", b"\r\n"))  # RFC 2045 §6.8
    return ("quoted-printable", quoted) if len(quoted) <= len(plain64) else ("base64", plain64)


def _file_part(enclosure: Enclosure) -> EmailMessage:
    media_type = enclosure.media_type.lower()
    # Octets under a composite type would be read as parts of ours (RFC 2046 §5).
    if not _MEDIA_TYPE.fullmatch(media_type) or media_type.startswith(("message/", "multipart/")):
        media_type = _UNKNOWN_TYPE
    part = EmailMessage(policy=_WIRE)
    part["Content-Type"] = media_type
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = f"attachment;\r\n {_file_name(safe_file_name(enclosure.name))}"
    part.set_payload(base64.encodebytes(enclosure.octets).decode("ascii"))
    return part


def safe_file_name(name: str) -> str:
    """Return a name that is neither a path nor a device on any system, and never empty."""
    line = _UNSAFE_IN_NAMES.sub("_", clean_line(name, _FILE_NAME_LIMIT)).strip(". ")
    return f"_{line}" if _DEVICE.match(line) else line or "attachment"


def _file_name(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return f'filename="{name}"'
    return f"filename*=utf-8''{quote(name, safe='')}"  # RFC 2231 §4


def _phrase(name: str) -> str:
    """Return a display name that can be nothing else (RFC 5322 §3.2.5)."""
    if _needs_words(name):
        return _encoded_words(name) + "\r\n"
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unstructured(line: str) -> str:
    """Return a subject folded at its spaces, or as encoded words."""
    if _needs_words(line):
        return _encoded_words(line)
    folded, room = "", _TEXT_LINE - len("Subject: ")
    for word in line.split(" "):
        if folded and len(word) + 1 > room:
            folded, room = f"{folded}\r\n {word}", _TEXT_LINE - len(word) - 1
        else:
            folded, room = f"{folded} {word}" if folded else word, room - len(word) - 1
    return folded


def _needs_words(line: str) -> bool:
    # "=?" typed by a parent is text and must not be decoded by anybody's mail program.
    return not line.isascii() or "=?" in line


def _encoded_words(line: str) -> str:
    """Return `line` as base64 encoded words, none splitting a character (RFC 2047 §5)."""
    words, word = [], b""
    for octets in (character.encode("utf-8") for character in line):
        if len(word) + len(octets) > _WORD_OCTETS:
            words.append(word)
            word = b""
        word += octets
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(w).decode()}?=" for w in words)
