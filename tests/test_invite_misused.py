"""Codes in the wrong hands, and codes that nobody meant to send: a person looks first."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store import schema as t
from rules.codes import codes_in, grouped
from tests.installation import DOMAIN
from tests.invited import AMINA, CLASS_3B, DANA, NEW, REFUSED, WORKED, School, inviting

TWO = (
    ("P2", "Poppy", "Hill", "3B", "Dana Hill", DANA),
    ("P2", "Poppy", "Hill", "3B", "Rob Hill", "rob.hill@parent.example"),
)
OFFICE = "office@oakfield.example"
AWAY = "Thank you for your email. I am currently out of the office with no access to my email."


def unused(school: School) -> bool:
    return all(row.used is None for row in school.rows(t.invites))


@pytest.mark.parametrize("variant", ["rob.hill+school@parent.example", "robhill@parent.example"])
def test_a_variant_of_another_contacts_address_is_that_contacts(tmp_path: Path, variant: str):
    """What stands behind a plus, and dots at many a mail host, lead to the same mailbox."""
    with inviting(tmp_path, TWO) as school:
        issued, _ = school.invite("P2")
        code = next(one.code for one in issued if one.contact.link.guardian_name == "Dana Hill")
        assert school.send(code, variant) == [REFUSED]
        assert unused(school)
        assert "another contact" in school.office_list()


def test_ones_own_address_with_something_behind_a_plus_may_be_linked(tmp_path: Path):
    with inviting(tmp_path, TWO) as school:
        issued, _ = school.invite("P2")
        code = next(one.code for one in issued if one.contact.link.guardian_name == "Dana Hill")
        assert school.send(code, "dana.hill+school@parent.example") == [WORKED]


def test_the_codes_of_two_contacts_in_one_mail_give_the_address_to_one_only(tmp_path: Path):
    """One after the other the second is refused, so both at once must not do more."""
    with inviting(tmp_path, TWO) as school:
        issued, _ = school.invite("P2")
        assert school.send(" and ".join(one.code for one in issued), NEW) == [WORKED]
        holders = [row for row in school.rows(t.guardian_addresses) if row.address == NEW]
        assert len(holders) == 1
        assert sum(row.used is not None for row in school.rows(t.invites)) == 1
        assert "codes of two contacts" in school.office_list()


def test_an_answering_machine_that_quotes_the_code_accepts_nothing(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.write(DANA, f"link@{DOMAIN}", f"{AWAY}\n\n> Your code: {code}", subject="Away")
        assert unused(school)
        assert school.rows(t.acceptances) == []
        assert school.mail_for(DANA) == []


def test_a_code_that_the_office_forwards_links_not_the_office(tmp_path: Path):
    with inviting(tmp_path) as school:
        forwarded = f"---------- Forwarded message ---------\nFrom: {NEW}\n\nMy code is "
        school.write(OFFICE, f"link@{DOMAIN}", forwarded + school.code("P2"), subject="Fwd: code")
        assert unused(school)
        assert not [row for row in school.rows(t.guardian_addresses) if row.address == OFFICE]


def test_an_address_of_the_gateway_itself_is_no_parents(tmp_path: Path):
    with inviting(tmp_path) as school:
        school.send(school.code("P2"), CLASS_3B)
        assert not [row for row in school.rows(t.guardian_addresses) if row.address == CLASS_3B]


def test_the_office_is_not_shown_a_code_that_can_still_be_used(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        plain = code.replace("-", "")
        for number, text in enumerate((code, plain.lower(), f"ß {' '.join(plain)}")):
            sender = f"dana{number}@new.example"
            school.write(sender, f"link@{DOMAIN}", f"It is {text}", verdict="fail", subject=text)
        said = school.office_list()
        assert "it holds an invite code, which was not used" in said
        assert "It is " in said
        assert not codes_in(said).codes
        for mail in school.mail_for(OFFICE):
            assert code.encode() not in mail.octets
            assert code.lower().encode() not in mail.octets


def test_a_code_mailed_to_a_class_by_a_stranger_is_not_shown_either(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.write(NEW, CLASS_3B, f"Hello, my code is {code}. When is sports day?")
        said = school.office_list()
        assert "When is sports day?" in said
        assert grouped(code.replace("-", "")) not in said


def test_a_mailbox_of_another_child_is_still_refused_beside_a_good_code(tmp_path: Path):
    with inviting(tmp_path) as school:
        assert school.send(f"{school.code('P1')} {school.code('P2')}", AMINA) == [WORKED]
        used = {row.used_from for row in school.rows(t.invites)}
        assert used == {AMINA, None}
