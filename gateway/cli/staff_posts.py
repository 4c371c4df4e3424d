"""`schoolgate staff end|role`: somebody leaves, or takes up or lays down a role."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import click

from gateway.cli.guardian_desk import at_desk
from gateway.cli.shared import Fault, settings_option
from gateway.store.posts import PostRefused, end_post, give_role, post_at, take_on, take_role
from rules.people import Role

_address = click.argument("address")


@click.command()
@settings_option
@_address
@click.option(
    "--on",
    "last",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Their last day, included. Without it they have left already.",
)
@click.option("--undo", is_flag=True, help="They are staff again, or stay after all.")
def end(settings_path: Path, address: str, last: datetime | None, undo: bool) -> None:
    """Let a member of staff leave. No import takes them on again.

    Refused for the last who holds the office, or is safeguarding lead.
    """
    if undo and last is not None:
        raise click.UsageError("--undo takes no --on")
    with at_desk(settings_path) as desk:
        try:
            with desk.store.begin() as connection:
                school_id = desk.school.school_id
                post = post_at(connection, school_id, address)
                if undo:
                    take_on(connection, school_id, post)
                    desk.record(connection, "staff-taken-on", staff_id=post.staff_id)
                    click.echo(f"{post.name} is staff.")
                    return
                on = last.date() if last is not None else desk.today - timedelta(days=1)
                alone = end_post(connection, school_id, post, on, desk.today)
                desk.record(connection, "staff-ended", staff_id=post.staff_id, ends=on.isoformat())
        except PostRefused as error:
            raise Fault(f"nothing was changed: {error}") from error
        click.echo(f"{post.name} {_when(on, desk.today)}.")
        for name in alone:
            click.echo(f"Nobody else reads for {name}: its mail will go to the office.")


@click.command()
@settings_option
@_address
@click.argument("role", type=click.Choice([str(one) for one in Role]))
@click.option("--give", "what", flag_value="give", help="From now on they hold it.")
@click.option("--take-away", "what", flag_value="take", help="They hold it no longer.")
@click.option(
    "--rank",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The order among those with one role, lowest first.",
)
def role(settings_path: Path, address: str, role: str, what: str | None, rank: int) -> None:
    """Give a member of staff a role, or take one away.

    The last office and the last safeguarding lead cannot be taken away.
    """
    if what is None:
        raise click.UsageError("say --give or --take-away")
    give = what == "give"
    with at_desk(settings_path) as desk:
        try:
            with desk.store.begin() as connection:
                school_id = desk.school.school_id
                post = post_at(connection, school_id, address)
                if give and post.ends is not None:
                    raise PostRefused(f"{post.name} leaves or has left: `staff end --undo` first")
                if give:
                    give_role(connection, school_id, post, Role(role), rank)
                else:
                    take_role(connection, school_id, post, Role(role))
                event = "role-given" if give else "role-taken-away"
                desk.record(connection, event, staff_id=post.staff_id, role=role)
        except PostRefused as error:
            raise Fault(f"nothing was changed: {error}") from error
        click.echo(f"{post.name} {'holds' if give else 'no longer holds'} the role {role}.")


def _when(last: date, today: date) -> str:
    return f"leaves after {last.isoformat()}" if last >= today else "has left"
