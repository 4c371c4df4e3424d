"""What stands in a teacher's digest: one entry a conversation, everything in words already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.hints import hides_the_words

PARENT_WROTE_AGAIN = "It was kept back because the parent wrote again"


class EmptyDigest(ValueError):
    """A digest without entries is never sent."""


@dataclass(frozen=True, slots=True)
class Later:
    """What the guardian wrote after the first message of an entry."""

    received: str
    text: str
    subject: str = ""  # only where it is not the entry's own
    cut: bool = False  # the text is only its beginning


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One conversation in a digest, or (kind "with-dsl") the bare fact that one is elsewhere.

    Times are words in the school's zone ("Friday 27 November, 3.45pm"); `due_at` is the
    same instant as `due`, aware, and only puts the oldest promise first. Addresses
    are signed ones of ours. For "with-dsl", `received` says since when, and text,
    subject and addresses stay empty. `ref` is the caller's own mark and is never shown.
    """

    guardian: str
    class_name: str
    received: str
    due_at: datetime
    due: str = ""
    pupils: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    more: tuple[Later, ...] = ()  # oldest first
    left_out: int = 0  # messages in the middle that one mail cannot hold
    late: bool = False  # the promise has passed
    again: bool = False  # the reader had put it off until today
    asked_before: str = ""  # when the message came that was given before and has no answer
    acknowledge_by: str = ""  # by when the guardian hears that somebody has it
    acknowledge_late: bool = False
    breach: str = ""  # why the promise is later than the policy asks for
    moved: str = ""  # what the guardian was told of another reading time
    kept_back: str = ""  # an answer that did not leave, or not arrive
    kept_back_by: str = "You"
    kept_back_why: str = PARENT_WROTE_AGAIN
    note: str = ""
    hints: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()  # travel with the mail
    on_request: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()  # each with the reason
    reply_to: str = ""
    done_to: str = ""
    pass_to: str = ""
    snooze_to: str = ""
    snooze_day: str = ""  # "Thursday 26 November"
    report_to: str = ""
    raise_to: str = ""
    security_to: str = ""  # sends the guardian the reminder about their account
    whole_to: str = ""  # sends the message again, whole and with its files
    kind: Literal["message", "with-dsl"] = "message"
    cut: bool = False  # the text is only its beginning
    ref: str = ""

    @property
    def distress(self) -> bool:
        """Whether the words stand behind a line: a person chooses to read them."""
        return hides_the_words(self.hints)

    @property
    def times_asked(self) -> int:
        """How often the guardian has written again."""
        return len(self.more) + self.left_out

    @property
    def is_cut(self) -> bool:
        """Whether any of its texts is only a beginning."""
        return self.cut or self.left_out > 0 or any(one.cut for one in self.more)

    @property
    def place(self) -> tuple[bool, bool, datetime]:
        """What it is sorted by: the lead's notes, what is late, then the oldest promise.

        The lead's notes are short, and the teacher is about to meet the child.
        """
        return (self.kind == "message", not (self.late or self.acknowledge_late), self.due_at)


@dataclass(frozen=True, slots=True)
class Digest:
    """All that waits for one teacher at one reading time."""

    teacher: str
    school_name: str
    reading_time: str  # "Monday 30 November, 3.30pm"
    own_windows: tuple[str, ...]  # the teacher's own reading hours this week, a line each
    office_phone: str
    office_address: str
    entries: tuple[DigestEntry, ...]
    emergency: str = "In an emergency, ring 999."


def in_order(entries: tuple[DigestEntry, ...]) -> tuple[DigestEntry, ...]:
    """Return the entries as they are read."""
    return tuple(sorted(entries, key=lambda entry: entry.place))
