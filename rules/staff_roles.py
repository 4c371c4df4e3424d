"""Which members of staff does a text mean by their post: "the head", "the SENCo", "her teacher"?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.people import Directory, Role, SchoolClass
from rules.staff_names import Named

_THE = (
    r"\b(?:the|our|your|my|this|that|school's|a|an)\s+(?:new\s+|acting\s+|interim\s+|executive\s+)?"
)
_CHILDS = (
    r"\b(?:the|our|your|my|his|her|their|(?:[^\W\d_]+'s)|(?:(?:my|our)\s+"
    r"(?:son|daughter|child|boy|girl|kid|lad)'?s?))\s+(?:own\s+)?"
)
# Where spaces stand on both sides of a hyphen that may be missing, none is given back ("*+"): of
# a text of nothing but spaces each split would be tried.
# A part of the body more often than a person: what stands before and after "the head" tells.
_HEAD_OF_A_PERSON = re.compile(
    _THE + r"head\b(?!\s*+-?\s*+(?:teacher|master|mistress|lice|injur|first\b|down\b|boy\b|girl\b|"
    r"ache|butt|and\s+(?:neck|face|shoulders)|of\s+(?!school\b|the\s+school\b)))"
)
_BODY = re.compile(
    r"(?:\b(?:on|in|inside|round|around|over|to|at|across|off|behind|above|into|against|towards|"
    r"(?:back|top|side|front|part|crown)\s+of|"
    r"(?:grabbed|held|pulled|taken|dragged|lifted|picked\s+up)\s+by)\s+)$"
)
_HEAD = re.compile(
    r"(?<!deputy )(?<!assistant )(?<!deputy-)(?<!assistant-)"
    r"\b(?:head\s*+-?\s*+(?:teacher|master|mistress)|principal)\b"
)
_DEPUTY = re.compile(
    r"\b(?:deputy\s+principal|vice\s+principal|(?:deputy|assistant)\s*+-?\s*+head"
    r"(?:\s*+-?\s*+(?:teacher|master|mistress))?)\b"
    r"|(?:\b(?:the|our|your)|'s)\s+deput(?:y|ies)\b(?!\s+(?:dsl|designated|safeguarding))"
)
_DSL_WORDS = (
    r"(?:dsl|designated\s+(?:safeguarding\s+)?(?:lead|officer|person)|"
    r"safeguarding\s+(?:lead|officer|person|teacher|lady|man)|"
    r"child\s+protection\s+(?:lead|officer|person))"
)
_DSL = re.compile(rf"(?<!deputy )\b{_DSL_WORDS}\b")
_DEPUTY_DSL = re.compile(rf"\bdeputy\s+{_DSL_WORDS}\b")
_SENCO = re.compile(
    r"\b(?:send?co|inclusion\s+(?:manager|lead|leader)|"
    r"(?:send?|special\s+(?:educational\s+)?needs)\s+(?:co-?ordinator|lead|leader|teacher))\b"
)
_OFFICE = re.compile(
    r"\b(?:secretary|receptionist|(?:school\s+)?office\s+"
    r"(?:manager|lady|ladies|woman|man|staff|administrator|admin|assistant)|"
    r"(?:lady|woman|man|person|someone|somebody|people|staff)\s+(?:in|at|from|on)\s+"
    r"(?:the\s+)?(?:school\s+)?(?:office|reception))\b"
)
_CHAIR = re.compile(r"\bchair(?:man|woman|person)?\s+of\s+(?:the\s+)?govern(?:ors|ing\s+body)\b")
_TEACHER = re.compile(_CHILDS + r"(?:class\s+|form\s+|classroom\s+)?(?:teacher|tutor)s?\b")


def roles_in(text: str, directory: Directory, rooms: tuple[SchoolClass, ...]) -> Iterator[Named]:
    """Yield each place of `text` (folded) that means staff by their post, and whom it means.

    "Her teacher" is whoever reads for one of `rooms`.
    """
    head, dsl = _holders(directory, Role.HEAD), _holders(directory, Role.DSL)
    deputy_dsl = _holders(directory, Role.DEPUTY_DSL)
    deputies = _holders(directory, Role.SLT) - head
    for pattern, whom in (
        (_HEAD, head),
        (_DSL, dsl - deputy_dsl or dsl),
        (_DEPUTY_DSL, deputy_dsl),
        (_SENCO, _holders(directory, Role.SENCO)),
        (_OFFICE, _holders(directory, Role.OFFICE)),
        (_CHAIR, _holders(directory, Role.CHAIR)),
        (_TEACHER, readers_of(rooms)),
    ):
        yield from _each(pattern, text, whom)
    for place in _each(_HEAD_OF_A_PERSON, text, head):
        if not _BODY.search(text, max(place.start - 40, 0), place.start):
            yield place
    for place in _each(_DEPUTY, text, deputies):
        one_word = "head" not in text[place.start : place.end]
        yield Named(place.start, place.end, deputies | deputy_dsl) if one_word else place


def readers_of(rooms: tuple[SchoolClass, ...]) -> frozenset[str]:
    """Return the staff ids of all who read for these classes, for whoever covers too."""
    teachers = {person.staff_id for room in rooms for person in room.teachers}
    return frozenset(teachers | {one.staff.staff_id for room in rooms for one in room.covers})


def _each(pattern: re.Pattern[str], text: str, whom: frozenset[str]) -> Iterator[Named]:
    for found in pattern.finditer(text):
        yield Named(found.start(), found.end(), whom)


def _holders(directory: Directory, role: Role) -> frozenset[str]:
    return frozenset(person.staff_id for person in directory.holders(role))
