"""Gets whatever text there is out of octets that could not be read as a message.

For the safeguarding scan, not for showing: every stretch is read as it stands
and as what it might be in another encoding.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator

from gateway.mail.charsets import decode
from gateway.mail.html_text import without_tags
from gateway.mail.shown_text import safe_text
from rules.message import TextView

# Lines of nothing but base64.
_BASE64_RUN = re.compile(rb"(?:^[A-Za-z0-9+/]{8,}={0,2}[ \t]*(?:\r?\n|\Z))+", re.MULTILINE)
_QUOTED_PRINTABLE = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_TEXT_RUN = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f\ufffd]{4,}")
_MOST_READ = 2 * 1024 * 1024  # octets of one stretch
_MOST_RUNS = 500


def salvage_texts(stretches: Iterable[bytes]) -> list[TextView]:
    """Return a raw view of every reading of every stretch, at most 2 MiB of each. Never raises."""
    return [
        TextView("raw", text)
        for stretch in stretches
        for text in _readings(stretch[:_MOST_READ])
        if text.strip()
    ]


def _readings(octets: bytes) -> Iterator[str]:
    text = decode(octets)[0]
    if "\x00" in text:
        text = "\n".join(_TEXT_RUN.findall(text))
    yield safe_text(text)
    if "<" in text:
        yield without_tags(text)
    if _QUOTED_PRINTABLE.search(octets):
        decoded = decode(binascii.a2b_qp(octets))[0]
        yield without_tags(decoded) if "<" in decoded else safe_text(decoded)
    runs = []
    for number, run in enumerate(_BASE64_RUN.finditer(octets)):
        if number == _MOST_RUNS:
            break
        if (found := _from_base64(run[0])) is not None:
            runs.append(without_tags(found) if "<" in found else safe_text(found))
    if runs:
        yield "\n".join(runs)


def _from_base64(run: bytes) -> str | None:
    letters = b"".join(run.split()).rstrip(b"=")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        octets = binascii.a2b_base64(letters + b"===")
    except binascii.Error:
        return None
    text, _ = decode(octets)
    unreadable = sum(char < " " and char not in "\t\r\n" for char in text[:500])
    # A picture is no text; it would only slow the scan down.
    return text if unreadable * 20 <= min(len(text), 500) else None
