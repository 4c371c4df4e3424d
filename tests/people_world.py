"""A school for the tests of who is who: two classes, separated parents, an office and a head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from gateway.store import schema as t
from tests.installation import DOMAIN
from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 9, 10, tzinfo=LONDON)
OFFICE, DSL, HEAD = "office@oakfield.example", "adeyemi@oakfield.example", "lloyd@oakfield.example"
KHAN, HUGHES = "khan@oakfield.example", "hughes@oakfield.example"
AMINA, DANIEL = "amina.okoro@parent.example", "daniel.okoro@parent.example"
DANA = "dana.price@parent.example"
ROOM_3B, ROOM_4A = f"3b@{DOMAIN}", f"4a@{DOMAIN}"
PEOPLE = f"people@{DOMAIN}"
STAFF = (
    ("Miss Khan", KHAN, "teacher", "3B", 0),
    ("Mr Hughes", HUGHES, "teacher", "4A", 0),
)
FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P1", "Ben", "Okoro", "3B", "Daniel Okoro", DANIEL),
    ("P2", "Zoe", "Price", "3B", "Dana Price", DANA),
    ("P3", "Finn", "Price", "4A", "Dana Price", DANA),
    ("P4", "Kuba", "Kowalski", "4A", "Ewa Kowalska", "ewa@parent.example"),
)
QUESTION = "Which reading book should we bring on Thursday?"


@contextmanager
def school(
    folder: Path,
    start: datetime = TUESDAY,
    staff: Any = STAFF,
    families: Any = FAMILIES,
    **more: Any,
) -> Iterator[Talk]:
    """Run the school until the end of the block; every message must be accounted for then."""
    with staged(folder, start, staff, families, speed=0, **more) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def rows(talk: Talk, table: Any, **where: Any) -> list[Any]:
    """Return the rows of a table with these values."""
    return talk.rows(table, **where)


def change(talk: Talk, table: Any, **values: Any) -> None:
    """Write these values into every row of a table, as an import might have."""
    talk.change(table, **values)


def ids_of(talk: Talk, name: str, pupil: str = "Ben") -> tuple[str, str]:
    """Return the ids of a guardian and of a pupil, by the name and the given name."""
    [guardian] = rows(talk, t.guardians, name=name)
    [child] = rows(talk, t.pupils, given_name=pupil)
    return guardian.guardian_id, child.pupil_id


def addresses_of(talk: Talk, name: str) -> list[str]:
    """Return the addresses on record for a guardian."""
    [guardian] = rows(talk, t.guardians, name=name)
    found = rows(talk, t.guardian_addresses, guardian_id=guardian.guardian_id)
    return sorted(row.address for row in found)


def message(talk: Talk, originator: str) -> Any:
    """Return the newest message from an address."""
    m = t.messages
    with talk.gateway.store.read() as connection:
        # The clock stands still, so that the ids of one instant are in no order.
        query = select(m).where(m.c.originator == originator).order_by(text("rowid"))
        return connection.execute(query).all()[-1]


def later(talk: Talk, **minutes: int) -> None:
    """Live on a little, so that what waits for the next list goes out."""
    talk.at(talk.gateway.clock.now() + timedelta(**(minutes or {"minutes": 6})))
