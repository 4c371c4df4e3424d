"""Turns what waits for a teacher into a digest's entries: one for each conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.mail.digest_entry import PARENT_WROTE_AGAIN, DigestEntry, Later
from gateway.school import School
from gateway.store import cases, people, promises, threads
from gateway.work.kept_back import BETWEEN
from gateway.work.letters import Letters
from gateway.work.source import Source
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.hints import names_a_child
from rules.instruction import Action
from rules.people import Staff
from rules.policy import Promise
from rules.subjects import base_subject
from rules.wording import day_words, moment_words

# Characters shown of an answer that did not leave: its writer has the whole of it.
MOST_KEPT_BACK = 8_000


@dataclass(frozen=True, slots=True)
class Conversation:
    """The items of one thread that one digest shows together, by arrival of their messages."""

    ref: str
    items: tuple[Row[Any], ...]

    @property
    def spool_ids(self) -> tuple[str, ...]:
        """The messages, oldest first, each once."""
        return tuple(dict.fromkeys(item.spool_id for item in self.items))


def conversations(connection: Connection, items: Sequence[Row[Any]]) -> tuple[Conversation, ...]:
    """Return `items` by thread; what is only named there stands by itself."""
    thread_of = threads.threads_of(connection, [item.spool_id for item in items])
    found: dict[str, list[Row[Any]]] = {}
    for item in sorted(items, key=lambda one: (one.spool_id, one.item_id)):
        alone = item.kind == "with-dsl"
        ref = item.item_id if alone else f"{thread_of[item.spool_id]}/{item.guardian_id}"
        found.setdefault(ref, []).append(item)
    return tuple(Conversation(ref, tuple(members)) for ref, members in found.items())


@dataclass(frozen=True, slots=True)
class EntryWriter:
    """Writes the entries of one reader's digest for one cut."""

    connection: Connection
    school: School
    letters: Letters
    reader: Staff
    calendar: SchoolCalendar
    cut: datetime
    now: datetime

    def entry(self, talk: Conversation, sources: Sequence[Source]) -> DigestEntry:
        """Return the entry of one conversation; `sources` are its messages, oldest first."""
        if talk.items[0].kind == "with-dsl":
            return self._with_the_lead(talk.items[0], sources[0])
        first, newest = sources[0], sources[-1]
        opened = self._open_promises(talk)
        oldest = opened[0] if opened else None
        due = oldest.due if oldest is not None else talk.items[0].due or self.now
        asked_before = oldest is not None and oldest.spool_id not in talk.spool_ids
        details = [item.detail for item in talk.items]
        pupils = dict.fromkeys(one for detail in details for one in detail.get("pupils", ()))
        # Where the parent was told of a later answer, the answer is late from then on.
        late = (promises.due_told(oldest) if oldest is not None else due) < self.now
        # Once the answer itself is late, that it was read is no news to anybody.
        first_answers = [row.acknowledge_by for row in opened if row.acknowledge_by and not late]
        acknowledge_by = min(first_answers, default=None)
        breached = any(row.breach for row in opened)

        def address(action: Action) -> str:
            return self.letters.post.token_address(
                action, newest.spool_id, self.reader.staff_id, self.now
            )

        later_day = self._later_day()
        hints = tuple(dict.fromkeys(hint for d in details for hint in d.get("hints", ())))
        return DigestEntry(
            guardian=newest.writer,
            class_name=newest.class_name,
            received=self._words(first.arrived),
            due_at=due,
            due=self._words(due),
            pupils=tuple(people.pupil_names(self.connection, tuple(pupils)).values()),
            subject=first.content.subject,
            text=first.content.own_text,
            more=tuple(self._later(one, first) for one in sources[1:]),
            late=late,
            again=any(item.kind == "snoozed" for item in talk.items),
            asked_before=self._first_asked(oldest) if oldest is not None and asked_before else "",
            acknowledge_by=self._words(acknowledge_by) if acknowledge_by else "",
            acknowledge_late=acknowledge_by is not None and acknowledge_by < self.now,
            breach=breach_words(self.school.policy.promise) if breached else "",
            moved=" ".join(filter(None, (self._moved(opened), self._put_off(oldest)))),
            kept_back=BETWEEN.join(_each(details, "kept_back"))[:MOST_KEPT_BACK],
            kept_back_by=_last(details, "kept_back_by") or "You",
            kept_back_why=_last(details, "kept_back_why") or PARENT_WROTE_AGAIN,
            note=" ".join(dict.fromkeys(filter(None, (d.get("note", "") for d in details)))),
            hints=hints,
            reply_to=address(Action.ANSWER),
            done_to=address(Action.DONE),
            pass_to=address(Action.PASS),
            snooze_to=address(Action.SNOOZE) if later_day else "",
            snooze_day=later_day,
            report_to=address(Action.REPORT),
            raise_to=address(Action.RAISE),
            security_to=address(Action.SECURITY) if names_a_child(hints) else "",
            whole_to=address(Action.FILES),
            ref=talk.ref,
        )

    def _with_the_lead(self, item: Row[Any], source: Source) -> DigestEntry:
        case = cases.find(self.connection, item.spool_id)
        since = case.raised if case is not None else source.arrived
        return DigestEntry(
            guardian=source.writer,
            class_name=source.class_name,
            received=self._words(since),
            due_at=item.reads_at,
            kind="with-dsl",
            ref=item.item_id,
        )

    def _open_promises(self, talk: Conversation) -> list[Row[Any]]:
        """Return what was promised and not kept, of what the reader has seen or sees now."""
        thread_id = talk.ref.partition("/")[0]
        return [
            row
            for row in promises.open_in_thread(self.connection, thread_id)
            if row.given is not None or row.spool_id in talk.spool_ids
        ]

    def _later(self, source: Source, first: Source) -> Later:
        subject = source.content.subject
        same = base_subject(subject) == base_subject(first.content.subject)
        received = self._words(source.arrived)
        return Later(received, source.content.own_text, "" if same else subject)

    def _first_asked(self, oldest: Row[Any]) -> str:
        arrived = threads.arrived(self.connection, oldest.spool_id)
        return self._words(arrived or oldest.made)

    def _moved(self, opened: Sequence[Row[Any]]) -> str:
        """Return what the guardian was told of a reading time that did not come."""
        new = [row for row in opened if row.given is None]
        told = min((row for row in new), key=lambda row: row.reads_at, default=None)
        if told is None or not self._was_missed(told.reads_at):
            return ""
        words = f"We told the parent this would be read on {self._words(told.reads_at)}."
        if told.moved_to is not None:
            words += f" Then we told them: {self._words(told.moved_to)}."
        reason = self._why_not_then(told.reads_at)
        return f"{words} {reason}".strip()

    def _put_off(self, oldest: Row[Any] | None) -> str:
        """Return what the guardian was told of a later answer."""
        if oldest is None or oldest.moved_due is None:
            return ""
        due = promises.due_told(oldest)
        return f"We told the parent of a later answer: by {self._words(due)}."

    def _was_missed(self, reads_at: datetime) -> bool:
        """Whether the window that was promised has gone, or is one no more."""
        window = self.calendar.window_at(reads_at)
        return self.cut > reads_at if window is None else self.cut >= window.closes

    def _why_not_then(self, instant: datetime) -> str:
        # The school's own reasons: a teacher's are no news to the teacher.
        day = self.school.calendar.day(instant.astimezone(self.school.zone).date())
        if day.why_shut:
            return f"The school was closed: {day.why_shut}."
        return f"{day.facts[0]}." if day.facts else ""

    def _later_day(self) -> str:
        """Return the next day on which the reader could be shown it again; "" for none."""
        local = self.cut.astimezone(self.calendar.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        try:
            next_cut = self.calendar.next_cut(midnight + timedelta(days=1))
        except NoReadingTime:
            return ""
        return day_words(next_cut.astimezone(self.calendar.zone).date())

    def _words(self, instant: datetime) -> str:
        return moment_words(instant, self.school.zone)


def breach_words(promise: Promise) -> str:
    """Return why an answer is promised later than the policy itself asks for."""
    if promise.clock == "elapsed":
        limit = "a day" if promise.hours == 24 else f"{promise.hours} hours"
    else:
        limit = "a day" if promise.days == 1 else f"{promise.days} working days"
    return f"No reading time allowed an answer within {limit}."


def _last(details: Sequence[Mapping[str, Any]], name: str) -> str:
    return next(reversed(_each(details, name)), "")


def _each(details: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(str(one[name]) for one in details if one.get(name)))
