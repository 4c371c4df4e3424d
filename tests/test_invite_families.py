"""Codes in families that are not plain: shared mailboxes, third contacts, staff-parents."""

from __future__ import annotations

from pathlib import Path

from gateway.store import schema as t
from gateway.tokens import Keys
from tests.invited import CLASS_3B, NEW, REFUSED, WORKED, inviting

SHARED = "the.hills@parent.example"
THREE = (
    ("P2", "Poppy", "Hill", "3B", "Dana Hill", "dana.hill@parent.example"),
    ("P2", "Poppy", "Hill", "3B", "Rob Hill", "rob.hill@parent.example"),
    ("P2", "Poppy", "Hill", "3B", "Gran Hill", "gran.hill@parent.example"),
)
KHAN = "khan@oakfield.example"


def test_a_mailbox_that_two_share_on_record_may_send_the_code_of_either(tmp_path: Path):
    with inviting(tmp_path, THREE[:2]) as school:
        school.change(t.guardian_addresses, address=SHARED)
        issued, _ = school.invite("P2")
        for one in issued:
            assert school.send(one.code, SHARED) == [WORKED]


def test_a_shared_mailbox_links_nobody_where_one_of_the_two_is_barred(tmp_path: Path):
    with inviting(tmp_path, THREE[:2]) as school:
        (mother, father), _ = school.invite("P2")
        shared = mother.contact.addresses[0]
        with school.gateway.store.begin() as connection:
            connection.execute(
                t.guardian_addresses.insert().values(
                    guardian_id=father.contact.link.guardian_id,
                    address=shared,
                    school_id=school.gateway.stage.program.school.school_id,
                )
            )
            connection.execute(
                t.links.update()
                .where(t.links.c.guardian_id == father.contact.link.guardian_id)
                .values(barred=True)
            )
        assert school.send(mother.code, shared) == [REFUSED]
        assert "barred from the child" in school.office_list()


def test_a_third_contact_whose_code_comes_back_waits_and_reads_so(tmp_path: Path):
    with inviting(tmp_path, THREE) as school:
        school.change(t.links, standing="invited")
        (first, second), (third,) = school.invite("P2")
        guardian_id = first.contact.link.guardian_id
        third_id = third.contact.link.guardian_id
        with school.gateway.store.begin() as connection:
            connection.execute(
                t.links.update().where(t.links.c.guardian_id == third_id).values(standing="active")
            )
        assert school.send(first.code, first.contact.addresses[0]) == [WORKED]
        assert school.send(second.code, second.contact.addresses[0]) == [WORKED]
        told = school.mail_for(second.contact.addresses[0])[-1].text
        assert "For Poppy the school must agree first." in told
        assert CLASS_3B not in told
        standings = school.links("P2")
        assert sorted(standings.values()) == ["active", "active", "waiting"]
        assert standings[second.contact.link.guardian_name] == "waiting"
        assert "it waits for an approval" in school.office_list()
        assert guardian_id != third_id


def test_a_member_of_staff_who_is_a_parent_may_link_the_address_at_work(tmp_path: Path):
    with inviting(tmp_path) as school:
        assert school.send(school.code("P2"), KHAN) == []
        wrong = school.send("ABCD-EFGH-IJK", KHAN)
        assert wrong == []  # at ten past nine a teacher is sent nothing
        school.at(school.gateway.clock.now().replace(hour=15, minute=40))
        got = [str(mail.message["Subject"]) for mail in school.mail_for(KHAN)]
        assert [one for one in got if "code" in one] == [WORKED, REFUSED]
        assert [row.used_from for row in school.rows(t.invites)] == [KHAN]


def test_a_code_stays_good_while_the_key_is_changed():
    before, after = b"1" * 32, b"2" * 32
    stored = Keys(before).hashes(b"invite-code", "M7HP7RWP34G")[0]
    assert stored in Keys(after, before).hashes(b"invite-code", "M7HP7RWP34G")
    assert stored not in Keys(after).hashes(b"invite-code", "M7HP7RWP34G")
    assert stored not in Keys(before).hashes(b"another purpose", "M7HP7RWP34G")


def test_an_import_takes_nothing_away_that_a_code_gave(tmp_path: Path):
    with inviting(tmp_path) as school:
        assert school.send(school.code("P2")) == [WORKED]
        kept = [row.came_by for row in school.rows(t.guardian_addresses) if row.address == NEW]
        assert kept == ["person"]
