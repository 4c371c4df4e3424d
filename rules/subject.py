"""Whom is an allegation about? They are told of it by nobody.

Everybody whom the text names is taken for the subject, but for those it is only addressed to, or
who were only told of it: to leave out one too many costs a turn, to tell the one would harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.message import Content
from rules.people import Directory, SchoolClass
from rules.staff_names import Named, folded, names_in
from rules.staff_roles import readers_of, roles_in
from rules.topics import Evidence

MOST_TEXT = 50_000  # characters of the own words that are looked through, and of all others
_NEAR = 60  # characters around a name in which it is told what the person did with the news
_GREETING = re.compile(
    r"(?:^|\n)\s*(?:dear|hi|hiya|hello|hey|good\s+(?:morning|afternoon|evening)|morning|afternoon|"
    r"evening|fao|for\s+the\s+attention\s+of|attn|to)\b[ :,]*(?:the\s+)?$"
)
_GREETED_TOO = re.compile(r"^\s*(?:,|/|&|\band\b|\()\s*(?:the\s+)?$")
_LETTER_BEGINS = re.compile(r"\s*(?:[,!:/&()\n]|-|and\b|$)")
_IS_SAID_OF_THEM = re.compile(
    r"(?:'s)?\s+(?:is|was|has|had|did|does|keeps|kept|just|always|again|hit|hits|made|makes|said|"
    r"[^\W\d_]{2,}(?:ed|ing))\b"
)
# Somebody of the staff, whom no name tells apart.
_STAFF = (
    r"(?:a|an|another|any|the|his|her|their|one\s+of\s+(?:the|your|our|his|her))\s+"
    r"(?:[^\W\d_]+\s+)?(?:tas?|teaching\s+assistants?|lsas?|dinner\s+lad(?:y|ies)|lunchtime\s+\w+|"
    r"midday\s+\w+|supply(?:\s+teacher)?|members?\s+of\s+staff|staff(?:\s+members?)?|coach(?:es)?|"
    r"caretaker|cook|driver|cleaner|assistants?|supervisors?|volunteers?|instructor|"
    r"(?<=a\s)teacher|[^\W\d_]+\s+teacher|teachers)"
)
_ANYBODY = re.compile(rf"\b(?:someone|somebody|{_STAFF})\b")
_ANYBODY_OF_STAFF = re.compile(rf"\b{_STAFF}\b|\b(?:mr|mrs|ms|sir|staff|teachers?)\b")
_TOLD = re.compile(
    r"\b(?:told|tell|telling|informed?|informing|asked|ask|asking|emailed|e-mailed|thanked|thank|"
    r"thanks|phoned|rang|cc|fao|copied|copying|"
    r"(?:spoke|spoken|speak|speaking|talk|talked|talking|wrote|write|writing|written|reported|"
    r"report|reporting|complained|complain|complaining|passed|pass|forwarded|forward|said|"
    r"word|mentioned|addressed|complaint|message|letter|email|appointment)"
    r"(?:\s+(?:this|it|that|him|her|on|about\s+it|in))?\s+(?:to|with|for))\s+(?:both\s+)?$"
)
_ARTICLE = re.compile(r"\b(?:the|our|your|their)\s+$")
_ALSO = re.compile(r"^\s*(?:,|/|&|and)\s*(?:also\s+)?(?:to\s+|with\s+)?$")
_NOT = re.compile(r"(?:\bnot\b|n't\b|\bnever\b|scared|afraid|frightened|refus|dont|wont)[^.!?\n]*$")
_WANTED = re.compile(
    r"\b(?:can|could|would|will|may|please|want|wants|need|let|see|meet|meeting|contact|"
    r"(?:like|want|need)\s+(?:to\s+(?:see|meet)))\s+(?:with\s+)?$"
)
_STOOD_BY = re.compile(
    r"^\W*(?:also\s+|kindly\s+|already\s+|then\s+)?(?:saw|witnessed|helped|comforted|knows|"
    r"is\s+aware|has\s+been\s+(?:told|informed)|should\s+(?:know|be\s+told|be\s+aware)|"
    r"needs?\s+to\s+(?:know|be\s+told|look|deal)|was\s+(?:there|lovely|kind|great|very\s+(?:kind|"
    r"good|helpful))|to\s+(?:know|ring|call|phone|contact|look|investigate|deal|be\s+told|sort)|"
    r"(?:please\s+)?(?:ring|call|phone|contact|investigate|look\s+into|deal\s+with)\b)"
)
_LINES_BELOW = 2
_THANKS = re.compile(r"(?:thanks|thank you|regards|wishes|sincerely|faithfully)[\s,.]*$")
_KIN = re.compile(
    r"\b(?:husband|wife|partner|mum|dad|mother|father|brother|sister|grandma|grandad|uncle|aunt|"
    r"parent|friend|neighbour|solicitor|doctor|gp|childminder)[,:]?\s*\(?$"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an allegation is about. Where nobody `is_known`, the readers of the class are it.

    `is_staff` is false where no word of the text means anybody of the staff.
    """

    staff_ids: frozenset[str]
    is_known: bool
    is_staff: bool = True


