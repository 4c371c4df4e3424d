"""What is a message about, is it urgent, and which of its words say so?

Rules of the topic packs add up to a score for each topic. A score of
`DECIDED` gives the label; from `DOUBTFUL` up to that the topic is "perhaps".
Routing looks at the subject and the author's own words. Safeguarding looks at
every readable text, and counts quoted and attached text for less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from rules.message import TextView
from rules.topic_findings import Finding, Passage, findings_in
from rules.topic_labels import DECIDED, DOUBTFUL, labels_of, scores_of
from rules.topic_packs import EXTRAS, LABELS, URGENT, Matcher, compile_packs

__all__ = ["Evidence", "Matcher", "Understanding", "compile_packs", "understand"]

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
_MOST_EVIDENCE_A_RULE = 2
_SCHOOL_DAY_BEGINS = time(8, 0)
_HOME_TIME = time(15, 45)
_SCHOOL_DAY_ENDS = time(18, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that spoke for a label.

    `start` and `end` index `subject + "\\n" + own_text`; both are -1 where the
    words stand in another text of the message. `rule` is "pack/rule".
    """

    label: str
    start: int
    end: int
    text: str
    rule: str


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
    now = ("schoolday",) if sent is not None and _in_the_school_day(sent) else ()
    is_reply = subject.lstrip().lower().startswith(_REPLY_MARKS)
    own = findings_in(
        matcher,
        (
            Passage(
                subject,
                factor=_SUBJECT_OF_A_REPLY if is_reply else 1.0,
                opens_with=("subject", *now),
            ),
            Passage(own_text, offset=len(subject) + 1, opens_with=now),
        ),
    )
    if sent is not None and _school_is_over(sent):
        own = tuple(finding for finding in own if not finding.rule.school_hours)
    evidence: list[tuple[Finding, Evidence]] = [
        (finding, _evidence(finding, f"{subject}\n{own_text}", inside=True)) for finding in own
    ]
    for view in readable:
        factor = _QUOTED if view.kind in ("quoted", "attached") else 1.0
        for finding in findings_in(matcher, (Passage(view.text, factor=factor),)):
            if finding.rule.topic in _EVERYWHERE:
                evidence.append((finding, _evidence(finding, view.text, inside=False)))
    return _settle([finding for finding, _ in evidence], own, evidence)


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


def _settle(
    findings: list[Finding],
    own: tuple[Finding, ...],
    evidence: list[tuple[Finding, Evidence]],
) -> Understanding:
    scores = scores_of(findings)
    labels = labels_of(scores, own)
    extra = frozenset(topic for topic in EXTRAS if scores.get(topic, 0) >= DECIDED)
    perhaps = frozenset(
        topic for topic in LABELS - labels - {"classroom"} if scores.get(topic, 0) >= DOUBTFUL
    )
    urgent = scores.get(URGENT, 0) >= DECIDED and "automatic" not in labels
    shown = labels | extra | perhaps | (frozenset({URGENT}) if urgent else frozenset())
    return Understanding(labels, urgent, extra, perhaps, _chosen(evidence, shown))


def _chosen(
    evidence: list[tuple[Finding, Evidence]], shown: frozenset[str]
) -> tuple[Evidence, ...]:
    kept: list[Evidence] = []
    count: dict[tuple[str, str], int] = {}
    for finding, one in evidence:
        key = (one.rule, one.label)
        if one.label not in shown or finding.weight <= 0 or one in kept:
            continue
        if count.get(key, 0) < _MOST_EVIDENCE_A_RULE:
            kept.append(one)
            count[key] = count.get(key, 0) + 1
    return tuple(sorted(kept, key=lambda one: (one.start < 0, one.start, one.end, one.label)))
