"""Where does a comment or a quoted piece of a structured field end (RFC 5322 §3.2)? Linear."""

from __future__ import annotations


def after_comment(value: str, start: int) -> int | None:
    """Return the place after the comment that opens at `start`; None when it never closes.

    Comments nest, and a backslash takes its meaning from the character after it.
    """
    depth, at = 0, start
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return None


def after_closing(value: str, start: int, closing: str) -> int | None:
    """Return the place after the next unescaped `closing` beyond `start`; None without one."""
    at = start + 1
    while at < len(value):
        if value[at] == "\\":
            at += 1
        elif value[at] == closing:
            return at + 1
        at += 1
    return None
