"""`schoolgate roster`: the school's people."""

from __future__ import annotations

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
)
from gateway.clock import SystemClock
from gateway.roster_csv import FamilyRow, RosterFaults, StaffRow, read_families, read_staff
from gateway.store.roster_write import RosterWriter, ensure_school

CSV = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def roster() -> None:
    """The school's pupils, guardians, classes and staff."""


@roster.command("import")
@settings_option
@json_option
@click.option("--families", type=CSV, help="A row for each pupil and contact.")
@click.option("--staff", type=CSV, help="A row for each member of staff or shared mailbox.")
def import_(settings_path: Path, as_json: bool, families: Path | None, staff: Path | None) -> None:
    """Add and change people from CSV files. Nobody is removed.

    Staff named in the file read for the classes named beside them, and no others.
    Every bad row is listed, and then nothing is imported.
    """
    if families is None and staff is None:
        raise click.UsageError("name --families, --staff, or both")
    config = configuration(settings_path)
    faults: list[str] = []
    staff_rows: tuple[StaffRow, ...] = ()
    family_rows: tuple[FamilyRow, ...] = ()
    try:
        staff_rows = read_staff(staff) if staff else ()
    except RosterFaults as error:
        faults += error.faults
    try:
        family_rows = read_families(families) if families else ()
    except RosterFaults as error:
        faults += error.faults
    if faults:
        raise Fault("nothing was imported:\n" + "\n".join(faults))
    store = checked_store(config)
    now = SystemClock().now()
    domain = config.settings.gateway.domain
    with store.begin() as connection:
        school_id = ensure_school(connection, config.policy.school_name, domain, now)
        today = now.astimezone(ZoneInfo(config.policy.zone)).date()
        writer = RosterWriter(connection, school_id, domain, now, today)
        writer.write_staff(staff_rows)
        writer.write_families(family_rows)
    store.close()
    if as_json:
        print_json(dict(writer.counts))
        return
    for name, count in sorted(writer.counts.items()):
        click.echo(f"{count:6} {name.replace('_', ' ')}")
    click.echo("Imported." if writer.counts else "Nothing was new.")
