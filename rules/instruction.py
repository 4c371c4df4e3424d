"""What a signed address asks for, by whom, about which message, and whether it may be honoured.

The shell opens the token and looks up the rows; `decide` says what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rules.people import Staff


class Action(StrEnum):
    """What one signed address is for. The first three are answers, each in its own voice."""

    ANSWER = "answer"  # a teacher's, from the class address, inside the hours
    OFFICE_ANSWER = "office-answer"  # the office's, from the office's own address, at any hour
    LEAD_ANSWER = "lead-answer"  # the safeguarding lead's or leadership's, at any hour
    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    KEEP = "keep"
    REPORT = "report"
    RAISE = "raise"
    BOUNCE = "bounce"  # the envelope sender of what we send


ANSWERS = frozenset({Action.ANSWER, Action.OFFICE_ANSWER, Action.LEAD_ANSWER})

# `not-yours` is a forged token as much as a true one in the wrong hands: the two look alike.
TokenState = Literal["valid", "expired", "spent", "not-yours"]


@dataclass(frozen=True, slots=True)
class Item:
    """The message that the instruction is about, as it stands now."""

    spool_id: str
    guardian_id: str | None
    guardian_address: str | None  # to which an answer may go today; None when nobody may get it
    class_id: str | None
    case: Literal["none", "open", "acknowledged", "released", "kept"] = "none"
    pupil_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instruction:
    """A message that came to one of our signed addresses."""

    action: Action
    state: TokenState
    staff: Staff | None = None  # the verified person it was signed for
    item: Item | None = None
