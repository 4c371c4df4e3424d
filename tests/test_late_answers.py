"""A promised answer that does not come: the reader sees it first, then the office, each once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gateway.store.schema import digest_items, promises
from tests.installation import OFFICE
from tests.late_world import AMINA, KHAN, LISTED, QUESTION, ROOM, asked, given_to, on, talking


@pytest.fixture
def talk(tmp_path):
    """A Tuesday morning; an answer to what comes now is promised by Wednesday, 8.30am."""
    with talking(tmp_path, on(24, 9, 10)) as found:
        yield found


def test_an_unanswered_message_comes_again_in_the_next_digest_and_to_the_office_once(talk):
    asked(talk)
    talk.at(on(30, 18))
    assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30), on(25, 15, 30)]
    # Wednesday afternoon was the further window; the office opens on Thursday.
    assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]
    [listed] = [mail for mail in talk.mail_for(OFFICE) if "late" in str(mail.message["Subject"])]
    assert "3B: Amina Okoro, about Ben Okoro" in listed.text
    assert "Tuesday 24 November, 9.10am" in listed.text
    assert "Wednesday 25 November, 8.30am" in listed.text
    assert "Khan" not in listed.text
    assert QUESTION not in listed.text


def test_what_is_answered_in_time_is_called_late_to_nobody(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")
    talk.at(on(30, 18))
    assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30)]
    assert given_to(talk, OFFICE, LISTED) == []


def test_what_is_answered_after_its_time_but_before_the_morning_is_not_on_the_offices_list(talk):
    asked(talk)
    talk.at(on(25, 15, 31))
    reminder = talk.mail_for(KHAN)[-1]
    talk.write(KHAN, talk.reply_address(reminder), "The blue one, please.\n\nMiss Khan")
    talk.at(on(30, 18))
    assert "The blue one" in talk.mail_for(AMINA)[-1].text
    assert given_to(talk, OFFICE, LISTED) == []


def test_an_answer_that_comes_back_to_its_writer_keeps_no_promise(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), f"> {QUESTION}\n")
    talk.at(on(30, 18))
    assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]


def test_an_out_of_office_note_keeps_no_promise(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    address = talk.reply_address(digest)
    talk.write(KHAN, address, "I am away.", Auto_Submitted="auto-replied")
    talk.at(on(30, 18))
    assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]


def test_a_message_that_needs_no_answer_is_not_called_late(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, "No answer needed"), "")
    talk.at(on(30, 18))
    assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30)]
    assert given_to(talk, OFFICE, LISTED) == []


def test_to_look_at_it_later_does_not_keep_it_from_the_office(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, "Show it again"), "until 1 December", subject="1 December")
    talk.at(on(30, 18))
    assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]


def test_a_message_that_a_teacher_raised_is_the_leads_and_late_to_nobody(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, "Raise a safeguarding"), "I am worried about Ben.")
    talk.at(on(30, 18))
    assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30)]
    assert given_to(talk, OFFICE, LISTED) == []


def test_rounds_that_run_again_and_again_remind_nobody_twice(talk):
    asked(talk)
    for day in (25, 26, 27):
        for hour in (8, 9, 16, 17):
            talk.at(on(day, hour))
            for _again in range(3):
                talk.gateway.stage.program.rounds.wake()
                talk.gateway.stage.settle()
    with talk.gateway.store.read() as connection:
        kinds = connection.execute(select(digest_items.c.kind)).scalars().all()
        promise = connection.execute(select(promises)).one()
    assert sorted(kinds) == ["late", "message", "overdue"]
    assert promise.reader_told == on(25, 15, 30)
    assert promise.office_told == on(26, 8)
    assert promise.kept is None


def test_an_answer_that_was_kept_back_has_kept_no_promise(talk):
    asked(talk)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.at(on(24, 19))
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")
    assert still_open(talk) == []
    talk.write(AMINA, ROOM, "One more thing: which page?", subject="Re: Reading book")
    assert len(still_open(talk)) == 2
    talk.at(on(25, 8, 20))
    talk.write(KHAN, talk.reply_address(talk.mail_for(KHAN)[-1]), "The blue one, page 4.")
    assert still_open(talk) == []


def still_open(talk):
    with talk.gateway.store.read() as connection:
        query = select(promises.c.spool_id).where(promises.c.kept.is_(None))
        return connection.execute(query).scalars().all()
