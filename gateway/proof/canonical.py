"""Which octets does a DKIM signature cover? The canonical forms of RFC 6376 §3.4, in linear time.

The library's own are quadratic: one line of a million spaces would keep it busy for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

Form = Literal["simple", "relaxed"]
RawField = tuple[bytes, bytes]  # the name as written, and all behind the colon with its line ends

_SPACES = re.compile(rb"[ \t]+")


def split_message(octets: bytes) -> tuple[list[RawField], bytes] | None:
    """Return the fields top first, and the body; None where the header is no header."""
    if octets.startswith(b"\r\n"):
        return [], octets[2:]
    head, _blank, body = octets.partition(b"\r\n\r\n")
    fields: list[tuple[bytes, list[bytes]]] = []
    for line in head.removesuffix(b"\r\n").split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            if not fields:
                return None
            fields[-1][1].append(line + b"\r\n")
            continue
        name, colon, value = line.partition(b":")
        if not colon or not name.strip(b" \t"):
            return None
        fields.append((name, [value + b"\r\n"]))
    return [(name, b"".join(values)) for name, values in fields], body


def canonical_body(body: bytes, form: Form) -> bytes:
    """Return the body as it is hashed (RFC 6376 §3.4.3, §3.4.4)."""
    lines = body.split(b"\r\n")
    if form == "relaxed":
        lines = [_SPACES.sub(b" ", line).rstrip(b" ") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return b"" if form == "relaxed" else b"\r\n"
    lines.append(b"")
    return b"\r\n".join(lines)


def canonical_field(field: RawField, form: Form) -> bytes:
    """Return one header field as it is hashed, with its line end (RFC 6376 §3.4.1, §3.4.2)."""
    name, value = field
    if form == "simple":
        return name + b":" + value
    unfolded = value.replace(b"\r\n", b"")
    squeezed = _SPACES.sub(b" ", unfolded).strip(b" ")
    return name.strip(b" \t").lower() + b":" + squeezed + b"\r\n"


def signed_octets(
    fields: Sequence[RawField], names: Iterable[bytes], signature: RawField, form: Form
) -> bytes:
    """Return what the signature signs of the header (RFC 6376 §3.7).

    Of several fields with one name the lowest comes first (§5.4.2); a name that is not there,
    or not so often, stands for nothing, so that nobody can add it.
    """
    by_name: dict[bytes, list[RawField]] = {}
    for field in fields:
        by_name.setdefault(field[0].strip(b" \t").lower(), []).append(field)
    pieces = []
    for name in names:
        left = by_name.get(name)
        if left:
            pieces.append(canonical_field(left.pop(), form))
    blanked = (signature[0], without_signature(signature[1]))
    last = canonical_field(blanked, form)
    pieces.append(last.removesuffix(b"\r\n"))
    return b"".join(pieces)


def without_signature(value: bytes) -> bytes:
    """Return the text of a DKIM-Signature field with the value of its `b=` deleted."""
    tags = value.split(b";")
    for at, tag in enumerate(tags):
        name, equals, _signature = tag.partition(b"=")
        if equals and name.strip(b" \t\r\n") == b"b":
            tags[at] = name + equals
    return b";".join(tags)
