"""`schoolgate audit`: where every accepted message has come to rest."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.shared import (
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.store.audit import audit as take_stock
from gateway.store.roster_write import school_of


@click.command()
@settings_option
@json_option
@click.option("--list", "listed", is_flag=True, help="Name each message.")
def audit(settings_path: Path, as_json: bool, listed: bool) -> None:
    """Account for every accepted message. Exits 1 when one is unaccounted for."""
    config = configuration(settings_path)
    store = checked_store(config)
    with store.read() as connection:
        found = take_stock(connection, school_of(connection, config.settings.gateway.domain))
    store.close()
    if as_json:
        rests = [{"id": r.spool_id, "ending": r.ending, "until": r.until} for r in found.rests]
        print_json(
            {
                "accepted": found.accepted,
                "endings": found.endings,
                "sum": sum(found.endings.values()),
                "whole": found.is_whole,
                "faults": list(found.faults),
            }
            | ({"messages": rests} if listed else {})
        )
    else:
        click.echo(f"{found.accepted:6} messages accepted, of which")
        for ending, count in found.endings.items():
            click.echo(f"{count:6} {ending}")
        for rest in found.rests if listed else ():
            until = f" until {shown(config, rest.until)}" if rest.until else ""
            click.echo(f"  {rest.spool_id} {rest.ending}{until}")
        for fault in found.faults:
            click.echo(f"FAULT  {fault}")
        click.echo("Everything is accounted for." if found.is_whole else "Something is missing.")
    raise SystemExit(0 if found.is_whole else 1)
