"""Finds the parts of a message: where each begins and ends in the octets (RFC 2046 §5.1).

A walk over offsets, not a tree of copies: a 25 MB photograph stays where it
is until somebody wants it. The meaning of broken structure is that of
Python's `email` with `compat32`: an outer boundary always ends what is inside
it, a missing last boundary ends with the message. The tests compare the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gateway.mail.headers import HeaderBlock, split_header
from gateway.mail.limits import ReadingLimits, TooMuch
from gateway.mail.parameters import FieldValue, read_parameters
from gateway.mail.transfer import decode_transfer

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
# A boundary line by its looks, for a message that announces another one.
_BOUNDARY_LINE = re.compile(
    rb"^--([!-~]{1,200})[ \t]*\r?\n(?=content-)", re.IGNORECASE | re.MULTILINE
)
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part, in the order of the octets; the message itself is number 0.

    Its body is `source[start:end]`, still in its transfer encoding. `parent`
    is the media type of what holds it, `index` its place therein. `enclosed`
    parts belong to another message inside this one.
    """

    number: int
    media_type: str
    content_type: FieldValue
    disposition: FieldValue
    encoding: str
    source: bytes
    start: int
    end: int
    parent: str = ""
    parent_number: int = -1
    index: int = 0
    in_alternative: bool = False
    enclosed: bool = False
    header: HeaderBlock | None = None

    @property
    def is_container(self) -> bool:
        """Whether other parts stand inside it."""
        return self.media_type.startswith("multipart/")

    def raw(self) -> bytes:
        """Return the body's octets as they stand in the message."""
        return self.source[self.start : self.end]

    def octets(self) -> tuple[bytes, bool]:
        """Return the body's octets, transfer encoding undone, and whether that went wrong."""
        return decode_transfer(self.raw(), self.encoding)


