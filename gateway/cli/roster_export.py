"""`schoolgate roster export`: the people on record as our own two files."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.cli.shared import Fault, checked_store, configuration, settings_option
from gateway.clock import SystemClock
from gateway.imports.exporting import FAMILIES_HEADER, STAFF_HEADER, export_of
from gateway.imports.telling import LINES_SHOWN
from gateway.roster.our_files import safe_cell
from gateway.store.roster_known import read_known
from gateway.store.roster_write import school_of


@click.command("export")
@settings_option
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Show every line.")
def export_(settings_path: Path, folder: Path, everything: bool) -> None:
    """Write families.csv and staff.csv into FOLDER, as `roster import` reads them.

    Only who is there today. What the two files have no column for is listed.
    """
    config = configuration(settings_path)
    today = SystemClock().now().astimezone(ZoneInfo(config.policy.zone)).date()
    store = checked_store(config)
    domain = config.settings.gateway.domain
    with store.read() as connection:
        school_id = school_of(connection, domain)
        found = export_of(read_known(connection, school_id, domain), today) if school_id else None
    store.close()
    if found is None:
        raise Fault("nobody is on the roster")
    paths = {folder / "families.csv": found.families, folder / "staff.csv": found.staff}
    for path in paths:
        if path.exists():
            raise Fault(f"{path} is there already: name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "families.csv", FAMILIES_HEADER, found.families)
    _write(folder / "staff.csv", STAFF_HEADER, found.staff)
    for path, rows in paths.items():
        click.echo(f"{len(rows):6} rows in {path}")
    if found.left_out:
        click.echo(f"{len(found.left_out):6} not in the files")
    shown = found.left_out if everything else found.left_out[:LINES_SHOWN]
    for line in shown:
        click.echo(f"         {line}")
    if len(found.left_out) > len(shown):
        click.echo(f"         and {len(found.left_out) - len(shown)} more (--all shows them)")


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    # Families' data, and the reasons of restrictions: nobody but who ran the command reads it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(tuple(map(safe_cell, row)) for row in rows)
