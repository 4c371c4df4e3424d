"""Which files of the shared corpus are whole messages, and how a mail server would send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_NEVER = {"LICENSE", "COPYING", "CHANGES", "README", ".LICENSE"}
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_MBOX = re.compile(rb"From [^\r\n]*(?:\r\n|\r|\n)")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def messages_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the octets of every whole message, as the file has them.

    The rule: `.eml` and `.raw` are messages whatever is in them. A `.txt`, or a
    file without a suffix, is one when its first line that is not blank is a header
    field (an mbox "From " line before it is passed over). The rest are parts of
    messages, expected results, vectors and licences.
    """
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        if path.name in _NEVER or "vectors" in path.parts:
            continue
        octets = path.read_bytes()
        by_name = path.suffix in (".eml", ".raw")
        by_look = path.suffix in (".txt", "") or not re.fullmatch(r"\.[a-z]+", path.suffix)
        if by_name or (by_look and _FIELD.match(without_mbox_line(octets).lstrip(b"\r\n"))):
            yield str(path.relative_to(folder)), octets


def without_mbox_line(octets: bytes) -> bytes:
    """Drop the line that a mail store puts before a message; it never travels."""
    found = _MBOX.match(octets)
    return octets[found.end() :] if found else octets


def as_sent(octets: bytes) -> bytes:
    """Return the message as a mail server puts it on the wire: every line ends in CR LF."""
    return _LINE_END.sub(b"\r\n", without_mbox_line(octets))
