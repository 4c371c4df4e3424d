"""What is a message about, is it urgent, and which of its words say so?

Rules of the topic packs add up to a score for each topic. A score of
`DECIDED` gives the label; from `DOUBTFUL` up to that the topic is "perhaps".
Routing looks at the subject and the author's own words. Safeguarding looks at
every readable text, and counts quoted and attached text for less.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from rules.message import TextView
from rules.second_reader import LONGEST_SENTENCE, Seen, features_of, opinions
from rules.topic_findings import Finding, Passage, findings_in
from rules.topic_labels import verdict_of_packs, with_second_opinion
from rules.topic_packs import URGENT, Matcher, compile_packs
from rules.topic_words import sentences

__all__ = [
    "Evidence",
    "Matcher",
    "Understanding",
    "compile_packs",
    "look_at",
    "own_findings",
    "understand",
]

# A disclosure is forwarded as often as it is written; a school's own footer about bullying is
# quoted in every answer. Strong phrases raise a concern from a quotation, weak ones do not.
_QUOTED = 0.6
# The subject of an answer is the school's, or last week's.
_SUBJECT_OF_A_REPLY = 0.4
_REPLY_MARKS = (
    "re:",
    "fw:",
    "fwd:",
    "aw:",
    "wg:",
    "odp:",
    "pd:",
    "rv:",
    "tr:",
    "sv:",
    "res:",
    "enc:",
)
_EVERYWHERE = frozenset({"safeguarding", "allegation"})
SECOND_READER = "second-reader"
_MOST_EVIDENCE_A_RULE = 2
_SCHOOL_DAY_BEGINS = time(8, 0)
_HOME_TIME = time(15, 45)
_SCHOOL_DAY_ENDS = time(18, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that spoke for a label.

    `start` and `end` index `subject + "\\n" + own_text`; both are -1 where the
    words stand in another text of the message. `rule` is "pack/rule", or
    "second-reader": then `alike` is what it has read that is most like this message.
    """

    label: str
    start: int
    end: int
    text: str
    rule: str
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message is about. `perhaps` are labels whose score fell short, but not by far."""

    labels: frozenset[str]
    urgent: bool
    extra: frozenset[str]
    perhaps: frozenset[str]
    evidence: tuple[Evidence, ...]


def understand(
    matcher: Matcher,
    *,
    subject: str,
    own_text: str,
    readable: tuple[TextView, ...] = (),
    sent: date | None = None,
) -> Understanding:
    """Say what the message is about.

    `own_text` is what the author wrote this time, `readable` every other text.
    `sent` is when the author sent it, in the school's zone: a plan for today is
    not urgent at the weekend or, where `sent` has a time, in the evening.
    """
    own = own_findings(matcher, subject, own_text, sent)
    text = f"{subject}\n{own_text}"
    evidence: list[tuple[Finding, Evidence]] = [
        (finding, _evidence(finding, text, inside=True)) for finding in own
    ]
    for view in readable:
        factor = _QUOTED if view.kind in ("quoted", "attached") else 1.0
        for finding in findings_in(matcher, (Passage(view.text, factor=factor),)):
            if finding.rule.topic in _EVERYWHERE:
                evidence.append((finding, _evidence(finding, view.text, inside=False)))
    verdict = verdict_of_packs([finding for finding, _ in evidence], own)
    reasons = _chosen(evidence, verdict.shown)
    model = matcher.second_reader
    if model is not None:
        said = opinions(model, look_at(subject, own_text, own, sent))
        if sent is not None and _school_is_over(sent):
            # Nobody can act on a plan for today now; a child who is missing is the packs' to know.
            said = tuple(opinion for opinion in said if opinion.topic != URGENT)
        verdict = with_second_opinion(verdict, said)
        reasons += tuple(
            Evidence(
                opinion.topic,
                *opinion.span,
                text[slice(*opinion.span)],
                SECOND_READER,
                model.alike(opinion),
            )
            for opinion in said
            if opinion.topic in verdict.shown and opinion.span is not None
        )
    return Understanding(
        verdict.labels, verdict.urgent, verdict.extra, verdict.perhaps, _in_order(reasons)
    )


def own_findings(
    matcher: Matcher, subject: str, own_text: str, sent: date | None
) -> tuple[Finding, ...]:
    """Return the rules of the packs that hold in the author's own words."""
    now = ("schoolday",) if sent is not None and _in_the_school_day(sent) else ()
    own = findings_in(
        matcher,
        (
            Passage(
                subject,
                factor=_SUBJECT_OF_A_REPLY if _is_answer(subject) else 1.0,
                opens_with=("subject", *now),
            ),
            Passage(own_text, offset=len(subject) + 1, opens_with=now),
        ),
    )
    if sent is not None and _school_is_over(sent):
        return tuple(finding for finding in own if not finding.rule.school_hours)
    return own


def look_at(subject: str, own_text: str, own: tuple[Finding, ...], sent: date | None) -> Seen:
    """Return what the second reader sees of a message in whose own words `own` was found."""
    # The subject of an answer is the school's, or last week's.
    texts = [(len(subject) + 1, own_text)]
    if _is_answer(subject):
        own = tuple(finding for finding in own if finding.start > len(subject))
    else:
        texts.insert(0, (0, subject))
    return features_of(
        (
            (offset, words)
            for offset, text in texts
            for words in sentences(text, longest=LONGEST_SENTENCE)
        ),
        sorted({finding.rule.name for finding in own}),
        _time_of_week(sent),
    )


def _time_of_week(sent: date | None) -> str:
    if sent is None:
        return "unknown"
    if _school_is_over(sent):
        return "weekend" if sent.weekday() >= 5 else "evening"
    return "school day" if _in_the_school_day(sent) else "morning"


def _is_answer(subject: str) -> bool:
    return subject.lstrip().lower().startswith(_REPLY_MARKS)


def _school_is_over(sent: date) -> bool:
    if sent.weekday() >= 5:
        return True
    return isinstance(sent, datetime) and sent.time() >= _SCHOOL_DAY_ENDS


def _in_the_school_day(sent: date) -> bool:
    return (
        sent.weekday() < 5
        and isinstance(sent, datetime)
        and _SCHOOL_DAY_BEGINS <= sent.time() < _HOME_TIME
    )


def _evidence(finding: Finding, text: str, *, inside: bool) -> Evidence:
    start, end = (finding.start, finding.end) if inside else (-1, -1)
    return Evidence(
        finding.rule.topic, start, end, text[finding.start : finding.end], finding.rule.name
    )


def _chosen(
    evidence: list[tuple[Finding, Evidence]], shown: frozenset[str]
) -> tuple[Evidence, ...]:
    kept: dict[Evidence, None] = {}
    count: dict[tuple[str, str], int] = {}
    for finding, one in evidence:
        key = (one.rule, one.label)
        if one.label not in shown or finding.weight <= 0 or one in kept:
            continue
        if count.get(key, 0) < _MOST_EVIDENCE_A_RULE:
            kept[one] = None
            count[key] = count.get(key, 0) + 1
    return tuple(kept)


def _in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda one: (one.start < 0, one.start, one.end, one.label)))
