"""Which labels do the rules that hold add up to?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.topic_findings import Finding
from rules.topic_packs import LABELS, OFFICE_TOPICS

DECIDED = 1.0
DOUBTFUL = 0.5


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


def labels_of(scores: Mapping[str, float], own: Iterable[Finding]) -> frozenset[str]:
    """Return the labels, given the scores of all findings and those in the author's `own` words.

    A class matter is what is left when no topic has a place of its own; beside
    an office topic or a concern it has to stand in sentences of its own.
    """
    held = {topic for topic in LABELS if scores.get(topic, 0) >= DECIDED} - {"classroom"}
    if scores.get("allegation", 0) >= DECIDED:
        held.add("safeguarding")
    if "automatic" in held:
        # No person wrote it, so it asks for nothing. A concern stays: "please don't reply to
        # this address, he reads it" is what a robot says too.
        held &= {"automatic", "safeguarding"}
    elif "abusive" not in held and (
        not held & (OFFICE_TOPICS | {"safeguarding"}) or _class_matter_beside(own, held)
    ):
        held.add("classroom")
    return frozenset(held)


def _class_matter_beside(own: Iterable[Finding], held: set[str]) -> bool:
    own = tuple(own)
    taken = {one.sentence for one in own if one.rule.topic in held and one.weight > 0}
    rest = (one for one in own if one.rule.topic == "classroom" and one.sentence not in taken)
    return scores_of(rest).get("classroom", 0) >= DECIDED
