"""Undoes the transfer encoding of a part, whatever state it is in (RFC 2045 §6)."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BASE64_OR_SPACE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


def decode_transfer(octets: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return the octets and whether they were damaged. An unknown encoding changes nothing."""
    if encoding == "base64":
        return _base64(octets)
    if encoding in ("quoted-printable", "qp", "quotedprintable"):
        return binascii.a2b_qp(octets), False
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencode(octets)
    return octets, encoding not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit")


def _base64(octets: bytes) -> tuple[bytes, bool]:
    strange = len(octets.translate(None, _BASE64_OR_SPACE))
    if strange > 8 and strange * 12 > len(octets):
        # Plain text under a false label; decoding would turn it to nothing.
        return octets, True
    try:
        return binascii.a2b_base64(octets), strange > 0
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", octets)
        # One letter left over holds no octet; two or three hold what they hold.
        whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(whole + b"==="), True


def _uuencode(octets: bytes) -> tuple[bytes, bool]:
    begin = _UU_BEGIN.search(octets)
    if begin is None:
        return octets, True
    pieces = []
    for line in octets[begin.end() :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line in (b"end", b"`", b""):
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders pad the last line wrongly; its length octet says how much counts.
            most = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                pieces.append(binascii.a2b_uu(line[:most]))
            except binascii.Error:
                return b"".join(pieces), True
    return b"".join(pieces), False
