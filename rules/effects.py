"""The closed union of what can follow from a message, and the reasons given for it.

The shell turns each effect into rows in one `match` that ends in `assert_never`,
so an effect added here cannot be forgotten there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.instruction import Action
from rules.line_effects import (
    ChangeHours,
    CountWrongCodes,
    LinkByCodes,
    RefuseHours,
    RefusePeople,
    ShowPeople,
    ShowUndo,
)


class Ending(StrEnum):
    """Where an accepted message has come to rest; `audit` finds each in exactly one."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    REDIRECTED = "redirected"
    SAFEGUARDING = "with DSL or SLT"
    OFFICE_QUEUE = "office queue"
    CARRIED_OUT = "carried out"  # a signed action or command by mail, done
    REFUSED = "refused with notice"
    DUPLICATE = "duplicate of"


class NoticeKind(StrEnum):
    """Our fixed texts; each is a folder in `templates/`."""

    HELD = "held"  # a teacher reads it at ..., and answers by ...
    REDIRECTED = "redirected"  # passed to the office
    DIVIDED = "divided"  # the office has one part, the teacher reads the other at ...
    URGENT = "urgent"  # with the office now, or: nobody is there, ring
    SENIOR = "senior"  # one neutral text for safeguarding, allegation, complaint, rights request
    RECEIVED = "received"  # somebody in the office will look at it; says nothing else
    NOT_LINKED = "not-linked"  # how to be linked to a class
    ACTION_REFUSED = "action-refused"  # to staff: this could not be done, and why
    MOVED = "moved"  # the reading time you were told of has changed
    SECURITY = "security"  # to one guardian, when staff ask for it: keep the account safe
    LINKED = "linked"  # an invite code was used: where to write, and what is expected
    CODE_REFUSED = "code-refused"  # one neutral answer to every code that does not work
    HELP = "help"  # the school's policy in short
    HELP_STAFF = "help-staff"  # your hours, and what you may write to us


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision: the rule, the policy's clause, the words and facts that decided."""

    rule: str  # the policy's phrase, such as "absence-reported"
    clause: str  # the clause of the school's policy, such as "E10"
    words: tuple[str, ...] = ()  # from the message
    facts: str = ""  # from the calendar or the roster, in plain words


@dataclass(frozen=True, slots=True)
class AddToDigest:
    """Give the message to a teacher at the next cut inside that teacher's reading windows."""

    staff_id: str
    class_id: str
    guardian_id: str
    pupil_ids: tuple[str, ...]
    reads_at: datetime  # the promise as made: UTC
    due: datetime
    about: str | None = None  # the spool id given, when not this message (a release)
    limit: datetime | None = None  # what the policy asks for; None where nothing was promised
    breach: bool = False  # no window allows the policy's own limit
    acknowledge_by: datetime | None = None
    note: str = ""  # such as "The attendance part is already with the office."
    hints: tuple[str, ...] = ()  # such as "may distress", "perhaps attendance"


@dataclass(frozen=True, slots=True)
class TellTeacherHeld:
    """Tell a teacher, at the next cut, only that something is with the DSL since when."""

    staff_id: str
    class_id: str
    guardian_id: str
    reads_at: datetime


@dataclass(frozen=True, slots=True)
class RedirectToOffice:
    """Send the message to the office (or the SENCo) at once, at any hour."""

    topics: tuple[str, ...]
    staff_id: str  # the office mailbox that gets it
    guardian_id: str
    pupil_ids: tuple[str, ...]
    urgent: bool = False
    teacher_told: bool = False  # the teacher's digest has the other part of it
    hints: tuple[str, ...] = ()  # such as "perhaps safeguarding"
    answer_by: date | None = None  # a request for records: the last day of the month the law gives


@dataclass(frozen=True, slots=True)
class HoldForOffice:
    """Put the message in the office queue: a person must look at it before anything else happens.

    `quiet` items (automatic mail) are one line in the office's next list.
    """

    why: str
    quiet: bool = False
    about: str | None = None  # the spool id it came to be about; whom that accuses sees no list


@dataclass(frozen=True, slots=True)
class ShowLead:
    """Put a message that is perhaps a concern on a list for the safeguarding lead, at any hour.

    It goes on to its other readers meanwhile: it is no case until somebody raises it.
    """

    staff_id: str
    why: str


@dataclass(frozen=True, slots=True)
class AlertSafeguarding:
    """Bring the message to the safeguarding lead at once, and open a register entry.

    `line` is the order in which people are told until one acknowledges; whoever
    is the subject of the concern is not in it.
    """

    line: tuple[str, ...]  # staff ids
    about: str | None = None  # the spool id it concerns, when not this message
    marks: tuple[str, ...] = ()  # "allegation", "unverified", "unreadable" ...
    guardian_id: str | None = None
    class_id: str | None = None
    all_at_once: bool = False  # somebody must act now: the whole line is told together
    raised_by: str | None = None  # the member of staff who raised it by hand
    at_once: int = 1  # so many of the line are told together, to begin with
    kept_from: tuple[str, ...] = ()  # staff ids: whom it is about, who are not to hear of it
    subject_known: bool = True  # false where an allegation names nobody on the roster


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Send one of our fixed texts to a guardian's (or a verified originator's) address."""

    kind: NoticeKind
    address: str
    guardian_id: str | None = None
    class_id: str | None = None
    staff_id: str | None = None  # whose reading time it states
    reads_at: datetime | None = None
    due: datetime | None = None
    acknowledge_by: datetime | None = None
    old_reads_at: datetime | None = None  # what the guardian was told before it moved
    old_due: datetime | None = None  # the same, where only the answer comes later
    topics: tuple[str, ...] = ()
    office_open: bool = True
    office_opens_at: datetime | None = None
    about: str | None = None  # the spool id it answers, when not this message


@dataclass(frozen=True, slots=True)
class RelayAnswer:
    """Send what a member of staff answered to the guardian it was written to.

    `not_before` is the release time of a teacher's answer written outside the
    hours; the office's answers leave at once.
    """

    item_id: str
    staff_id: str
    action: Action  # one of the answers: it says in whose voice
    guardian_id: str | None
    address: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Do what a signed action asks for, by the person it was signed for, and record it."""

    action: Action
    item_id: str
    staff_id: str
    to: tuple[str, ...] = ()  # staff ids who are told, for a report
    until: date | None = None  # a snoozed message is shown again then; an approval ends
    why: str = ""  # of an approval or a removal: the leadership's own words, seen by few


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    """The same message is here already: point to it, and do nothing else."""

    of: str  # spool id


Effect = (
    AddToDigest
    | TellTeacherHeld
    | RedirectToOffice
    | HoldForOffice
    | ShowLead
    | AlertSafeguarding
    | SendNotice
    | RelayAnswer
    | CarryOut
    | ChangeHours
    | ShowUndo
    | RefuseHours
    | ShowPeople
    | RefusePeople
    | LinkByCodes
    | CountWrongCodes
    | MarkDuplicate
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one message, why, and where it has come to rest."""

    effects: tuple[Effect, ...]
    reasons: tuple[Reason, ...]
    ending: Ending
    labels: tuple[str, ...] = ()
    policy_version: str = ""
    guardian_id: str | None = None  # the verified guardian who wrote it
    class_id: str | None = None  # the class it is about
