"""Nobody on the staff decides who may write about their own child: a colleague does."""

from __future__ import annotations

import pytest

from gateway.store import schema as t
from tests.people_world import (
    AMINA,
    DANA,
    FAMILIES,
    HEAD,
    KHAN,
    OFFICE,
    PEOPLE,
    QUESTION,
    ROOM_3B,
    STAFF,
    addresses_of,
    ids_of,
    later,
    message,
    rows,
    school,
)
from tests.test_office_links import IT_IS, NEW, held
from tests.test_removal import guardian, reported

VANE = "vane@oakfield.example"
LEADERS = (*STAFF, ("Mrs Vane", VANE, "slt", "", 5))
OFFICE_IS_ZOES = (*FAMILIES, ("P2", "Zoe", "Price", "3B", "Olwen Reed", OFFICE))
HEAD_IS_BENS = (("P1", "Ben", "Okoro", "3B", "Carys Lloyd", HEAD), *FAMILIES)
OWN = "your own family"


def standing(talk, name, pupil):
    guardian_id, pupil_id = ids_of(talk, name, pupil)
    [row] = rows(talk, t.links, guardian_id=guardian_id, pupil_id=pupil_id)
    return row.standing


def test_the_office_links_nobody_to_a_child_of_its_own(tmp_path):
    with school(tmp_path, families=OFFICE_IS_ZOES) as talk:
        button = talk.action(held(talk), IT_IS)
        talk.write(OFFICE, button, "")
        assert addresses_of(talk, "Dana Price") == [DANA]
        assert OWN in talk.mail_for(OFFICE)[-1].text


@pytest.mark.parametrize(
    "line",
    [
        f"unlink {DANA} from Zoe Price",
        f"link {AMINA} to Zoe Price",
        "link dana@new.example to Finn Price as Dana Price",
        "invite Zoe Price",
    ],
)
def test_a_line_about_a_child_of_the_writers_own_is_refused(tmp_path, line):
    with school(tmp_path, families=OFFICE_IS_ZOES) as talk:
        talk.write(OFFICE, PEOPLE, line, subject="")
        assert OWN in talk.mail_for(OFFICE)[-1].text
        assert rows(talk, t.link_offers, kind="people") == []


def test_a_line_asked_before_the_child_was_theirs_is_refused_at_the_yes(tmp_path):
    with school(tmp_path) as talk:
        talk.write(OFFICE, PEOPLE, f"unlink {DANA} from Zoe Price", subject="")
        yes = talk.action(talk.mail_for(OFFICE)[-1], "Yes, do this")
        [dana] = rows(talk, t.guardians, name="Dana Price")
        with talk.gateway.store.begin() as connection:
            connection.execute(
                t.guardian_addresses.insert().values(
                    guardian_id=dana.guardian_id, school_id=dana.school_id, address=OFFICE
                )
            )
        talk.write(OFFICE, yes, "")
        assert standing(talk, "Dana Price", "Zoe") == "active"
        assert OWN in talk.mail_for(OFFICE)[-1].text


def test_another_of_the_leadership_is_asked_to_approve_about_the_heads_own_child(tmp_path):
    with school(tmp_path, staff=LEADERS, families=HEAD_IS_BENS) as talk:
        later(talk)
        asked = [m for m in talk.mail_for(VANE) if "approval" in m.message["Subject"]]
        assert "Ben Okoro" in asked[-1].text
        heads = [m.text for m in talk.mail_for(HEAD) if "approval" in m.message["Subject"]]
        assert all("Approve:" not in text for text in heads)
        talk.write(VANE, talk.action(asked[-1], "Approve"), "until 31 March 2027 because of work")
        assert len(rows(talk, t.link_approvals)) == 1


def test_the_only_leader_cannot_approve_about_a_child_of_their_own(tmp_path):
    with school(tmp_path, families=HEAD_IS_BENS) as talk:
        later(talk)
        asked = [m for m in talk.mail_for(HEAD) if "approval" in m.message["Subject"]]
        talk.write(HEAD, talk.action(asked[-1], "Approve"), "until 31 March 2027 because of work")
        assert rows(talk, t.link_approvals) == []
        assert OWN in talk.mail_for(HEAD)[-1].text


def test_the_other_parent_of_a_leaders_child_is_removed_by_somebody_else(tmp_path):
    with school(tmp_path, staff=LEADERS, families=HEAD_IS_BENS) as talk:
        report(talk)
        to_head = [m for m in talk.mail_for(HEAD) if "reported" in m.message["Subject"]]
        assert to_head == []
        to_vane = next(m for m in talk.mail_for(VANE) if "reported" in m.message["Subject"])
        talk.write(VANE, talk.action(to_vane, "Remove from messaging"), "because of threats")
        assert guardian(talk).removed_from is not None


def test_a_leader_alone_does_not_remove_the_other_parent_of_their_child(tmp_path):
    with school(tmp_path) as talk:
        to_head = reported(talk)
        [head] = rows(talk, t.staff, address=HEAD)
        [daniel] = rows(talk, t.guardians, name="Daniel Okoro")
        with talk.gateway.store.begin() as connection:
            connection.execute(
                t.guardian_addresses.insert().values(
                    guardian_id=daniel.guardian_id, school_id=head.school_id, address=HEAD
                )
            )
        talk.write(HEAD, talk.action(to_head, "Remove from messaging"), "because of threats")
        assert guardian(talk).removed_from is None
        assert OWN in talk.mail_for(HEAD)[-1].text


def test_office_staff_who_are_removed_as_parents_are_not_told_in_the_offices_mail(tmp_path):
    families = [(*row[:5], OFFICE) if row[4] == "Amina Okoro" else row for row in FAMILIES]
    with school(tmp_path, families=tuple(families)) as talk:
        talk.write(OFFICE, ROOM_3B, QUESTION)
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
        talk.write(KHAN, talk.action(talk.mail_for(KHAN)[-1], "Report"), "")
        to_head = next(m for m in talk.mail_for(HEAD) if "reported" in m.message["Subject"])
        talk.write(HEAD, talk.action(to_head, "Remove from messaging"), "because of threats")
        assert guardian(talk).removed_from is not None
        told = [m for m in talk.mail_for(OFFICE) if "Amina Okoro cannot write" in m.text]
        assert told == []


def report(talk):
    """Let the teacher report a message of Amina's."""
    talk.write(AMINA, ROOM_3B, QUESTION)
    talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
    digest = talk.mail_for(KHAN)[-1]
    talk.write(KHAN, talk.action(digest, "Report"), "")
    assert message(talk, KHAN).ending == "carried out"


def test_one_of_the_same_full_name_is_taken_for_the_same_person(tmp_path):
    families = (*FAMILIES, ("P2", "Zoe", "Price", "3B", "Sian Vane", "sian@home.example"))
    staff = (*STAFF, ("Mrs Sian Vane", VANE, "slt", "", 5))
    with school(tmp_path, staff=staff, families=families) as talk:
        talk.write(VANE, PEOPLE, f"unlink {DANA} from Zoe Price", subject="")
        assert OWN in talk.mail_for(VANE)[-1].text
        assert NEW not in addresses_of(talk, "Dana Price")
