"""At a cut, what waits for each reader becomes one mail, in one transaction with its membership."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.clock import Clock
from gateway.mail.digest import Digest, DigestEntry, render_digest
from gateway.school import School
from gateway.store import cases, digests, people
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.store.outbox import Priority
from gateway.work.letters import Letters, unshown
from gateway.work.office_queue import put_on_list, queue_letter
from gateway.work.phrases import own_windows
from gateway.work.post import Letter
from gateway.work.source import Source
from rules.calendar import NoReadingTime
from rules.instruction import Action
from rules.people import Staff
from rules.wording import moment_words

log = logging.getLogger(__name__)

# A digest made in the last moments of a window would reach the teacher after it.
ROOM_TO_SEND = timedelta(minutes=2)
OFFICE_KINDS = ("queue", "list")


@dataclass(frozen=True, slots=True)
class Digester:
    """Makes the digests that are due. Running it again adds nothing."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]

    def run_once(self) -> int:
        """Make every digest that is due; return how many mails were queued."""
        with self.store.read() as connection:
            readers = digests.readers_due(connection, self.clock.now())
        made = 0
        for staff_id in readers:
            try:
                at_hand = self._read_before(staff_id)
                with self.store.begin() as connection:
                    made += self._for_reader(connection, staff_id, at_hand)
            except Exception:
                # The edge of one reader: what waits for the others must not wait because of it.
                log.exception("digest_failed", extra={"staff_id": staff_id})
        return made

    def _read_before(self, staff_id: str) -> dict[str, Source]:
        """Return what waits for a reader, read before the store is held against all others.

        A message that is hard to read may take seconds; intake must not wait for it.
        """
        now = self.clock.now()
        with self.store.read() as connection:
            items = digests.waiting_for(connection, staff_id, now)
            letters = self.letters(self.schools[_school_of(connection, staff_id)])
            return {item.spool_id: letters.source(connection, item.spool_id, now) for item in items}

    def _for_reader(
        self, connection: Connection, staff_id: str, at_hand: Mapping[str, Source]
    ) -> int:
        now = self.clock.now()
        items = digests.waiting_for(connection, staff_id, now)
        if not items:
            return 0
        school = self.schools[_school_of(connection, staff_id)]
        letters = replace(self.letters(school), at_hand=at_hand)
        reader = letters.staff(connection, staff_id, now)
        if reader is None:
            return 0
        if staff_id not in school.staffing(connection, now).current:
            _hand_over(connection, school, items, now)
            return 1
        for_office = [item for item in items if item.kind in OFFICE_KINDS]
        made = 0
        if for_office:
            made += self._office(connection, school, letters, reader, for_office, now)
        for_teacher = [item for item in items if item.kind not in OFFICE_KINDS]
        if for_teacher:
            made += self._teacher(connection, school, letters, reader, for_teacher, now)
        return made

    def _office(
        self,
        connection: Connection,
        school: School,
        letters: Letters,
        reader: Staff,
        items: list[Row[Any]],
        now: datetime,
    ) -> int:
        digest_id = _close(connection, school, reader, items, now, now)
        return queue_letter(connection, letters, reader, items, digest_id, now)

    def _teacher(
        self,
        connection: Connection,
        school: School,
        letters: Letters,
        reader: Staff,
        items: list[Row[Any]],
        now: datetime,
    ) -> int:
        """Queue the teacher's digest, or let it wait when its window was missed."""
        calendar = school.calendar_of(reader.address)
        cut = _latest_cut(connection, calendar, reader.staff_id, now)
        if cut is None or not calendar.may_deliver(now, ROOM_TO_SEND):
            try:
                later = calendar.next_cut(now + timedelta(microseconds=1))
            except NoReadingTime:
                log.error("no_reading_time", extra={"staff_id": reader.staff_id})
                later = now + timedelta(days=1)
            digests.postpone(connection, [item.item_id for item in items], later)
            return 0
        digest_id = _close(connection, school, reader, items, cut, now)
        sources = {item.spool_id: letters.source(connection, item.spool_id, now) for item in items}
        entries = tuple(
            self._entry(connection, school, letters, reader, item, sources[item.spool_id], now)
            for item in items
        )
        digest = Digest(
            teacher=reader.name,
            school_name=school.name,
            reading_time=moment_words(cut, school.zone),
            own_windows=own_windows(calendar, now),
            office_phone=school.policy.contacts.office_phone,
            office_address=school.policy.contacts.office_address,
            entries=entries,
            emergency=school.policy.contacts.emergency,
        )
        pages = render_digest(digest)
        alone = items[0] if len(items) == 1 else None
        source = sources[items[0].spool_id]
        for number, words in enumerate(pages):
            letter = Letter(
                key=f"digest/{digest_id}/{number}",
                kind="digest",
                priority=Priority.DIGEST,
                sender_name=f"{source.class_name}, {school.name}",
                sender=source.class_address,
                recipient=reader.address,
                words=words,
                about=alone.spool_id if alone is not None else None,
                reply_to=entries[0].reply_to or None if alone is not None else None,
                attachments=source.enclosures() if alone and alone.kind == "message" else (),
                hours_of=reader.staff_id,
            )
            if letters.post.send(connection, letter, now) == "held":
                on_it = [
                    (item, entry)
                    for item, entry in zip(items, entries, strict=True)
                    if entry.kind == "with-dsl" or entry.reply_to in words.text
                ]
                _send_bare(connection, letters, letter, digest, on_it, now)
        return len(pages)

    def _entry(
        self,
        connection: Connection,
        school: School,
        letters: Letters,
        reader: Staff,
        item: Row[Any],
        source: Source,
        now: datetime,
    ) -> DigestEntry:
        received = moment_words(source.arrived, school.zone)
        if item.kind == "with-dsl":
            case = cases.find(connection, item.spool_id)
            if case is not None:
                received = moment_words(case.raised, school.zone)
            return DigestEntry(
                guardian=source.writer,
                class_name=source.class_name,
                received=received,
                due_at=item.reads_at,
                kind="with-dsl",
            )

        def address(action: Action) -> str:
            return letters.post.token_address(action, item.spool_id, reader.staff_id, now)

        names = people.pupil_names(connection, item.detail.get("pupils", ()))
        return DigestEntry(
            guardian=source.writer,
            class_name=source.class_name,
            received=received,
            due_at=item.due,
            due=moment_words(item.due, school.zone),
            pupils=tuple(names.values()),
            subject=source.content.subject,
            text=source.content.own_text,
            late=item.due < now,
            note=item.detail.get("note", ""),
            attachments=source.attachment_names,
            hints=tuple(item.detail.get("hints", ())),
            reply_to=address(Action.ANSWER),
            report_to=address(Action.REPORT),
            raise_to=address(Action.RAISE),
        )


