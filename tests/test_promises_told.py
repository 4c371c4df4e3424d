"""What the technician is shown of promises and of the staff: ids, times and numbers."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from gateway.store import promises
from gateway.store.schema import messages
from tests.settled import run
from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, AMINA, ROOM = "khan@oakfield.example", "amina@parent.example", "3b@class.oakfield.example"
STAFF = [("Miss Khan", KHAN, "teacher", "3B", 0)]
FAMILIES = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)]


def on(day, hour, minute=0):
    return datetime(2025, 11, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def late(tmp_path):
    """A question of a Tuesday in 2025 that nobody has answered by Thursday."""
    with staged(tmp_path, on(25, 9, 10), STAFF, FAMILIES, speed=0, onboarding=True) as gateway:
        talk = Talk(gateway)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.at(on(27, 12))
        yield talk


def spool_id(talk):
    with talk.gateway.store.read() as connection:
        query = select(messages.c.spool_id).order_by(messages.c.spool_id).limit(1)
        return connection.execute(query).scalar_one()


def test_queue_lists_the_answers_that_are_late_and_no_parent(late):
    shown = run(late.gateway.folder, "queue", "--late").output
    assert "answer to 3B is late, promised by Wednesday 26 November" in shown
    assert "the office was told Thursday 27 November" in shown
    assert "Amina" not in shown
    [row] = json.loads(run(late.gateway.folder, "queue", "--late", "--json").output)["late"]
    assert row["id"] == spool_id(late)
    assert "answer to 3B is late" in run(late.gateway.folder, "queue").output


def test_why_tells_what_was_promised_and_how_it_ended(late):
    told = run(late.gateway.folder, "why", spool_id(late)).output
    assert "What was promised" in told
    assert "read Tuesday 25 November, 3.30pm, answered by Wednesday 26 November, 8.30am" in told
    assert "its reader was told that it is late Wednesday 26 November, 3.30pm" in told
    assert "the office was told that it is late Thursday 27 November, 8am" in told
    assert "  open" in told
    digest = late.mail_for(KHAN)[-1]
    late.at(on(27, 15, 40))
    late.write(KHAN, late.action(digest, "No answer needed"), "")
    told = run(late.gateway.folder, "why", spool_id(late)).output
    assert "marked as done by its reader Thursday 27 November, 3.40pm" in told
    assert run(late.gateway.folder, "queue", "--late").output == "No answer is late.\n"


def test_the_head_sees_how_many_staff_know_how_it_works_and_no_name(late):
    # The welcome and the first digest leave at one opening, in either order.
    welcome = next(mail for mail in late.mail_for(KHAN) if "I have read this" in mail.text)
    late.write(KHAN, late.links(welcome, "a")[0], "Just press Send.")
    shown = run(late.gateway.folder, "staff").output
    assert "1 say that they have read it" in shown
    assert "2 were told how it works" in shown
    assert "Khan" not in shown
    assert json.loads(run(late.gateway.folder, "staff", "--json").output) == {
        "staff": 2,
        "were_told_how_it_works": 2,
        "say_that_they_have_read_it": 1,
        "keep_quiet_hours_of_their_own": 0,
    }


def test_a_promise_is_written_once_and_never_changed(late):
    with late.gateway.store.begin() as connection:
        before = promises.find(connection, spool_id(late))
        names = ("spool_id", "school_id", "guardian_id", "class_id", "staff_id", "thread_id")
        again = {name: getattr(before, name) for name in names}
        later = before.due.replace(year=2027)
        assert not promises.make(
            connection, **again, made=later, reads_at=later, due=later, limit=later
        )
        assert promises.find(connection, before.spool_id) == before
