"""The office is shown what is known of an unknown writer, and says by one mail who it is."""

from __future__ import annotations

from datetime import date

from gateway.store import schema as t
from tests.people_world import (
    DANA,
    HEAD,
    KHAN,
    OFFICE,
    QUESTION,
    ROOM_3B,
    addresses_of,
    change,
    later,
    message,
    rows,
    school,
)

NEW = "dana.price@newmail.example"
IT_IS = "It is Dana Price"


def held(talk, sender=NEW, **options):
    """Write from an address that nobody knows; return the office's list."""
    talk.write(sender, ROOM_3B, QUESTION, **options)
    later(talk)
    return talk.mail_for(OFFICE)[-1]


def test_the_office_is_told_what_is_known_of_an_unknown_writer(tmp_path):
    with school(tmp_path) as talk:
        text = held(talk).text
        assert "The mail host proved that it came from this address." in text
        assert (
            "Dana Price, on record for Finn Price (4A) and Zoe Price (3B), has the same name."
            in text
        )
        assert f"looks like, but is not, {DANA} (Dana Price)" in text
        assert "They were told how to be linked" in text


def test_the_office_links_an_address_and_the_message_goes_on_to_the_teacher(tmp_path):
    with school(tmp_path) as talk:
        first = held(talk)
        talk.write(OFFICE, talk.action(first, IT_IS), "")
        assert addresses_of(talk, "Dana Price") == [NEW, DANA]
        row = message(talk, NEW)
        assert (row.state, row.ending) == ("settled", "waiting")
        told = talk.mail_for(NEW)
        assert "How to write to a class" in told[0].message["Subject"]
        assert "We have your message to 3B" in told[-1].message["Subject"]
        assert "Linked" in talk.mail_for(OFFICE)[-1].message["Subject"]
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
        assert QUESTION in talk.mail_for(KHAN)[-1].text


def test_a_button_works_once_and_for_its_reader_alone(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        talk.write(KHAN, button, "")
        talk.write(HEAD, button, "")
        talk.write(NEW, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        talk.write(OFFICE, button, "", verdict="fail")
        assert addresses_of(talk, "Dana Price") == [DANA]
        talk.write(OFFICE, button, "")
        talk.write(OFFICE, button, "Again please")
        assert "It was done already" in talk.mail_for(OFFICE)[-1].text
        assert len(rows(talk, t.link_offers, decision="done")) == 1
        assert addresses_of(talk, "Dana Price") == [NEW, DANA]


def test_nobody_is_linked_by_a_message_that_nobody_could_prove(tmp_path):
    with school(tmp_path) as talk:
        text = held(talk, verdict="fail").text
        assert "it did not come from this address" in text
        assert "Dana Price, on record for" in text
        assert IT_IS not in text
        assert "Tell them how to be linked:" not in text
        assert "Nothing to do:" in text
        assert rows(talk, t.link_offers) == []


def test_the_office_sends_the_fixed_text_again_and_drops_what_needs_nothing(tmp_path):
    with school(tmp_path) as talk:
        first = held(talk)
        told = len(talk.mail_for(NEW))
        talk.write(OFFICE, talk.action(first, "Tell them how to be linked"), "")
        assert len(talk.mail_for(NEW)) == told + 1
        talk.write(OFFICE, talk.action(first, "Nothing to do"), "")
        events = {row.event for row in rows(talk, t.journal, spool_id=message(talk, NEW).spool_id)}
        assert {"told-how-to-be-linked", "dropped-by-office"} <= events
        assert addresses_of(talk, "Dana Price") == [DANA]


def test_who_has_the_name_of_somebody_barred_is_shown_and_never_offered(tmp_path):
    with school(tmp_path) as talk:
        change(talk, t.links, barred=True)
        text = held(talk).text
        assert "your records bar them from a child" in text
        assert IT_IS not in text


def test_a_bar_set_since_the_list_went_out_stops_the_link(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        change(talk, t.links, barred=True)
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert "bar this contact" in talk.mail_for(OFFICE)[-1].text


def test_a_message_that_became_a_case_is_not_handed_on(tmp_path):
    with school(tmp_path) as talk:
        first = held(talk)
        spool_id = message(talk, NEW).spool_id
        with talk.gateway.store.begin() as connection:
            connection.execute(
                t.safeguarding_cases.insert().values(
                    spool_id=spool_id,
                    school_id=message(talk, NEW).school_id,
                    state="open",
                    raised=talk.gateway.clock.now(),
                    line=[],
                    told=0,
                    detail={},
                )
            )
        talk.write(OFFICE, talk.action(first, IT_IS), "")
        assert addresses_of(talk, "Dana Price") == [NEW, DANA]
        assert message(talk, NEW).handed_on is None


def test_last_years_parent_is_recognised_by_name_and_by_address(tmp_path):
    with school(tmp_path) as talk:
        change(talk, t.enrolments, ends=date(2026, 8, 31))
        change(talk, t.enrolments, begins=date(2025, 9, 1))
        text = held(talk).text
        assert "Dana Price, on record for Finn Price and Zoe Price, has the same name" in text
        assert "ended" in text
        assert IT_IS not in text
