"""How much text from outside one field of our mail may hold, and in what form."""

from __future__ import annotations

import re

from gateway.mail.shown_text import one_line, safe_text

SUBJECT_LIMIT = 150  # characters
# FSI, text without marks of direction, PDI: what stands in between cannot turn what stands outside
# (UAX 9 §2.4.2). Only a mail's own template writes them; each value in it is a cleaned line.
_ISOLATED = re.compile("\u2068([^\n\u2066-\u2069]*)\u2069")
NAME_LIMIT = 80  # characters; what mail programs show of a name is shorter still


def clean_lines(text: str) -> str:
    """Return `text` with newlines as its only line ends, and nothing a reader cannot see."""
    return safe_text(text)


def clean_page(text: str) -> str:
    """Return what `clean_lines` does of a whole mail, isolates that end on their line kept."""
    if "\u2068" not in text:
        return clean_lines(text)
    pieces = _ISOLATED.split(text)  # outside, inside, outside ...
    return "".join(
        f"\u2068{clean_lines(piece)}\u2069" if number % 2 else clean_lines(piece)
        for number, piece in enumerate(pieces)
    )


def clean_line(text: str, limit: int = SUBJECT_LIMIT) -> str:
    """Return `text` as one line of at most `limit` characters, single spaces between words."""
    line = " ".join(one_line(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
