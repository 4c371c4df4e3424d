"""Ten invented families of one class, and what each of them wrote; each with words of its own."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

EMAILS = Path(__file__).resolve().parents[1] / "data" / "parent-emails-dev.jsonl"
_GIVEN = (
    "Ben", "Kai", "Zoe", "Oluwaseun", "Tymoteusz", "Ioana", "Zainab", "Bohdan", "Mireia", "Grace",
)  # fmt: skip
_FAMILY = (
    "Okoro", "Lund", "Pike-Hallam", "Adebisi", "Wrzos", "Dragulescu", "Qureshi", "Kravtsov",
    "Ferrandiz", "Brown",
)  # fmt: skip
_ADULTS = (
    "Amina", "Omar", "Sue", "Folake", "Grzegorz", "Doina", "Rukhsana", "Oksana", "Jordi", "Mark",
)  # fmt: skip
# A sentence that nobody else would write: `{}` is the family's canary word.
_CANARIES = (
    "We call the new place {} cottage and the boxes are still everywhere.",
    "He whispers to the {} spoon every morning since the summer.",
    "The {} lamp in her room stays on all night now.",
    "My number is 07700 9{} should you want it.",
    "The {} lady looks after him on Wednesdays now.",
    "I work at {} these days and cannot come before four.",
    "{} is what she calls her imaginary friend.",
    "Mieszkamy teraz przy ulicy {} nad piekarnią.",
    "Write to me at {}@family.example please.",
    "{} tickles him sideways.",
)
_WORDS = (
    "quandelith", "brixomere", "tarvellin", "00174", "oshpendel", "mirrowake", "Fenquillow",
    "Wrzeszczowa", "zellagrin", "Pollydrake",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """One family: who they are, what they wrote, and the words that betray it."""

    number: int
    pupil: str
    guardian: str
    address: str
    subject: str
    text: str
    canary: str

    @property
    def given(self) -> str:
        """The child's first name."""
        return self.pupil.split()[0]


def families(seed: int) -> list[Family]:
    """Return ten families; what they write of ordinary things differs with `seed`."""
    picker = random.Random(seed)
    ordinary = _ordinary()
    found = []
    for number in range(10):
        mail = picker.choice(ordinary)
        canary = _WORDS[number]
        sentence = _CANARIES[number].format(canary)
        # The last family writes four words and nothing else.
        text = sentence if number == 9 else f"{mail['body']}\n\n{sentence}\n{_ADULTS[number]}"
        found.append(
            Family(
                number,
                f"{_GIVEN[number]} {_FAMILY[number]}",
                f"{_ADULTS[number]} {_FAMILY[number]}",
                f"{_ADULTS[number].lower()}@family{number}.example",
                mail["subject"] or "Hello",
                text,
                canary,
            )
        )
    return found


def _ordinary() -> list[dict[str, str]]:
    """Return real parents' ordinary questions: those that a teacher would be given to read."""
    lines = EMAILS.read_text("utf-8").splitlines()
    mails = [json.loads(line) for line in lines]
    return [
        {"subject": mail["subject"], "body": mail["body"]}
        for mail in mails
        if set(mail["labels"]) <= {"classroom"} and not mail["urgent"] and len(mail["body"]) > 60
    ]
