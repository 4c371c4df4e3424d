"""`schoolgate queue`: what waits, for whom and until when; open concerns; what failed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import NoResultFound

from gateway.cli.late import late_lines, late_promises
from gateway.cli.shared import (
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.store import schema as t
from gateway.store import spool
from gateway.work.story import mail_words

_INDENT = " " * 18  # below the words, right of the id
_FOR_READERS = {
    "message": "message for {},",
    "with-dsl": "note for {} that the safeguarding lead has it,",
    "queue": "message in the next list for {},",
    "list": "automatic mail in the next list for {},",
    "overdue": "reminder for {} that its answer is late,",
    "late": "line in the next list for {} that its answer is late,",
    "snoozed": "message to be shown again to {},",
}


@click.command()
@settings_option
@json_option
@click.option("--retry", metavar="ID", help="Try a mail of ours that failed once more.")
@click.option("--raw", metavar="ID", help="Write a message to standard output as it was received.")
@click.option("--late", is_flag=True, help="List only the answers that are late.")
def queue(
    settings_path: Path, as_json: bool, retry: str | None, raw: str | None, late: bool
) -> None:
    """List what waits for a reader or to be sent, the open concerns, and what failed."""
    config = configuration(settings_path)
    store = checked_store(config)
    if raw is not None:
        with store.read() as connection:
            octets = _octets(connection, raw.lower())
        store.close()
        sys.stdout.buffer.write(octets)
        return
    if retry is not None:
        retry = retry.lower()
        with store.begin() as connection:
            _retry(connection, retry)
        store.close()
        if as_json:
            print_json({"retried": retry})
        else:
            click.echo(f"{retry} will be tried again at once.")
        return
    with store.read() as connection:
        waiting = {"late": late_promises(connection, SystemClock().now())}
        if not late:
            waiting = {
                "unsettled": _unsettled(connection),
                "concerns": _concerns(connection),
                **waiting,
                "for_readers": _readers(connection),
                "mails": _mails(connection),
            }
    store.close()
    if as_json:
        print_json(waiting)
        return
    for line in _lines(config, waiting):
        click.echo(line)
    if not any(waiting.values()):
        click.echo("No answer is late." if late else "Nothing waits.")


def _lines(config: Configuration, waiting: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for row in waiting.get("unsettled", ()):
        yield f"{row['id']}  arrived {shown(config, row['arrived'])}: not settled yet"
    for row in waiting.get("concerns", ()):
        yield f"{row['id']}  safeguarding concern, open since {shown(config, row['raised'])}"
        if row["tell_next_at"] is None:
            yield f"{_INDENT}nobody else will be told"
        else:
            whom = "everybody again" if row["told"] >= row["in_line"] else "the next in line"
            yield f"{_INDENT}{whom} will be told {shown(config, row['tell_next_at'])}"
    yield from late_lines(config, waiting["late"])
    for row in waiting.get("for_readers", ()):
        words = _FOR_READERS.get(row["kind"], f"{row['kind']} for {{}},").format(row["reader"])
        yield f"{row['id']}  {words} until {shown(config, row['until'])}"
    for row in waiting.get("mails", ()):
        yield f"{row['id']}  {mail_words(row['kind'])}, {_progress(config, row)}"
        if row["last_words"]:
            yield f"{_INDENT}{row['last_words']}"


def _progress(config: Configuration, row: dict[str, Any]) -> str:
    tries = "1 try" if row["attempts"] == 1 else f"{row['attempts']} tries"
    if row["state"] == "failed":
        return f"failed after {tries}, {shown(config, row['finished'] or row['not_before'])}"
    if row["state"] == "leased":
        return f"is being sent, {tries} so far"
    when = shown(config, row["not_before"])
    return f"waits, {tries} so far, next from {when}" if row["attempts"] else f"waits, from {when}"


def _octets(connection: Connection, spool_id: str) -> bytes:
    try:
        return spool.read_raw(connection, spool_id)
    except NoResultFound:
        raise Fault(f"no message has the id {spool_id}") from None


def _unsettled(connection: Connection) -> list[dict[str, Any]]:
    m = t.messages.c
    rows = connection.execute(select(m.spool_id, m.arrived).where(m.state == "received"))
    return [{"id": row.spool_id, "arrived": row.arrived} for row in rows]


def _concerns(connection: Connection) -> list[dict[str, Any]]:
    """Return the cases that nobody has acknowledged: ids and times, no word of the message."""
    c = t.safeguarding_cases.c
    rows = connection.execute(
        select(c.spool_id, c.raised, c.told, c.line, c.tell_next_at)
        .where(c.state == "open")
        .order_by(c.raised, c.spool_id)
    )
    return [
        {
            "id": row.spool_id,
            "raised": row.raised,
            "told": row.told,
            "in_line": len(row.line),
            "tell_next_at": row.tell_next_at,
        }
        for row in rows
    ]


def _readers(connection: Connection) -> list[dict[str, Any]]:
    i = t.digest_items.c
    rows = connection.execute(
        select(i.spool_id, i.kind, i.reads_at, t.staff.c.name)
        .join(t.staff, t.staff.c.staff_id == i.staff_id)
        .where(i.digest_id.is_(None), i.withdrawn.is_(None))
        .order_by(i.reads_at, i.item_id)
    )
    return [
        {"id": row.spool_id, "kind": row.kind, "reader": row.name, "until": row.reads_at}
        for row in rows
    ]


def _mails(connection: Connection) -> list[dict[str, Any]]:
    o, a, earlier = t.outbox.c, t.attempts.c, t.attempts.alias("earlier").c
    latest = (
        select(func.max(earlier.number))
        .where(earlier.outbox_id == o.outbox_id)
        .correlate(t.outbox)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            o.outbox_id,
            o.kind,
            o.state,
            o.attempts,
            o.not_before,
            o.finished,
            o.spool_id,
            a.code,
            a.words,
        )
        .select_from(
            t.outbox.outerjoin(t.attempts, (a.outbox_id == o.outbox_id) & (a.number == latest))
        )
        .where(o.state.in_(("waiting", "leased", "failed")))
        .order_by(o.not_before, o.outbox_id)
    )
    return [
        {
            "id": row.outbox_id,
            "kind": row.kind,
            "state": row.state,
            "attempts": row.attempts,
            "not_before": row.not_before,
            "finished": row.finished,
            "about": row.spool_id,
            "last_words": f"{row.code or ''} {row.words or ''}".strip(),
        }
        for row in rows
    ]


def _retry(connection: Connection, outbox_id: str) -> None:
    changed = connection.execute(
        update(t.outbox)
        .where(t.outbox.c.outbox_id == outbox_id, t.outbox.c.state == "failed")
        .values(state="waiting", not_before=SystemClock().now(), finished=None)
    )
    if not changed.rowcount:
        raise Fault(f"no failed mail has the id {outbox_id}")
