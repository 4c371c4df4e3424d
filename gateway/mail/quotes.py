"""Tells the author's own words from what the mail program quoted under or around them.

Structural, not by language: a mail program writes `>` before lines, or a line
with an address and a date that ends in a colon, or a block of `Word: value`
lines. Nothing is ever lost here: what is cut is handed back, and classified too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.mail.quote_marks import (
    COLON_ENDS,
    LABEL,
    YEAR,
    fields_before,
    has_address,
    has_date,
    is_forward_mark,
    is_header_block,
    is_sentence,
    is_separator,
)
from gateway.mail.signatures import signature_start

_QUOTED = re.compile(r"[ \t]{0,3}[>›»|](?![<])")
_MOST_ATTRIBUTION = 400  # characters of an attribution with its wrapped lines
_FEWEST_WORDS = 2
_MOST_BEFORE_MARKS = 24  # lines: header fields, and a warning that a mail host puts in


@dataclass(frozen=True, slots=True)
class Split:
    """A text taken apart. `own` is never less than two words unless the text is."""

    own: str
    quoted: str = ""
    signature: str = ""
    doubtful: bool = False  # something in `own` still looks like a quote


def own_words(text: str, *, forwarded: bool = False) -> str:
    """Return what the author of `text` wrote this time.

    Answers between quoted lines stay; so does a forwarded message (`forwarded`
    says that the subject calls it one), which an author shows on purpose. If
    hardly a word would be left, everything is kept, unless the quote is named
    as one: "Thanks" above our own notice is no reason to read the notice.
    """
    return split_quotes(text, forwarded=forwarded).own


def split_quotes(text: str, *, forwarded: bool = False, certain: bool = False) -> Split:
    """Return the author's words, the quotes and the signature of `text`, in linear time.

    `certain` says that what is marked was quoted, however few words are left beside it.
    """
    lines = text.split("\n")
    if not _may_quote(text):
        return _kept(text, lines, [], _FEWEST_WORDS)
    own: list[str] = []
    quoted: list[str] = []
    marked = [_QUOTED.match(line) is not None for line in lines]
    count = len(lines)
    at = 0
    while at < count:
        if marked[at]:
            end = at
            while end < count and (marked[end] or _is_wrapped_quote(lines, marked, end)):
                end += 1
            begin = _attribution_before(own)
            certain = certain or begin < len(own) or _names_itself(lines[at : at + 4])
            quoted.extend(own[begin:])
            del own[begin:]
            quoted.extend(lines[at:end])
            at = end
            continue
        if _begins_unmarked_quote(lines, at):
            if forwarded or is_forward_mark(lines, at):
                own.extend(lines[at:])
                break
            certain = True
            _drop_separators(own, quoted)
            # Below header fields, marks say where the quote ends, where there are any.
            end = _marks_after_fields(lines, marked, at)
            quoted.extend(lines[at:end])
            at = end
            continue
        own.append(lines[at])
        at += 1
    return _kept(text, own, quoted, 1 if certain else _FEWEST_WORDS)


def _marks_after_fields(lines: list[str], marked: list[bool], at: int) -> int:
    """Return where the marked lines under the header fields at `at` begin, or the text's end."""
    if not LABEL.match(lines[at]):
        return len(lines)
    near = range(at, min(at + _MOST_BEFORE_MARKS, len(lines)))
    return next((one for one in near if marked[one]), len(lines))


def _may_quote(text: str) -> bool:
    """Whether a text holds anything that a quote cannot do without; most do not."""
    return any(mark in text for mark in ">›»|@") or text.count(":") + text.count("：") >= 3


def _kept(text: str, own: list[str], quoted: list[str], fewest: int) -> Split:
    """Cut the signature, and take everything back where fewer words than `fewest` would be left."""
    start = signature_start(own)
    kept, signature = own[:start], "\n".join(own[start:]).strip("\n")
    body = "\n".join(kept).strip("\n")
    if len(body.split()) < fewest:
        kept, signature = own, ""
        body = "\n".join(own).strip("\n")
    if len(body.split()) < fewest and quoted:
        return Split(text.strip("\n"), doubtful=True)
    return Split(body, "\n".join(quoted).strip("\n"), signature, _looks_quoted(kept))


