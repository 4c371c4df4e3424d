"""Which line of a mail about the hours is meant, and does the mail say more than that line?

Greetings and sign-offs say nothing about the hours. Any other line might take the first one back,
so whoever writes more is asked to write one line.
"""

from __future__ import annotations

import re

_GREETING = re.compile(
    r"(?:hi|hello|hallo|dear|good (?:morning|afternoon|evening))(?: [^\W\d_][\w.'’-]*){0,3}[ ,.!-]*"
)
_TAKES_BACK = re.compile(r"\b(?:no|not|don['’]?t|never|please|ignore|forget|cancel\w*|wait|stop)\b")
_CLOSING = re.compile(
    r"(?:(?:with )?(?:many |very many )?(?:thanks|thank you|ta|cheers)"
    r"(?: (?:again|so much|very much|a lot|all|both|everyone|in advance))?"
    r"|(?:with )?(?:my )?(?:(?:kind|kindest|best|warm|warmest) )?(?:regards|wishes)"
    r"|all the best|best|yours(?: (?:sincerely|faithfully|truly))?)[ ,.!]*"
)
# Below such a line nothing is the writer's own.
_FOOTER = re.compile(
    r"--|_{4,}|-{4,}|sent (?:from|via|with) (?:my |outlook|yahoo|gmail|proton|mail)|get outlook for"
    r"|(?=.*\bconfidential)(?:this|the information|disclaimer|confidential|\W).*"
)
_CONTACT = re.compile(
    r"(?:tel|telephone|phone|mobile|email|e-?mail|web|website|[tmew])\b ?[.:|] ?\S.*|(?:www\.|https?://)\S+"
)
_ATTRIBUTION = re.compile(r"on \S.{2,120} wrote ?:")
_TITLED = re.compile(r"(?:Miss|Mrs?|Ms|Mx|Dr)\.?(?: [A-Z][\w.'’-]*){1,3}")
_OF_A_SIGNATURE = frozenset(
    {"and", "at", "class", "for", "head", "leader", "of", "office", "primary", "school"}
    | {"secretary", "staff", "teacher", "team", "the", "&", "-", "|"}
)
_MOST_WORDS_SIGNED = 6


def line_in(own_text: str, subject: str, writer: str = "") -> str:
    """Return the line that is meant: the first of the writer's own words, or else the subject."""
    lines = _lines(own_text)
    if not lines or _is_sign_off(lines, writer):
        return " ".join(subject.split())
    return lines[0]


def says_more(own_text: str, writer: str = "") -> bool:
    """Whether anything but a sign-off of `writer`, by name, stands below the line that is meant."""
    lines = _lines(own_text)
    return not (_is_sign_off(lines, writer) or _is_sign_off(lines[1:], writer))


def _lines(own_text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in own_text.splitlines() if line.strip()]
    while lines and lines[-1].startswith(">"):
        lines.pop()
    if lines and _ATTRIBUTION.fullmatch(lines[-1].casefold()):
        lines.pop()
    while lines and _is_greeting(lines[0].casefold()):
        lines = lines[1:]
    return lines


def _is_greeting(line: str) -> bool:
    return _GREETING.fullmatch(line) is not None and _TAKES_BACK.search(line) is None


def _is_sign_off(lines: list[str], writer: str) -> bool:
    names = set(re.findall(r"\w+", writer.casefold()))
    has_closed = False
    for line in lines:
        folded = line.casefold()
        if _FOOTER.match(folded):
            return True
        words = re.findall(r"\w+", folded)
        is_name = _TITLED.fullmatch(line) is not None or (bool(words) and set(words) <= names)
        if _CLOSING.fullmatch(folded) or is_name:
            has_closed = True
        elif not (_CONTACT.fullmatch(folded) or (has_closed and _is_signature(line))):
            return False
    return True


def _is_signature(line: str) -> bool:
    """Whether it looks like a name, a post or a school: "The office", "Oakfield Primary"."""
    words = line.replace(",", " ").split()
    if len(words) > _MOST_WORDS_SIGNED or _TAKES_BACK.search(line.casefold()):
        return False
    return all(word[0].isupper() or word.casefold() in _OF_A_SIGNATURE for word in words)
