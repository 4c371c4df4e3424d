"""Puts a message before a teacher at a later time, with what was promised about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import digests, promises, threads
from gateway.work.kept_back import keep_back
from rules.effects import AddToDigest, TellTeacherHeld


def let_wait(
    connection: Connection, school: School, effect: AddToDigest, spool_id: str, now: datetime
) -> None:
    """Let a message wait for its reader; `spool_id` is the mail that is being settled."""
    about = effect.about or spool_id
    # What the lead releases is given even where it was taken back, or given, before.
    which = "message" if effect.about is None else f"released/{spool_id}"
    thread_id = threads.thread_of(connection, about)
    detail: dict[str, Any] = {
        "note": effect.note,
        "hints": list(effect.hints),
        "pupils": list(effect.pupil_ids),
    }
    if effect.about is None:
        # An answer to what was asked before must not cross with what was asked since.
        kept_back = keep_back(connection, school, thread_id, about, now)
        detail |= {"kept_back": kept_back} if kept_back else {}
    digests.add_item(
        connection,
        key=f"{about}/{effect.staff_id}/{which}",
        spool_id=about,
        staff_id=effect.staff_id,
        kind="message",
        reads_at=effect.reads_at,
        due=effect.due,
        guardian_id=effect.guardian_id,
        class_id=effect.class_id,
        detail=detail,
        now=now,
    )
    if effect.limit is None:
        return  # nothing was promised
    promises.make(
        connection,
        spool_id=about,
        school_id=school.school_id,
        guardian_id=effect.guardian_id,
        class_id=effect.class_id,
        staff_id=effect.staff_id,
        thread_id=thread_id,
        made=now,
        reads_at=effect.reads_at,
        due=effect.due,
        limit=effect.limit,
        breach=effect.breach,
        acknowledge_by=effect.acknowledge_by,
    )


def let_wait_for_word(
    connection: Connection, effect: TellTeacherHeld, spool_id: str, now: datetime
) -> None:
    """Let a teacher be told, and no more, that the safeguarding lead has a message."""
    digests.add_item(
        connection,
        key=f"{spool_id}/{effect.staff_id}/with-dsl",
        spool_id=spool_id,
        staff_id=effect.staff_id,
        kind="with-dsl",
        reads_at=effect.reads_at,
        guardian_id=effect.guardian_id,
        class_id=effect.class_id,
        now=now,
    )
