"""Looks up what else stood in the digests that held a message, before an answer to it leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.store import people
from gateway.store.schema import digest_items as items
from gateway.work.letters import Letters
from gateway.work.source import Source
from rules.canary import carries_foreign_words, names_somebody_else


def holds_another_family(
    connection: Connection,
    letters: Letters,
    text: str,
    original: Source,
    staff_id: str,
    now: datetime,
) -> bool:
    """Return whether `text`, an answer to `original`, carries words or names of another family."""
    digests = select(items.c.digest_id).where(
        items.c.spool_id == original.spool_id,
        items.c.staff_id == staff_id,
        items.c.digest_id.is_not(None),
    )
    rows = connection.execute(
        select(items.c.spool_id, items.c.guardian_id, items.c.detail).where(
            items.c.digest_id.in_(digests), items.c.spool_id != original.spool_id
        )
    ).all()
    others = [row for row in rows if row.guardian_id != original.row.guardian_id]
    if not others:
        return False
    texts = [letters.source(connection, row.spool_id, now).content.body_text for row in others]
    guardians = people.guardian_names(
        connection, [row.guardian_id for row in others if row.guardian_id]
    )
    pupil_ids = {pupil for row in others for pupil in row.detail.get("pupils", ())}
    names = [*guardians.values(), *people.pupil_names(connection, pupil_ids).values()]
    own_names = (original.writer, *original.pupils)
    return carries_foreign_words(text, (original.content.body_text,), texts) or names_somebody_else(
        text, own_names, names
    )
