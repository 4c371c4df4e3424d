"""Whether the octets about to leave say what was meant, and nothing else.

The last gate before the outbox. It knows the draft and the octets, and shares none
of the code that wrote them but the cleaning of text: what it cannot find again in
the octets, or finds there without its being meant, stops the message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TypeAlias
from urllib.parse import unquote

from gateway.mail.clean import NAME_LIMIT, clean_line, clean_page
from gateway.mail.compose import ENCLOSED_NAME, FIELDS, safe_file_name
from gateway.mail.draft import Draft, thread_ids

_LINE_LIMIT = 998  # octets without CRLF (RFC 5322 §2.1.1)
_PART_FIELDS = {"content-type", "content-transfer-encoding", "content-disposition"}
_ALLOWED = {name.lower() for name in FIELDS}
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_TAG = re.compile(r"<[^<>]*>")

Part: TypeAlias = "Message[str, str]"


class LintFault(Exception):
    """A message says something other than was meant. It must be held, and a person told.

    The words name the check and never what was found: they are logged.
    """


def lint(octets: bytes, draft: Draft, *, own_domains: Collection[str]) -> None:
    """Return when `octets` are exactly the message that `draft` means.

    `own_domains` are the domains we may write from, lower case.

    Raises:
        LintFault: the first difference found.
    """
    _check_lines(octets)
    head = octets.partition(b"\r\n\r\n")[0].decode("ascii")
    message: Part = message_from_bytes(octets, policy=policy.compat32)
    _check_fields(head, message)
    _check_people(message, draft, own_domains)
    _check_values(message, draft)
    parts = [part for part in message.walk() if part is not message]
    for part in parts:
        _must({name.lower() for name in part} <= _PART_FIELDS, "a part has another field")
    _check_parts(message, draft)
    _check_forbidden(head, message, draft)


def _must(claim: bool, otherwise: str) -> None:
    if not claim:
        raise LintFault(otherwise)


def _check_lines(octets: bytes) -> None:
    lines = octets.split(b"\r\n")
    _must(octets.isascii(), "an octet above 127")
    _must(not any(b"\r" in line or b"\n" in line for line in lines), "a bare CR or LF")
    _must(b"\0" not in octets, "a NUL")
    _must(max(map(len, lines)) <= _LINE_LIMIT, "a line over 998 octets")
    _must(octets.endswith(b"\r\n"), "no line end at the end")


def _check_fields(head: str, message: Part) -> None:
    names = [line.partition(":")[0].lower() for line in head.split("\r\n") if line[:1] not in " \t"]
    _must(names == [name.lower() for name in message], "the head reads in two ways")
    _must(set(names) <= _ALLOWED, "a field we never write")
    _must(len(names) == len(set(names)), "a field that stands twice")


def _check_people(message: Part, draft: Draft, own_domains: Collection[str]) -> None:
    phrase, _, mailbox = _unfolded(message, "From").rpartition(" ")
    shown = f"<{draft.sender}>" if phrase else draft.sender
    _must(mailbox == shown, "From is not the sender meant")
    name = clean_line(draft.sender_name, NAME_LIMIT)
    _must(_phrase_read(phrase) == name, "From shows another name")
    _must(_unfolded(message, "To") == draft.recipient, "To is not the recipient meant")
    _must(_unfolded(message, "Reply-To") == (draft.reply_to or ""), "Reply-To is not as meant")
    for ours in (draft.sender, draft.reply_to or draft.sender):
        _must(ours.rpartition("@")[2].lower() in own_domains, "From or Reply-To is not of ours")


def _phrase_read(phrase: str) -> str:
    if phrase.startswith('"'):
        _must(re.fullmatch(r'"(?:[^"\\]|\\.)*"', phrase) is not None, "From has a broken name")
        return re.sub(r"\\(.)", r"\1", phrase[1:-1])
    return _decoded(phrase)


def _check_values(message: Part, draft: Draft) -> None:
    _must(_decoded(_unfolded(message, "Subject")) == clean_line(draft.subject), "another subject")
    answered, chain = thread_ids(draft)
    automatic = draft.auto_submitted
    for name, value in (
        ("Message-ID", draft.message_id),
        ("In-Reply-To", " ".join(answered)),
        ("References", " ".join(chain)),
        ("Auto-Submitted", automatic or ""),
        ("X-Auto-Response-Suppress", "All" if automatic else ""),
        ("MIME-Version", "1.0"),
    ):
        _must(_unfolded(message, name) == value, f"{name} is not as meant")
    date = parsedate_to_datetime(_unfolded(message, "Date"))
    _must(date == draft.date.replace(microsecond=0), "Date is not as meant")


def _check_parts(message: Part, draft: Draft) -> None:
    leaves = [part for part in message.walk() if not part.is_multipart()]
    nests = [part.get_content_type() for part in message.walk() if part.is_multipart()]
    texts = [("text/plain", draft.text)]
    if draft.html is not None:
        texts.append(("text/html", draft.html))
    files = [(safe_file_name(file.name), file.octets) for file in draft.attachments]
    if draft.enclosed is not None:
        files.append((ENCLOSED_NAME, draft.enclosed))
    wanted = ["multipart/mixed"] * bool(files) + ["multipart/alternative"] * (len(texts) > 1)
    _must(nests == wanted, "the parts are nested otherwise")
    _must(len(leaves) == len(texts) + len(files), "a part too many or too few")
    for leaf, (media_type, text) in zip(leaves, texts, strict=False):
        _must(leaf.get_content_type() == media_type, "the text parts are not as meant")
        _must(_text(leaf) == clean_page(text).rstrip("\n") + "\n", "another text")
    for leaf, (name, octets) in zip(leaves[len(texts) :], files, strict=True):
        _must(leaf.get_content_disposition() == "attachment", "a file is not an attachment")
        _must(leaf.get_filename() == name, "a file has another name")
        _must(_octets(leaf) == octets, "a file is not as meant")


def _check_forbidden(head: str, message: Part, draft: Draft) -> None:
    needles = [needle for text in draft.forbidden if (needle := _folded(text))]
    if not needles:
        return
    for text in map(_folded, _readings(head, message)):
        _must(not any(_stands_in(needle, text) for needle in needles), "a forbidden text")
    for file in _files(draft):
        # Packed formats are not opened here; what may travel at all was decided before.
        folded = file.lower()
        for needle in needles:
            found = any(needle.encode(form) in folded for form in ("utf-8", "utf-16-le"))
            _must(not found, "a forbidden text in a file")


def _files(draft: Draft) -> Iterator[bytes]:
    yield from (file.octets for file in draft.attachments)
    yield draft.enclosed or b""


def _readings(head: str, message: Part) -> Iterator[str]:
    """Yield every form in which a person or a program could read words of the message."""
    yield head
    for name, value in message.items():
        yield _decoded(_FOLD.sub("", value)) if name != "From" else _whole_from(value)
    for part in message.walk():
        yield part.get_filename() or ""
        if part.get_content_maintype() == "text" and part.get_filename() is None:
            text = _text(part)
            yield text
            yield unquote(text)
            yield unquote(unescape(_TAG.sub("", text)))
            yield unescape(_TAG.sub(" ", text))


def _whole_from(value: str) -> str:
    phrase, _, mailbox = _FOLD.sub("", value).rpartition(" ")
    return f"{_phrase_read(phrase)} {mailbox}"


def _stands_in(needle: str, text: str) -> bool:
    # Whole words only: "Ann" is not in "Hannah", nor ann@x.example in joann@x.example.
    return needle in text and bool(re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text))


def _folded(text: str) -> str:
    """Return `text` with case, form, line breaks and characters without width set aside."""
    if not text.isascii():
        normal = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in normal if unicodedata.category(c) != "Cf")
    return " ".join(text.casefold().split())


def _unfolded(message: Part, name: str) -> str:
    return _FOLD.sub("", message.get(name, ""))


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _octets(part: Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Part) -> str:
    return _octets(part).decode("utf-8", "replace").replace("\r\n", "\n")
