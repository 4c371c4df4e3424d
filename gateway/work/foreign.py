"""Looks up what else stood in the digests that held a message, before an answer to it leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.store import people
from gateway.work.answered import others_in_digests
from gateway.work.letters import Letters
from gateway.work.source import Source
from rules.canary import carries_foreign_words
from rules.strangers import names_somebody_else


def holds_another_family(
    connection: Connection,
    letters: Letters,
    texts: tuple[str, ...],
    original: Source,
    staff_id: str,
    now: datetime,
) -> str:
    """Return what `texts`, of an answer to `original`, hold of another family, or "".

    The words for it are for the teacher who wrote the answer: "words" or "a name".
    """
    _digest_ids, rows = others_in_digests(connection, original.spool_id, staff_id)
    guardian_id = original.row.guardian_id
    others = [row for row in rows if row.guardian_id is None or row.guardian_id != guardian_id]
    if not others:
        return ""
    mine = [row.spool_id for row in rows if row not in others]
    sources = [original, *(letters.source(connection, one, now) for one in mine)]
    theirs = [letters.source(connection, row.spool_id, now) for row in others]
    text = "\n\n".join(texts)
    own = [words for one in sources for words in (one.content.body_text, one.content.subject)]
    own += _public(letters)
    foreign = [
        words
        for one in theirs
        for words in (one.content.body_text, one.content.subject, one.claimed_address)
    ]
    if carries_foreign_words(text, own, foreign):
        return "words"
    guardians = people.guardian_names(
        connection, [row.guardian_id for row in others if row.guardian_id]
    )
    pupil_ids = {pupil for row in others for pupil in row.detail.get("pupils", ())}
    names = [*guardians.values(), *people.pupil_names(connection, pupil_ids).values()]
    own_names = [name for one in sources for name in (one.writer, *one.pupils)]
    staff = [one.name for one in letters.school.staffing(connection, now).everybody.values()]
    known = (*own, original.class_name, *staff)
    return "a name" if names_somebody_else(text, own_names, names, known) else ""


def _public(letters: Letters) -> tuple[str, ...]:
    """Return what the school shows to everybody."""
    school = letters.school
    contacts = school.policy.contacts
    shown = f"{school.name} {contacts.office_phone} {contacts.office_address}"
    return (shown, contacts.emergency)
