"""What the argument of MAIL or RCPT says: the address and the parameters, or why not.

A reverse-path is read generously (real senders use local parts that RFC 5321
forbids; all we do is remember it). A recipient is read narrowly: percent hacks,
bang paths, source routes, quotes and literals are how a relay is talked into
relaying, and none of our addresses needs them.
"""

from __future__ import annotations

import re

from gateway.intake import reply
from gateway.intake.reply import Reply

ADDRESS_OCTETS = 320  # RFC 5321 §4.5.3.1: 64, "@", 255; also the width of our columns

_PATH = re.compile(r"\s*<(?P<address>[^<>]*)>(?: (?P<parameters>.*))?\Z")
_SOURCE_ROUTE = re.compile(r"@[^:@,]+(?:,@[^:@,]+)*:(?P<rest>.*)\Z")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_RECIPIENT = re.compile(rf"[A-Za-z0-9#$&'*+/=?^_`{{|}}~.-]+@{_DOMAIN}\Z")
_REVERSE_PATH = re.compile(
    r'(?:[^\s<>()\[\]\\,;:@"]+|"(?:[^"\\]|\\.)*")@(?:[A-Za-z0-9._-]+|\[[A-Za-z0-9.:-]+\])\Z'
)
_UTF8_RECIPIENT = re.compile(r"[^\s<>()\[\]\\,;:@\"!%]+@[^\s<>()\[\]\\,;:@\"!%]+\Z")
_UTF8_REVERSE_PATH = re.compile(r"[^\s<>()\[\]\\,;:@\"]+@[^\s<>()\[\]\\,;:@\"]+\Z")


def split_path(argument: str, keyword: str) -> tuple[str, list[str]] | None:
    """Return the text between the angle brackets and the parameters after them, or None.

    `keyword` is "FROM:" or "TO:". A space after the colon is not in the
    grammar (RFC 5321 §3.3) but common enough to let pass.
    """
    if argument[: len(keyword)].upper() != keyword:
        return None
    found = _PATH.match(argument, len(keyword))
    if found is None:
        return None
    return found["address"], (found["parameters"] or "").split()


def read_reverse_path(text: str, *, utf8: bool) -> str | Reply | None:
    """Return the reverse-path, None when it is null (RFC 5321 §4.5.5), or the refusal."""
    if not text:
        return None
    if route := _SOURCE_ROUTE.match(text):
        text = route["rest"]  # To be ignored (RFC 5321 §4.1.1.2).
    if len(text.encode("utf-8", "surrogateescape")) > ADDRESS_OCTETS:
        return reply.BAD_SENDER
    if text.isascii():
        return text if _REVERSE_PATH.match(text) else reply.BAD_SENDER
    if not utf8 or not _is_utf8(text):
        return reply.UTF8_SENDER
    return text if _UTF8_REVERSE_PATH.match(text) else reply.BAD_SENDER


def read_recipient(text: str, *, utf8: bool) -> str | Reply:
    """Return the recipient folded to lower case, or the refusal.

    Mail systems on the way fold the case of local parts, so ours differ in
    nothing but letters' shape. `postmaster` may stand alone (RFC 5321 §4.5.1).
    """
    if len(text.encode("utf-8", "surrogateescape")) > ADDRESS_OCTETS:
        return reply.BAD_RECIPIENT
    if text.isascii():
        folded = text.lower()
        return folded if folded == "postmaster" or _RECIPIENT.match(text) else reply.BAD_RECIPIENT
    if not utf8 or not _is_utf8(text):
        return reply.UTF8_RECIPIENT
    return text.lower() if _UTF8_RECIPIENT.match(text) else reply.BAD_RECIPIENT


def read_mail_parameters(parameters: list[str], *, utf8: bool) -> tuple[int, bool] | Reply:
    """Return the declared size (0 when undeclared) and whether SMTPUTF8 was asked for."""
    size_bytes, wants_utf8 = 0, False
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        match name.upper():
            case "SIZE":
                if not (value.isascii() and value.isdigit() and len(value) <= 20):
                    return reply.BAD_ARGUMENT
                size_bytes = int(value)
            case "BODY":
                if value.upper() not in ("7BIT", "8BITMIME"):
                    return reply.BAD_ARGUMENT
            case "SMTPUTF8" if utf8:
                if value:
                    return reply.BAD_ARGUMENT
                wants_utf8 = True
            case _:
                return reply.BAD_PARAMETER
    return size_bytes, wants_utf8


def _is_utf8(text: str) -> bool:
    return not any("\udc80" <= letter <= "\udcff" for letter in text)
