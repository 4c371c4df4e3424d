"""The mail that brings a code: what becomes of code and mail when it cannot or must not arrive."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.invites.issuing import Invitation, children_of
from gateway.invites.mailing import invite_by_mail
from gateway.program import letters_for
from gateway.store import invites
from gateway.store import schema as t
from rules.codes import grouped
from tests.installation import DOMAIN
from tests.invited import DANA, REFUSED, WORKED, School, inviting
from tests.settled import run

REFUSING = "dana.hill+550@parent.example"
AWAY = "dana.hill+451@parent.example"


def family(address: str) -> tuple[tuple[str, ...], ...]:
    return (("P2", "Poppy", "Hill", "3B", "Dana Hill", address),)


def mail_codes(school: School) -> tuple[list[Invitation], list[str]]:
    """Mail a code to each contact of Poppy who may have one; return those, and why others not."""
    stage, now = school.gateway.stage, school.gateway.clock.now()
    letters = letters_for(stage.configuration, stage.program.school)
    with school.gateway.store.begin() as connection:
        today = letters.school.today(now)
        (child,) = children_of(connection, letters.school, today, reference="P2")
        issued, refused = invite_by_mail(connection, letters, child, now=now)
    return issued, [one.why for one in refused]


def mail_code(school: School) -> Invitation:
    """Mail a code to Poppy's one contact."""
    (one,), _refused = mail_codes(school)
    return one


def rows_with_codes(school: School) -> list[str]:
    """Return the states of the invite mails that still hold their code."""
    return [row.state for row in school.rows(t.outbox) if row.kind == "invite" and row.octets]


def states(school: School) -> list[str]:
    now = school.gateway.clock.now()
    return [invites.state_of(row, now) for row in school.rows(t.invites)]


def test_a_code_whose_mail_was_refused_is_revoked_and_kept_nowhere(tmp_path: Path):
    with inviting(tmp_path, family(REFUSING)) as school:
        one = mail_code(school)
        school.gateway.stage.settle()
        assert [row.state for row in school.rows(t.outbox)] == ["failed"]
        assert rows_with_codes(school) == []
        assert states(school) == ["revoked"]
        assert school.send(grouped(one.code), "dana@new.example") == [REFUSED]


def test_a_code_whose_mail_is_given_up_after_days_is_revoked_too(tmp_path: Path):
    with inviting(tmp_path, family(AWAY)) as school:
        mail_code(school)
        school.gateway.stage.settle()
        assert rows_with_codes(school) == ["waiting"]
        school.at(school.gateway.clock.now() + timedelta(days=6))
        assert rows_with_codes(school) == []
        assert states(school) == ["revoked"]


def test_a_code_that_was_revoked_is_not_mailed_any_more(tmp_path: Path):
    with inviting(tmp_path, family(AWAY)) as school:
        one = mail_code(school)
        school.gateway.stage.settle()
        with school.gateway.store.begin() as connection:
            invites.revoke(connection, one.invite_id, school.gateway.clock.now())
        school.change(t.outbox, recipient=DANA, not_before=school.gateway.clock.now())
        school.gateway.stage.settle()
        assert school.mail_for(DANA) == []
        assert rows_with_codes(school) == []


@pytest.mark.parametrize("change", ["barred", "removed", "address"])
def test_who_may_not_be_invited_any_more_is_not_sent_the_mail_that_waited(
    tmp_path: Path, change: str
):
    with inviting(tmp_path, family(AWAY)) as school:
        mail_code(school)
        school.gateway.stage.settle()
        if change == "barred":
            school.change(t.links, barred=True)
        elif change == "removed":
            school.change(t.guardians, removed_from=school.gateway.clock.now().date())
        else:
            school.change(t.guardian_addresses, address="somebody@else.example")
        school.change(t.outbox, recipient=DANA if change != "address" else AWAY)
        if change != "address":
            school.change(t.guardian_addresses, address=DANA)
        school.change(t.outbox, not_before=school.gateway.clock.now())
        school.gateway.stage.settle()
        assert school.mail_for(DANA) == []
        assert [row.state for row in school.rows(t.outbox)] == ["withdrawn"]
        assert rows_with_codes(school) == []
        assert states(school) == ["revoked"]


def test_a_newer_code_takes_the_older_mail_back(tmp_path: Path):
    with inviting(tmp_path, family(AWAY)) as school:
        mail_code(school)
        school.gateway.stage.settle()
        school.change(t.outbox, recipient=DANA)
        school.change(t.guardian_addresses, address=DANA)
        newer = mail_code(school)
        school.change(t.outbox, not_before=school.gateway.clock.now())
        school.gateway.stage.settle()
        (mail,) = school.mail_for(DANA)
        assert grouped(newer.code) in mail.text


def test_a_mailbox_shared_with_somebody_barred_is_sent_no_code(tmp_path: Path):
    shared = "the.hills@parent.example"
    two = (*family(shared), ("P2", "Poppy", "Hill", "3B", "Rob Hill", "rob.hill@parent.example"))
    with inviting(tmp_path, two) as school:
        with school.gateway.store.begin() as connection:
            rob = next(
                row.guardian_id
                for row in connection.execute(t.guardians.select())
                if row.name == "Rob Hill"
            )
            connection.execute(
                t.links.update().where(t.links.c.guardian_id == rob).values(barred=True)
            )
            connection.execute(
                t.guardian_addresses.update()
                .where(t.guardian_addresses.c.guardian_id == rob)
                .values(address=shared)
            )
        issued, refused = mail_codes(school)
        assert issued == []
        assert any("somebody barred from the child has it too" in why for why in refused)
        assert school.mail_for(shared) == []
        assert len(school.invite("P2")[0]) == 1  # a letter may go to her


def test_a_mail_that_cannot_be_written_gives_out_no_code(tmp_path: Path):
    with inviting(tmp_path, family(DANA)) as school:
        school.change(t.guardian_addresses, address=f".{DANA}")
        issued, (why,) = mail_codes(school)
        assert issued == []
        assert "could not be written" in why
        assert states(school) == ["revoked"]


def test_an_honest_mail_still_brings_its_code(tmp_path: Path):
    with inviting(tmp_path, family(DANA)) as school:
        one = mail_code(school)
        school.gateway.stage.settle()
        (mail,) = school.mail_for(DANA)
        assert grouped(one.code) in mail.text
        assert rows_with_codes(school) == []
        assert states(school) == ["open"]
        assert school.send(grouped(one.code), DANA) == [WORKED]


def test_a_failed_mail_that_is_tried_again_by_hand_stays_where_it_is(tmp_path: Path):
    with inviting(tmp_path, family(REFUSING)) as school:
        mail_code(school)
        school.gateway.stage.settle()
        (failed,) = school.rows(t.outbox)
        run(tmp_path, "queue", "--retry", failed.outbox_id)
        school.change(t.outbox, recipient=DANA)
        school.at(school.gateway.clock.now() + timedelta(minutes=10))
        assert school.mail_for(DANA) == []


def test_the_office_that_asked_for_a_code_is_told_that_its_mail_did_not_arrive(tmp_path: Path):
    office = "office@oakfield.example"
    with inviting(tmp_path, family(REFUSING)) as school:
        school.write(office, f"people@{DOMAIN}", "invite Poppy Hill")
        review = school.mail_for(office)[-1]
        school.write(office, school.action(review, "Yes, do this"), "")
        assert states(school) == ["revoked"]
        assert "a letter is needed" in school.office_list()
        assert school.gateway.audit().faults == ()
