"""The office links, unlinks and looks somebody up by one line of mail, and says yes to it first."""

from __future__ import annotations

import pytest

from gateway.store import schema as t
from rules.people_line import EXAMPLES, PeopleLine, read_people_line
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
    ids_of,
    later,
    message,
    rows,
    school,
)


def standing(talk, name, pupil="Ben"):
    guardian_id, pupil_id = ids_of(talk, name, pupil)
    found = rows(talk, t.links, guardian_id=guardian_id, pupil_id=pupil_id)
    return (found[0].standing, found[0].ends) if found else None


def asked(talk, line, sender=OFFICE):
    talk.write(sender, PEOPLE, line, subject="")
    return talk.mail_for(sender)[-1]


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_a_line_that_is_understood(line):
    assert read_people_line(line) is not None


@pytest.mark.parametrize(
    "line",
    ["", "hello", "link Dana", "delete Dana", "link to Ben", "unlink Dana to Ben",
     "please could you link Dana to Ben and Zoe from Daniel? Also invite x" * 4],
)  # fmt: skip
def test_what_is_no_line_is_no_line(line):
    assert read_people_line(line) is None


def test_a_line_keeps_the_names_as_they_were_written():
    line = read_people_line("Link Dana@Parent.example to Zoë Price as Dana Price.")
    assert line == PeopleLine("link", "Dana@Parent.example", "Zoë Price", "Dana Price")
    assert line.address == "dana@parent.example"


def test_the_office_is_shown_who_somebody_is(tmp_path):
    with school(tmp_path) as talk:
        text = asked(talk, f"show {AMINA}").text
        assert "Amina Okoro, number" in text
        assert "Ben Okoro (3B), number P1: active: may write and receive" in text
        text = asked(talk, "show Ben Okoro").text
        assert AMINA in text
        assert DANIEL in text
        assert "Nobody on record is “Nemo”" in asked(talk, "show Nemo").text


def test_nothing_changes_before_the_writer_has_said_yes(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"unlink {DANIEL} from Ben Okoro")
        assert "Nothing has changed yet" in review.text
        assert standing(talk, "Daniel Okoro") == ("active", None)
        yes = talk.action(review, "Yes, do this")
        for other in (HEAD, KHAN, DANIEL):
            talk.write(other, yes, "")
        assert standing(talk, "Daniel Okoro") == ("active", None)
        talk.write(OFFICE, yes, "")
        assert standing(talk, "Daniel Okoro")[1] is not None
        assert "Unlinked" in talk.mail_for(OFFICE)[-1].message["Subject"]
        talk.write(DANIEL, ROOM_3B, "Which book?")
        assert message(talk, DANIEL).ending == "office queue"


def test_a_third_adult_is_linked_and_waits_for_the_leadership(tmp_path):
    with school(tmp_path) as talk:
        review = asked(talk, f"link {DANA} to Ben Okoro")
        assert "the leadership must approve it first" in review.text
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        assert standing(talk, "Dana Price") == ("waiting", None)
        later(talk)
        put = [mail for mail in talk.mail_for(HEAD) if "approval" in mail.message["Subject"]]
        assert "Dana Price and Ben Okoro (3B)" in put[-1].text
        assert "Linked now: Amina Okoro, Daniel Okoro" in put[-1].text
        told = [mail for mail in talk.mail_for(OFFICE) if "approval" in mail.message["Subject"]]
        assert "Approve:" not in told[-1].text
        approve = talk.action(put[-1], "Approve")
        talk.write(OFFICE, approve, "until 31 March 2027 because she collects Ben")
        talk.write(HEAD, approve, "yes please")
        assert "it does not say why" in talk.mail_for(HEAD)[-1].text.replace("It does", "it does")
        assert standing(talk, "Dana Price") == ("waiting", None)
        talk.write(HEAD, approve, "until 31 March 2027 because she collects Ben")
        assert standing(talk, "Dana Price") == ("active", None)
        [approval] = rows(talk, t.link_approvals)
        assert (approval.reason, str(approval.ends)) == ("she collects Ben", "2027-03-31")
        assert all("collects Ben" not in str(row.detail) for row in rows(talk, t.journal))


def test_a_new_address_is_added_only_with_the_name_of_whose_it_is(tmp_path):
    with school(tmp_path) as talk:
        new = "amina@new.example"
        assert "Say whose it is" in asked(talk, f"link {new} to Ben Okoro").text
        review = asked(talk, f"link {new} to Ben Okoro as Amina Okoro")
        assert f"Add the address {new}" in review.text
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        assert addresses_of(talk, "Amina Okoro") == sorted([AMINA, new])


def test_names_that_several_bear_are_listed_and_nothing_is_offered(tmp_path):
    twins = (*FAMILIES, ("P9", "Ben", "Okoro", "4A", "Ewa Kowalska", "ewa@parent.example"))
    with school(tmp_path, families=twins) as talk:
        text = asked(talk, f"unlink {AMINA} from Ben Okoro").text
        assert "Ben Okoro (3B), number P1" in text
        assert "Ben Okoro (4A), number P9" in text
        assert "Yes, do this" not in text
        assert rows(talk, t.link_offers) == []


@pytest.mark.parametrize("sender", [KHAN, AMINA, "nobody@else.example", "adeyemi@oakfield.example"])
def test_nobody_else_is_shown_anything_at_people(tmp_path, sender):
    with school(tmp_path) as talk:
        talk.write(sender, PEOPLE, f"show {DANA}")
        later(talk)
        assert message(talk, sender).ending == "office queue"
        assert all("Dana Price" not in mail.text for mail in talk.mail_for(sender))
        assert f"show {DANA}" in talk.mail_for(OFFICE)[-1].text


def test_the_offices_own_address_forged_is_held_like_any_strangers(tmp_path):
    with school(tmp_path) as talk:
        talk.write(OFFICE, PEOPLE, f"unlink {DANIEL} from Ben Okoro", verdict="fail")
        assert message(talk, OFFICE).ending == "office queue"
        assert rows(talk, t.link_offers) == []


def test_a_disclosure_written_to_people_reaches_the_lead(tmp_path):
    with school(tmp_path) as talk:
        talk.write(AMINA, PEOPLE, "Ben says that his uncle hits him. He is afraid to go home.")
        assert message(talk, AMINA).ending == "with DSL or SLT"


def test_two_lines_are_too_many(tmp_path):
    with school(tmp_path) as talk:
        text = asked(talk, f"unlink {DANIEL} from Ben Okoro\nno wait, do not").text
        assert "more in the mail than one line" in text
        assert rows(talk, t.link_offers) == []


def test_a_code_goes_to_the_address_on_record_once_the_office_has_said_yes(tmp_path):
    with school(tmp_path) as talk:
        before = len(talk.mail_for(DANA))
        review = asked(talk, "invite Zoe Price")
        assert len(talk.mail_for(DANA)) == before
        talk.write(OFFICE, talk.action(review, "Yes, do this"), "")
        done = talk.mail_for(OFFICE)[-1]
        assert "Dana Price: " in done.text
        codes = rows(talk, t.invites)
        assert len(codes) == len(talk.mail_for(DANA)) - before
        assert [code.how for code in codes] == ["mail"]
