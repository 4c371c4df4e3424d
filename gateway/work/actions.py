"""Carries out what staff chose for a message besides answering it, and writes that it was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.store import digests, examples, journal, promises
from gateway.work.given_letters import send_passed, send_whole, worth_sending
from gateway.work.letters import Letters
from gateway.work.office_queue import put_on_list
from gateway.work.source import Source
from rules.choices import first_cut_on
from rules.effects import CarryOut
from rules.instruction import PRESS_SEND, Action

_EVENTS = {
    Action.DONE: "no-answer-needed",
    Action.PASS: "passed-to-office",
    Action.GIVE: "given-to-teacher",
    Action.SNOOZE: "put-off",
    Action.FILES: "whole-sent",
    Action.SECURITY: "security-reminded",
}


def carry_out(
    connection: Connection,
    letters: Letters,
    request: Source,
    effect: CarryOut,
    parent_told: str,
    now: datetime,
) -> None:
    """Do what `request`, a mail of theirs, asks for. None of it stands in the register."""
    match effect.action:
        case Action.DONE:
            promises.keep_about(connection, effect.item_id, "done", now)
        case Action.PASS:
            _pass_on(connection, letters, request, effect, parent_told, now)
            _keep_example(connection, letters, effect, "office", now)
        case Action.GIVE:  # the message itself waits by an effect of its own
            _keep_example(connection, letters, effect, "teacher", now)
        case Action.SNOOZE:
            _snooze(connection, letters, request, effect, now)
        case Action.FILES:
            _send_whole(connection, letters, request, effect, now)
        case Action.SECURITY:
            pass  # the notice beside it is all that follows
        case _:
            raise ValueError(f"no choice about an entry: {effect.action}")
    journal.record(
        connection,
        school_id=letters.school.school_id,
        spool_id=effect.item_id,
        event=_EVENTS[effect.action],
        key=f"{effect.action}/{request.spool_id}",
        at=now,
        detail={
            "staff_id": effect.staff_id,
            "until": effect.until.isoformat() if effect.until else None,
        },
    )


def _pass_on(
    connection: Connection,
    letters: Letters,
    request: Source,
    effect: CarryOut,
    parent_told: str,
    now: datetime,
) -> None:
    promises.keep_about(connection, effect.item_id, "passed", now)
    teacher = letters.staff(connection, effect.staff_id, now)
    comment = request.content.own_text.replace(PRESS_SEND, "").strip()
    sources = letters.given_together(connection, effect.item_id, effect.staff_id, now)
    for staff_id in effect.to:
        office = letters.staff(connection, staff_id, now)
        outcome = "held"
        if office is not None and teacher is not None:
            outcome = send_passed(
                connection, letters, sources, teacher, office, comment, parent_told, now
            )
        if outcome == "held":
            why = "a teacher passed this on to the office, and the mail could not be written"
            _list(connection, letters, effect.item_id, why, f"passed/{request.spool_id}", now)


def _keep_example(
    connection: Connection,
    letters: Letters,
    effect: CarryOut,
    moved_to: examples.Place,
    now: datetime,
) -> None:
    """Keep what was in the wrong place; of a conversation, all that was moved together."""
    together = [effect.item_id]
    if moved_to == "office":
        together = digests.entry_with(connection, effect.item_id, effect.staff_id)
    for spool_id in together:
        examples.keep(
            connection,
            school_id=letters.school.school_id,
            spool_id=spool_id,
            moved_to=moved_to,
            staff_id=effect.staff_id,
            now=now,
        )


def _snooze(
    connection: Connection, letters: Letters, request: Source, effect: CarryOut, now: datetime
) -> None:
    teacher = letters.staff(connection, effect.staff_id, now)
    if teacher is None or effect.until is None:
        return
    calendar = letters.school.calendar_of(teacher.address)
    digests.snooze(
        connection,
        key=f"snoozed/{request.spool_id}",
        spool_ids=digests.entry_with(connection, effect.item_id, effect.staff_id),
        staff_id=effect.staff_id,
        reads_at=first_cut_on(calendar, effect.until, now),
        now=now,
    )


def _send_whole(
    connection: Connection, letters: Letters, request: Source, effect: CarryOut, now: datetime
) -> None:
    teacher = letters.staff(connection, effect.staff_id, now)
    if teacher is None:
        return
    sources = letters.given_together(connection, effect.item_id, effect.staff_id, now)
    for source in worth_sending(sources):
        outcome, is_all = send_whole(connection, letters, source, teacher, request.spool_id, now)
        if outcome == "held" or not is_all:
            why = "a teacher asked for all of this, and some of it is too big to send"
            if outcome == "held":
                why = "a teacher asked for the files of this, and the mail could not be written"
            _list(connection, letters, source.spool_id, why, f"whole/{request.spool_id}", now)


def _list(
    connection: Connection, letters: Letters, spool_id: str, why: str, key: str, now: datetime
) -> None:
    put_on_list(connection, letters.school, spool_id, why, now, key=key, failed="request")
