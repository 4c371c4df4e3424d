"""`schoolgate roster imports|undo`: what was imported, and taking the newest back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.cli.shared import (
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.cli.without_pauses import without_pauses
from gateway.clock import SystemClock
from gateway.store.import_undo import CannotUndo, undo
from gateway.store.imports import UNDONE, imports_of
from gateway.store.roster_write import school_of


@click.command("imports")
@settings_option
@json_option
def imports_(settings_path: Path, as_json: bool) -> None:
    """List the imports, the newest first."""
    config = configuration(settings_path)
    store = checked_store(config)
    with store.read() as connection:
        found = imports_of(connection, school_of(connection, config.settings.gateway.domain))
    store.close()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        click.echo("Nothing has been imported.")
    for one in found:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(one.counts.items()))
        undone = f", undone {shown(config, one.undone_at)}" if one.state == UNDONE else ""
        files = ", ".join(one.files) or one.source
        click.echo(f"{one.import_id}  {shown(config, one.at)}  {files}: {counts}{undone}")


@click.command("undo")
@settings_option
@json_option
@click.argument("import_id", metavar="[IMPORT]", required=False)
def undo_(settings_path: Path, as_json: bool, import_id: str | None) -> None:
    """Take the newest import back: every row as it was, where nobody changed it since."""
    config = configuration(settings_path)
    now = SystemClock().now()
    today = now.astimezone(ZoneInfo(config.policy.zone)).date()
    store = checked_store(config)
    try:
        with without_pauses(), store.begin() as connection:
            school_id = school_of(connection, config.settings.gateway.domain)
            done = undo(connection, school_id, import_id, now, today)
    except CannotUndo as error:
        raise Fault(str(error)) from error
    finally:
        store.close()
    if as_json:
        print_json(asdict(done))
        return
    for line in done.kept:
        click.echo(f"  kept: {line}")
    click.echo(f"Import {done.import_id} is undone: {done.rows} rows are as they were.")
