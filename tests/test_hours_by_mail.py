"""The office changes the hours by one line of mail, through the running gateway."""

import pytest
from sqlalchemy import URL, make_url

from tests.hours_talk import (
    AMINA,
    HOURS,
    KHAN,
    LONDON,
    OMAR,
    ROOM,
    on,
    reads_on,
    signed,
    talking,
)
from tests.installation import HEAD, OFFICE


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request):
    if request.param == "sqlite":
        return "sqlite:///schoolgate.db"
    url = make_url(request.getfixturevalue("empty_postgresql_url"))
    plain = URL.create("postgresql", url.username, database=url.database, query=url.query)
    return plain.render_as_string()


def test_a_snow_day_announced_at_20_to_7_holds_for_parents_and_teachers(tmp_path, store_url):
    with talking(tmp_path, on(23, 19), store_url=store_url) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        assert "8am tomorrow" in talk.mail_for(AMINA)[-1].text
        talk.at(on(24, 6, 40))
        talk.write(OFFICE, HOURS, "closed today: snow")
        review = talk.mail_for(OFFICE)[-1]
        assert "closed on Tuesday 24 November: snow" in review.text
        assert "1 waiting message of 1 family will be read later" in review.text
        assert len(talk.mail_for(AMINA)) == 1  # nothing has changed yet
        talk.at(on(24, 6, 41))
        talk.write(OFFICE, signed(review), "Just press Send.")
        moved = talk.mail_for(AMINA)[-1]
        assert "8am tomorrow" in moved.text
        assert "8am today" in moved.text
        assert "snow" in moved.text
        assert "This is in force now" in talk.mail_for(OFFICE)[-1].text
        talk.at(on(24, 6, 45))
        talk.write(OMAR, ROOM, "Is there homework?")
        assert "8am tomorrow" in talk.mail_for(OMAR)[-1].text
        talk.at(on(24, 23))
        assert talk.mail_for(KHAN) == []
        talk.at(on(25, 8, 1))
        assert {mail.at.astimezone(LONDON).date() for mail in talk.mail_for(KHAN)} == {
            on(25, 8).date()
        }
        given = "\n".join(mail.text for mail in talk.mail_for(KHAN))
        assert "Which book" in given
        assert "Is there homework?" in given
        assert "The school is closed" not in given  # on Wednesday it is no news any more


def test_an_undone_closure_gives_the_first_time_back_and_nobody_is_told_twice(tmp_path):
    with talking(tmp_path, on(23, 19)) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OFFICE, HOURS, "closed tomorrow")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        receipt = talk.mail_for(OFFICE)[-1]
        assert len(talk.mail_for(AMINA)) == 2
        talk.write(OFFICE, signed(receipt), "")
        assert "We have undone this" in talk.mail_for(OFFICE)[-1].text
        talk.at(on(24, 8, 1))
        [digest] = talk.mail_for(KHAN)
        assert "Which book" in digest.text
        assert len(talk.mail_for(AMINA)) == 2


def test_a_confirmation_counts_once_and_from_nobody_else(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(OFFICE, HOURS, "closed Thu 26 Nov")
        address = signed(talk.mail_for(OFFICE)[-1])
        talk.write(KHAN, address, "yes")
        talk.write(HEAD, address, "yes")
        talk.write(AMINA, address, "yes")
        talk.write(OFFICE, address, "yes", verdict="fail")
        assert reads_on(talk, 26)
        talk.write(OFFICE, address, "yes")
        assert not reads_on(talk, 26)
        before = len(talk.mail_for(OFFICE))
        talk.write(OFFICE, address, "yes again")
        assert "done already" in talk.mail_for(OFFICE)[before].text


def test_a_confirmation_after_three_days_is_refused(tmp_path):
    with talking(tmp_path, on(23, 9)) as talk:
        talk.write(OFFICE, HOURS, "closed Mon 30 Nov")
        address = signed(talk.mail_for(OFFICE)[-1])
        talk.at(on(27, 9))
        talk.write(OFFICE, address, "yes")
        assert any("expired" in mail.text for mail in talk.mail_for(OFFICE))
        assert reads_on(talk, 30)


def test_two_in_the_office_may_ask_at_once_and_either_undoes_the_newest(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(OFFICE, HOURS, "closed Thu 26 Nov")
        talk.write(HEAD, HOURS, "closed Fri 27 Nov: heating")
        talk.write(HEAD, signed(talk.mail_for(HEAD)[-1]), "")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        assert not reads_on(talk, 26)
        assert not reads_on(talk, 27)
        talk.write(HEAD, HOURS, "undo")
        assert not reads_on(talk, 26)  # somebody else's: shown first
        talk.write(HEAD, signed(talk.mail_for(HEAD)[-1]), "")
        assert "26 November" in talk.mail_for(HEAD)[-1].text
        assert reads_on(talk, 26)
        assert not reads_on(talk, 27)


def test_the_second_move_of_one_message_is_told_too(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        for line in ("closed today", "closed tomorrow"):
            talk.write(OFFICE, HOURS, line)
            talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        texts = [mail.text for mail in talk.mail_for(AMINA)]
        assert len(texts) == 3
        assert "8am tomorrow" in texts[1]
        assert "8am on Thursday 26 November" in texts[2]
