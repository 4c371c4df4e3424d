"""How much of a message we are willing to read (the bounds of the reading side)."""

from __future__ import annotations

from dataclasses import dataclass


class TooMuch(Exception):
    """A message exceeds a limit. It is set aside whole for the office, never refused.

    `what` is the name of the limit, a fixed word that may be logged.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Unreadable(Exception):
    """A message could not be read although it kept every limit.

    `why` is a fixed phrase that may be logged and shown to staff.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The sizes above which reading stops. Octets unless the name says otherwise.

    The three `*_read_bytes` do not raise: a longer From is ambiguous, longer
    Authentication-Results prove nothing, and of a longer Content-Type only
    the beginning is read. A field that nobody decides by may be long.
    """

    message_bytes: int = 25 * 1024 * 1024
    header_bytes: int = 256 * 1024
    field_bytes: int = 64 * 1024
    fields: int = 1_000
    lines: int = 500_000
    depth: int = 20
    parts: int = 200
    boundary_bytes: int = 256
    from_read_bytes: int = 2 * 1024
    authentication_results_read_bytes: int = 8 * 1024
    content_type_read_bytes: int = 4 * 1024
    text_bytes: int = 2 * 1024 * 1024  # of one text part as body; the rest becomes a raw view
    html_bytes: int = 1024 * 1024  # of one HTML part through the HTML parser
    references: int = 100
    apart_above_bytes: int = 4 * 1024 * 1024  # bigger messages are read in a child process
    apart_above_tags: int = 20_000  # and so are messages with more "<" than this
    child_cpu_seconds: int = 10
    child_memory_bytes: int = 512 * 1024 * 1024


DEFAULT_LIMITS = ReadingLimits()