def _is_wrapped_quote(lines: list[str], marked: list[bool], at: int) -> bool:
    """Whether a line without a mark is the tail of a quoted line that a program wrapped.

    A blank line between two quoted ones also belongs to the quote.
    """
    following = at + 1 < len(lines) and marked[at + 1]
    if not following or at == 0 or not marked[at - 1]:
        return False
    line = lines[at]
    if not line.strip():
        return True
    return len(line.split()) <= 2 and len(line) < 25 and len(lines[at - 1]) > 70


def _names_itself(quoted: list[str]) -> bool:
    """Whether marked lines begin with an attribution or header fields of their own."""
    first = [line.lstrip(" \t>") for line in quoted]
    return any(line.rstrip().endswith(COLON_ENDS) and has_date(line) for line in first) or (
        sum(LABEL.match(line) is not None for line in first) >= 2
    )


def _attribution_before(own: list[str]) -> int:
    """Return where in `own` the attribution of the quote that follows begins, or its length."""
    end = len(own)
    while end and not own[end - 1].strip():
        end -= 1
    fields = fields_before(own, end)
    if fields < end:
        return fields
    joined = ""
    for begin in range(end - 1, max(end - 5, -1), -1):
        line = own[begin].strip()
        if not line:
            break
        joined = f"{line} {joined}".strip()
        if len(joined) > _MOST_ATTRIBUTION:
            break
        if not _ends_as_attribution(joined):
            break
        if has_date(joined) or has_address(joined) or is_separator(line):
            # The line before may still belong: a wrapped date, or a name.
            return _widened(own, begin, joined)
    return len(own) if not _separator_at_end(own, end) else end - 1


def _widened(own: list[str], begin: int, joined: str) -> int:
    """Take the line above as well when the attribution is wrapped and begins there."""
    complete = has_date(joined) and (has_address(joined) or joined[:1].isupper())
    if complete or begin == 0:
        return begin
    above = own[begin - 1].strip()
    if above and (has_date(above) or len(above) > 50) and not above.endswith((".", "!", "?")):
        return begin - 1
    return begin


def _separator_at_end(own: list[str], end: int) -> bool:
    return end > 0 and is_separator(own[end - 1])


def _begins_unmarked_quote(lines: list[str], at: int) -> bool:
    """Whether a quote begins at `at` that no marks tell, and that reaches to the end."""
    line = lines[at]
    stripped = line.strip()
    if not stripped:
        return False
    if (":" in line or "：" in line) and LABEL.match(line) and is_header_block(lines, at):
        return True
    if stripped.endswith(COLON_ENDS) and len(stripped) <= _MOST_ATTRIBUTION:
        is_attribution = has_date(stripped) and has_address(stripped)
        return is_attribution and not _marks_follow(lines, at + 1)
    if not _colon_follows(lines, at) or not has_date(line) or is_sentence(line):
        return False
    # An attribution wrapped over two or three lines.
    joined = stripped
    for below, following in enumerate(lines[at + 1 : at + 3], at + 2):
        joined = f"{joined} {following.strip()}"
        if not following.strip() or len(joined) > _MOST_ATTRIBUTION:
            return False
        if joined.endswith(COLON_ENDS):
            return has_address(joined) and not _marks_follow(lines, below)
    return False


def _colon_follows(lines: list[str], at: int) -> bool:
    return any(line.rstrip().endswith(COLON_ENDS) for line in lines[at + 1 : at + 3])


def _marks_follow(lines: list[str], at: int) -> bool:
    """Whether the next line with text is marked `>`: then marks say where the quote ends."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return _QUOTED.match(following) is not None


def _drop_separators(own: list[str], quoted: list[str]) -> None:
    """Move the separator line above a header block from the author's words to the quote."""
    while own and not own[-1].strip():
        own.pop()
    if own and is_separator(own[-1]):
        quoted.append(own.pop())


def _ends_as_attribution(text: str) -> bool:
    return text.endswith((*COLON_ENDS, "-----", "_____"))


def _looks_quoted(own: list[str]) -> bool:
    return any(
        (":" in line or "：" in line)
        and (
            (line.rstrip().endswith(COLON_ENDS) and (has_address(line) or YEAR.search(line)))
            or (LABEL.match(line) and has_address(line))
        )
        for line in own
    )
