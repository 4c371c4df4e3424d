"""What became of one reply: did another family's words leave, were own words lost or held?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.folded import words_of
from tests.campaigns.reply_cases import Case
from tests.campaigns.reply_families import Family

_ROW = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reply, and the text that left for the parent; None when it was held."""

    case: Case
    relayed: str | None
    leaked: tuple[str, ...]  # whose words left
    lost: int  # own words that did not
    own: int
    kept: bool  # a row of words of the digest left that the teacher did not write

    @property
    def is_held_wrongly(self) -> bool:
        """Whether an answer in the teacher's own words was kept from the parent."""
        return self.case.kind == "answer" and self.relayed is None


def judge(case: Case, relayed: str | None, people: Sequence[Family], digest: str) -> Outcome:
    """Say what became of `case`; `relayed` is the text that left, without our own frame."""
    own = words_of(case.own)
    if relayed is None:
        return Outcome(case, None, (), 0, len(own), kept=False)
    found = words_of(relayed)
    leaked = tuple(
        one.guardian for one in people if one is not case.family and _betrays(relayed, found, one)
    )
    kept = _rows(found) & _rows(words_of(digest)) - _rows(own)
    asked = _rows(words_of(" ".join(line for line in relayed.split("\n") if line[:1] == ">")))
    return Outcome(case, relayed, leaked, _lost(own, found), len(own), kept=bool(kept - asked))


def _betrays(relayed: str, found: Sequence[str], family: Family) -> bool:
    """Whether the canary word, the name of the child or of the adult stands in what left."""
    squashed = "".join(found)
    if "".join(words_of(family.canary)) in squashed:
        return True
    line = " ".join(found)
    people = (family.pupil, family.guardian)
    if any(" ".join(words_of(name)) in line for name in people):
        return True
    return bool(_rows(found) & (_rows(words_of(family.text))))


def _rows(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _ROW]) for at in range(len(words) - _ROW + 1)}


def _lost(own: Sequence[str], found: Sequence[str]) -> int:
    """Count own words that are not in what left, in order."""
    rest = iter(found)
    return sum(1 for word in own if not any(word == one for one in rest)) if own else 0
