"""The answers that are late, as `schoolgate queue` lists them: ids, classes and times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.cli.shared import shown
from gateway.configuration import Configuration
from gateway.store import schema as t


def late_promises(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """Return the promises whose answer was due by `now` and has not come, longest wait first."""
    p = t.promises.c
    rows = connection.execute(
        select(t.promises, t.classes.c.name)
        .join(t.classes, t.classes.c.class_id == p.class_id)
        .where(p.kept.is_(None), p.due <= now)
        .order_by(p.due, p.spool_id)
    )
    return [
        {
            "id": row.spool_id,
            "class": row.name,
            "due": row.due,
            "given": row.given,
            "reader_told": row.reader_told,
            "office_told": row.office_told,
            "moved_to": row.moved_to,
            "moved_due": row.moved_due,
        }
        for row in rows
    ]


def late_lines(config: Configuration, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each."""
    for row in rows:
        words = f"answer to {row['class']} is late, promised by {shown(config, row['due'])}"
        if row["moved_due"]:
            words += f"; then we told the parent: by {shown(config, row['moved_due'])}"
        if row["office_told"]:
            words += f"; the office was told {shown(config, row['office_told'])}"
        elif row["reader_told"]:
            words += f"; its reader was told {shown(config, row['reader_told'])}"
        elif row["given"] is None:
            words += "; it has not been given to a reader yet"
        yield f"{row['id']}  {words}"
