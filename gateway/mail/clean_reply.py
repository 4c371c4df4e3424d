"""Takes a teacher's answer out of what their mail program sent: quotes and signature off.

What is left goes to a family, so it errs towards doubt: other families' words
may stand in the digest that was answered, and a telephone number or staff
address in a signature. A doubtful answer is held and the teacher asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gateway.mail.html_text import read_html
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.mail.quotes import Split, split_quotes
from gateway.mail.signatures import contact_block_start
from rules.message import Content

_MARKED = re.compile(r"^[ \t]{0,3}[>›»|]", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,80}\.[^\s<>@]{2,20}")


@dataclass(frozen=True, slots=True)
class CleanReply:
    """A teacher's own words. `cut` is all that was taken off; `doubtful` says to hold it."""

    text: str
    cut: str = ""
    doubtful: bool = False


def clean_reply(text: str, html: str | None = None) -> CleanReply:
    """Return what a teacher wrote, without what they answered and without their signature.

    The plain text decides; `html`, the same message's other form, stands in
    where there is no plain text, and casts doubt where it disagrees.
    """
    plain = _split(text)
    if html is None or not html.strip():
        return plain
    found = read_html(html, DEFAULT_LIMITS.html_bytes)
    marked = _split(found.own)
    cut = "\n".join(piece for piece in (marked.cut, found.quoted) if piece)
    marked = CleanReply(marked.text, cut, marked.doubtful or found.rough)
    if not text.strip():
        return marked
    return _agreed(plain, marked)


def _agreed(plain: CleanReply, marked: CleanReply) -> CleanReply:
    """Return what two forms of one answer agree on, doubtful when they do not.

    The form that kept less was told more about what is a quote: its mail
    program marked it. It must be wholly in the other, or neither is sure.
    """
    if _words(plain.text) == _words(marked.text):
        return plain
    shorter, longer = sorted((plain, marked), key=lambda reply: len(_words(reply.text)))
    inside = _words(shorter.text) in _words(longer.text)
    return replace(shorter, doubtful=shorter.doubtful or not inside or not shorter.text)


def clean_answer(content: Content) -> CleanReply:
    """Return what a teacher wrote in a message that was read.

    Better than `clean_reply` of its body: where the body is HTML, only the
    reader saw what the mail program had marked as quoted.
    """
    plain = _split(content.own_text)
    others = [_split(view.text) for view in content.views if view.kind == "html"]
    best = plain
    for other in others:
        best = _agreed(best, other)
    doubtful = best.doubtful or _is_interleaved(content.body_text, best.text)
    kept = set(best.text.split("\n"))
    cut = "\n".join(line for line in content.body_text.split("\n") if line not in kept)
    return CleanReply(best.text, cut.strip("\n"), doubtful)


def _split(text: str) -> CleanReply:
    split: Split = split_quotes(text)
    lines = split.own.split("\n")
    start = contact_block_start(lines)
    kept = "\n".join(lines[:start]).rstrip()
    contact = "\n".join(lines[start:]).strip()
    cut = "\n".join(piece for piece in (contact, split.signature, split.quoted) if piece)
    doubtful = (
        split.doubtful
        or not kept.strip()
        or _MARKED.search(kept) is not None
        or _ADDRESS.search(kept) is not None
        # Answers between quoted lines lean on the question, which was cut.
        or _is_interleaved(text, kept)
    )
    return CleanReply(kept, cut, doubtful)


def _is_interleaved(text: str, kept: str) -> bool:
    """Whether words of the author stand both before or between and after quoted lines."""
    own = {line.strip() for line in kept.split("\n") if line.strip()}
    state = "before"
    turns = 0
    for line in text.split("\n"):
        if _MARKED.match(line):
            if state == "own":
                turns += 1
            state = "quoted"
        elif line.strip() in own:
            if state == "quoted":
                turns += 1
            state = "own"
    return turns >= 3


def _words(text: str) -> str:
    return " ".join(text.split())
