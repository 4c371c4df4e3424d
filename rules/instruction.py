"""What a signed address asks for, by whom, about which message, and whether it may be honoured.

The shell opens the token and looks up the rows; `decide` says what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from rules.offers import Offer, Removal
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
    DONE = "done"  # no answer is needed, or it was given another way
    PASS = "pass"  # noqa: S105 - to the office; no password
    SNOOZE = "snooze"  # show it again on a later day
    FILES = "files"  # send the original with its files
    CONFIRM_HOURS = "confirm-hours"  # put a proposed change of the calendar in force
    UNDO_HOURS = "undo-hours"
    READ_NEWS = "read-news"  # "I have read this", for what staff must know
    # New ones stand last: a signed address holds the place of its action in this list.
    GIVE = "give"  # to the teacher, what the office has by mistake
    SECURITY = "remind-security"  # send the guardian the reminder about their account
    LINK = "link"  # carry out an offer to link: an address, a child, or a line about people
    ASK_CODE = "ask-code"  # tell an unknown writer how to be linked
    DROP = "drop"  # nothing is to be done about this message
    APPROVE = "approve-link"  # let somebody beyond the usual number write about a child
    REMOVE = "remove-guardian"  # by the leadership alone: take a guardian off the channel
    RETURN = "return-guardian"  # by the leadership alone: let them back


# What a link fills in as the text of its mail: a mail without a text looks unfinished.
PRESS_SEND = "Just press Send. You may add a line above this one."
ANSWERS = frozenset({Action.ANSWER, Action.OFFICE_ANSWER, Action.LEAD_ANSWER})
# Every other address serves once: shown again is asked for again.
ASKED_AGAIN = frozenset({Action.SNOOZE, Action.FILES})

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
    is_perhaps_a_child: bool = False  # a child may have written it: no automatic mail to anybody
    is_beside_a_case: bool = False  # the lead has another message of the same conversation
    is_proven: bool = False  # the border proved the writer's address
    # Staff ids: of whom the message alleges something, and of whom the other message does for which
    # it is beside a case. They learn of neither.
    kept_from: frozenset[str] = frozenset()
    kept_from_beside: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()  # staff ids: who of the staff is of the writer's family


@dataclass(frozen=True, slots=True)
class HoursChange:
    """A change of the school's hours, as it stands now."""

    change_id: str
    state: str  # proposed, in-force, undone, declined
    asked_by: str | None = None  # a staff id
    only_for: str | None = None  # the address of the one whose hours it changes, if nobody else's
    decided: datetime | None = None  # when it came into force, or was undone


@dataclass(frozen=True, slots=True)
class Instruction:
    """A message that came to one of our signed addresses."""

    action: Action
    state: TokenState
    staff: Staff | None = None  # the verified person it was signed for
    item: Item | None = None
    news_id: str | None = None  # for READ_NEWS: the news of theirs that it is about
    change: HoursChange | None = None  # for CONFIRM_HOURS and UNDO_HOURS: what it is about
    offer: Offer | None = None  # for LINK and APPROVE: what it is about
    removal: Removal | None = None  # for RETURN: what it is about; for REMOVE: what is in force
