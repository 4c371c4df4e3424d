"""Finds where a signature begins: the standard mark, a program's advertisement, a contact block."""

from __future__ import annotations

import re

from gateway.mail.footers import footer_start

# RFC 3676 §4.3 says "-- "; programs lose the space or use longer dashes.
_MARK = re.compile(r"[ \t]*(?:-- ?|—|__|–)[ \t\u00a0]*$")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,80}\.[^\s<>@]{2,20}|https?://|www\.")
_PHONE = re.compile(r"(?:\+|\(|(?<!\d)0)\d[\d ()./-]{6,18}\d")
_LONGEST = 25  # lines of a signature after its mark
_FEWEST_IN_A_SENTENCE = 4  # words beside its number
_MOST_IN_A_CARD = 8  # words of a line
_LINE = 80  # characters of a contact block's longest line


def signature_start(lines: list[str]) -> int:
    """Return the index of the first line of the signature, or the number of lines."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    for at in range(end - 1, max(end - 1 - _LONGEST, -1), -1):
        if _MARK.match(lines[at]) and (at == 0 or at < end):
            start = at
    footer = footer_start(lines, start)
    return footer if footer < start else (start if start < end else len(lines))


def without_footer(text: str) -> str:
    """Return `text` without its marked signature and what its program adds."""
    lines = text.splitlines()
    return "\n".join(lines[: signature_start(lines)]).strip()


def without_signature(text: str) -> str:
    """Return `text` without what closes it; nothing where it is a contact block and no more."""
    lines = ["", "", *without_footer(text).splitlines()]
    return "\n".join(lines[: contact_block_start(lines)]).strip()


def contact_block_start(lines: list[str]) -> int:
    """Return where a closing block with an address or telephone number begins.

    The last lines of a member of staff: name, role, school, telephone. Only
    short lines that stand together at the end, at most ten; else the number
    of lines.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    contact = False
    gaps = 0
    while begin and end - begin < 10:
        line = lines[begin - 1].strip()
        if not line:
            gaps += 1
            if gaps > 2:
                break
        elif len(line) > _LINE or _is_prose(line):
            break
        else:
            contact = contact or _is_contact(line)
        begin -= 1
    while begin < end and not lines[begin].strip():
        begin += 1
    if not contact:
        return len(lines)
    # A closing formula and a name above the block are words, and stay.
    first = next(at for at in range(begin, end) if _is_contact(lines[at].strip()))
    blanks = [at for at in range(begin, first) if not lines[at].strip()]
    begin = blanks[-1] + 1 if blanks else begin
    return begin if begin > 0 else len(lines)


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence, also one with a number in it: "Please ring 01632 960123."."""
    words = _PHONE.sub(" ", _ADDRESS.sub(" ", line)).split()
    ends = line.endswith((".", "!", "?"))
    if _is_contact(line):
        return len(words) >= _FEWEST_IN_A_SENTENCE and ends
    return ends or len(words) > _MOST_IN_A_CARD


def _is_contact(line: str) -> bool:
    return bool(_ADDRESS.search(line) or _PHONE.search(line))
