"""Puts a message before a teacher at a later time, with what was promised about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import cases, digests, promises, threads
from gateway.work.kept_back import keep_back
from rules.effects import AddToDigest, TellTeacherHeld


def let_wait(
    connection: Connection, school: School, effect: AddToDigest, spool_id: str, now: datetime
) -> None:
    """Let a message wait for its reader; `spool_id` is the mail that is being settled."""
    thread_id = threads.thread_of(connection, about := effect.about or spool_id)
    detail: dict[str, Any] = {
        "note": effect.note,
        "hints": list(effect.hints),
        "pupils": list(effect.pupil_ids),
    }
    if effect.about is not None:
        detail |= _give_back(connection, effect, about, detail, spool_id, now)
        # What the lead releases is given even where it was taken back, or given, before.
        _add(connection, effect, about, f"released/{spool_id}", detail, now)
    else:
        # An answer to what was asked before must not cross with what was asked since.
        kept_back = keep_back(connection, school, thread_id, about, now)
        detail |= {"kept_back": kept_back} if kept_back else {}
        _add(connection, effect, about, "message", detail, now)
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


def _give_back(
    connection: Connection,
    effect: AddToDigest,
    about: str,
    detail: Mapping[str, Any],
    spool_id: str,
    now: datetime,
) -> dict[str, Any]:
    """Let all else wait that went to the lead with a message; return the answer kept back then.

    Each of them holds its promise again. One that is the lead's for itself stays there.
    """
    for other in cases.messages_of(connection, about)[1:]:
        _add(connection, effect, other, f"released/{spool_id}", detail, now)
        promises.reopen(connection, other, ended_by="senior")
    case = cases.find(connection, about)
    words = case.detail.get("kept_back") if case is not None else None
    if not words:
        return {}
    return {"kept_back": words, "kept_back_why": "It was kept back because the lead had this"}


def _add(
    connection: Connection,
    effect: AddToDigest,
    spool_id: str,
    which: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    digests.add_item(
        connection,
        key=f"{spool_id}/{effect.staff_id}/{which}",
        spool_id=spool_id,
        staff_id=effect.staff_id,
        kind="message",
        reads_at=effect.reads_at,
        due=effect.due,
        guardian_id=effect.guardian_id,
        class_id=effect.class_id,
        detail=detail,
        now=now,
    )


def let_wait_for_word(
    connection: Connection, effect: TellTeacherHeld, spool_id: str, now: datetime
) -> None:
    """Let a teacher be told, and no more, that the safeguarding lead has a message.

    Nothing of a conversation in which something is alleged of them.
    """
    if effect.staff_id in cases.kept_from_in(connection, threads.thread_of(connection, spool_id)):
        return
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
