"""What does a teacher ask for in the first lines of an answer? "Send now", "send as it is"."""

from __future__ import annotations

from rules.folded import words_of

_SEND_NOW = (["send", "now"], ["please", "send", "now"], ["send", "now", "please"])
_AS_IT_IS = (["send", "as", "it", "is"], ["please", "send", "as", "it", "is"])


def asks_to_send_now(text: str) -> bool:
    """Return whether one of the orders at the beginning of `text` is "send now"."""
    return any(words in _SEND_NOW for words in _orders(text)[0])


def sends_as_it_is(text: str) -> bool:
    """Return whether the teacher says that the names in `text` are meant to be there."""
    return any(words in _AS_IT_IS for words in _orders(text)[0])


def without_orders(text: str) -> str:
    """Return `text` without such lines at its beginning."""
    found, rest = _orders(text)
    return rest if found else text


def _orders(text: str) -> tuple[list[list[str]], str]:
    """Return the first lines that are orders and nothing else, and the text under them."""
    lines = text.split("\n")
    found: list[list[str]] = []
    for at, line in enumerate(lines):
        words = words_of(line)
        if words in _SEND_NOW or words in _AS_IT_IS:
            found.append(words)
        elif line.strip():
            return found, "\n".join(lines[at:])
    return found, ""
