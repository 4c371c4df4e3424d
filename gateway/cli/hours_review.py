"""What would a change of the hours move, and shall it be made? Shown first, made on a yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from gateway.cli.hours_office import HoursOffice
from gateway.cli.shared import Fault, print_json
from gateway.hours.incoming import Incoming
from gateway.hours.review import Review, preview, words_of
from gateway.store import hours as changes
from gateway.work.hours_change import bring_in_force
from rules.hours_allowed import NotCarriedOut


def review_and_make(
    office: HoursOffice, incoming: Incoming, *, as_json: bool, yes: bool, dry_run: bool
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


def _make(office: HoursOffice, incoming: Incoming) -> str:
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


def print_done(review: Review, as_json: bool, told: dict[str, Any]) -> None:
    """Show what has moved because a change was taken back."""
    if as_json:
        print_json(told | {"review": asdict(review)})
        return
    for line in _review_lines(review):
        click.echo(line)
    click.echo("Undone.")
