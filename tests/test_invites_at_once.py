"""Two people at the same moment: one open code a contact, and two links a child."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.engine import URL, make_url

from gateway.invites.issuing import children_of, issue
from gateway.store import invites, links
from gateway.store import schema as t
from rules.links import LinkStanding
from tests.invited import NEW, WORKED, School, inviting

THREE = tuple(
    ("P2", "Poppy", "Hill", "3B", f"{name} Hill", f"{name.lower()}.hill@parent.example")
    for name in ("Dana", "Rob", "Gran")
)
WITHIN_SECONDS = 30.0


@pytest.fixture
def url(empty_postgresql_url: str) -> str:
    """SQLite lets one writer in at a time; PostgreSQL has to be asked to."""
    found = make_url(empty_postgresql_url)
    plain = URL.create("postgresql", found.username, database=found.database, query=found.query)
    return plain.render_as_string()


@contextmanager
def meanwhile(school: School, step: Callable[[], object]) -> Iterator[Connection]:
    """Do `step` while a transaction is open that it must wait for; let it end with the block."""
    thread = threading.Thread(target=step)
    with school.gateway.store.begin() as connection:
        yield connection
        thread.start()
        until = time.monotonic() + WITHIN_SECONDS
        while not _somebody_waits(school) and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
    thread.join(WITHIN_SECONDS)
    assert not thread.is_alive()


def _somebody_waits(school: School) -> bool:
    with school.gateway.store.read() as connection:
        query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(connection.execute(query).scalar_one())


def test_a_code_that_comes_back_while_another_contact_is_linked_is_the_third(
    tmp_path: Path, url: str
):
    with inviting(tmp_path, THREE, store_url=url) as school:
        school.change(t.links, standing="invited")
        issued, _ = school.invite("P2")
        code, other = issued[0].code, issued[1]
        third = next(
            row.guardian_id
            for row in school.rows(t.guardians)
            if row.guardian_id not in {one.contact.link.guardian_id for one in issued}
        )
        pupil_id = other.child.pupil_id
        with meanwhile(school, lambda: school.send(code, NEW)) as connection:
            links.hold_child(connection, pupil_id)
            for guardian_id in (other.contact.link.guardian_id, third):
                links.set_standing(connection, guardian_id, pupil_id, LinkStanding.ACTIVE)
        assert sorted(school.links("P2").values()) == ["active", "active", "waiting"]


def test_two_who_invite_one_contact_at_once_leave_one_code_open(tmp_path: Path, url: str):
    with inviting(tmp_path, THREE, store_url=url) as school:
        ours, now = school.gateway.stage.program.school, school.gateway.clock.now()
        with meanwhile(school, lambda: school.invite("P2")) as connection:
            (child,) = children_of(connection, ours, ours.today(now), reference="P2")
            issue(connection, ours, school.keys, child, how="letter", now=now)
        states = [invites.state_of(row, now) for row in school.rows(t.invites)]
        assert sorted(states) == ["open", "open", "revoked", "revoked"]


def test_a_code_that_is_revoked_while_it_comes_back_links_nobody(tmp_path: Path, url: str):
    with inviting(tmp_path, store_url=url) as school:
        (one,), _ = school.invite("P2")
        with meanwhile(school, lambda: school.send(one.code, NEW)) as connection:
            assert invites.revoke(connection, one.invite_id, school.gateway.clock.now())
        assert [row.used for row in school.rows(t.invites)] == [None]
        assert NEW not in {row.address for row in school.rows(t.guardian_addresses)}


def test_two_mails_with_one_code_at_once_link_one_address(tmp_path: Path, url: str):
    with inviting(tmp_path, store_url=url) as school:
        (one,), _ = school.invite("P2")
        now = school.gateway.clock.now()
        with meanwhile(school, lambda: school.send(one.code, NEW)) as connection:
            first = connection.execute(select(t.invites.c.invite_id)).scalar_one()
            assert invites.spend(connection, first, "first@new.example", "a-mail", now)
        assert [row.used_from for row in school.rows(t.invites)] == ["first@new.example"]
        assert WORKED not in [str(mail.message["Subject"]) for mail in school.mail_for(NEW)]
