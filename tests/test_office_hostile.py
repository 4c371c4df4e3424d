"""The office's buttons and lines in a world that has changed since, or that means harm."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from gateway.store import schema as t
from tests.installation import DOMAIN
from tests.people_world import (
    AMINA,
    DANA,
    DANIEL,
    FAMILIES,
    HEAD,
    KHAN,
    OFFICE,
    PEOPLE,
    ROOM_3B,
    addresses_of,
    change,
    ids_of,
    later,
    message,
    rows,
    school,
)
from tests.test_office_links import IT_IS, NEW, held
from tests.test_office_links_by_line import asked, standing


def given(talk, name, address):
    """Put an address on a contact's record, as an import or a code might have."""
    [row] = rows(talk, t.guardians, name=name)
    with talk.gateway.store.begin() as connection:
        values = {"guardian_id": row.guardian_id, "school_id": row.school_id, "address": address}
        connection.execute(insert(t.guardian_addresses).values(**values))


def test_an_address_that_is_somebody_elses_by_now_is_not_linked(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        given(talk, "Daniel Okoro", NEW)
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert "somebody else" in talk.mail_for(OFFICE)[-1].text


def test_a_contact_whose_links_an_import_has_ended_is_not_linked(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        change(talk, t.links, ends=date(2026, 11, 23))
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert message(talk, NEW).handed_on is None


def test_what_was_offered_at_another_school_is_not_there(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        with talk.gateway.store.begin() as connection:
            [own] = rows(talk, t.schools)
            values = dict(own._mapping)
            values |= {"school_id": "0" * 26, "name": "Elsewhere", "domain": "class.else.example"}
            connection.execute(insert(t.schools).values(**values))
            connection.execute(update(t.link_offers).values(school_id="0" * 26))
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        with talk.gateway.store.begin() as connection:
            o = t.link_offers.c
            connection.execute(t.link_offers.delete().where(o.school_id == "0" * 26))
            s = t.schools.c
            connection.execute(t.schools.delete().where(s.school_id == "0" * 26))


def test_a_button_of_the_list_ends_after_its_days(tmp_path):
    with school(tmp_path) as talk:
        button = talk.action(held(talk), IT_IS)
        talk.at(talk.gateway.clock.now() + timedelta(days=60))
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert "expired" in talk.mail_for(OFFICE)[-1].text


def test_what_a_child_may_have_written_is_no_ground_to_link_an_address(tmp_path):
    words = "can i have the spelling list pls. my mum is at work so i am on her phone, im in 3B"
    with school(tmp_path) as talk:
        talk.write(NEW, ROOM_3B, words)
        later(talk)
        first = talk.mail_for(OFFICE)[-1]
        before = len(talk.mail_for(DANA))
        if f"{IT_IS}," in first.text.replace("\r\n", " ") and "Link" in first.text:
            talk.write(OFFICE, talk.action(first, IT_IS), "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert len(talk.mail_for(DANA)) == before


def test_who_dropped_a_message_after_it_went_on_is_told_so(tmp_path):
    with school(tmp_path) as talk:
        first = held(talk)
        talk.write(OFFICE, talk.action(first, IT_IS), "")
        talk.write(OFFICE, talk.action(first, "Nothing to do"), "")
        assert "sender is known by now" in talk.mail_for(OFFICE)[-1].text
        assert rows(talk, t.journal, event="dropped-by-office") == []


def test_an_out_of_office_reply_with_the_whole_list_in_it_does_nothing(tmp_path):
    with school(tmp_path) as talk:
        first = held(talk)
        for to in (f"postmaster@{DOMAIN}", PEOPLE, talk.action(first, IT_IS)):
            talk.write(
                OFFICE, to, f"I am away.\n\n{first.text}", subject="Automatic reply: the list",
                answering=first, Auto_Submitted="auto-replied",
            )  # fmt: skip
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert rows(talk, t.link_offers, decision="done") == []


@pytest.mark.parametrize(
    "address",
    [f"3b@{DOMAIN}", f"people@{DOMAIN}", "dana@parent.example?bcc=x@else.example",
     "dana@parent.example?subject=x", "dana@раrent.example", "dana@parent.example&cc=x",
     "dana@[127.0.0.1]", "dana@-.example", "da%0ana<b>@parent.example"],
)  # fmt: skip
def test_no_address_of_ours_and_nothing_that_is_no_address_is_put_on_record(tmp_path, address):
    with school(tmp_path) as talk:
        asked(talk, f"link {address} to Ben Okoro as Amina Okoro")
        assert rows(talk, t.link_offers, kind="people") == []


def test_the_office_is_warned_that_an_address_is_a_colleagues(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"link {KHAN} to Ben Okoro as Amina Okoro")
        assert "address of Miss Khan" in review.text


def test_the_office_is_warned_when_nobody_is_left_who_may_write(tmp_path):
    with school(tmp_path) as talk:
        assert "Nobody else" not in asked(talk, f"unlink {AMINA} from Ben Okoro").text
        review = asked(talk, f"unlink {DANA} from Zoe Price")
        assert "Nobody else is linked to Zoe Price" in review.text


def test_an_approval_is_not_given_to_who_was_unlinked_meanwhile(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"link {DANA} to Ben Okoro")
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        later(talk)
        put = [m for m in talk.mail_for(HEAD) if "approval" in m.message["Subject"]][-1]
        review = asked(talk, f"unlink {DANA} from Ben Okoro")
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        approve = talk.action(put, "Approve")
        talk.write(HEAD, approve, "until 31 March 2027 because she collects Ben")
        assert rows(talk, t.link_approvals) == []
        assert standing(talk, "Dana Price")[0] == "refused"


def test_an_approval_does_not_shorten_a_link_that_is_active_by_now(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"link {DANA} to Ben Okoro")
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        later(talk)
        put = [m for m in talk.mail_for(HEAD) if "approval" in m.message["Subject"]][-1]
        guardian_id, pupil_id = ids_of(talk, "Dana Price")
        with talk.gateway.store.begin() as connection:
            c = t.links.c
            this = (c.guardian_id == guardian_id, c.pupil_id == pupil_id)
            connection.execute(update(t.links).where(*this).values(standing="active"))
        talk.write(HEAD, talk.action(put, "Approve"), "until 31 March 2027 because of work")
        assert rows(talk, t.link_approvals) == []
        assert "linked already" in talk.mail_for(HEAD)[-1].text


def whole_html(mail):
    parts = [one for one in mail.message.walk() if one.get_content_type() == "text/html"]
    return parts[0].get_payload(decode=True).decode()


NASTY = 'Dana "<b>Price</b>" &bcc=spy@else.example&body=x'


def test_a_name_on_record_cannot_reach_into_a_mail(tmp_path):
    families = [(*row[:4], NASTY, row[5]) if row[4] == "Dana Price" else row for row in FAMILIES]
    with school(tmp_path, families=tuple(families)) as talk:
        review = asked(talk, f"unlink {DANA} from Zoe Price")
        whole = bytes(review.message).decode("ascii", "replace")
        html = whole_html(review)
        assert "<b>Price" not in html
        assert "mailto:" not in "".join(part for part in html.split('"') if "bcc=" in part)
        assert "\nBcc:" not in whole
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        assert "Unlinked" in talk.mail_for(OFFICE)[-1].message["Subject"]


@pytest.mark.parametrize("who", [DANIEL, AMINA])
def test_a_line_that_is_asked_for_twice_is_done_once(tmp_path, who):
    with school(tmp_path) as talk:
        first = talk.action(asked(talk, f"unlink {who} from Ben Okoro"), "Yes, do this")
        second = talk.action(asked(talk, f"unlink {who} from Ben Okoro"), "Yes, do this")
        talk.write(OFFICE, first, "")
        talk.write(OFFICE, second, "")
        assert "not linked any more" in talk.mail_for(OFFICE)[-1].text
        assert len(rows(talk, t.journal, event="people-unlinked")) == 1
