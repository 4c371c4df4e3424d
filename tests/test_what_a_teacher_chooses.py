"""A teacher's choices through the running gateway: done, passed on, put off, sent whole."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from gateway.work.story import story_lines
from tests.installation import DSL, HEAD, OFFICE, authenticated
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on

BOOK = "Which book should Ben bring?"
PRESS = "Just press Send. You may add a line above this one.\n"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def given(talk):
    """Have Amina ask, and return the digest that gives it to the teacher."""
    talk.write(AMINA, ROOM, BOOK, subject="Reading book")
    talk.at(on(24, 15, 31))
    return digests(talk)[-1]


def digests(talk, kind="digest"):
    """Return what the teacher got of one kind; other mail may come beside it."""
    talk.gateway.stage.settle()
    with talk.gateway.store.read() as connection:
        o = t.outbox.c
        ids = set(connection.execute(select(o.message_id).where(o.kind == kind)).scalars())
    return [mail for mail in talk.mail_for(KHAN) if mail.message_id in ids]


def photograph(talk, name="photo.jpg", size=1_500, subject="Reading book", sender=AMINA):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, ROOM, subject
    message["Message-ID"] = f"<{name}.{size}.{sender}>"
    message.set_content(BOOK)
    jpeg = b"\xff\xd8\xff\xe0" + b"p" * size + b"\xff\xd9"
    message.add_attachment(jpeg, maintype="image", subtype="jpeg", filename=name)
    octets = authenticated(sender.partition("@")[2]) + bytes(message)
    talk.gateway.stage.submit(sender, [ROOM], octets)
    talk.gateway.stage.settle()


def files(mail):
    return [part.get_filename() for part in mail.message.walk() if part.get_filename()]


def test_a_message_that_needs_no_answer_is_done_with_and_the_parent_hears_nothing(talk):
    digest = given(talk)
    before = len(talk.mail_for(AMINA))
    talk.write(KHAN, talk.action(digest, "No answer needed"), PRESS, subject="No answer needed")
    [promise] = talk.rows(t.promises)
    assert promise.kept_how == "done"
    assert len(talk.mail_for(AMINA)) == before
    assert not talk.rows(t.register)
    assert [row.event for row in talk.rows(t.journal)].count("no-answer-needed") == 1


def test_what_is_passed_on_reaches_the_office_with_the_teachers_line_and_can_be_answered(talk):
    digest = given(talk)
    address = talk.action(digest, "Wrong place, pass it to the office")
    talk.write(
        KHAN,
        address,
        f"You have the list.\n\n{PRESS}",
        subject="Wrong place, pass it to the office",
    )
    [passed] = talk.mail_for(OFFICE)
    for words in ("Miss Khan has passed this on", "You have the list.", BOOK):
        assert words in passed.text
    assert "press Send" not in passed.text
    assert "passed your message to the school office" in talk.mail_for(AMINA)[-1].text
    talk.write(OFFICE, talk.reply_address(passed), "The blue one.")
    assert "The blue one." in talk.mail_for(AMINA)[-1].text
    assert talk.rows(t.promises)[0].kept_how == "passed"
    assert not talk.rows(t.register)
    talk.write(KHAN, address, PRESS, subject="Again")
    assert "It was done already." in digests(talk, "notice-action-refused")[-1].text
    assert len(talk.mail_for(OFFICE)) <= 2  # and the copy of the refusal


def test_the_parent_is_told_from_the_class_and_learns_nothing_of_the_teachers_mail(talk):
    digest = given(talk)
    message_id = talk.write(KHAN, talk.action(digest, "Wrong place"), PRESS)
    told = talk.mail_for(AMINA)[-1]
    assert ROOM in str(told.message["From"])
    assert message_id.encode() not in told.octets
    assert KHAN.encode() not in told.octets


def test_a_message_that_was_put_off_is_shown_again_at_the_first_cut_of_that_day(talk):
    digest = given(talk)
    address = talk.action(digest, "Show it again on Wednesday 25 November")
    talk.write(KHAN, address, f"until Friday\n{PRESS}", subject="Show it again on Wednesday 25")
    talk.at(on(27, 7, 59))
    before = len(digests(talk))
    talk.at(on(27, 8, 2))
    again = digests(talk)[before]
    assert BOOK in again.text
    assert "You asked to see this again today." in again.text
    assert "We promised an answer by: Wednesday 25 November" in again.text


def test_the_last_day_a_teacher_says_is_the_day(talk):
    digest = given(talk)
    address = talk.action(digest, "Show it again")
    talk.write(KHAN, address, PRESS, subject="Friday")
    talk.write(KHAN, address, PRESS, subject="Thursday")
    talk.at(on(28, 12))
    assert sum("asked to see this again" in mail.text for mail in digests(talk)) == 1


def test_what_was_put_off_and_answered_meanwhile_is_not_shown_again(talk):
    digest = given(talk)
    talk.write(KHAN, talk.action(digest, "Show it again"), PRESS, subject="Friday")
    talk.write(KHAN, talk.reply_address(digest), "The blue one.")
    talk.at(on(27, 17))
    assert len(digests(talk)) == 1


def test_what_was_put_off_and_raised_meanwhile_is_not_shown_again(talk):
    digest = given(talk)
    talk.write(KHAN, talk.action(digest, "Show it again"), PRESS, subject="Friday")
    talk.write(KHAN, talk.action(digest, "Raise"), PRESS)
    talk.at(on(27, 17))
    assert len(digests(talk)) == 1


def test_a_day_that_is_not_understood_is_refused_and_nothing_is_lost(talk):
    digest = given(talk)
    talk.write(KHAN, talk.action(digest, "Show it again"), PRESS, subject="after the holidays")
    [refusal] = digests(talk, "notice-action-refused")
    assert "We could not tell which day you mean" in refusal.text
    assert not [mail for mail in talk.mail_for(OFFICE) if "which day" in mail.text]


def test_nobody_else_can_choose_for_a_teacher(talk):
    digest = given(talk)
    for label in ("No answer needed", "Wrong place", "Show it again", "Raise", "Report"):
        address = talk.action(digest, label)
        talk.write(KHAN, address, PRESS, verdict="fail")
        talk.write(AMINA, address, PRESS)
        talk.write(OMAR, address, PRESS)
    assert talk.rows(t.promises)[0].kept is None
    assert not talk.mail_for(HEAD)
    assert not talk.mail_for(DSL)


def test_small_files_come_with_a_digest_of_several_and_are_told_apart(talk):
    photograph(talk)
    photograph(talk, sender=OMAR)
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert files(digest) == ["1 photo.jpg", "2 photo.jpg"]
    assert "Files with this mail: 2 photo.jpg" in digest.text


def test_large_files_are_sent_when_the_teacher_asks_and_only_inside_the_hours(talk):
    photograph(talk, size=3_000_000)
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert files(digest) == []
    assert "Files you can ask for: photo.jpg" in digest.text
    talk.at(on(24, 20))
    talk.write(KHAN, talk.action(digest, "Send me the whole message"), PRESS, subject="Send")
    assert not digests(talk, "whole")
    talk.at(on(25, 8, 5))
    [whole] = digests(talk, "whole")
    assert files(whole) == ["photo.jpg"]
    assert BOOK in whole.text
    talk.write(KHAN, talk.reply_address(whole), "Lovely, thank you.")
    assert "Lovely, thank you." in talk.mail_for(AMINA)[-1].text


def test_what_is_too_big_to_send_at_all_is_told_to_the_office(talk):
    photograph(talk, size=18_000_000)
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.action(digests(talk)[0], "Send me the whole"), PRESS, subject="Send")
    talk.at(on(24, 16, 0))
    [whole] = digests(talk, "whole")
    assert "Too big to send: photo.jpg" in whole.text
    assert any("too big to send" in mail.text for mail in talk.mail_for(OFFICE))


def test_why_tells_what_the_teacher_chose_and_when(talk):
    digest = given(talk)
    talk.write(KHAN, talk.action(digest, "Show it again"), PRESS, subject="Friday")
    talk.write(KHAN, talk.action(digest, "No answer needed"), PRESS, subject="Done")
    spool_id = talk.rows(t.promises)[0].spool_id
    school = talk.gateway.stage.program.school
    with talk.gateway.store.read() as connection:
        story = "\n".join(story_lines(connection, school.policy, spool_id))
    assert "Miss Khan put it off until Friday 27 November" in story
    assert "Miss Khan said that no answer is needed" in story
