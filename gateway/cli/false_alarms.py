"""Which messages for the class teacher alone would have gone elsewhere, and which words did it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.cli.labelled import Labelled
from rules.topic_packs import OFFICE_TOPICS, URGENT
from rules.topics import Evidence, Understanding

_FOR_THE_TEACHER = frozenset({"classroom"})
_ELSEWHERE = OFFICE_TOPICS | {"safeguarding"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A message that was sent elsewhere by mistake. `wrongly` are the labels that did it."""

    name: Any  # the line's "id"
    wrongly: tuple[str, ...]
    subject: str
    evidence: tuple[Evidence, ...]


@dataclass(slots=True)
class FalseAlarms:
    """The false alarms of a file, in its order, among all that were for the teacher alone."""

    alarms: list[Alarm] = field(default_factory=list)
    of: int = 0

    def add(self, entry: Labelled, understanding: Understanding) -> None:
        """Look at one message; one that is not for the class teacher alone is passed over."""
        if entry.labels != _FOR_THE_TEACHER or entry.urgent:
            return
        self.of += 1
        wrongly = understanding.labels & _ELSEWHERE
        if understanding.urgent and entry.urgent is not None:
            wrongly |= {URGENT}
        if wrongly:
            why = tuple(one for one in understanding.evidence if one.label in wrongly)
            self.alarms.append(Alarm(entry.name, tuple(sorted(wrongly)), entry.trial.subject, why))

    def as_table(self) -> str:
        """Return a message and its reasons, line by line, for a person."""
        lines = []
        for alarm in self.alarms:
            lines.append(f"{alarm.name}  {', '.join(alarm.wrongly)}  “{alarm.subject}”")
            lines += [
                f"    {one.label:13} “{' '.join(one.text.split())}”  [{one.rule}]"
                for one in alarm.evidence
            ]
        lines.append(f"{len(self.alarms)} of {self.of} messages for the teacher alone")
        return "\n".join(lines)

    def as_values(self) -> dict[str, Any]:
        """Return the same for a program."""
        return {
            "of": self.of,
            "alarms": [
                {
                    "id": alarm.name,
                    "wrongly": list(alarm.wrongly),
                    "evidence": [
                        {"label": one.label, "text": one.text, "rule": one.rule}
                        for one in alarm.evidence
                    ],
                }
                for alarm in self.alarms
            ],
        }
