"""What the doctor finds in the store: failed mail, concerns that nobody took, a border in vain."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from gateway.configuration import load_configuration, open_store
from gateway.doctor import examine_store
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from tests.installation import DOMAIN, install
from tests.rosters import STAFF, written
from tests.settled import run

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NO_MAIL_HOST = 9


@pytest.fixture
def school(tmp_path):
    found = install(tmp_path, NO_MAIL_HOST)
    people = written(tmp_path, "staff.csv", STAFF)
    assert run(tmp_path, "roster", "import", "--staff", str(people)).exit_code == 0
    return found


def test_mail_that_failed_is_a_fault_for_a_week(school):
    row = {"outbox_id": "o" * 16, "key": "k", "kind": "office", "priority": 1, "octets": b"x"}
    row |= {"recipient": "office@oakfield.example", "message_id": "<k@x>", "state": "failed"}
    row |= {"queued": NOW - timedelta(days=5), "not_before": NOW, "attempts": 9, "finished": NOW}
    with changed(school) as (connection, school_id):
        connection.execute(insert(t.outbox).values(**row, school_id=school_id))
        ((level, what),) = examined(school, connection, NOW + timedelta(days=6))
        assert (level, what) == ("fault", "1 mail of ours failed in the last 7 days")
        assert examined(school, connection, NOW + timedelta(days=8)) == []


def test_concerns_that_nobody_took_are_a_fault_and_counted_in_plain_words(school):
    with changed(school) as (connection, school_id):
        for number, what in enumerate(("1 concern has", "2 concerns have")):
            add_message(connection, school_id, f"{number:016}", "verified")
            row = {"raised": NOW, "state": "open", "line": [], "told": 1, "detail": {}}
            connection.execute(
                insert(t.safeguarding_cases).values(
                    **row, spool_id=f"{number:016}", school_id=school_id
                )
            )
            assert examined(school, connection, NOW + timedelta(hours=2)) == [
                ("fault", f"{what} not been acknowledged for over an hour")
            ]


def test_a_policy_that_was_changed_in_silence_is_warned_of(school):
    config = school.configuration()
    with changed(school) as (connection, school_id):
        values = {"school_id": school_id, "version": config.policy.version, "loaded": NOW}
        connection.execute(insert(t.policies).values(**values, text=config.policy_text))
        assert examined(school, connection, NOW) == []
        connection.execute(update(t.policies).values(text="another"))
        ((level, what),) = examined(school, connection, NOW)
        assert level == "warning"
        assert what == "policy.toml has changed, and its version is still 2026-11 first"


def test_a_border_that_proves_nobody_is_warned_of(school):
    with changed(school) as (connection, school_id):
        for number in range(20):
            assert examined(school, connection, NOW) == []
            add_message(connection, school_id, f"{number:016}", "unverified")
        ((level, what),) = examined(school, connection, NOW)
        assert (level, what.partition(":")[0]) == (
            "warning",
            "the last 20 messages were all not verified",
        )
        add_message(connection, school_id, f"{20:016}", "verified")
        assert examined(school, connection, NOW) == []


@contextmanager
def changed(school):
    """Give the store of a school, to be changed, and the school's id."""
    store = open_store(load_configuration(school.settings, {}))
    with store.begin() as connection:
        yield connection, school_of(connection, DOMAIN)
    store.close()


def examined(school, connection, now):
    config = load_configuration(school.settings, {})
    return [(found.level, found.what) for found in examine_store(connection, config, now)]


def add_message(connection, school_id, spool_id, authenticity):
    connection.execute(insert(t.raw_messages).values(raw_id=spool_id, octets=b"x"))
    row = {"arrived": NOW, "recipient": f"3b@{DOMAIN}", "transport": "smtp", "tls": False}
    row |= {"size_bytes": 1, "state": "settled", "attempts": 1, "authenticity": authenticity}
    connection.execute(
        insert(t.messages).values(**row, spool_id=spool_id, raw_id=spool_id, school_id=school_id)
    )