def subject_of(
    content: Content,
    evidence: tuple[Evidence, ...],
    directory: Directory,
    room: SchoolClass | None = None,
) -> Subject:
    """Return whom the text is about; `room` is the class written to, else all that it may be."""
    rooms = (room,) if room is not None else directory.classes
    said = tuple(one for one in evidence if one.label == "allegation")
    own = f"{content.subject}\n{content.own_text}"
    found = _meant(own, said, directory, rooms)
    texts = (own, *_others(content, said))
    for text in texts[1:]:
        found |= _meant(text, (), directory, rooms)
    if found:
        return Subject(found, is_known=True)
    is_staff = any(_ANYBODY_OF_STAFF.search(folded(text[:MOST_TEXT])) for text in texts)
    return Subject(readers_of(rooms), is_known=False, is_staff=is_staff)


def _others(content: Content, said: tuple[Evidence, ...]) -> Iterator[str]:
    """Yield the other texts of a message in which the words of the allegation stand."""
    words = {one.text for one in said if one.start < 0}
    left = MOST_TEXT
    for view in content.views:
        if left > 0 and any(word in view.text for word in words):
            yield view.text[:left]
            left -= len(view.text)


def _meant(
    text: str,
    said: tuple[Evidence, ...],
    directory: Directory,
    rooms: tuple[SchoolClass, ...],
) -> frozenset[str]:
    text = text[:MOST_TEXT]
    plain = folded(text)
    spans = [(one.start, one.end) for one in said if one.start >= 0]
    to_you = any(re.search(r"\byou\b", plain[start:end]) for start, end in spans)
    family = _family(directory)
    places = [*names_in(text, plain, directory.in_post, family), *roles_in(plain, directory, rooms)]
    sure: set[str] = set(readers_of(rooms)) if to_you else set()
    unsure: set[str] = set()
    told_of_it: set[str] = set()
    somebody_else = _ANYBODY.search(plain) is not None  # or by a name that the roster has not
    was_told_up_to = was_greeted_up_to = -1
    passed = 0
    for place in sorted(places, key=lambda one: (one.start, -one.end)):
        if place.end <= passed:
            continue  # "Hughes" in "Mr Hughes"
        passed = place.end
        whom = place.staff_ids if place.is_name else readers_of(rooms)
        before = _ARTICLE.sub("", plain[max(place.start - _NEAR, 0) : place.start])
        told = bool(_TOLD.search(before)) or (
            was_told_up_to >= 0 and bool(_ALSO.match(plain[was_told_up_to : place.start]))
        )
        if not to_you and _is_greeted(plain, place, spans, was_greeted_up_to):
            was_greeted_up_to = place.end
            continue
        if _KIN.search(before) or _signs(plain, place, family):
            continue
        if told:
            was_told_up_to = place.end
            (unsure if _NOT.search(before) else told_of_it).update(whom)
            continue
        was_told_up_to = -1
        after = plain[place.end : place.end + _NEAR]
        inside = any(start <= place.start < end for start, end in spans)
        if _WANTED.search(before) or (_STOOD_BY.match(after) and not inside):
            unsure |= whom
            continue
        sure |= whom
        somebody_else = somebody_else or not whom
    # "I told Mr Hill to stop and he hit her": who was told is whom it is about, if nobody else is.
    return frozenset(sure or (() if somebody_else else unsure or told_of_it))


def _is_greeted(text: str, place: Named, spans: list[tuple[int, int]], greeted_up_to: int) -> bool:
    """Whether a place is the "Dear Mrs Hill," of a letter, and not "Hi Mrs Hill hit my son"."""
    after = text[place.end : place.end + _NEAR]
    begins = _LETTER_BEGINS.match(after) is not None
    if greeted_up_to >= 0 and _GREETED_TOO.match(text[greeted_up_to : place.start]):
        return begins
    if not _GREETING.search(text, max(place.start - 100, 0), place.start):
        return False
    inside = any(start <= place.start < end for start, end in spans)
    return begins or not (inside or _IS_SAID_OF_THEM.match(after))


def _signs(text: str, place: Named, family: frozenset[str]) -> bool:
    """Whether a place is the writer's own name below the letter."""
    rest = text[place.end : place.end + 2 * _NEAR]
    if re.match(r"[ \t]*[^\W\d_]", rest):
        return False  # the line goes on: it says something of them
    line_starts = text.rfind("\n", 0, place.start) + 1
    own_line = not text[line_starts : place.start].strip(" ,-\t")
    is_last = len(rest.strip().splitlines()) <= _LINES_BELOW and len(rest.strip()) < _NEAR
    named = set(re.findall(r"[^\W\d_]+", text[place.start : place.end]))
    thanked = _THANKS.search(text, max(place.start - 30, 0), place.start)
    return bool(named & family) and is_last and (own_line or thanked is not None)


def _family(directory: Directory) -> frozenset[str]:
    """Return the names of whoever may have written it, and of their children."""
    names = [person.name for person in directory.guardians]
    names += [person.name for person in directory.staff]
    names += [link.pupil_name for person in directory.guardians for link in person.links]
    words = {word for name in names for word in folded(name).replace("'", "").split()}
    return frozenset(words - {"mr", "mrs", "miss", "ms", "dr", "mx"})
