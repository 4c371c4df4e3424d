"""Of 1,000 random families, nobody barred, unlinked or not active is let write or written to."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import delete, insert, select, update

from gateway.store.engine import Store
from gateway.store.links import unlink
from gateway.store.outbox import Leased, Priority
from gateway.store.people import children_of, directory_for, pupils_between
from gateway.store.recipients import reason_to_withhold
from gateway.store.schema import (
    classes,
    enrolments,
    guardian_addresses,
    guardians,
    links,
    messages,
    metadata,
    pupils,
    raw_messages,
)
from gateway.store.staffing import load_staffing
from rules.links import LinkStanding
from tests.roster_records import DOMAIN, MONDAY, Office

FAMILIES = 500  # of each of two seeds
ROOMS = 40
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Tie:
    """One adult and one child, as the school means it."""

    guardian: str
    pupil: str
    room: str
    address: str
    flags: dict
    removed: bool

    @property
    def is_open(self):
        """Whether the adult takes part at all, read from the flags one by one."""
        flags = self.flags
        begun = flags["begins"] is None or flags["begins"] <= MONDAY
        over = flags["ends"] is not None and flags["ends"] < MONDAY
        lapsed = flags["approved_until"] is not None and flags["approved_until"] < MONDAY
        active = flags["standing"] == "active" and not lapsed
        return active and begun and not over and not flags["barred"]

    @property
    def bars_today(self):
        begun = self.flags["begins"] is None or self.flags["begins"] <= MONDAY
        over = self.flags["ends"] is not None and self.flags["ends"] < MONDAY
        return self.flags["barred"] and begun and not over


def random_flags(chance):
    some_day = [None, None, None, MONDAY - DAY, MONDAY, MONDAY + DAY]
    return {
        "kind": "guardian",
        "parental_responsibility": chance.random() < 0.9,
        "may_message": chance.random() < 0.9,
        "may_receive": chance.random() < 0.8,
        "barred": chance.random() < 0.15,
        "standing": str(
            LinkStanding.ACTIVE if chance.random() < 0.7 else chance.choice(list(LinkStanding))
        ),
        "approved_until": chance.choice(some_day),
        "begins": chance.choice(some_day),
        "ends": chance.choice(some_day),
    }


def written_families(office, seed):
    """Write families of separated parents, siblings, new partners and shared mailboxes."""
    chance = random.Random(seed)
    rows = {t.name: [] for t in (classes, pupils, enrolments, guardians, guardian_addresses, links)}
    school = {"school_id": office.school_id}
    for n in range(ROOMS):
        row = {"class_id": f"c{n}", "name": f"C{n}", "address": f"c{n}@{DOMAIN}"}
        rows["classes"].append(row | school)
    ties = []
    for family in range(FAMILIES):
        adults = [f"g{family}-{n}" for n in range(chance.randint(1, 4))]
        shared = f"family{family}@parent.example"
        own = {one: f"{one}@parent.example" for one in adults}
        address = {one: shared if chance.random() < 0.3 else own[one] for one in adults}
        gone = {one: chance.random() < 0.1 for one in adults}
        for one in adults:
            removed = {"removed_from": MONDAY - DAY} if gone[one] else {"removed_from": None}
            row = {"guardian_id": one, "reference": one, "name": one, "home_language": "en"}
            rows["guardians"].append(row | school | removed)
            row = {"guardian_id": one, "address": address[one]}
            rows["guardian_addresses"].append(row | school)
        for n in range(chance.randint(1, 3)):
            child, room = f"p{family}-{n}", f"c{chance.randrange(ROOMS)}"
            row = {"pupil_id": child, "reference": child, "given_name": child, "family_name": "F"}
            rows["pupils"].append(row | school)
            row = {"enrolment_id": child, "pupil_id": child, "class_id": room}
            rows["enrolments"].append(row | {"begins": date(2026, 9, 1)})
            for one in adults:
                if chance.random() < 0.8:
                    flags = random_flags(chance)
                    rows["links"].append({"guardian_id": one, "pupil_id": child} | flags)
                    ties.append(Tie(one, child, room, address[one], flags, gone[one]))
                else:
                    absent = {"standing": "none", "barred": False}
                    flags = random_flags(chance) | absent
                    ties.append(Tie(one, child, room, address[one], flags, gone[one]))
    with office.store.begin() as connection:
        for name, found in rows.items():
            connection.execute(insert(metadata.tables[name]), found)
        connection.execute(insert(raw_messages).values(raw_id="r", octets=b""))
        # A message to each class, by which mail to a guardian is about it.
        for n in range(ROOMS):
            connection.execute(
                insert(messages).values(
                    spool_id=f"m{n}", raw_id="r", arrived=NOW, recipient=f"c{n}@{DOMAIN}",
                    transport="smtp", tls=True, size_bytes=0, state="settled", attempts=1,
                    class_id=f"c{n}", **school,
                )
            )  # fmt: skip
    return ties


def queued(tie, spool_id):
    return Leased(
        "o", "s", "k", "answer", Priority.ANSWER, tie.address, None, "<m@x>", b"", spool_id,
        tie.guardian, None, NOW, NOW, 0, NOW,
    )  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2])
def world(request, tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('families')}/s.db")
    with store.begin() as connection:
        metadata.create_all(connection)
    office = Office(store)
    yield office, written_families(office, request.param)
    store.close()


def may_be_sent(tie, ties):
    """Say by the flags alone whether mail about the tie's class may go to its adult."""
    mine = [one for one in ties if one.guardian == tie.guardian and one.room == tie.room]
    box = [one for one in ties if one.address == tie.address and one.room == tie.room]
    if tie.removed or any(one.bars_today for one in box):
        return False
    return any(one.is_open and one.flags["may_receive"] for one in mine)


