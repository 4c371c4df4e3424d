"""Which of the sender's linked children does a report of an absence mean? Never a guess.

A given name in the sender's own words decides, else the only child linked in the class
written to. Where two fit, both are shown and it is said that the message does not tell. Where
the report names somebody else of the class, no child of the sender's is taken for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.absence_text import Span
from rules.folded import folded

# Given names that are words too: they count with a capital, and where a name can stand.
_WORDS_TOO = frozenset(
    {"will", "may", "mark", "grace", "summer", "hope", "joy", "rose", "bill", "art"}
    | {"guy", "june", "april", "august", "dawn", "sunny", "star", "sky", "faith", "frank"}
    | {"jack", "pat", "ray", "reed", "sandy", "max", "angel", "amber", "autumn", "ivy"}
    | {"lily", "daisy", "poppy", "holly", "hazel", "heather", "olive", "ruby", "pearl"}
    | {"miles", "dean", "wren", "robin", "rob", "drew", "chase", "chance", "harmony"}
    | {"melody", "honey", "destiny", "precious", "blessing", "favour", "gift", "prince"}
    | {"princess", "king", "major", "noble", "storm", "river", "rain", "snow"}
)
_VERBS_TOO = frozenset({"will", "may", "mark", "bill", "rob", "drew", "chase", "chance", "hope"})
_A_NAME_FOLLOWS = frozenset(
    {"s", "is", "was", "has", "won't", "wont", "isn't", "isnt", "will", "and", "had", "woke"}
    | {"can't", "cant", "cannot", "been", "off", "still", "also", "poorly", "ill"}
)
_TITLES = frozenset(["miss", "mrs", "mr", "ms", "dr", "sir", "mx"])
_IS_IN = re.compile(
    r"^\W*(?:is|'s|will be|'ll be|should be) (?:(?:still|now|back|all|also) )?(?:fine\b|ok\b"
    r"|okay\b|here\b"
    r"|there\b|at school\b|coming (?:in|to school)\b|in(?= (?:school|today|as|now|class)\b)"
    r"|in(?=\W*(?:$|[.,;!\n])))",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|isn'?t|rather than|instead of)\s*$", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:both(?: of)?(?: (?:them|the (?:girls|boys|kids|children)|girls|boys|kids|children))?"
    r"|the twins"
    r"|the pair of them|my (?:girls|boys|kids|children|twins)|the (?:girls|boys|kids|children))\b",
    re.IGNORECASE,
)
_SIBLING = re.compile(r"\band (?:his|her|their) (?:\w+ )?(?:brother|sister|twin|sibling)\b", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*")


class ChildBy(StrEnum):
    """How the child was found; the value is what a person reads."""

    NAMED = "named in the message"
    ONLY = "the only linked child"
    ALL = "all linked children are meant"
    UNSAID = "which one is not said"
    NONE = "not stated"


@dataclass(frozen=True, slots=True)
class LinkedChild:
    """A child of the sender's, with the given name that the school has on record."""

    pupil_id: str
    given_name: str
    in_the_class: bool  # the class that was written to


def named_children(
    text: str, sentences: Sequence[Span], children: Sequence[LinkedChild]
) -> tuple[LinkedChild, ...]:
    """Return the children whose given names stand in `sentences`, not as those in school."""
    found = []
    for child in children:
        places = [
            place for sentence in sentences for place in _places(text, sentence, child.given_name)
        ]
        if any(not _set_apart(text, start, end) for start, end in places):
            found.append(child)
    return tuple(found)


def children_meant(
    text: str,
    reports: Sequence[Span],
    everything: Sequence[Span],
    children: Sequence[LinkedChild],
    others: Sequence[LinkedChild] = (),
) -> tuple[tuple[LinkedChild, ...], ChildBy]:
    """Return whom the message is about and how that is known.

    `reports` are the sentences that speak of attendance, `everything` all that the sender wrote.
    `others` are children of other families: never among those returned.
    """
    here = tuple(child for child in children if child.in_the_class)
    named = named_children(text, reports, children) or named_children(text, everything, children)
    joined = any(_SIBLING.search(sentence.of(text)) for sentence in reports)
    if len(named) == 1 and joined and len(children) == 2:
        return tuple(children), ChildBy.ALL
    if named:
        return named, ChildBy.NAMED
    if len(children) > 1 and any(_BOTH.search(sentence.of(text)) for sentence in reports):
        return (here, ChildBy.ALL) if len(here) > 1 else (tuple(children), ChildBy.ALL)
    if named_children(text, reports or everything, others):
        return (), ChildBy.NONE  # "Kai is ill, his mum asked me to tell you"
    if len(here) == 1:
        return here, ChildBy.ONLY
    return (here, ChildBy.UNSAID) if here else ((), ChildBy.NONE)


def _places(text: str, sentence: Span, given_name: str) -> list[tuple[int, int]]:
    """Return where a given name, or the first part of a double one, stands in a sentence."""
    wanted = [folded(part) for part in _WORD.findall(given_name)]
    if not wanted:
        return []
    words = [
        (match, folded(match[0])) for match in _WORD.finditer(text, sentence.start, sentence.end)
    ]
    found = []
    for number, (match, word) in enumerate(words):
        if word != wanted[0] and word.removesuffix("s") != wanted[0]:
            continue
        if word != wanted[0] and not (word == f"{wanted[0]}s" and len(wanted[0]) > 3):
            continue  # "Ottos bus", but no "Wills"
        before = words[number - 1][1] if number else ""
        after = words[number + 1][1] if number + 1 < len(words) else ""
        if before in _TITLES:
            continue
        if wanted[0] in _WORDS_TOO:
            if not match[0][0].isupper():
                continue
            first = not number and wanted[0] in _VERBS_TOO
            if first and after not in _A_NAME_FOLLOWS and len(words) > 1:
                continue
        found.append((match.start(), match.end()))
    return found


def _set_apart(text: str, start: int, end: int) -> bool:
    """Whether the child is named as the one it is not about: "not Lewis", "Lewis is in"."""
    return bool(
        _NOT.search(text[max(0, start - 20) : start]) or _IS_IN.search(text[end : end + 40])
    )
