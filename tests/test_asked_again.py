"""A parent who asks again: one entry in the digest, and the promise of the first question."""

import re

import pytest
from sqlalchemy import select, update

from gateway.store import schema as t
from tests.installation import DSL
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on
from tests.test_what_a_teacher_chooses import digests

AUNT = "aunt@other.example"
KIN = [*FAMILIES, ("P1", "Ben", "Okoro", "3B", "Ada Okoro", AUNT)]
FIRST, SECOND = "Which book should Ben bring?", "Sorry to ask again, which book?"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, KIN) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def threads(talk):
    return {row.thread_id for row in talk.rows(t.messages) if row.guardian_id}


def test_two_mails_of_one_parent_under_one_subject_are_one_entry_with_both_texts(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.at(on(24, 11))
    talk.write(AMINA, ROOM, SECOND, subject="RE: reading  book")
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert str(digest.message["Subject"]) == "Amina Okoro (3B): Reading book"
    again = re.search(r"Wrote again: Tuesday 24 November, 11(\.\d\d)?am", digest.text)
    assert digest.text.index(FIRST) < again.start() < digest.text.index(SECOND)
    assert "Has asked once more." in digest.text
    assert "Answer by: Wednesday 25 November, 8.30am" in digest.text  # as promised for the first
    assert len(threads(talk)) == 1


def test_one_answer_keeps_both_promises_and_goes_into_the_parents_newest_mail(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    newest = talk.write(AMINA, ROOM, SECOND, subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    talk.write(KHAN, talk.reply_address(digest), "The blue one.")
    answer = talk.mail_for(AMINA)[-1]
    assert "The blue one." in answer.text
    assert answer.message["In-Reply-To"] == newest
    assert [row.kept_how for row in talk.rows(t.promises)] == ["answered"] * 2


def test_a_chaser_after_the_first_was_given_shows_the_promise_of_the_first(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.at(on(24, 15, 40))
    talk.write(AMINA, ROOM, SECOND, subject="Reading book")
    talk.at(on(24, 15, 46))
    [_first, chaser] = digests(talk)
    assert FIRST not in chaser.text
    assert re.search(r"First asked: Tuesday 24 November, 9(\.\d\d)?am\. That", chaser.text)
    assert "Answer by: Wednesday 25 November, 8.30am" in chaser.text


def test_done_leaves_open_what_the_teacher_has_not_been_given_yet(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.at(on(24, 15, 31))
    talk.write(AMINA, ROOM, SECOND, subject="Reading book")
    talk.write(KHAN, talk.action(digests(talk)[0], "No answer needed"), "", subject="Done")
    assert [row.kept_how for row in talk.rows(t.promises)] == ["done", None]
    talk.at(on(24, 15, 46))
    assert SECOND in digests(talk)[1].text
    assert "First asked" not in digests(talk)[1].text


def test_two_guardians_of_one_child_are_two_entries_under_any_subject(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.write(AUNT, ROOM, SECOND, subject="Re: Reading book")
    talk.write(OMAR, ROOM, "Which book should Kai bring?", subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert re.findall(r"(?m)^(\d)\. (\w+)", digest.text) == [
        ("1", "Amina"),
        ("2", "Ada"),
        ("3", "Omar"),
    ]
    assert len(threads(talk)) == 3


@pytest.mark.parametrize(("first", "second"), [("", ""), ("Re:", "Re:"), ("Book", "Trip")])
def test_no_subject_and_another_subject_are_a_new_question(talk, first, second):
    talk.write(AMINA, ROOM, FIRST, subject=first)
    talk.write(AMINA, ROOM, "And when is the trip?", subject=second)
    assert len(threads(talk)) == 2


def test_a_new_question_under_an_old_subject_is_new_once_the_old_one_was_answered(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.reply_address(digests(talk)[0]), "The blue one.")
    talk.write(AMINA, ROOM, "Which book this week?", subject="Reading book")
    assert len(threads(talk)) == 2


def test_after_fourteen_days_the_same_subject_is_a_new_question(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    with talk.gateway.store.begin() as connection:
        connection.execute(update(t.promises).values(made=on(9, 9)))
    talk.write(AMINA, ROOM, SECOND, subject="Reading book")
    assert len(threads(talk)) == 2


def test_raising_an_entry_brings_all_of_it_to_the_lead(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.write(AMINA, ROOM, SECOND, subject="Reading book")
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.action(digests(talk)[0], "Raise"), "")
    [alert] = talk.mail_for(DSL)
    assert FIRST in alert.text
    assert SECOND in alert.text


def test_what_was_raised_together_holds_its_promises_again_once_it_is_released(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
    talk.at(on(24, 9, 30))
    talk.write(AMINA, ROOM, "And which pen does he need?", subject="Re: Reading book")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, "Raise"), "")
    with talk.gateway.store.read() as connection:
        assert [row.kept_how for row in connection.execute(select(t.promises))] == ["senior"] * 2
    [alert] = talk.mail_for(DSL)
    talk.write(DSL, talk.action(alert, "Let the class teacher"), "")
    with talk.gateway.store.read() as connection:
        assert [row.kept for row in connection.execute(select(t.promises))] == [None, None]
    talk.at(on(25, 8, 1))
    released = talk.mail_for(KHAN)[-1]
    assert "Which book should Ben bring?" in released.text
    assert "And which pen does he need?" in released.text
    talk.write(DSL, talk.action(alert, "Keep it"), "")
    with talk.gateway.store.read() as connection:
        assert [row.kept_how for row in connection.execute(select(t.promises))] == ["senior"] * 2


def test_a_kept_back_answer_stands_beside_what_the_parent_wrote_meanwhile(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.at(on(24, 18))
    talk.write(KHAN, talk.reply_address(digests(talk)[0]), "Bring the blue one.")
    talk.write(AMINA, ROOM, "We have found it.", subject="Reading book")
    talk.at(on(25, 8, 1))
    shown = digests(talk)[1].text
    assert "You had written this answer. It was kept back because the parent wrote again:" in shown
    assert "    Bring the blue one.\n" in shown.replace("\r\n", "\n")
    assert all("blue" not in mail.text for mail in talk.mail_for(AMINA))


def test_a_reading_time_that_did_not_come_is_said(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    with talk.gateway.store.begin() as connection:
        # As if the service had been away for the window it was promised for.
        connection.execute(update(t.promises).values(reads_at=on(20, 15, 30)))
    talk.at(on(24, 15, 31))
    text = digests(talk)[0].text
    assert "We told the parent this would be read on Friday 20 November, 3.30pm." in text


SNOW = """
[[hours.closed]]
from = 2026-11-20
why = "snow"
"""


def test_a_day_that_was_closed_after_the_promise_is_named_with_the_schools_reason(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, KIN, policy=SNOW) as gateway:
        talk = Talk(gateway)
        talk.write(AMINA, ROOM, FIRST, subject="Reading book")
        with gateway.store.begin() as connection:
            connection.execute(update(t.promises).values(reads_at=on(20, 15, 30)))
        talk.at(on(24, 15, 31))
        assert "The school was closed: snow." in digests(talk)[0].text


def test_a_reply_to_a_page_with_one_conversation_reaches_the_parent(talk):
    talk.write(AMINA, ROOM, FIRST, subject="Reading book")
    talk.write(OMAR, ROOM, "Kai says his uncle hits him and he is scared to go home.")
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert "with the safeguarding lead" in digest.text
    talk.write(KHAN, str(digest.message["Reply-To"]), "The blue one.")
    assert "The blue one." in talk.mail_for(AMINA)[-1].text
    with talk.gateway.store.read() as connection:
        assert connection.execute(select(t.digests.c.entries)).scalar() is not None
