"""Splits a message's octets into its header fields and the rest, linearly (RFC 5322 §2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.mail.limits import ReadingLimits, TooMuch

# Field names are printable US-ASCII except the colon (RFC 5322 §2.2); white space
# before the colon is the obsolete form of §4.5, which mail programs read differently.
_FIELD_START = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_ANY_FROM = re.compile(rb"[ \t]*from[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One header field. `malformed` names what is wrong with its start, or is "".

    `value` is unfolded, its outer white space removed, encoded words not
    decoded. Octets that are no UTF-8 are read as Windows-1252.
    """

    name: str
    value: str
    malformed: str = ""

    @property
    def key(self) -> str:
        """The name as mail programs compare it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The fields of a message or part, top first, and where its body begins."""

    fields: tuple[Field, ...]
    body_start: int
    defects: tuple[str, ...] = ()
    index: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    def first(self, name: str) -> str | None:
        """Return the first value of the field `name` (lower case), or None."""
        values = self.index.get(name)
        return values[0] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of the field `name` (lower case), top first."""
        return self.index.get(name, ())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (name, value) of the well-formed fields."""
        return tuple((each.name, each.value) for each in self.fields if not each.malformed)


def with_line_feeds(octets: bytes) -> bytes:
    """Return the octets with line feeds: a message of bare CR (old Mac OS) gets CRLF."""
    if b"\n" not in octets and b"\r" in octets:
        return octets.replace(b"\r", b"\r\n")
    return octets


def split_header(
    octets: bytes, limits: ReadingLimits, start: int = 0, end: int | None = None
) -> HeaderBlock:
    """Return the header block that begins at `start`, within `octets[start:end]`.

    The block ends at the first empty line, or at a line that can be no field;
    the body then begins with that line. Fields that only some programs would
    see (a first line that begins with a space, a From: after such a line) are
    kept and marked, so that the originator can be called ambiguous.

    Raises:
        TooMuch: the block, one field or the number of fields exceeds the limits.
    """
    end = len(octets) if end is None else end
    window = min(end, start + limits.header_bytes + 4)
    block, body_start = _block(octets, start, window)
    lines = block.split(b"\n")
    fields: list[Field] = []
    defects: list[str] = []
    name, malformed, pieces, size = "", "", [b""], 0
    open_field = False
    position = start

    def close() -> None:
        if open_field:
            fields.append(Field(name, _text(pieces), malformed))
            if len(fields) > limits.fields:
                raise TooMuch("fields")

    for index, line in enumerate(lines):
        if line[:1] in (b" ", b"\t"):
            size += len(line)
            if size > limits.field_bytes:
                raise TooMuch("field_bytes")
            if index == 0:
                # Not a continuation of anything: some programs read it as a field.
                matched = _FIELD_START.match(line.lstrip())
                name = matched[1].decode("ascii") if matched else ""
                malformed, pieces, open_field = "leading_space", [line.partition(b":")[2]], True
                defects.append("first_line_begins_with_space")
            else:
                pieces.append(line)
        elif matched := _FIELD_START.match(line):
            close()
            size = len(line)
            if size > limits.field_bytes:
                raise TooMuch("field_bytes")
            name = matched[1].decode("ascii")
            malformed = "space_before_colon" if matched[2] else ""
            pieces, open_field = [line[matched.end() :]], True
        elif index == 0 and line.startswith((b"From ", b">From ")):
            pass  # The separator line of an mbox file.
        elif not line.strip():
            pass
        else:
            # No field: as most programs do, take this line for the body's first.
            close()
            defects.append("header_block_broken")
            fields.extend(_stray_from(lines[index:]))
            return _header_block(fields, position, defects)
        position += len(line) + 1
    close()
    if body_start is None and window < end:
        raise TooMuch("header_bytes")
    return _header_block(fields, window if body_start is None else body_start, defects)


def _header_block(fields: list[Field], body_start: int, defects: list[str]) -> HeaderBlock:
    index: dict[str, tuple[str, ...]] = {}
    for each in fields:
        key = each.name.lower()
        index[key] = (*index[key], each.value) if key in index else (each.value,)
    return HeaderBlock(tuple(fields), body_start, tuple(defects), index)


def _block(octets: bytes, start: int, window: int) -> tuple[bytes, int | None]:
    """Return the octets before the first empty line and where the line after it begins."""
    if octets.startswith(b"\n", start) or octets.startswith(b"\r\n", start):
        return b"", octets.index(b"\n", start) + 1
    blank = _BLANK_LINE.search(octets, start, window)
    if blank is None:
        return octets[start:window], None
    return octets[start : blank.start()], blank.end()


def _text(pieces: list[bytes]) -> str:
    # Unfolding removes the line end and nothing else (RFC 5322 §2.2.3).
    joined = b"".join(piece.rstrip(b"\r") for piece in pieces).strip(b" \t\r")
    if joined.isascii():
        return joined.decode("ascii")
    try:
        return joined.decode("utf-8")
    except UnicodeDecodeError:
        return joined.decode("cp1252", "replace")


def _stray_from(lines: list[bytes]) -> list[Field]:
    """Return the From: lines that stand after a broken line and before an empty one."""
    stray = []
    for line in lines:
        if _ANY_FROM.match(line):
            stray.append(Field("From", _text([line.partition(b":")[2]]), "after_broken_line"))
            if len(stray) == 2:
                break
    return stray
