"""How much text from outside one field of our mail may hold, and in what form."""

from __future__ import annotations

from gateway.mail.shown_text import one_line, safe_text

SUBJECT_LIMIT = 150  # characters
NAME_LIMIT = 80  # characters; what mail programs show of a name is shorter still


def clean_lines(text: str) -> str:
    """Return `text` with newlines as its only line ends, and nothing a reader cannot see."""
    return safe_text(text)


def clean_line(text: str, limit: int = SUBJECT_LIMIT) -> str:
    """Return `text` as one line of at most `limit` characters, single spaces between words."""
    line = " ".join(one_line(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