@dataclass(frozen=True, slots=True)
class Structure:
    """Every part of a message, what stands outside all parts, and what is odd about it.

    A message whose parts programs may see differently is `ambiguous`.
    """

    parts: tuple[Part, ...]
    outside: tuple[bytes, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether another program may find other parts in the same octets."""
        return bool(self.defects)


@dataclass(slots=True)
class _Pending:
    """A stretch of octets that is a part, header and all, not yet looked at."""

    source: bytes
    start: int
    end: int
    depth: int
    parent: str = ""
    parent_number: int = -1
    index: int = 0
    in_alternative: bool = False
    enclosed: bool = False
    header: HeaderBlock | None = None


def find_parts(octets: bytes, header: HeaderBlock, limits: ReadingLimits) -> Structure:
    """Return every part of the message whose header is `header`.

    Raises:
        TooMuch: more parts, deeper nesting or a longer boundary than allowed.
    """
    parts: list[Part] = []
    outside: list[bytes] = []
    defects: list[str] = []
    # A stack, since a message may nest deeper than Python may recurse.
    pending = [_Pending(octets, 0, len(octets), 0, header=header)]
    while pending:
        at = pending.pop()
        if at.depth > limits.depth:
            raise TooMuch("depth")
        if len(parts) >= limits.parts:
            raise TooMuch("parts")
        part = _part(at, len(parts), limits, defects)
        parts.append(part)
        if part.is_container:
            inside = _sections(part, limits, outside, defects)
            if not inside and part.raw().strip():
                # Nothing in it is a part, so all of it is text.
                parts[-1] = replace(part, media_type="text/plain")
            below = [_below(at, part, span, index) for index, span in enumerate(inside)]
            if len(parts) + len(pending) + len(below) > limits.parts:
                raise TooMuch("parts")
            pending.extend(reversed(below))
        elif part.media_type in ("message/rfc822", "message/global", "message/news"):
            pending.append(_enclosed(at, part))
    return Structure(tuple(parts), tuple(outside), tuple(dict.fromkeys(defects)))


def _part(at: _Pending, number: int, limits: ReadingLimits, defects: list[str]) -> Part:
    header = at.header or split_header(at.source, limits, at.start, at.end)
    default = "message/rfc822" if at.parent == "multipart/digest" else "text/plain"
    content_type = _field(header, "content-type", limits, defects)
    media_type = content_type.value if _MEDIA_TYPE.fullmatch(content_type.value) else default
    if content_type.value and media_type != content_type.value:
        # An unreadable type is text (RFC 2045 §5.2), or as much of it as can be read.
        begins = _MEDIA_TYPE.match(content_type.value)
        media_type = begins[0] if begins else "text/plain"
        defects.append("media_type_unreadable")
    if media_type.startswith("multipart/") and not content_type.parameters.get("boundary"):
        media_type = "text/plain"
        defects.append("boundary_missing")
    encoding = _field(header, "content-transfer-encoding", limits, defects).value
    return Part(
        number=number,
        media_type=media_type,
        content_type=content_type,
        disposition=_field(header, "content-disposition", limits, defects),
        encoding=encoding.strip("\"' \t"),
        source=at.source,
        start=header.body_start,
        end=max(at.end, header.body_start),
        parent=at.parent,
        parent_number=at.parent_number,
        index=at.index,
        in_alternative=at.in_alternative,
        enclosed=at.enclosed,
        header=header,
    )


def _field(header: HeaderBlock, name: str, limits: ReadingLimits, defects: list[str]) -> FieldValue:
    values = header.all(name)
    if len(values) > 1 and len(set(values)) > 1:
        defects.append(f"{name.replace('-', '_')}_repeated")
    if not values:
        return FieldValue("", {})
    if len(values[0]) > limits.content_type_read_bytes:
        defects.append(f"{name.replace('-', '_')}_cut")
    found = read_parameters(values[0], limits.content_type_read_bytes)
    if found.repeated:
        defects.append(f"{name.replace('-', '_')}_parameter_repeated")
    return found


def _sections(
    part: Part, limits: ReadingLimits, outside: list[bytes], defects: list[str]
) -> list[tuple[int, int]]:
    """Return (start, end) of what stands between the boundary lines of a multipart."""
    boundary = part.content_type.parameters["boundary"].rstrip(" ").encode("utf-8", "replace")
    if len(boundary) > limits.boundary_bytes:
        raise TooMuch("boundary_bytes")
    if part.source.find(b"--" + boundary, part.start, part.end) < 0:
        defects.append("no_boundary_line")
        written = _BOUNDARY_LINE.search(part.source, part.start, part.end)
        if written is None:
            return []
        boundary = written[1]
    source, mark = part.source, b"--" + boundary
    found: list[tuple[int, int]] = []
    start, at, closed = -1, part.start, False
    while not closed:
        at = source.find(mark, at, part.end)
        if at < 0:
            break
        after = _AFTER_BOUNDARY.match(source, at + len(mark), part.end)
        if after is None or not (at == part.start or source[at - 1] == 0x0A):
            at += len(mark)
            continue
        # The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
        before = at - 1 if at > part.start else at
        if before > part.start and source[before - 1] == 0x0D:
            before -= 1
        if start >= 0:
            found.append((start, max(start, before)))
            if len(found) > limits.parts:
                raise TooMuch("parts")
        elif source[part.start : before].strip():
            outside.append(source[part.start : before])
        closed = after[1] is not None
        start = at = after.end()
    if start < 0:
        defects.append("no_boundary_line")
    elif not closed:
        found.append((start, part.end))
        defects.append("not_closed")
    elif source[start : part.end].strip():
        outside.append(source[start : part.end])
    return found


def _below(at: _Pending, part: Part, span: tuple[int, int], index: int) -> _Pending:
    return _Pending(
        at.source,
        *span,
        at.depth + 1,
        part.media_type,
        part.number,
        index,
        at.in_alternative or part.media_type == "multipart/alternative",
        at.enclosed,
    )


def _enclosed(at: _Pending, part: Part) -> _Pending:
    source, start, end = part.source, part.start, part.end
    if part.encoding in ("base64", "quoted-printable", "x-uuencode"):
        # Forbidden (RFC 2046 §5.2.1) and common.
        source = part.octets()[0]
        start, end = 0, len(source)
    return _Pending(
        source, start, end, at.depth + 1, part.media_type, part.number, 0, enclosed=True
    )
