"""The office's list of held messages: what a person must look at before anything else happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.mail.render import render
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from rules.people import Staff
from rules.wording import moment_words


def queue_letter(
    connection: Connection,
    letters: Letters,
    reader: Staff,
    items: list[Row[Any]],
    digest_id: str,
    now: datetime,
) -> None:
    """Queue one mail that lists the held messages to the office."""
    school = letters.school
    rows = []
    quiet = []
    for item in items:
        source = letters.source(connection, item.spool_id, now)
        received = moment_words(source.arrived, school.zone)
        if item.kind == "list":
            quiet.append(
                f"{received}, {source.claimed_address}: {source.content.subject or 'No subject'}"
            )
            continue
        rows.append(
            {
                "id": item.spool_id,
                "claims": f"{source.writer}, {source.claimed_address}",
                "received": received,
                "why": item.detail.get("why", ""),
                "unseen": "failed" not in item.detail,
                "subject": source.content.subject,
                "text": source.content.body_text,
                "attachments": source.attachment_names,
            }
        )
    letter = Letter(
        key=f"queue/{digest_id}",
        kind="office-queue",
        priority=Priority.OFFICE,
        sender_name=school.name,
        sender=school.address("postmaster"),
        recipient=reader.address,
        words=render("office-queue", contact_values(school) | {"rows": rows, "quiet": quiet}),
    )
    letters.post.send(connection, letter, now)
