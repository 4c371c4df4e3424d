"""Where a message ends inside a stream of octets, and what its octets are (RFC 5321 §4.5.2).

Only CR LF "." CR LF ends a message. Every other form (LF.LF, CR.CR ...) is how
one message is smuggled inside another (CVE-2023-51764 and its kin), so a bare
CR, a bare LF or a NUL anywhere makes the whole message one to refuse; it is
still read to its true end, or its rest would be taken for commands.
"""

from __future__ import annotations

END = b"\r\n.\r\n"


class DataReader:
    """Takes the content of DATA in pieces of any size and finds its end, in linear time.

    Memory is bounded by `size_limit` and one piece: once the content is over
    the limit, or unclean, what was kept is dropped and only the end is sought.
    """

    def __init__(self, size_limit: int) -> None:
        self.too_big = False
        self.unclean = False
        self.seen_bytes = 0  # of content, dots unstuffed, the end not counted (RFC 1870 §5)
        self._size_limit = size_limit
        self._kept = bytearray()
        # The line end before the first line, so that a "." there is like any other.
        self._tail = END[:2]
        self.seen_bytes -= len(self._tail)

    @property
    def kept_bytes(self) -> int:
        """How much memory this message holds at present."""
        return len(self._kept)

    def feed(self, piece: bytes) -> bytes | None:
        """Take `piece`; return what follows the end of the message, or None while it goes on."""
        joined = self._tail + piece if self._tail else piece
        end = joined.find(END)
        if end >= 0:
            self._take(joined[: end + 2])
            return joined[end + len(END) :]
        held_back = _unfinished_end(joined)
        self._tail = joined[len(joined) - held_back :]
        self._take(joined[: len(joined) - held_back])
        return None

    def discard(self) -> None:
        """Keep nothing more of this message; only its end is still wanted."""
        self.too_big = True
        self._kept = bytearray()

    def octets(self) -> bytes:
        """Return the content, and hold it no longer. Call once, after the end was found."""
        content = bytes(memoryview(self._kept)[2:])
        self._kept = bytearray()
        return content

    def _take(self, lines: bytes) -> None:
        # No line end is ever cut in two here: a trailing CR is held back.
        plain = lines.replace(b"\r\n.", b"\r\n")
        self.seen_bytes += len(plain)
        if self.too_big or self.unclean:
            return
        line_ends = plain.count(b"\r\n")
        if plain.count(b"\r") != line_ends or plain.count(b"\n") != line_ends or b"\0" in plain:
            self.unclean = True
            self._kept = bytearray()
        elif self.seen_bytes > self._size_limit:
            self.discard()
        else:
            self._kept += plain


def _unfinished_end(joined: bytes) -> int:
    for length in range(len(END) - 1, 0, -1):
        if joined.endswith(END[:length]):
            return length
    return 0
