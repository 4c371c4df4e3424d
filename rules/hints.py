"""What should a reader know of a message besides its words? Hints for a person; none acts alone."""

from __future__ import annotations

from rules.concern import words_for
from rules.facts import Facts

MAY_DISTRESS = "may distress"
PERHAPS_A_CHILD = "a child may have written this"

_PERHAPS = {
    "abusive": "unkind words",
    "appointment": "an appointment",
    "automatic": "an automatic reply",
    "child_author": "written by a child",
    "send": "special needs (SEND)",
}


def hints_of(facts: Facts) -> tuple[str, ...]:
    """Return the hints, in reading order; the hint of a child's hand stands with its words."""
    found = list(perhaps(facts))
    if "abusive" in facts.understanding.labels:
        found.append(MAY_DISTRESS)
    if "child_author" in facts.understanding.labels:
        words = ", ".join(f"“{one}”" for one in words_for(facts.understanding, "child_author"))
        found.append(f"{PERHAPS_A_CHILD}: {words}" if words else PERHAPS_A_CHILD)
    if facts.verdict.kind == "suspected" or "automatic" in facts.understanding.labels:
        found.append("may be an automatic reply")
    return tuple(found)


def perhaps(facts: Facts) -> tuple[str, ...]:
    """Return what the message may be about besides what was found."""
    found = sorted(facts.understanding.perhaps)
    return tuple(f"perhaps {_PERHAPS.get(label, label)}" for label in found)


def hides_the_words(hints: tuple[str, ...]) -> bool:
    """Whether the words stand behind a line."""
    return MAY_DISTRESS in hints


def names_a_child(hints: tuple[str, ...]) -> bool:
    """Whether staff are offered the reminder about the account."""
    return any(hint.startswith(PERHAPS_A_CHILD) for hint in hints)
