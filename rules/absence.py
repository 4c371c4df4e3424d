"""What does a parent's message tell the office of an attendance? A card; nothing in it is guessed.

The child comes from the school's links, days and times stand as written and beside them the
date where only one is possible, the reason is the parent's own sentence. What is not said is empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.absence_child import ChildBy, LinkedChild, children_meant
from rules.absence_days import CardDay, days_on_card
from rules.absence_kinds import Kind, kinds_of
from rules.absence_text import Span, plain, sentences
from rules.absence_times import StatedTime, times_in

_LONGEST_SENTENCE = 280  # characters quoted on the card; the mail below has them all
_STRONG = re.compile(
    r"\b(?:ill|sick\w*|poorly|unwell|not (?:very |feeling )?well|temp\w*|fever\w*|cough\w*|coff"
    r"|cold|throat"
    r"|flu|bug|virus|vomit\w*|throw\w* up|threw up|chuck\w*|d ?& ?v|diarrh\w*|tum\w*|stomach"
    r"|belly|migraine"
    r"|headache|head|ear|ears|earache|infection|conjunctivitis|pox|spots?|spotty|rash|croup"
    r"|asthma|chest"
    r"|norovirus|lurgy|hay ?fever|eyes?|nits|covid|broken|broke|sprain\w*|fracture\w*|hospital"
    r"|a&e|accident"
    r"|doctors?|gp|dentist|orthodontist|optician\w*|appointment|appt|clinic|consultant"
    r"|operation|surgery"
    r"|plaster|antibiotics|medicine|funeral|wedding|eid|diwali|religious|christening|holiday"
    r"|flights?|airport"
    r"|away|overslept|alarm|traffic|jam|car|bus|buses|train|puncture|snow|ice|icy|flood\w*"
    r"|family|bereave\w*"
    r"|passed away|died|up all night|pain|hurt\w*|period|toothache|tooth|allerg\w*|bitten"
    r"|heatstroke"
    r"|burn\w*|swollen|swelled|moving house)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:because|becuase|cos|due to|owing to|as (?:he|she|they|we)|tired)\b", re.IGNORECASE
)
_GREETING = re.compile(
    r"^(?:dear|hi|hiya|hello|hey|good (?:morning|afternoon|evening)|morning|thanks?|thank you"
    r"|regards"
    r"|kind regards|yours|sent from|get outlook)\b[^.!?]{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AbsenceCard:
    """What one message tells of an attendance. Empty is "not stated"."""

    children: tuple[LinkedChild, ...]
    child_by: ChildBy
    kinds: tuple[Kind, ...] = ()
    days: tuple[CardDay, ...] = ()
    times: tuple[StatedTime, ...] = ()
    reason: str = ""  # the parent's own sentence
    sentence: str = ""  # what speaks of attendance, where nothing else could be read from it


def absence_card(
    subject: str,
    own_text: str,
    sent: date,
    children: Sequence[LinkedChild],
    evidence: Sequence[str] = (),
    others: Sequence[LinkedChild] = (),
) -> AbsenceCard:
    """Return the card of one message, read from the subject and the author's own words alone.

    `sent` is the day it arrived, in the school's zone. `evidence` are the words for which it
    counts as a message about attendance; they find the sentence in a language not read here.
    `others` are children of other families in the class: who is named is not the sender's.
    """
    own_subject = "" if _is_a_reply(subject) else subject.strip()
    text = plain(f"{own_subject}\n\n{own_text}")
    every = sentences(text)
    names = frozenset(child.given_name.lower() for child in children)
    kinds_by_sentence = [(one, kinds_of(text, one, names)) for one in every]
    reports = [one for one, kinds in kinds_by_sentence if kinds]
    found_kinds = {kind for _one, kinds in kinds_by_sentence for kind in kinds}
    if Kind.LEAVE_ASKED in found_kinds:  # "Will it be authorised?" belongs to it
        found_kinds.discard(Kind.QUESTION)
    kinds = tuple(kind for kind in Kind if kind in found_kinds)
    reasons = [
        one
        for one in every
        if _STRONG.search(one.of(text)) or (one in reports and _WEAK.search(one.of(text)))
    ]
    meant, child_by = children_meant(text, reports, every, children, others)
    reason = _reason(text, reports, reasons)
    return AbsenceCard(
        meant,
        child_by,
        kinds,
        days_on_card(text, every, reports, reasons, sent),
        _times(text, every, kinds),
        _shown(reason.of(text)) if reason is not None else "",
        "" if kinds and reason else _speaking(text, every, reports, evidence),
    )


def _reason(text: str, reports: Sequence[Span], reasons: Sequence[Span]) -> Span | None:
    """Return the sentence with the reason, the parent's body before the subject, all of it theirs.

    What names an illness or an appointment goes before a mere "because", a sentence that
    reports before one beside it.
    """
    at = reports[0].start if reports else 0
    ranked = sorted(
        reasons,
        key=lambda one: (
            one.start == 0,
            not _STRONG.search(one.of(text)),
            one not in reports,
            abs(one.start - at),
        ),
    )
    return ranked[0] if ranked else None


def _speaking(
    text: str, every: Sequence[Span], reports: Sequence[Span], evidence: Sequence[str]
) -> str:
    for one in every:
        if any(words and plain(words) in one.of(text) for words in evidence):
            return _shown(one.of(text))
    whole = [one for one in (*reports, *every) if not _GREETING.search(one.of(text))]
    return _shown(max(whole[:3], key=lambda one: one.end - one.start).of(text)) if whole else ""


def _times(text: str, every: Sequence[Span], kinds: tuple[Kind, ...]) -> tuple[StatedTime, ...]:
    if not kinds or kinds == (Kind.QUESTION,):
        return ()
    found = [time for one in every for time in times_in(text, one.start, one.end)]
    kept: list[StatedTime] = []
    for time in found:
        if all((time.words, time.of) != (one.words, one.of) for one in kept):
            kept.append(time)
    return tuple(kept)


def _is_a_reply(subject: str) -> bool:
    return re.match(r"\s*(?:re|fw|fwd|aw|wg|sv|odp)\s*:", subject, re.IGNORECASE) is not None


def _shown(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= _LONGEST_SENTENCE else f"{one_line[:_LONGEST_SENTENCE]}…"