def _send_bare(
    connection: Connection,
    letters: Letters,
    held: Letter,
    digest: Digest,
    on_it: list[tuple[Row[Any], DigestEntry]],
    now: datetime,
) -> None:
    """Send a page that was held without a word from outside, or put what is on it on the list."""
    bare = tuple(
        replace(
            entry,
            guardian="a sender",
            pupils=(),
            subject="Not shown" if entry.kind == "message" else "",
            text=unshown(item.spool_id) if entry.kind == "message" else "",
            note="",
            attachments=(),
            hints=(),
        )
        for item, entry in on_it
    )
    letter = replace(held, sender_name=letters.school.name, attachments=())
    outcomes = [
        letters.post.send(
            connection, replace(letter, key=f"{held.key}/bare/{number}", words=words), now
        )
        for number, words in enumerate(render_digest(replace(digest, entries=bare)))
    ]
    if "held" not in outcomes:
        return
    for item, entry in on_it:
        if entry.kind == "message":  # the others are with the safeguarding lead already
            put_on_list(
                connection,
                letters.school,
                item.spool_id,
                "this message could not be written for the teacher",
                now,
                key=f"held/{item.item_id}",
                failed="digest",
            )


def _hand_over(
    connection: Connection, school: School, items: list[Row[Any]], now: datetime
) -> None:
    """Give what waits for somebody who has left to who reads for the class now, or the office."""
    staffing = school.staffing(connection, now)
    for item in items:
        room = staffing.rooms.get(item.class_id or "")
        if room is not None and room.teachers and item.kind not in OFFICE_KINDS:
            heir = room.teachers[0]
            reads_at = school.calendar_of(heir.address).next_cut(now)
            digests.hand_over(connection, item.item_id, heir.staff_id, reads_at)
            continue
        put_on_list(
            connection,
            school,
            item.spool_id,
            "its reader has left, and nobody reads for the class",
            now,
            key=f"left/{item.item_id}",
            failed="digest",
            besides=(item.staff_id,),
        )
        digests.withdraw_item(connection, item.item_id, now)


def _close(
    connection: Connection,
    school: School,
    reader: Staff,
    items: list[Row[Any]],
    cut: datetime,
    now: datetime,
) -> str:
    return digests.close(
        connection,
        school_id=school.school_id,
        staff_id=reader.staff_id,
        cut=cut,
        item_ids=[item.item_id for item in items],
        now=now,
    )


def _latest_cut(
    connection: Connection, calendar: Any, staff_id: str, now: datetime
) -> datetime | None:
    """Return the cut that is due now; None outside the windows, or when it had its digest."""
    window = calendar.window_at(now)
    if window is None:
        return None
    past = [cut for cut in calendar.cuts(window) if cut <= now]
    if not past:
        return None
    query = select(t.digests.c.digest_id).where(
        t.digests.c.staff_id == staff_id, t.digests.c.cut == past[-1]
    )
    cut: datetime = past[-1]
    return None if connection.execute(query).first() else cut


def _school_of(connection: Connection, staff_id: str) -> str:
    query = select(t.staff.c.school_id).where(t.staff.c.staff_id == staff_id)
    return str(connection.execute(query).scalar_one())
