"""Opens a safeguarding case: who is told first, and what must not go on meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from gateway.store import cases, digests, outbox, promises, register, threads
from gateway.store import schema as t
from gateway.work.kept_back import BETWEEN, words_of
from gateway.work.letters import Letters
from gateway.work.line import next_telling, tell_of_case
from gateway.work.office_queue import put_on_list
from rules.effects import AlertSafeguarding


def open_case(
    connection: Connection,
    letters: Letters,
    effect: AlertSafeguarding,
    spool_id: str,
    now: datetime,
) -> None:
    """Bring a message to the safeguarding line, once; `spool_id` is the mail being settled."""
    school = letters.school
    about = effect.about or spool_id
    kept_from = cases.kept_from(connection, about) | set(effect.kept_from)
    line = [one for one in effect.line if one not in kept_from]
    told = len(line) if effect.all_at_once else min(effect.at_once, len(line))
    next_at = next_telling(school, line, told, now)
    messages = [about]
    if effect.raised_by is not None:  # all that stood in the entry goes to the lead
        messages = digests.entry_with(connection, about, effect.raised_by)
    detail = {
        "marks": list(effect.marks),
        "raised_by": effect.raised_by,
        "at_once": told,
        "kept_from": sorted(kept_from),
        "subject_known": effect.subject_known,
        "messages": messages,  # what is released or kept with it
    }
    opened = cases.open_case(
        connection,
        spool_id=about,
        school_id=school.school_id,
        raised=now,
        line=line,
        told=told,
        tell_next_at=next_at,
        detail=detail,
    )
    # What a member of staff raises is news, even about a message the lead has dealt with.
    opened = opened or (
        effect.raised_by is not None
        and cases.reopen(
            connection,
            spool_id=about,
            line=line,
            told=told,
            tell_next_at=next_at,
            detail=detail,
        )
    )
    if not opened:
        return
    answers = [
        text
        for one in messages
        if (text := keep_back_answers(connection, letters, one, now, with_the_lead=messages))
    ]
    if answers:
        cases.add_detail(connection, about, kept_back=BETWEEN.join(answers))
    promises.keep(connection, how="senior", now=now, spool_ids=messages, waiting_too=True)
    register.append(
        connection,
        school_id=school.school_id,
        event="raised",
        spool_id=about,
        at=now,
        staff_id=effect.raised_by,
        detail={"marks": list(effect.marks), "kept_from": sorted(kept_from)},
    )
    tell_of_case(connection, letters, about, line[:told], now)


def keep_back_answers(
    connection: Connection,
    letters: Letters,
    about: str,
    now: datetime,
    has_it: str = "the safeguarding lead has the conversation now",
    with_the_lead: Collection[str] = (),
) -> str:
    """Send no answer that waits in a conversation which is no longer the teacher's.

    Returns what had been written. The office's list shows it with what was answered, never the
    message with which that came about, nor any `with_the_lead`: the alert shows those.
    """
    o, m = t.outbox.c, t.messages.c
    thread_id = threads.thread_of(connection, about)
    in_thread = select(m.spool_id).where(m.thread_id.is_not(None), m.thread_id == thread_id)
    waiting = connection.execute(
        select(o.key, o.spool_id, o.queued).where(
            (o.spool_id == about) | o.spool_id.in_(in_thread),
            o.kind == "answer",
            o.state == "waiting",
        )
    ).all()
    taken = [row for row in waiting if outbox.withdraw(connection, row.key, now)]
    why = f"an answer to this message was kept back: {has_it}"
    for row in taken:
        promises.reopen_answered(connection, row.spool_id, row.queued)
        if row.spool_id in with_the_lead:
            continue
        put_on_list(
            connection,
            letters.school,
            row.spool_id,
            why,
            now,
            key=f"kept-back/{row.key}",
            failed="answer",
            answer=words_of(connection, [row.key]),
        )
    return words_of(connection, [row.key for row in taken])
