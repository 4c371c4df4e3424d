"""What the commands about guardians work with: the store, the school, and one person in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from gateway.cli.shared import BAD_CONFIGURATION, Fault, checked_store, configuration
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.program import WrongSchool, letters_for, school_of
from gateway.school import School
from gateway.store import approvals, contacts, guardians, journal
from gateway.store import schema as t
from gateway.store.contacts import ContactOnRecord, PupilOnRecord
from gateway.store.engine import Store
from gateway.store.links import LinkRefused
from gateway.work.letters import Letters


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command here works with."""

    store: Store
    school: School
    now: datetime
    config: Configuration

    @property
    def today(self) -> date:
        """The date at the school."""
        return self.school.today(self.now)

    def letters(self) -> Letters:
        """Return what writes the mails that a command has to send."""
        return letters_for(self.config, self.school)

    def contact(self, connection: Connection, text: str) -> ContactOnRecord:
        """Return the one contact with this number, address or name. Raises Fault."""
        found = guardians.find_guardians(connection, self.school.school_id, text)
        if not found:
            raise Fault(f"no contact on record is “{text}”")
        if len(found) > 1:
            names = "\n".join(
                f"  {one.reference}  {one.name}  {', '.join(one.children)}" for one in found
            )
            raise Fault(f"“{text}” may be several people; name the number:\n{names}")
        return contacts.contacts(connection, [found[0].guardian_id], self.today)[0]

    def pupil(self, connection: Connection, text: str) -> PupilOnRecord:
        """Return the one pupil with this number or full name. Raises Fault."""
        found = contacts.pupils_named(connection, self.school.school_id, text, self.today)
        if not found:
            raise Fault(f"no pupil on record is “{text}”")
        if len(found) > 1:
            names = "\n".join(f"  {one.reference}  {one.name}" for one in found)
            raise Fault(f"“{text}” may be several pupils; name the number:\n{names}")
        return found[0]

    def record(self, connection: Connection, event: str, **detail: object) -> None:
        """Write in the journal what a command changed."""
        journal.record(
            connection,
            school_id=self.school.school_id,
            spool_id=None,
            event=event,
            key=f"{event}/{self.now.isoformat()}",
            at=self.now,
            detail=detail | {"source": "command"},
        )


@contextmanager
def at_desk(settings_path: Path) -> Iterator[Desk]:
    """Give the desk of the installation. Raises Fault, also for what a link cannot be."""
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        yield Desk(store, school_of(store, config, now), now, config)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    except LinkRefused as error:
        raise Fault(str(error)) from error
    finally:
        store.close()


def data_of(connection: Connection, desk: Desk, person: ContactOnRecord) -> dict[str, Any]:
    """Return all that is on record of a contact, for a program."""
    i, a, r = t.invites.c, t.acceptances.c, t.removals.c
    mine = person.guardian_id
    codes = connection.execute(
        select(i.pupil_id, i.slot, i.how, i.issued, i.expires, i.used, i.revoked).where(
            i.guardian_id == mine
        )
    )
    accepted = connection.execute(
        select(a.policy_version, a.at, a.how).where(a.guardian_id == mine)
    )
    removed = connection.execute(
        select(r.begins, r.ends, r.reason, r.returned).where(r.guardian_id == mine)
    )
    return {
        "reference": person.reference,
        "name": person.name,
        "addresses": person.addresses,
        "is_removed": person.is_removed(desk.today),
        "links": [asdict(child) for child in person.children],
        "approvals": [asdict(one) for one in approvals.approvals_of(connection, mine)],
        "codes": [dict(row._mapping) for row in codes],
        "accepted": [dict(row._mapping) for row in accepted],
        "removals": [dict(row._mapping) for row in removed],
    }
