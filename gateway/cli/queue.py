"""`schoolgate queue`: what waits, for whom and until when; what failed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import NoResultFound

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
from gateway.store import schema as t
from gateway.store import spool


@click.command()
@settings_option
@json_option
@click.option("--retry", metavar="ID", help="Try a mail of ours that failed once more.")
@click.option("--raw", metavar="ID", help="Write a message to standard output as it was received.")
def queue(settings_path: Path, as_json: bool, retry: str | None, raw: str | None) -> None:
    """List what waits for a reader, what waits to be sent, and what failed."""
    config = configuration(settings_path)
    store = checked_store(config)
    if raw is not None:
        with store.read() as connection:
            octets = _octets(connection, raw)
        store.close()
        sys.stdout.buffer.write(octets)
        return
    if retry is not None:
        with store.begin() as connection:
            _retry(connection, retry)
        store.close()
        if as_json:
            print_json({"retried": retry})
        else:
            click.echo(f"{retry} will be tried again at once.")
        return
    with store.read() as connection:
        unsettled, readers, mails = _unsettled(connection), _readers(connection), _mails(connection)
    store.close()
    if as_json:
        print_json({"unsettled": unsettled, "for_readers": readers, "mails": mails})
        return
    for row in unsettled:
        click.echo(f"{row['id']}  arrived {shown(config, row['arrived'])}: not settled yet")
    for row in readers:
        until = shown(config, row["until"])
        click.echo(f"{row['id']}  {row['kind']} for {row['reader']}, until {until}")
    for row in mails:
        when = shown(config, row["not_before"])
        tries = "1 try" if row["attempts"] == 1 else f"{row['attempts']} tries"
        click.echo(f"{row['id']}  {row['kind']} {row['state']}, {tries}, from {when}")
        if row["last_words"]:
            click.echo(f"                  {row['last_words']}")
    if not (unsettled or readers or mails):
        click.echo("Nothing waits.")


def _octets(connection: Connection, spool_id: str) -> bytes:
    try:
        return spool.read_raw(connection, spool_id)
    except NoResultFound:
        raise Fault(f"no message has the id {spool_id}") from None


def _unsettled(connection: Connection) -> list[dict[str, Any]]:
    m = t.messages.c
    rows = connection.execute(select(m.spool_id, m.arrived).where(m.state == "received"))
    return [{"id": row.spool_id, "arrived": row.arrived} for row in rows]


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
