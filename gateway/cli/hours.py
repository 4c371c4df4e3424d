"""`schoolgate hours`: the hours in force, and every change of them beyond the policy file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from gateway.cli.shared import (
    BAD_CONFIGURATION,
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
from gateway.hours.incoming import Incoming, NotTaken, from_file, from_line
from gateway.hours.review import Review, preview, windows_on, words_of
from gateway.program import WrongSchool, letters_for, school_of
from gateway.school import School
from gateway.store import hours as changes
from gateway.store.engine import Store
from gateway.work.hours_asked import hours_facts
from gateway.work.hours_change import bring_in_force, take_back
from gateway.work.letters import Letters
from rules.asked import NotCarriedOut
from rules.facts import HoursFacts
from rules.wording import day_words

yes_option = click.option("--yes", is_flag=True, help="Do not ask: put it in force.")


@dataclass(frozen=True, slots=True)
class _Office:
    """What every command here works with."""

    config: Configuration
    store: Store
    school: School
    now: datetime

    @property
    def letters(self) -> Letters:
        return letters_for(self.config, self.school)

    def known(self, connection: Connection) -> HoursFacts:
        school = self.school
        staffing = school.staffing(connection, self.now)
        return hours_facts(connection, school, staffing, ())


@contextmanager
def _office(settings_path: Path) -> Iterator[_Office]:
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        yield _Office(config, store, school_of(store, config, now), now)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    finally:
        store.close()


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
    with _office(settings_path) as office:
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
        _review_and_make(office, incoming, as_json=as_json, yes=yes, dry_run=dry_run)


@hours.command()
@settings_option
@json_option
@yes_option
@click.argument("line")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def add(settings_path: Path, as_json: bool, yes: bool, line: str, dry_run: bool) -> None:
    """Change the hours by one line, such as "closed 2026-11-26: snow"."""
    with _office(settings_path) as office:
        with office.store.read() as connection:
            try:
                known = office.known(connection)
                incoming = from_line(line, office.school, known, office.now)
            except NotTaken as error:
                raise Fault(str(error)) from error
        _review_and_make(office, incoming, as_json=as_json, yes=yes, dry_run=dry_run)


@hours.command()
@settings_option
@json_option
@click.argument("change")
def undo(settings_path: Path, as_json: bool, change: str) -> None:
    """Take a change back; `hours list` shows the changes."""
    with _office(settings_path) as office:
        school = office.school
        with office.store.begin() as connection:
            row = changes.find(connection, school.school_id, change.lower())
            if row is None or row.state != changes.IN_FORCE:
                raise Fault(f"no change {change} is in force; see `schoolgate hours list`")
            review = take_back(connection, office.letters, row, office.now, None)
        _print_done(review, as_json, {"undone": row.change_id})


@hours.command("list")
@settings_option
@json_option
def list_(settings_path: Path, as_json: bool) -> None:
    """List every change of the hours, the newest first."""
    with _office(settings_path) as office:
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
    with _office(settings_path) as office:
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


def _review_and_make(
    office: _Office, incoming: Incoming, *, as_json: bool, yes: bool, dry_run: bool
) -> None:
    """Show what would change; make the change when somebody says yes."""
    school = office.school
    with office.store.read() as connection:
        found = preview(connection, school, incoming.entries, incoming.ends, office.now)
    changes_any = bool(incoming.entries or incoming.ends)
    if not as_json:
        for line in (*_review_lines(found.review), *_left_out(incoming)):
            click.echo(line)
    in_force = False
    if changes_any and not dry_run:
        asked = not as_json and not yes
        in_force = yes or (asked and click.prompt("Type yes to put it in force") == "yes")
    change_id = _make(office, incoming) if in_force else None
    if as_json:
        told: dict[str, Any] = {"in_force": in_force, "change": change_id}
        told |= {"left_out": incoming.left_out, "faults": incoming.faults}
        print_json(told | {"review": asdict(found.review)})
    elif change_id is not None:
        click.echo(f"In force. To take it back: schoolgate hours undo {change_id}")
    else:
        click.echo("Nothing was changed.")


def _make(office: _Office, incoming: Incoming) -> str:
    school = office.school
    with office.store.begin() as connection:
        staffing = school.staffing(connection, office.now)
        words = " ".join(words_of(incoming.entries, staffing))
        change_id = changes.propose(
            connection,
            school_id=school.school_id,
            source=incoming.source,
            source_name=incoming.name,
            entries=incoming.entries,
            ends=incoming.ends,
            words=words if incoming.source == "command" else _summary(incoming),
            now=office.now,
        )
        row = changes.find(connection, school.school_id, change_id)
        assert row is not None
        try:
            bring_in_force(connection, office.letters, row, office.now, None)
        except LookupError as error:
            raise Fault(str(error)) from error
        except NotCarriedOut as error:
            raise Fault(error.why) from error
    return change_id


def _summary(incoming: Incoming) -> str:
    added, ended = len(incoming.entries), len(incoming.ends)
    return f"{added} {'entry' if added == 1 else 'entries'} added, {ended} ended"


def _review_lines(review: Review) -> Iterator[str]:
    for sign, lines in (("+", review.adds), ("-", review.ends)):
        for line in lines:
            yield f"{sign} {line}"
    for day in review.days:
        yield f"  {day.words}"
    if not review.days:
        yield "  No reading hours change."
    yield f"  {review.messages} waiting messages of {review.families} families are read later."
    yield f"  {review.answers} promised answers come later."
    if review.next_reading:
        yield f"  Nobody reads again before: {review.next_reading}."


def _left_out(incoming: Incoming) -> Iterator[str]:
    for line in incoming.left_out:
        yield f"? not understood, left out: {line}"
    for line in incoming.faults:
        yield f"! {line}"


def _print_done(review: Review, as_json: bool, told: dict[str, Any]) -> None:
    if as_json:
        print_json(told | {"review": asdict(review)})
        return
    for line in _review_lines(review):
        click.echo(line)
    click.echo("Undone.")