def test_mail_is_sent_to_nobody_barred_unlinked_removed_or_not_active(world):
    office, ties = world
    by_family = {}
    for tie in ties:
        by_family.setdefault(tie.guardian.partition("-")[0], []).append(tie)
    sent = {True: 0, False: 0}
    with office.store.read() as connection:
        for tie in ties:
            why = reason_to_withhold(connection, queued(tie, f"m{tie.room[1:]}"), MONDAY)
            allowed = may_be_sent(tie, by_family[tie.guardian.partition("-")[0]])
            assert (why is None) is allowed, (tie, why)
            sent[allowed] += 1
    assert min(sent.values()) > 150  # neither answer is given to all


def test_nobody_writes_about_a_child_without_an_open_link_that_lets_them(world):
    office, ties = world
    with office.store.read() as connection:
        staffing = load_staffing(connection, office.school_id, MONDAY)

        @cache  # siblings ask the same
        def known(room, address):
            to = f"{room}@{DOMAIN}"
            return directory_for(connection, staffing, office.school_id, to, address).guardians

        @cache
        def rights(guardian):
            return {one.pupil_id for one in children_of(connection, guardian, MONDAY)}

        for tie in ties:
            open_ = {
                one.pupil
                for one in ties_of(ties, tie.guardian)
                if one.is_open and one.flags["may_message"]
            }
            person = next(
                one for one in known(tie.room, tie.address) if one.guardian_id == tie.guardian
            )
            assert {link.pupil_id for link in person.links if link.can_write} == open_
            assert person.removed is tie.removed
            assert rights(tie.guardian) == open_
            here = pupils_between(connection, tie.guardian, tie.room, MONDAY)
            assert set(here) <= open_


_BY_GUARDIAN = {}


def ties_of(ties, guardian):
    found = _BY_GUARDIAN.get(id(ties))
    if found is None:
        found = _BY_GUARDIAN[id(ties)] = {}
        for tie in ties:
            found.setdefault(tie.guardian, []).append(tie)
    return found[guardian]


def test_whoever_is_unlinked_between_the_queue_and_the_sending_gets_nothing(world):
    office, ties = world
    chance = random.Random(7)
    open_ = [tie for tie in ties if tie.is_open and tie.flags["may_receive"] and not tie.removed]
    changes = (
        lambda c, t: unlink(c, t.guardian, t.pupil, today=MONDAY),
        lambda c, t: c.execute(update(links).where(this(t)).values(barred=True)),
        lambda c, t: c.execute(update(links).where(this(t)).values(standing="waiting")),
        lambda c, t: c.execute(update(links).where(this(t)).values(approved_until=MONDAY - DAY)),
        lambda c, t: c.execute(
            update(guardians)
            .where(guardians.c.guardian_id == t.guardian)
            .values(removed_from=MONDAY)
        ),
        lambda c, t: c.execute(
            delete(guardian_addresses).where(guardian_addresses.c.guardian_id == t.guardian)
        ),
    )
    for tie in chance.sample(open_, 100):
        alone = [one for one in ties_of(ties, tie.guardian) if one.room == tie.room]
        if len(alone) > 1:
            continue
        row = queued(tie, f"m{tie.room[1:]}")
        for change in changes:
            with office.store.engine.connect() as connection, connection.begin() as trial:
                change(connection, tie)
                assert reason_to_withhold(connection, row, MONDAY) is not None
                trial.rollback()


def this(tie):
    return (links.c.guardian_id == tie.guardian) & (links.c.pupil_id == tie.pupil)


def test_the_families_are_as_varied_as_they_claim(world):
    office, ties = world
    with office.store.read() as connection:
        boxes = connection.execute(select(guardian_addresses.c.address)).scalars().all()
    assert len(boxes) - len(set(boxes)) > 50
    assert sum(tie.flags["barred"] for tie in ties) > 150
