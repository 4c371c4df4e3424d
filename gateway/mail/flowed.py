"""Joins the soft line breaks of format=flowed text (RFC 3676 §4)."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool) -> str:
    """Return `text` with flowed lines joined, quote marks kept one space from the words."""
    done: list[str] = []
    open_depth = -1
    pieces: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        words = words[1:] if words.startswith(" ") else words
        if pieces and depth != open_depth:
            done.append(_line(open_depth, pieces))
            pieces = []
        open_depth = depth
        # "-- " is the mark of a signature and never flowed (§4.3).
        soft = words.endswith(" ") and words != "-- "
        pieces.append(words[:-1] if soft and delete_space else words)
        if not soft or words == "-- ":
            done.append(_line(depth, pieces))
            pieces = []
    if pieces:
        done.append(_line(open_depth, pieces))
    return "\n".join(done)


def _line(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
