"""`schoolgate why <id>`: the whole story of one message, and the reason of each decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, select

from gateway.cli.shared import (
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
)
from gateway.configuration import Configuration
from gateway.store import journal
from gateway.store import schema as t
from gateway.work.story import story_lines


@click.command()
@settings_option
@json_option
@click.argument("spool_id", metavar="ID")
def why(settings_path: Path, as_json: bool, spool_id: str) -> None:
    """Tell what happened to a message, and why."""
    config = configuration(settings_path)
    spool_id = spool_id.lower()  # read out or copied in capitals, it is the same id
    store = checked_store(config)
    with store.read() as connection:
        facts = _facts(connection, spool_id)
        if facts is None:
            raise Fault(f"no message has the id {spool_id}")
        entries = journal.entries(connection, spool_id)
        lines = story_lines(connection, config.policy, spool_id)
    store.close()
    if as_json:
        print_json({"message": facts, "journal": entries})
        return
    _print(config, lines)


def _facts(connection: Connection, spool_id: str) -> dict[str, Any] | None:
    row = connection.execute(select(t.messages).where(t.messages.c.spool_id == spool_id)).first()
    return dict(row._mapping) if row else None


def _print(config: Configuration, lines: list[str]) -> None:
    click.echo(config.policy.school_name)
    for line in lines:
        click.echo(line)
