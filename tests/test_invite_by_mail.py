"""A parent mails their code, and is linked: the whole way, by SMTP alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gateway.store import schema as t
from tests.invited import AMINA, CLASS_3B, DANA, LINK, NEW, REFUSED, WORKED, inviting


def test_a_code_links_the_address_that_it_was_mailed_from(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.change(t.links, standing="invited")
        assert school.send(code) == [WORKED]
        assert school.links("P2") == {"Dana Hill": "active"}
        said = school.mail_for(NEW)[0]
        assert f"- {CLASS_3B} for Poppy (3B)" in said.text
        assert said.message["From"].endswith(f"<{LINK}>")
        school.write(NEW, CLASS_3B, "Which book should Poppy bring?")
        assert school.mail_for(NEW)[-1].message["Subject"] == "We have your message to 3B"
        assert "Dana Hill is linked to Poppy Hill by code" in school.office_list()
        (accepted,) = school.rows(t.acceptances)
        assert accepted.how == "code"
        assert accepted.policy_version == school.gateway.stage.program.school.policy.version
        assert school.gateway.audit().is_whole


def test_several_codes_in_one_mail_are_all_used(tmp_path: Path):
    with inviting(tmp_path) as school:
        both = f"{school.code('P2')} and for Max {school.code('P3').lower()}"
        assert school.send(both) == [WORKED]
        assert [row.used_from for row in school.rows(t.invites)] == [NEW, NEW]
        assert "for Poppy (3B)" in school.mail_for(NEW)[0].text
        assert "for Max (3B)" in school.mail_for(NEW)[0].text


def test_a_code_that_nothing_proves_the_sender_of_is_neither_used_nor_answered(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        assert school.send(code, verdict="fail") == []
        assert [row.used for row in school.rows(t.invites)] == [None]
        assert "it holds an invite code, which was not used" in school.office_list()
        assert school.send(code) == [WORKED]


def test_a_pupil_can_never_link(tmp_path: Path):
    with inviting(tmp_path) as school:
        assert school.send(school.code("P2"), "poppy@pupils.oakfield.example") == []
        assert [row.used for row in school.rows(t.invites)] == [None]


def test_a_child_who_writes_from_the_parents_account_links_nobody(tmp_path: Path):
    with inviting(tmp_path) as school:
        words = "this is poppy on my mums account, dont tell mum. My code is "
        assert school.send(words + school.code("P2")) == []
        assert [row.used for row in school.rows(t.invites)] == [None]


def test_a_disclosure_that_comes_with_a_code_reaches_the_lead(tmp_path: Path):
    with inviting(tmp_path) as school:
        school.send(f"{school.code('P2')}\nPoppy says that her uncle hits her. She is afraid.")
        assert school.mail_for("adeyemi@oakfield.example")
        assert [row.used_from for row in school.rows(t.invites)] == [NEW]


def test_what_stands_beside_a_code_is_read_by_somebody(tmp_path: Path):
    with inviting(tmp_path) as school:
        school.send(f"{school.code('P2')}\n" + "Poppy has moved house and takes the bus now. " * 5)
        assert "sent an invite code, and wrote more" in school.office_list()


def test_an_address_on_record_for_another_contact_is_not_given_away(tmp_path: Path):
    """The other parent opened the letter."""
    with inviting(tmp_path) as school:
        assert school.send(school.code("P2"), AMINA) == [REFUSED]
        assert [row.used for row in school.rows(t.invites)] == [None]
        assert "on record for another contact" in school.office_list()


def test_a_removed_guardian_is_not_linked_by_a_code_and_the_office_is_told(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.change(t.guardians, removed_from=school.gateway.clock.now().date())
        assert school.send(code, DANA) == [REFUSED]
        assert school.send(code, NEW) == [REFUSED]
        assert [row.used for row in school.rows(t.invites)] == [None]
        assert "removed from the channel" in school.office_list()


def test_a_bar_written_after_the_letter_holds(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.change(t.links, barred=True)
        assert school.send(code) == [REFUSED]
        assert school.links("P2") == {"Dana Hill": "active"}
        assert "barred from the child on record" in school.office_list()


def test_mail_to_link_without_a_code_is_told_how_to_be_linked_once_a_week(tmp_path: Path):
    with inviting(tmp_path) as school:
        for _ in range(2):
            school.write(NEW, LINK, "How do I get onto this?")
        (told,) = school.mail_for(NEW)
        assert told.message["Subject"] == "How to write to a class at Oakfield Primary School"
        assert LINK in told.text
        school.at(school.gateway.clock.now() + timedelta(days=8))
        school.write(NEW, LINK, "I asked before: how do I get onto this?")
        assert len(school.mail_for(NEW)) == 2
