"""Makes header values fit to be shown: encoded words decoded, controls removed (RFC 2047)."""

from __future__ import annotations

import binascii
import re

from gateway.mail.charsets import decode

# The charset may not hold "?", the text neither "?" nor white space; real mail
# breaks the second rule, so white space is let through up to a bounded length.
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
# Everything that some program somewhere takes for the end of a line.
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# C0 (but tab and newline), DEL, C1, and the marks that override reading order (UAX 9):
# "exe.gpj" must not read as "jpg.exe". Characters without width, and tags, only
# ever stand inside a word to hide it. The plain marks U+200E and U+200F stay in
# texts, since Arabic and Urdu sentences need them; the joiners stay, since
# scripts and emoji do.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_SHOWN = 2_000  # characters


def safe_text(text: str) -> str:
    """Return text with newlines as its only line ends, and nothing a reader cannot see."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return _LONE_SURROGATE.sub("\ufffd", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(value: str) -> str:
    """Return `value` on one line, without controls or marks that change direction."""
    if value.isascii() and value.isprintable():
        return value
    return safe_text(value).replace("\n", " ").replace("\t", " ")


def shown(value: str) -> str:
    """Return a header value as a person should see it, at most 2,000 characters.

    Never use the result to find an address: what an encoded word decodes to is
    text only (RFC 2047 §5).
    """
    if "=?" in value:
        value = _words_decoded(_BETWEEN_WORDS.sub(r"\1", value[: 8 * _MAX_SHOWN]))
    elif value.isascii() and value.isprintable() and "  " not in value and len(value) < _MAX_SHOWN:
        return value
    return " ".join(one_line(value[: 2 * _MAX_SHOWN]).split())[:_MAX_SHOWN]


def _words_decoded(value: str) -> str:
    pieces: list[str] = []
    # Neighbours in one charset are joined as octets: some programs cut a character in two.
    pending, charset, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        octets = _octets(word[2], word[3])
        if octets is None:
            continue
        if word.start() != end or word[1].lower() != charset:
            pieces.append(decode(pending, charset)[0])
            pieces.append(value[end : word.start()])
            pending = b""
        pending, charset, end = pending + octets, word[1].lower(), word.end()
    return "".join((*pieces, decode(pending, charset)[0], value[end:]))


def _octets(form: str, text: str) -> bytes | None:
    raw = text.encode("utf-8", "surrogateescape")
    try:
        if form in "bB":
            # Some programs leave the padding out.
            return binascii.a2b_base64(raw.rstrip(b"=") + b"===")
        return binascii.a2b_qp(raw, header=True)
    except binascii.Error:
        return None
