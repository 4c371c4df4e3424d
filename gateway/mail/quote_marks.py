"""Knows the lines by which mail programs introduce what they quote, in any language."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,80}")
# A time, or a day or a year beside another number: 8:00, 12/01/2026, Jan 12, 2026.
_TIME = re.compile(r"\d{1,2}[:.h][0-5]\d")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
_OTHER_DATE = re.compile(r"[年月日]|[٠-٩۰-۹০-৯०-९]{2}")
LABEL = re.compile(
    r"[ \t>]{0,6}\*{0,2}[^\s:：>*\d][^:：\n]{0,24}?[ \u00a0]?[:：]\*{0,2}(?:[ \t\u00a0]|$)"
)
_RULE = "-_=—"
_LONGEST_SEPARATOR = 120  # characters
_MOST_LABEL_WORDS = 3
COLON_ENDS = (":", "：", ":-", "։", ":*")
_SUBJECT_LABELS = _words(
    """subject betreff objet asunto oggetto assunto onderwerp emne ämne aihe tárgy temat předmět
    predmet subiect konu тема θέμα 件名 主题 主旨 主題 제목 الموضوع موضوع נושא विषय বিষয় tema
    assumpto pwnc mawduuc"""
)
_FROM_LABELS = _words(
    """from von de da od van från fra lähettäjä feladó kimden від от από من منجانب מאת 差出人
    发件人 寄件者 보낸사람 प्रेषक প্রেরক"""
) | {"de la", "oddi wrth", "보낸 사람", "użytkownik"}


def is_header_block(lines: list[str], at: int) -> bool:
    """Whether three or more lines `Word: value`, with a date and an address, begin at `at`."""
    if _stands_alone(lines, at) or len(_label_of(lines[at]).split()) > _MOST_LABEL_WORDS:
        return False
    labels: list[str] = []
    block: list[str] = []
    for line in lines[at : at + 14]:
        if not line.strip():
            # Some programs put an empty line between any two of these.
            continue
        if is_separator(line):
            break
        if LABEL.match(line):
            labels.append(_label_of(line))
        elif not (block and line[:1] in " \t") and not (len(labels) >= 2 and "@" in line):
            break
        block.append(line[:400])
    if len(labels) < 3 or len(block) > 12:
        return False
    text = "\n".join(block)
    if not has_date(text):
        return False
    named = any(label in _SUBJECT_LABELS for label in labels)
    above = next((line for line in reversed(lines[max(0, at - 2) : at]) if line.strip()), "")
    marked = is_separator(above)
    return (
        (has_address(text) and (named or marked or len(labels) >= 4))
        or (named and (marked or len(labels) >= 4))
        or (marked and len(labels) >= 4)
    )


def _is_rest_of_field(lines: list[str], at: int) -> bool:
    """Whether a line may be the rest of a field above it, which some program wrapped."""
    wrapped = lines[at][:1] in " \t" or "@" in lines[at]
    return wrapped and at > 0 and LABEL.match(lines[at - 1]) is not None


def _stands_alone(lines: list[str], at: int) -> bool:
    """Whether an empty line follows a line `Word: value`, but not the next such line."""
    filled = [one for one in range(at, min(at + 8, len(lines))) if lines[one].strip()]
    return len(filled) > 2 and filled[1] - at > 1 and filled[2] - filled[1] == 1


def _label_of(line: str) -> str:
    return re.split("[:：]", line, maxsplit=1)[0].strip(" *\t\u00a0").casefold()


def fields_before(lines: list[str], end: int) -> int:
    """Return where header fields begin that stand right before `end`, or `end` without any.

    Two are enough with an address, since quoted lines follow them.
    """
    begin, labels, named = end, 0, False
    spaced = False  # an empty line between any two fields
    while begin and end - begin < 14:
        line = lines[begin - 1]
        if not line.strip():
            spaced = spaced or labels == 1
            if labels > 1 and not spaced:
                break
        elif LABEL.match(line) and len(_label_of(line).split()) <= _MOST_LABEL_WORDS:
            labels += 1
            named = named or _label_of(line) in _SUBJECT_LABELS | _FROM_LABELS
        elif not _is_rest_of_field(lines, begin - 1):
            break
        begin -= 1
    while begin < end and not lines[begin].strip():
        begin += 1
    block = "\n".join(lines[begin:end])
    if not (labels >= 2 and has_address(block)) and not (labels >= 3 and named and has_date(block)):
        return end
    while begin and (is_separator(lines[begin - 1]) or not lines[begin - 1].strip()):
        begin -= 1
    return begin


def is_separator(line: str) -> bool:
    """Whether a line is a rule, or words between two rules: `-----Original Message-----`."""
    text = line.strip()
    if not 4 <= len(text) <= _LONGEST_SEPARATOR or text[0] not in _RULE:
        return False
    words = text.strip(_RULE)
    if not words:
        return len(text) >= 5
    before = len(text) - len(text.lstrip(_RULE))
    return len(words) <= 60 and (before >= 5 or (before >= 2 and text.endswith("--")))


def has_address(text: str) -> bool:
    """Whether a text holds something like an address; at once where it cannot."""
    return "@" in text and _ADDRESS.search(text) is not None


def has_date(text: str) -> bool:
    """Whether a text holds something like a date or a time of day."""
    return bool(_TIME.search(text) or YEAR.search(text) or _OTHER_DATE.search(text))


def is_forward_mark(lines: list[str], at: int) -> bool:
    """Whether the mark of a forwarded message stands above the header block at `at`.

    Gmail writes ten dashes, words and nine or ten dashes, Apple a line of words
    ending in a colon; Outlook's and Yahoo's are five dashes, and may be replies.
    """
    above = [line.strip() for line in lines[max(0, at - 3) : at] if line.strip()]
    last = above[-1] if above else ""
    if last.startswith("----------") and last.endswith("-----") and len(last.strip("- ")) > 2:
        return True
    return any(
        mark.endswith(COLON_ENDS)
        and (len(mark.split()) >= 2 or (not mark.isascii() and len(mark) >= 6))
        and len(mark) < 60
        and not has_date(mark)
        and "@" not in mark
        for mark in (last, lines[at].strip())
    )


def is_sentence(line: str) -> bool:
    """Whether a line holds the end of a sentence, which an attribution does not."""
    return bool(re.search(r"[a-z]{3}[.!?] [A-Z]", line))
