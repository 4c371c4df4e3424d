"""`schoolgate staff` alone: how many know how it works, how many keep quiet hours of their own.

Numbers and never names: what somebody reads and when they rest is theirs (REQUIREMENTS T4).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from sqlalchemy import Connection, func, or_, select

from gateway.cli.shared import (
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
)
from gateway.cli.staff_posts import end, role
from gateway.clock import SystemClock
from gateway.store import news
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from gateway.store.staffing import load_staffing
from gateway.work.news import is_told
from rules.calendar import SchoolCalendar
from rules.policy import Policy


@click.group(invoke_without_command=True)
@settings_option
@json_option
@click.pass_context
def staff(context: click.Context, settings_path: Path, as_json: bool) -> None:
    """Count the staff who have read the welcome, and those with quiet hours of their own."""
    if context.invoked_subcommand is not None:
        return
    config = configuration(settings_path)
    today = SystemClock().now().astimezone(SchoolCalendar.of(config.policy).zone).date()
    store = checked_store(config)
    with store.read() as connection:
        school_id = school_of(connection, config.settings.gateway.domain)
        numbers = _numbers(connection, school_id, config.policy, today) if school_id else {}
    store.close()
    if as_json:
        print_json(numbers)
        return
    for name, count in numbers.items():
        click.echo(f"{count:6} {name.replace('_', ' ')}")
    if not numbers:
        click.echo("Nobody is on the roster.")


staff.add_command(end)
staff.add_command(role)


def _numbers(connection: Connection, school_id: str, policy: Policy, today: date) -> dict[str, int]:
    staffing = load_staffing(connection, school_id, today)
    people = [one for one in staffing.everybody.values() if is_told(staffing, one)]
    read, told = news.who_read(connection, school_id, "welcome")
    return {
        "staff": len(people),
        "were_told_how_it_works": told,
        "say_that_they_have_read_it": read,
        "keep_quiet_hours_of_their_own": _quiet(connection, school_id, policy, today),
    }


def _quiet(connection: Connection, school_id: str, policy: Policy, today: date) -> int:
    """Return how many staff have narrowed their hours by themselves, or had it written down."""
    e = t.calendar_entries.c
    by_mail = connection.execute(
        select(func.lower(t.staff.c.address))
        .join(t.calendar_entries, e.staff_id == t.staff.c.staff_id)
        .where(
            e.school_id == school_id,
            e.kind == "quiet",
            e.ended.is_(None),
            or_(e.last.is_(None), e.last >= today),
        )
    ).scalars()
    written = {
        booking.staff
        for booking in policy.hours.bookings
        if booking.staff and (booking.on is None or booking.on >= today)
    }
    return len(written | set(by_mail))
