"""`schoolgate policy show`: the policy in force as a page that a school can publish."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from gateway.cli.shared import Fault, configuration, json_option, print_json, settings_option
from gateway.clock import SystemClock
from gateway.configuration import Configuration, open_store
from gateway.mail.render import fill_page, fill_text
from gateway.policypage import policy_page
from gateway.school import School
from gateway.store.migrate import WrongSchema, check_schema
from gateway.store.roster_write import school_of
from rules.calendar import SchoolCalendar
from rules.wording import day_words


@click.group()
def policy() -> None:
    """Show the policy in force as a page to publish."""


@policy.command()
@settings_option
@click.option(
    "--html",
    "html_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Write it as a web page to this file ("-": print it).',
)
@click.option("--text", "as_text", is_flag=True, help="Print it as text, as without an option.")
@json_option
def show(settings_path: Path, html_path: Path | None, as_text: bool, as_json: bool) -> None:
    """Show the policy as families may read it, made from what is in force.

    Changes of the hours that the store knows of are in it too.
    """
    if sum((html_path is not None, as_text, as_json)) > 1:
        raise click.UsageError("choose one of --html, --text and --json")
    config = configuration(settings_path)
    calendar = _calendar(config)
    today = SystemClock().now().astimezone(calendar.zone).date()
    page = policy_page(config.policy, calendar, today)
    if as_json:
        print_json(asdict(page))
        return
    values = {"page": page, "today": f"{day_words(today)} {today.year}"}
    if html_path is None:
        click.echo(fill_text("policy-page/page.txt", values), nl=False)
        return
    html = str(fill_page("policy-page/page.html", values))
    if str(html_path) == "-":
        click.echo(html)
        return
    try:
        html_path.write_text(html + "\n", "utf-8")
    except OSError as error:
        raise Fault(f"{html_path}: {error.strerror}") from error
    click.echo(f"wrote {html_path}")


def _calendar(config: Configuration) -> SchoolCalendar:
    """Return the hours in force; those of the file alone where no store has been made yet."""
    store = open_store(config)
    try:
        check_schema(store)
        domain = config.settings.gateway.domain
        with store.read() as connection:
            school_id = school_of(connection, domain)
            school = School.of(school_id, domain, config.policy)
            if school_id:
                school.refresh(connection)
        return school.calendar
    except WrongSchema:
        click.echo("The store is not set up yet: this is the policy file alone.", err=True)
        return SchoolCalendar.of(config.policy)
    finally:
        store.close()
