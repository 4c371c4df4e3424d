"""`schoolgate guardian`: who is linked to whom, and single changes of it at the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from gateway.cli.guardian_desk import Desk, at_desk, data_of
from gateway.cli.shared import Fault, json_option, print_json, settings_option
from gateway.store import approvals, contacts, guardians, links
from gateway.store.contacts import ContactOnRecord, PupilOnRecord
from gateway.work.before_linking import standing_by_office
from gateway.work.new_address import put_on_record
from gateway.work.own_family import staff_in_family
from gateway.work.people_asked import is_a_pupils, is_anothers, is_ours
from gateway.work.people_words import contact_lines
from gateway.work.waiting_links import waiting_pairs
from rules.links import LinkStanding
from rules.people import Role

_LEADERS = (Role.HEAD, Role.SLT)
contact_option = click.option("--contact", required=True, metavar="REF", help="Number, or address.")
pupil_option = click.option("--pupil", required=True, metavar="REF", help="Number in the records.")


@click.group()
def guardian() -> None:
    """Contacts on record: who is linked to which child, and how that stands."""


@guardian.command()
@settings_option
@json_option
@click.argument("text")
def show(settings_path: Path, as_json: bool, text: str) -> None:
    """Show the contacts with this number, address or part of a name."""
    with at_desk(settings_path) as desk, desk.store.read() as connection:
        found = guardians.find_guardians(connection, desk.school.school_id, text)
        ids = [one.guardian_id for one in found]
        people = contacts.contacts(connection, ids, desk.today)
        if as_json:
            print_json([data_of(connection, desk, person) for person in people])
            return
        if not people:
            raise Fault(f"no contact on record is “{text}”")
        for number, person in enumerate(people):
            lines = contact_lines(connection, desk.school, person)
            click.echo(("\n" if number else "") + "\n  ".join(lines))


@guardian.command()
@settings_option
@json_option
def waiting(settings_path: Path, as_json: bool) -> None:
    """List the links that wait for an approval of the leadership."""
    with at_desk(settings_path) as desk, desk.store.read() as connection:
        pairs = waiting_pairs(connection, desk.school.school_id, desk.today)
        rows = [
            row
            for guardian_id, pupil_id in pairs
            if (row := links.find_link(connection, guardian_id, pupil_id, desk.today)) is not None
        ]
        if as_json:
            print_json([asdict(row) for row in rows])
            return
        for row in rows:
            click.echo(
                f"{row.guardian_reference}  {row.guardian_name}: "
                f"{row.pupil_reference}  {row.pupil_name}"
            )
        if not rows:
            click.echo("No link waits for an approval.")


@guardian.command()
@settings_option
@json_option
@contact_option
@pupil_option
@click.option("--address", help="Add this mail address to the contact's.")
def link(settings_path: Path, as_json: bool, contact: str, pupil: str, address: str | None) -> None:
    """Tie a contact on record to a pupil. A third waits until the leadership approves it."""
    untold = ""
    with at_desk(settings_path) as desk:
        with desk.store.begin() as connection:
            person, child = desk.contact(connection, contact), desk.pupil(connection, pupil)
            if person.is_removed(desk.today):
                raise Fault(f"the leadership has removed {person.name} from messaging")
            standing = standing_by_office(
                connection, person.guardian_id, child.pupil_id, desk.today
            )
            if standing is not None:
                links.link(
                    connection,
                    desk.school.school_id,
                    person.guardian_id,
                    child.pupil_id,
                    now=desk.now,
                    today=desk.today,
                    standing=standing,
                )
            if address is not None:
                untold = _add_address(connection, desk, person, address)
            desk.record(
                connection,
                "linked-by-command",
                guardian_id=person.guardian_id,
                pupil_id=child.pupil_id,
            )
        stands = standing or LinkStanding.ACTIVE
        words = f"{person.name} is linked to {child.name}."
        if stands is LinkStanding.WAITING:
            words = (
                f"{person.name} waits to be linked to {child.name}: "
                "the leadership approves it with `schoolgate guardian approve`."
            )
        words += f"\n{untold}" if untold else ""
        _tell(words, {"standing": str(stands), **_who(person, child)}, as_json=as_json)


@guardian.command()
@settings_option
@json_option
@contact_option
@pupil_option
def unlink(settings_path: Path, as_json: bool, contact: str, pupil: str) -> None:
    """End a link at once: nothing more about the child reaches them."""
    with at_desk(settings_path) as desk:
        with desk.store.begin() as connection:
            person, child = desk.contact(connection, contact), desk.pupil(connection, pupil)
            if not links.unlink(connection, person.guardian_id, child.pupil_id, today=desk.today):
                raise Fault(f"{person.name} is not linked to {child.name}")
            desk.record(
                connection,
                "unlinked-by-command",
                guardian_id=person.guardian_id,
                pupil_id=child.pupil_id,
            )
        words = f"{person.name} is no longer linked to {child.name}."
        _tell(words, {"standing": None, **_who(person, child)}, as_json=as_json)


@guardian.command()
@settings_option
@json_option
@contact_option
@pupil_option
@click.option("--by", "by", required=True, metavar="ADDRESS", help="Who of the leadership did.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option("--reason", required=True, help="Why; the office and the leadership can see it.")
def approve(
    settings_path: Path,
    as_json: bool,
    contact: str,
    pupil: str,
    by: str,
    until: datetime,
    reason: str,
) -> None:
    """Let a link be active until a day: a third one, or one that the records leave open."""
    with at_desk(settings_path) as desk:
        with desk.store.begin() as connection:
            person, child = desk.contact(connection, contact), desk.pupil(connection, pupil)
            staff_id = _leader(connection, desk, by)
            family = staff_in_family(
                connection, desk.school, desk.now, [person.guardian_id], child.pupil_id
            )
            if staff_id in family:
                raise Fault(f"{child.name} is of the family of {by}: somebody else must approve")
            approvals.approve(
                connection,
                person.guardian_id,
                child.pupil_id,
                approved_by=staff_id,
                reason=reason,
                begins=desk.today,
                ends=until.date(),
                today=desk.today,
                now=desk.now,
            )
            desk.record(
                connection,
                "approved-by-command",
                guardian_id=person.guardian_id,
                pupil_id=child.pupil_id,
                staff_id=staff_id,
            )
        words = f"{person.name} may write about {child.name} until {until.date()}."
        values = {"standing": "active", "until": str(until.date()), **_who(person, child)}
        _tell(words, values, as_json=as_json)


def _leader(connection: Connection, desk: Desk, address: str) -> str:
    """Return the id of who approves. Raises Fault where they are not of the leadership."""
    staffing = desk.school.staffing(connection, desk.now)
    found = next(iter(staffing.staff_at(address.lower())), None)
    if found is None:
        raise Fault(f"nobody on the staff has the address {address}")
    if not found.roles & set(_LEADERS):
        raise Fault(f"{found.name} is not of the leadership: only the head and the SLT approve")
    return found.staff_id


def _add_address(connection: Connection, desk: Desk, person: ContactOnRecord, address: str) -> str:
    """Add it, and tell their other addresses; return what is to be known of that."""
    folded = address.strip().lower()
    local, at, domain = folded.rpartition("@")
    if not (local and at and "." in domain) or any(char.isspace() for char in folded):
        raise Fault(f"{address} is no mail address")
    if is_a_pupils(connection, desk.school, folded):
        raise Fault(f"{folded} is a pupil's address: pupils cannot be linked")
    if is_ours(desk.school, folded):
        raise Fault(f"{folded} is an address of the gateway itself")
    if is_anothers(connection, desk.school, folded, person.guardian_id):
        raise Fault(f"{folded} stands on record for somebody else already")
    key = f"command/{desk.now.isoformat()}"
    return put_on_record(
        connection, desk.letters(), person.guardian_id, folded, desk.now, key=key, spool_id=None
    )


def _who(person: ContactOnRecord, child: PupilOnRecord) -> dict[str, str]:
    return {
        "contact": person.reference,
        "contact_name": person.name,
        "pupil": child.reference,
        "pupil_name": child.name,
    }


def _tell(words: str, values: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(values)
    else:
        click.echo(words)
