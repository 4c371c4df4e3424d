"""`schoolgate hours`: the hours in force, and every change of them beyond the policy file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import click

from gateway.cli.hours_office import hours_office
from gateway.cli.hours_review import print_done, review_and_make
from gateway.cli.shared import (
    Fault,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.hours.incoming import NotTaken, from_file, from_line
from gateway.hours.review import windows_on
from gateway.store import hours as changes
from gateway.work.hours_change import take_back
from rules.wording import day_words

yes_option = click.option("--yes", is_flag=True, help="Do not ask: put it in force.")


@click.group()
def hours() -> None:
    """The school's hours in force, and what changes them besides the policy file."""


@hours.command("import")
@settings_option
@json_option
@yes_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", metavar="NAME", help="What the file is called; its own name by default.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--partial", is_flag=True, help="Take what is good, although other lines are not.")
def import_(
    settings_path: Path,
    as_json: bool,
    yes: bool,
    file: Path,
    source: str | None,
    dry_run: bool,
    partial: bool,
) -> None:
    """Take closed days, early closing, training, working days and leave from a calendar or CSV.

    What a file of the same name said before, and says no longer, ends.
    """
    with hours_office(settings_path) as office:
        with office.store.read() as connection:
            school = office.school
            try:
                incoming = from_file(
                    connection, school, office.known(connection), file, source, office.now
                )
            except NotTaken as error:
                raise Fault(str(error)) from error
        if incoming.faults and not partial:
            if as_json:
                print_json({"in_force": False, "faults": incoming.faults})
            raise Fault(
                "nothing was taken:\n" + "\n".join(f"{file.name}: {one}" for one in incoming.faults)
            )
        review_and_make(office, incoming, as_json=as_json, yes=yes, dry_run=dry_run)


@hours.command()
@settings_option
@json_option
@yes_option
@click.argument("line")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def add(settings_path: Path, as_json: bool, yes: bool, line: str, dry_run: bool) -> None:
    """Change the hours by one line, such as "closed 2026-11-26: snow"."""
    with hours_office(settings_path) as office:
        with office.store.read() as connection:
            try:
                known = office.known(connection)
                incoming = from_line(line, office.school, known, office.now)
            except NotTaken as error:
                raise Fault(str(error)) from error
        review_and_make(office, incoming, as_json=as_json, yes=yes, dry_run=dry_run)


@hours.command()
@settings_option
@json_option
@click.argument("change")
def undo(settings_path: Path, as_json: bool, change: str) -> None:
    """Take a change back; `hours list` shows the changes."""
    with hours_office(settings_path) as office:
        school = office.school
        with office.store.begin() as connection:
            row = changes.find(connection, school.school_id, change.lower())
            if row is None or row.state != changes.IN_FORCE:
                raise Fault(f"no change {change} is in force; see `schoolgate hours list`")
            review = take_back(connection, office.letters, row, office.now, None)
        print_done(review, as_json, {"undone": row.change_id})


@hours.command("list")
@settings_option
@json_option
def list_(settings_path: Path, as_json: bool) -> None:
    """List every change of the hours, the newest first."""
    with hours_office(settings_path) as office:
        with office.store.read() as connection:
            rows = changes.changes(connection, office.school.school_id)
        told = [
            {
                "change": row.change_id,
                "state": row.state,
                "source": row.source_name or row.source,
                "asked": row.asked,
                "words": row.words,
            }
            for row in rows
        ]
        if as_json:
            print_json(told)
            return
        for one in told:
            asked = shown(office.config, one["asked"])
            click.echo(
                f"{one['change']}  {one['state']:9} {asked}, {one['source']}: {one['words']}"
            )
        if not told:
            click.echo("The hours are as the policy file has them.")


@hours.command()
@settings_option
@json_option
@click.option("--staff", metavar="ADDRESS", help="One member of staff; the school by default.")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first date; today by default."
)
@click.option("--days", type=click.IntRange(1, 400), default=14, show_default=True)
def show(
    settings_path: Path, as_json: bool, staff: str | None, first: datetime | None, days: int
) -> None:
    """Show the reading hours in force, date by date, with what was taken out of them."""
    with hours_office(settings_path) as office:
        school = office.school
        if staff is not None:
            with office.store.read() as connection:
                if staff.lower() not in office.known(connection).staff:
                    raise Fault(f"nobody on the staff has the address {staff}")
        calendar = school.calendar_of(staff.lower()) if staff else school.calendar
        begins: date = first.date() if first else school.today(office.now)
        told = []
        for number in range(days):
            day = calendar.day(begins + timedelta(days=number))
            reading = windows_on(calendar, day.on)
            told.append({"date": day.on.isoformat(), "reading": reading, "facts": day.facts})
        if as_json:
            print_json(told)
            return
        for one in told:
            on = date.fromisoformat(str(one["date"]))
            facts = f"  ({'; '.join(one['facts'])})" if one["facts"] else ""
            click.echo(f"{day_words(on):24} {one['reading'] or '-'}{facts}")
