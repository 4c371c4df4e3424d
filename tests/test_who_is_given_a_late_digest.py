"""A digest that waits to be sent goes to whoever may read it when it is sent."""

from contextlib import contextmanager

from sqlalchemy import select, update

from gateway.store import schema as t
from tests.hours_talk import AMINA, FAMILIES, HOURS, KHAN, LONDON, ROOM, on, signed
from tests.installation import OFFICE
from tests.staged import staged
from tests.talk import Talk

QUESTION = "Which book should Ben bring?"
# The host of these addresses puts all mail for them off, so that it waits in the outbox.
SLOW_KHAN, SLOW_HUGHES = "khan+451@oakfield.example", "hughes+451@oakfield.example"
SHAW = "shaw@oakfield.example"


@contextmanager
def school(folder, *staff):
    with staged(folder, on(24, 9), staff, FAMILIES, speed=0) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def leaves(talk, address):
    with talk.gateway.store.begin() as connection:
        gone = update(t.staff).where(t.staff.c.address == address)
        connection.execute(gone.values(ends=on(24, 0).date()))
        connection.execute(update(t.schools).values(roster_version=t.schools.c.roster_version + 1))


def given(talk):
    with talk.gateway.store.read() as connection:
        return [row.given for row in connection.execute(select(t.promises))]


def test_a_digest_that_waits_for_somebody_who_leaves_goes_to_who_reads_now(tmp_path):
    staff = [
        ("Miss Khan", SLOW_KHAN, "teacher", "3B", 0),
        ("Mrs Shaw", SHAW, "teacher", "3B", 1),
    ]
    with school(tmp_path, *staff) as talk:
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 18))
        assert given(talk) != [None]
        leaves(talk, SLOW_KHAN)
        talk.at(on(25, 7, 59))
        assert not talk.mail_for(SHAW)
        talk.at(on(25, 8, 31))
        [digest] = talk.mail_for(SHAW)
        assert QUESTION in digest.text
        states = rows(talk, t.outbox.c.state, t.outbox.c.recipient == SLOW_KHAN)
        assert set(states) == {"withdrawn"}


def test_with_nobody_left_to_read_it_the_office_has_it_and_no_promise_counts_as_given(tmp_path):
    with school(tmp_path, ("Miss Khan", SLOW_KHAN, "teacher", "3B", 0)) as talk:
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 18))
        leaves(talk, SLOW_KHAN)
        talk.at(on(25, 8, 31))
        assert any(QUESTION in mail.text for mail in talk.mail_for(OFFICE))
        assert given(talk) == [None]


def test_a_cover_whose_days_are_over_is_given_no_more(tmp_path):
    staff = [
        ("Miss Khan", KHAN, "teacher", "3B", 0),
        ("Mr Hughes", SLOW_HUGHES, "teacher", "5A", 0),
    ]
    with school(tmp_path, *staff) as talk:
        talk.write(OFFICE, HOURS, f"leave 24 Nov for {KHAN}, cover {SLOW_HUGHES}")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 18))
        his = (t.outbox.c.recipient == SLOW_HUGHES) & (t.outbox.c.kind == "digest")
        assert len(rows(talk, t.outbox.c.state, his)) == 1
        talk.at(on(25, 9))
        digests = [mail for mail in talk.mail_for(KHAN) if QUESTION in mail.text]
        assert on(25, 8) <= digests[0].at.astimezone(LONDON) <= on(25, 8, 30)
        assert rows(talk, t.outbox.c.state, his) == ["withdrawn"]


def test_what_the_lead_has_is_not_shown_to_the_office_when_the_teacher_leaves(tmp_path):
    with school(tmp_path, ("Miss Khan", SLOW_KHAN, "teacher", "3B", 0)) as talk:
        talk.write(AMINA, ROOM, "Ben has bruises and he says that his uncle hit him.")
        leaves(talk, SLOW_KHAN)
        talk.at(on(25, 9))
        assert all("uncle" not in mail.text for mail in talk.mail_for(OFFICE))


def test_an_answer_that_waits_for_the_opening_leaves_in_the_hours_in_force_by_then(tmp_path):
    with school(tmp_path, ("Miss Khan", KHAN, "teacher", "3B", 0)) as talk:
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 19))
        [digest] = talk.mail_for(KHAN)
        talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")
        talk.write(OFFICE, HOURS, "closed tomorrow: snow")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.at(on(26, 12))
        [answer] = [mail for mail in talk.mail_for(AMINA) if "The blue one" in mail.text]
        assert answer.at.astimezone(LONDON) == on(26, 8)


def test_no_leave_of_its_writer_keeps_a_written_answer_from_the_parent(tmp_path):
    with school(tmp_path, ("Miss Khan", KHAN, "teacher", "3B", 0)) as talk:
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 19))
        [digest] = talk.mail_for(KHAN)
        talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")
        talk.write(OFFICE, HOURS, f"leave 25 Nov to 18 Dec for {KHAN}")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.at(on(25, 9))
        [answer] = [mail for mail in talk.mail_for(AMINA) if "The blue one" in mail.text]
        assert answer.at.astimezone(LONDON) == on(25, 8)


def rows(talk, column, condition):
    with talk.gateway.store.read() as connection:
        return list(connection.execute(select(column).where(condition)).scalars())
