"""Which labels do the rules that hold add up to, and what does the second reader add?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.second_reader import Opinion
from rules.topic_findings import Finding
from rules.topic_packs import EXTRAS, LABELS, OFFICE_TOPICS, URGENT

DECIDED = 1.0
DOUBTFUL = 0.5
# No person wrote it, so it asks for nothing. A concern stays: "please don't reply to this
# address, he reads it" is what a robot says too.
_WITH_AUTOMATIC = frozenset({"automatic", "safeguarding"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message is about. `perhaps` are labels whose score fell short, but not by far."""

    labels: frozenset[str]
    urgent: bool
    extra: frozenset[str]
    perhaps: frozenset[str]

    @property
    def shown(self) -> frozenset[str]:
        """Every topic of which a reader is told, and shown why."""
        urgent = frozenset({URGENT}) if self.urgent else frozenset()
        return self.labels | self.extra | self.perhaps | urgent


def verdict_of_packs(findings: Iterable[Finding], own: Iterable[Finding]) -> Verdict:
    """Return what all `findings` add up to; `own` are those in the author's own words.

    A class matter is what is left when no topic has a place of its own; beside
    an office topic or a concern it has to stand in sentences of its own.
    """
    scores = scores_of(findings)
    held = {topic for topic in LABELS if scores.get(topic, 0) >= DECIDED} - {"classroom"}
    if scores.get("allegation", 0) >= DECIDED:
        held.add("safeguarding")
    if not held & {"automatic", "abusive"} and (
        not held & (OFFICE_TOPICS | {"safeguarding"}) or _class_matter_beside(own, held)
    ):
        held.add("classroom")
    return _settled(
        frozenset(held),
        scores.get(URGENT, 0) >= DECIDED,
        frozenset(topic for topic in EXTRAS if scores.get(topic, 0) >= DECIDED),
        frozenset(topic for topic in LABELS if scores.get(topic, 0) >= DOUBTFUL),
    )


def with_second_opinion(packs: Verdict, said: Iterable[Opinion]) -> Verdict:
    """Add what the second reader says. It takes nothing away but "no other topic": classroom."""
    said = tuple(said)
    decided = {opinion.topic for opinion in said if opinion.is_decided}
    heard = packs.labels - {"classroom"} or packs.extra or packs.urgent
    if heard and "automatic" not in packs.perhaps:
        decided.discard("automatic")  # what the packs heard, a person wrote
    labels = packs.labels | (decided & LABELS)
    if "safeguarding" in labels and "classroom" not in packs.labels:
        labels -= {"classroom"}
    office_or_more = labels & (OFFICE_TOPICS | {"safeguarding", "abusive", "automatic"})
    if office_or_more and "classroom" not in decided and packs.labels == {"classroom"}:
        labels -= {"classroom"}
    # Nobody is accused by a teacher's name beside a blow: the second reader alone accuses no one.
    accused = frozenset() if "safeguarding" in packs.labels else {"allegation"}
    return _settled(
        labels,
        packs.urgent or URGENT in decided,
        packs.extra | (decided & EXTRAS - accused),
        packs.perhaps | (LABELS & {opinion.topic for opinion in said}),
    )


def _settled(
    labels: frozenset[str], urgent: bool, extra: frozenset[str], perhaps: frozenset[str]
) -> Verdict:
    if "automatic" in labels:
        labels, urgent = labels & _WITH_AUTOMATIC, False
    return Verdict(labels, urgent, extra, perhaps - labels - {"classroom"})


def scores_of(findings: Iterable[Finding]) -> dict[str, float]:
    """Add up the rules of each topic, each rule once, where it counts most."""
    best: dict[tuple[str, str], float] = {}
    for finding in findings:
        key = (finding.rule.topic, finding.rule.name)
        if key not in best or abs(finding.weight) > abs(best[key]):
            best[key] = finding.weight
    totals: dict[str, float] = {}
    for (topic, _), weight in best.items():
        totals[topic] = totals.get(topic, 0.0) + weight
    return {topic: round(total, 6) for topic, total in totals.items()}


def _class_matter_beside(own: Iterable[Finding], held: set[str]) -> bool:
    own = tuple(own)
    taken = {one.sentence for one in own if one.rule.topic in held and one.weight > 0}
    rest = (one for one in own if one.rule.topic == "classroom" and one.sentence not in taken)
    return scores_of(rest).get("classroom", 0) >= DECIDED
