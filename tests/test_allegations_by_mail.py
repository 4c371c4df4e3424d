"""An allegation through the running gateway: every road on which its subject could meet it."""

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from tests.installation import DSL, HEAD, OFFICE
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, DEPUTY, FAMILIES, KHAN, LLOYD, ROOM, STAFF, on

CHAIR, LADO = "vaughan@oakfield.example", "lado@council.example"
WITH_CHAIR = [*STAFF, ("Dr Vaughan", CHAIR, "chair", "", 0)]
ABOUT = "{} slapped Ben in class today and he has a bruise on his arm."
EVERYBODY = (OFFICE, DSL, HEAD, DEPUTY, CHAIR, KHAN, LLOYD)
SENIOR = "senior@class.oakfield.example"
PRESS = "Just press Send. You may add a line above this one.\n"
CONTACT = f'escalate_after_minutes = 15\noutside_contact = "{LADO}"'


@pytest.fixture
def talk(tmp_path):
    swap = ("escalate_after_minutes = 15", CONTACT)
    with staged(tmp_path, on(24, 9), WITH_CHAIR, FAMILIES, swap=swap) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def told(talk, words="slapped"):
    """Return who was sent these words."""
    return {one for one in (*EVERYBODY, LADO) if any(words in m.text for m in talk.mail_for(one))}


@pytest.mark.parametrize(
    ("whom", "first", "later"),
    [
        ("Mr Hughes", {HEAD, DSL}, {HEAD, DSL, DEPUTY}),
        ("The headteacher", {CHAIR, DSL}, {CHAIR, DSL, DEPUTY}),
        ("Mr Lloyd", {CHAIR, DSL}, {CHAIR, DSL, DEPUTY}),
        ("Mrs Adeyemi", {HEAD}, {HEAD, DEPUTY}),
        ("The deputy safeguarding lead", {HEAD, DSL}, {HEAD, DSL}),
        ("Miss Khan", {HEAD, DSL}, {HEAD, DSL, DEPUTY}),
        ("His class teacher", {HEAD, DSL}, {HEAD, DSL, DEPUTY}),
        ("One of the dinner ladies", {HEAD, DSL}, {HEAD, DSL, DEPUTY}),
    ],
)
def test_it_goes_past_its_subject_at_once_and_for_as_long_as_nobody_has_it(
    talk, whom, first, later
):
    talk.write(AMINA, ROOM, ABOUT.format(whom), subject="Ben")
    assert told(talk) == first
    talk.at(on(26, 9))
    assert told(talk) == later
    assert not talk.mail_for(KHAN)


def test_each_reader_is_told_from_whom_it_is_kept_and_with_whom_they_share_it(talk):
    talk.write(AMINA, ROOM, ABOUT.format("Mr Hughes"), subject="Ben")
    text = talk.mail_for(HEAD)[-1].text
    assert "We have not told: Mr Hughes." in text
    assert "Mrs Adeyemi is told at the same time." in text
    assert "Mr Osei is told" in text
    assert "The class teacher has not been told that you have it." in text
    assert "Let the class teacher read it" not in text


def test_when_nobody_is_named_the_reader_is_asked_to_show_it_to_nobody(talk):
    talk.write(AMINA, ROOM, ABOUT.format("One of the dinner ladies"), subject="Ben")
    assert "We could not tell whom it is about." in talk.mail_for(HEAD)[-1].text


def test_when_all_are_its_subject_the_chair_is_told_and_without_one_the_contact_outside(tmp_path):
    text = "The headteacher, Mrs Adeyemi and Mr Osei slapped Ben in class today, he has a bruise."
    swap = ("escalate_after_minutes = 15", CONTACT)
    for number, (staff, whom) in enumerate(((WITH_CHAIR, CHAIR), (STAFF, LADO))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with staged(folder, on(24, 9), staff, FAMILIES, swap=swap) as gateway:
            talk = Talk(gateway)
            talk.write(AMINA, ROOM, text, subject="Ben")
            assert told(talk) == {whom}
            [mail] = talk.mail_for(whom)
            talk.write(whom, talk.action(mail, "I have it"), PRESS)
            with gateway.store.read() as connection:
                [case] = connection.execute(select(t.safeguarding_cases)).all()
            assert case.state == "acknowledged"


def test_a_later_mail_of_the_same_parent_goes_past_the_subject_too(talk):
    talk.write(AMINA, ROOM, ABOUT.format("Mrs Adeyemi"), subject="Ben")
    talk.write(AMINA, SENIOR, "Any news of what I told you last time?", subject="News")
    assert DSL not in told(talk, "Any news")
    assert told(talk, "Any news")


def test_a_later_concern_is_not_even_named_to_the_teacher_it_was_about(talk):
    talk.write(AMINA, ROOM, ABOUT.format("Miss Khan"), subject="Ben")
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is afraid.", subject="Ben again")
    talk.at(on(24, 16))
    assert not talk.mail_for(KHAN)


def test_what_the_office_is_accused_of_stands_in_no_list_of_the_office(talk):
    text = ABOUT.format("The receptionist")
    talk.write(AMINA, ROOM, text, subject="Ben", Auto_Submitted="auto-generated")
    talk.at(on(24, 17))
    assert told(talk) >= {HEAD, DSL}
    assert not any("amina" in mail.text.lower() for mail in talk.mail_for(OFFICE))


def test_staff_who_accuse_the_head_reach_the_chair(talk):
    talk.write(LLOYD, SENIOR, "I saw the head slapped a child in the corridor. Mr Hughes")
    assert told(talk) == {CHAIR, DSL}


def test_the_parents_notice_is_the_neutral_one(talk):
    talk.write(AMINA, ROOM, ABOUT.format("Mr Hughes"), subject="Ben")
    [mail] = talk.mail_for(AMINA)
    assert "A senior member of staff will see it." in mail.text
    assert "Hughes" not in mail.text
