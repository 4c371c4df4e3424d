"""`schoolgate roster import|diff`: the school's people, from its own records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from gateway.cli.roster_export import export_
from gateway.cli.roster_past import imports_, undo_
from gateway.cli.shared import (
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
)
from gateway.cli.without_pauses import without_pauses
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.imports.plan import RosterPlan
from gateway.imports.telling import as_data, ending_lines, flaw_lines, plan_lines, review_lines
from gateway.roster.faults import RosterFaults
from gateway.roster.reading import read
from gateway.roster.records import Flaw, Roster
from gateway.store.engine import Store
from gateway.store.imports import Choices, plan_on, write_import
from gateway.store.roster_version import hold
from gateway.store.roster_write import ensure_school

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SECONDS_TOLD_AFTER = 2  # what is over sooner needs no word while it lasts

Command = TypeVar("Command", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for at the command line."""

    path: Path | None
    families: Path | None
    staff: Path | None
    mapping: Path | None
    whole: bool
    good_rows: bool
    merge: bool
    allow_ending: int | None


@click.group()
def roster() -> None:
    """The school's pupils, guardians, classes and staff."""


roster.add_command(export_)
roster.add_command(imports_)
roster.add_command(undo_)


def _what_to_read(command: Command) -> Command:
    """Add the options that both commands have."""
    for option in reversed(
        (
            settings_option,
            json_option,
            click.argument("path", required=False, type=click.Path(exists=True, path_type=Path)),
            click.option("--families", type=FILE, help="A row for each pupil and contact."),
            click.option(
                "--staff", type=FILE, help="A row for each member of staff or shared mailbox."
            ),
            click.option(
                "--mapping",
                type=click.Path(path_type=Path),
                help="Which column of a CSV means what: a file, or the name of a preset.",
            ),
            click.option("--whole", is_flag=True, help="Who is not in the file has left."),
            click.option("--good-rows", is_flag=True, help="Leave out the rows with faults."),
            click.option(
                "--merge", is_flag=True, help="Take as one person who is listed as probably one."
            ),
            click.option(
                "--allow-ending",
                type=click.IntRange(min=0),
                help="So many pupils, links, staff or addresses may end.",
            ),
            click.option("--all", "everything", is_flag=True, help="Show every line."),
        )
    ):
        command = option(command)
    return command


@roster.command("diff")
@_what_to_read
def diff(settings_path: Path, as_json: bool, everything: bool, **words: object) -> None:
    """Show what an import would change. Nothing is written."""
    asked = Asked(**words)  # type: ignore[arg-type]  # click has seen to the types
    with without_pauses():
        _run(settings_path, asked, as_json, everything, write=False)


@roster.command("import")
@_what_to_read
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
def import_(
    settings_path: Path, as_json: bool, everything: bool, dry_run: bool, **words: object
) -> None:
    """Add and change people from the school's records: a file, a folder or a zip.

    Nobody ends unless the records are whole: --whole says so of a CSV file. Staff named in the
    files read for the classes named beside them, and no others. Rows with faults are listed,
    and then nothing is imported.
    """
    asked = Asked(**words)  # type: ignore[arg-type]  # click has seen to the types
    with without_pauses():
        _run(settings_path, asked, as_json, everything, write=not dry_run)


def _run(
    settings_path: Path, asked: Asked, as_json: bool, everything: bool, *, write: bool
) -> None:
    if asked.path is not None and asked.families is not None:
        raise click.UsageError("name the file once, as --families or without")
    config = configuration(settings_path)
    found = _read(asked, config)
    if found.flaws and write and not asked.good_rows:
        raise Fault("nothing was imported:\n" + "\n".join(flaw_lines(found.flaws)))
    store = checked_store(config)
    try:
        plan = _planned(store, config, found, asked, write=write, quiet=as_json)
    finally:
        store.close()
    if as_json:
        print_json(as_data(plan, found) | {"written": write and bool(plan.changes)})
        return
    _tell(plan, found, everything=everything)
    if not write:
        click.echo("Nothing was written." if plan.changes else "Nothing would be new.")
        if found.flaws and not asked.good_rows:
            click.echo("An import would refuse this, for the faulty rows; see --good-rows.")
    else:
        click.echo("Imported." if plan.changes else "Nothing was new.")


