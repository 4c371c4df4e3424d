"""Whoever gets another address on a contact's record, the contact hears of it at the others."""

from __future__ import annotations

from sqlalchemy import insert, update

from gateway.store import schema as t
from tests.invited import DANA as ON_RECORD
from tests.invited import WORKED, inviting
from tests.people_world import (
    AMINA,
    DANA,
    DANIEL,
    FAMILIES,
    OFFICE,
    STAFF,
    addresses_of,
    ids_of,
    later,
    message,
    rows,
    school,
)
from tests.test_office_links import IT_IS, NEW, held
from tests.test_office_links_by_line import asked

SUBJECT = "A new mail address was linked to your name"
SECOND = "amina@new.example"


def warned(talk, address):
    return [mail for mail in talk.mail_for(address) if mail.message["Subject"] == SUBJECT]


def by_line(talk, who=SECOND, name="Amina Okoro"):
    review = asked(talk, f"link {who} to Ben Okoro as {name}")
    talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
    return talk.mail_for(OFFICE)[-1]


def test_the_office_adds_an_address_and_the_others_are_told_without_naming_it(tmp_path):
    with school(tmp_path) as talk:
        talk.write(OFFICE, talk.action(held(talk), IT_IS), "")
        assert addresses_of(talk, "Dana Price") == [NEW, DANA]
        [told] = warned(talk, DANA)
        assert "If it was not you, ring the school office" in told.text
        assert NEW.encode() not in told.octets
        assert b"newmail" not in told.octets
        assert warned(talk, NEW) == []


def test_a_line_to_people_tells_the_other_addresses_too(tmp_path):
    with school(tmp_path) as talk:
        by_line(talk)
        assert len(warned(talk, AMINA)) == 1
        assert warned(talk, SECOND) == warned(talk, DANIEL) == []
        by_line(talk, "amina@third.example")
        assert len(warned(talk, AMINA)) == 2
        assert len(warned(talk, SECOND)) == 1


def test_to_link_again_without_a_new_address_tells_nobody(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"link {DANA} to Ben Okoro")
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        assert warned(talk, DANA) == []


def test_an_address_that_others_read_too_is_not_told_and_the_office_knows_it(tmp_path):
    with school(tmp_path) as talk:
        shared, _ben = ids_of(talk, "Daniel Okoro")
        with talk.gateway.store.begin() as connection:
            a = t.guardian_addresses
            query = update(a).where(a.c.guardian_id == shared).values(address=AMINA)
            connection.execute(query)
        done = by_line(talk)
        assert warned(talk, AMINA) == []
        assert "Please ring the contact" in " ".join(done.text.split())


def test_nothing_automatic_goes_out_about_a_message_that_is_with_the_lead(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        row = message(talk, NEW)
        with talk.gateway.store.begin() as connection:
            connection.execute(
                insert(t.safeguarding_cases).values(
                    spool_id=row.spool_id, school_id=row.school_id, state="open",
                    raised=talk.gateway.clock.now(), line=[], told=0, detail={},
                )
            )  # fmt: skip
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [NEW, DANA]
        assert warned(talk, DANA) == []


def test_a_teacher_who_is_a_parent_is_told_inside_their_hours(tmp_path):
    khan = STAFF[0][1]
    families = (*FAMILIES, ("P4", "Kuba", "Kowalski", "4A", "Sara Khan", khan))
    with school(tmp_path, families=families) as talk:
        review = asked(talk, "link sara@home.example to Kuba Kowalski as Sara Khan")
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        later(talk, minutes=30)
        assert warned(talk, khan) == []
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=36))
        assert len(warned(talk, khan)) == 1


def test_what_the_office_links_counts_as_accepted_by_the_offices_word(tmp_path):
    with school(tmp_path) as talk:
        talk.write(OFFICE, talk.action(held(talk), IT_IS), "")
        by_line(talk)
        found = rows(talk, t.acceptances)
        assert {row.how for row in found} == {"office"}
        whose = {ids_of(talk, "Dana Price")[0], ids_of(talk, "Amina Okoro")[0]}
        assert {row.guardian_id for row in found} == whose
        assert "Accepted the expectations" in asked(talk, f"show {DANA}").text


def test_a_code_from_another_address_is_told_at_the_one_on_record_once(tmp_path):
    with inviting(tmp_path) as talk:
        codes = f"{talk.code('P2')} and {talk.code('P3')}"
        assert talk.send(codes, "letter.thief@else.example") == [WORKED]
        [told] = warned(talk, ON_RECORD)
        assert b"thief" not in told.octets
        assert warned(talk, "letter.thief@else.example") == []


def test_a_code_from_the_address_on_record_is_no_news(tmp_path):
    with inviting(tmp_path) as talk:
        assert talk.send(talk.code("P2"), ON_RECORD) == [WORKED]
        assert warned(talk, ON_RECORD) == []
