"""Two of the office press at the same moment: one of them has done it, on either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from gateway.store import offers
from gateway.store import schema as t
from tests.roster_records import Office
from tests.test_roster_import import siblings

NOW = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
PRESSING = 6


@pytest.fixture
def office(store):
    found = Office(store)
    found.take(siblings())
    return found


def test_one_offer_is_carried_out_by_one_of_those_who_press_at_once(office):
    with office.store.begin() as connection:
        guardian_id = connection.execute(select(t.guardians.c.guardian_id)).scalars().first()
        offer_id = offers.offer(
            connection, school_id=office.school_id, kind="address", now=NOW,
            guardian_id=guardian_id, address="new@else.example",
        )  # fmt: skip
    together = Barrier(PRESSING)

    def press(_number):
        together.wait()
        with office.store.begin() as connection:
            return offers.decide(connection, offer_id, by=None, now=NOW)

    with ThreadPoolExecutor(PRESSING) as pool:
        done = list(pool.map(press, range(PRESSING)))
    assert done.count(True) == 1
