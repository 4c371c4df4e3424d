"""Parents and staff talk through the running gateway, on both databases."""

from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL, make_url, select, update

from gateway.store import register, spool
from gateway.store.schema import links, messages, outbox
from tests.installation import DSL, HEAD, OFFICE
from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, LLOYD = "khan@oakfield.example", "hughes@oakfield.example"
DEPUTY = "osei@oakfield.example"
AMINA, OMAR = "amina@parent.example", "omar@other.example"
ROOM, OTHER_ROOM = "3b@class.oakfield.example", "5a@class.oakfield.example"
STAFF = [
    ("Miss Khan", KHAN, "teacher", "3B", 0),
    ("Mr Hughes", LLOYD, "teacher", "5A", 0),
    ("Mr Osei", DEPUTY, "deputy_dsl", "", 0),
]
FAMILIES = [
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P2", "Zoe", "Okoro", "5A", "Amina Okoro", AMINA),
    ("P3", "Kai", "Lund", "3B", "Omar Lund", OMAR),
]


def on(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@contextmanager
def talking(tmp_path, start=None, **options):
    with staged(tmp_path, start or on(24, 9), STAFF, FAMILIES, **options) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


@pytest.fixture(params=["sqlite", "postgresql"])
def talk(request, tmp_path):
    options = {}
    if request.param == "postgresql":
        url = make_url(request.getfixturevalue("empty_postgresql_url"))
        plain = URL.create("postgresql", url.username, database=url.database, query=url.query)
        options["store_url"] = plain.render_as_string()
    with talking(tmp_path, **options) as found:
        yield found


@pytest.fixture
def brief_talk(tmp_path):
    with talking(tmp_path) as found:
        yield found


def test_an_answer_reaches_the_parent_from_the_class_and_comes_back_into_the_thread(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")
    answer = talk.mail_for(AMINA)[-1]
    assert "The blue one" in answer.text
    assert ROOM in str(answer.message["From"])
    assert KHAN.encode() not in answer.octets
    talk.write(AMINA, ROOM, "Thank you, and which page?", answering=answer)
    with talk.gateway.store.read() as connection:
        threads = connection.execute(
            select(messages.c.thread_id).where(messages.c.guardian_id.is_not(None))
        ).scalars()
        assert len(set(threads)) == 1


def test_a_concern_goes_from_the_lead_to_the_deputy_until_somebody_has_it(talk):
    talk.at(on(29, 21, 14))
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is scared to go home.")
    assert len(talk.mail_for(DSL)) == 1
    assert not talk.mail_for(DEPUTY)
    talk.at(on(29, 21, 30))
    [told] = talk.mail_for(DEPUTY)
    have_it, release, _keep = talk.links(told, "a")
    talk.write(DEPUTY, have_it, "")
    talk.at(on(30, 7, 0))
    assert not talk.mail_for(HEAD)
    talk.write(DEPUTY, release, "")
    talk.at(on(30, 8, 5))
    [at_the_window] = talk.mail_for(KHAN)
    assert "with the safeguarding lead since Sunday 29 November, 9.14pm" in at_the_window.text
    assert "uncle hits him" in at_the_window.text
    with talk.gateway.store.read() as connection:
        assert register.verify(connection, talk.gateway.stage.program.school.school_id) == []


def test_a_teacher_sees_no_word_of_a_concern_before_it_is_released(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is scared to go home.")
    talk.at(on(24, 16, 59))
    assert all("uncle" not in mail.text for mail in talk.mail_for(KHAN))
    assert any("with the safeguarding lead" in mail.text for mail in talk.mail_for(KHAN))


def test_an_absence_reaches_the_office_at_once_and_its_answer_the_parent_at_any_hour(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Ben is poorly and will not be in school today.")
    [redirect] = talk.mail_for(OFFICE)
    assert not talk.mail_for(KHAN)
    talk.at(on(24, 22))
    talk.write(OFFICE, talk.reply_address(redirect), "Thank you. Get well soon, Ben.")
    answer = talk.mail_for(AMINA)[-1]
    assert answer.at.astimezone(LONDON).hour == 22
    assert OFFICE in str(answer.message["From"])


def test_one_mail_about_two_children_to_two_classes_is_one_mail_to_the_office(brief_talk):
    talk = brief_talk
    talk.write(AMINA, [ROOM, OTHER_ROOM], "Ben and Zoe are both ill and off school today.")
    assert len(talk.mail_for(OFFICE)) == 1
    assert len(talk.mail_for(AMINA)) == 1
    assert talk.gateway.audit().endings == {"redirected": 2}


def test_a_report_reaches_the_leadership_and_a_raised_concern_the_lead(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "A perfectly ordinary question about the trip.")
    talk.at(on(24, 16, 0))
    given = talk.mail_for(KHAN)[0]
    report, raise_it = talk.action(given, "Report it"), talk.action(given, "Raise")
    talk.at(on(24, 16, 59))
    talk.write(KHAN, report, "Please look at this. Just press Send.")
    [reported] = talk.mail_for(HEAD)
    assert "question about the trip" in reported.text
    assert "Please look at this" in reported.text
    talk.write(KHAN, raise_it, "")
    assert "Miss Khan raised it" in talk.mail_for(DSL)[0].text


@pytest.mark.parametrize(
    "fields", [{"Auto_Submitted": "auto-replied"}, {"subject": "Automatic reply: your mail"}]
)
def test_a_teachers_out_of_office_never_reaches_a_parent(brief_talk, fields):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    before = len(talk.mail_for(AMINA))
    talk.write(KHAN, talk.reply_address(talk.mail_for(KHAN)[0]), "I am away.", **fields)
    assert len(talk.mail_for(AMINA)) == before


def test_nobody_but_the_teacher_can_answer_with_the_teachers_address(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    address = talk.reply_address(talk.mail_for(KHAN)[0])
    talk.write(KHAN, address, "Forged.", verdict="fail")
    talk.write(LLOYD, address, "Another teacher.")
    talk.write(OMAR, address, "Another parent.")
    talk.write(AMINA, address, "The same parent.")
    shown = "".join(mail.text for mail in talk.mail_for(AMINA))
    for words in ("Forged", "Another teacher", "Another parent", "The same parent"):
        assert words not in shown


def test_an_answer_sent_twice_goes_once(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    message_id = talk.write(KHAN, talk.reply_address(digest), "The blue one.")
    before = len(talk.mail_for(AMINA))
    with talk.gateway.store.read() as connection:
        assert connection.execute(
            select(messages.c.message_id).where(messages.c.message_id == message_id)
        ).scalar()
    octets = _raw(talk, message_id)
    talk.gateway.stage.submit(KHAN, [talk.reply_address(digest)], octets)
    assert len(talk.mail_for(AMINA)) == before


def _raw(talk, message_id):
    with talk.gateway.store.read() as connection:
        spool_id = connection.execute(
            select(messages.c.spool_id).where(messages.c.message_id == message_id)
        ).scalar_one()
        return spool.read_raw(connection, spool_id)


def test_a_guardian_who_was_barred_meanwhile_gets_no_answer(brief_talk):
    talk = brief_talk
    talk.write(OMAR, ROOM, "Which book should Kai bring?")
    talk.at(on(24, 18, 0))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "The blue one.")
    with talk.gateway.store.begin() as connection:
        connection.execute(update(links).values(barred=True))
    talk.at(on(25, 8, 5))
    assert all("blue" not in mail.text for mail in talk.mail_for(OMAR))
    with talk.gateway.store.read() as connection:
        states = connection.execute(select(outbox.c.state).where(outbox.c.kind == "answer"))
        assert states.scalar_one() == "withdrawn"


def test_a_refusal_to_a_teacher_waits_for_the_teachers_hours(brief_talk):
    talk = brief_talk
    talk.at(on(24, 22))
    talk.write(KHAN, ROOM, "To all parents: well done!")
    assert not talk.mail_for(KHAN)
    talk.at(on(25, 8, 5))
    assert "We could not send your mail" in str(talk.mail_for(KHAN)[0].message["Subject"])


def test_no_mail_to_a_parent_shows_a_staff_address_or_this_machine(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.write(AMINA, ROOM, "Ben is ill and will not be in school today.", subject="Absence")
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.reply_address(talk.mail_for(KHAN)[0]), "The blue one.")
    shown = b"\n".join(mail.octets for mail in talk.mail_for(AMINA))
    for hidden in (KHAN, LLOYD, DSL, HEAD, DEPUTY, OMAR, "127.0.0.1", "localhost"):
        assert hidden.encode() not in shown


def test_what_a_teacher_writes_to_another_address_from_a_digest_reaches_no_parent(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    before = len(talk.mail_for(AMINA))
    talk.write(KHAN, f"senior@{ROOM.partition('@')[2]}", "I saw bruises on Ben.", answering=digest)
    talk.write(KHAN, OTHER_ROOM, "I saw bruises on Ben.", answering=digest)
    assert len(talk.mail_for(AMINA)) == before
    assert any("I saw bruises" in mail.text for mail in talk.mail_for(DSL))


def test_a_teacher_whose_program_ignores_the_reply_address_still_reaches_the_parent(brief_talk):
    talk = brief_talk
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, ROOM, "The blue one, please.", answering=digest)
    assert "The blue one" in talk.mail_for(AMINA)[-1].text


def test_a_withheld_answer_is_told_to_the_office(brief_talk):
    talk = brief_talk
    talk.write(OMAR, ROOM, "Which book should Kai bring?")
    talk.at(on(24, 18, 0))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "The blue one.")
    with talk.gateway.store.begin() as connection:
        connection.execute(update(links).values(barred=True))
    talk.at(on(25, 8, 20))
    assert any("could not be delivered" in mail.text for mail in talk.mail_for(OFFICE))