def _planned(
    store: Store, config: Configuration, found: Roster, asked: Asked, *, write: bool, quiet: bool
) -> RosterPlan:
    """Plan the import, and write it where that is asked for and nothing stands against it."""
    clock = SystemClock()
    now, domain = clock.now(), config.settings.gateway.domain
    today = now.astimezone(ZoneInfo(config.policy.zone)).date()
    choices = Choices(asked.merge, config.policy.imported_links == "invited", asked.allow_ending)
    shown = _Shown(quiet=quiet, clock=clock)
    with store.begin() as connection:
        school_id = ensure_school(connection, config.policy.school_name, domain, now)

    def planned_on(connection: Connection) -> RosterPlan:
        return plan_on(connection, school_id, domain, found, now=now, today=today, choices=choices)

    shown.step("comparing with the store", 0, 0)
    with store.read() as connection:
        plan = planned_on(connection)
    if not write:
        return plan
    with store.begin() as connection:
        # Planned outside, so that mail is settled meanwhile; and again if somebody was quicker.
        if hold(connection, school_id) != plan.version:
            plan = planned_on(connection)
        if plan.too_many_endings:
            raise Fault("nothing was imported:\n" + "\n".join(ending_lines(plan)))
        write_import(connection, school_id, plan, found, now, shown.step)
    shown.done()
    return plan


def _read(asked: Asked, config: Configuration) -> Roster:
    path = asked.path or asked.families or asked.staff
    if path is None:
        raise click.UsageError("name a file, or --families, --staff, or both")
    today = SystemClock().now().astimezone(ZoneInfo(config.policy.zone)).date()
    try:
        found = read(
            path,
            mapping=asked.mapping,
            staff=asked.staff,
            pupil_domains=config.policy.pupil_domains,
            today=today,
        )
    except RosterFaults as error:
        raise Fault("nothing was imported:\n" + "\n".join(error.faults)) from error
    if asked.whole and found.rows_lost:
        words = "a row was lost and nobody knows whose, so nobody ends, whatever --whole says"
        lost = next(iter(found.flaws)).where
        return replace(found, notes=(*found.notes, Flaw(lost, words)))
    return replace(found, is_whole=found.is_whole or asked.whole)


def _tell(plan: RosterPlan, found: Roster, *, everything: bool) -> None:
    for name, count in sorted(plan.counts.items()):
        click.echo(f"{count:6} {name.replace('_', ' ')}")
    for line in (
        *(f"note: {note}" for note in found.notes),
        *plan_lines(plan, everything=everything),
        *review_lines(plan, everything=everything),
        *ending_lines(plan),
    ):
        click.echo(line)
    if found.flaws:
        click.echo("Not taken:")
        for line in flaw_lines(found.flaws):
            click.echo(f"  {line}")


class _Shown:
    """Progress on standard error, for whatever lasts longer than a moment."""

    def __init__(self, *, quiet: bool, clock: SystemClock) -> None:
        self._quiet = quiet
        self._clock = clock
        self._began = clock.now()
        self._line = ""

    def step(self, what: str, done: int, of: int) -> None:
        """Say how far it has come."""
        long = (self._clock.now() - self._began).total_seconds() > SECONDS_TOLD_AFTER
        if self._quiet or not long:
            return
        line = f"{what}: {done:,} of {of:,} rows" if of else f"{what} …"
        if line != self._line:
            click.echo(line, err=True)
        self._line = line

    def done(self) -> None:
        """Say how long it took."""
        seconds = (self._clock.now() - self._began).total_seconds()
        if not self._quiet and seconds > SECONDS_TOLD_AFTER:
            click.echo(f"written in {seconds:.0f} s", err=True)
