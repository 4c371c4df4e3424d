"""A third adult is linked only by an approval, which ends on its day and is warned of (G6)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from gateway.store.approvals import approvals_of, approve, end, open_approvals
from gateway.store.links import LinkRefused, find_link, set_standing, unlink
from gateway.store.schema import guardians, links, staff
from rules.links import LinkStanding
from tests.installation import OFFICE
from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, ROSE = "khan@oakfield.example", "rose@parent.example"
ROOM = "3b@class.oakfield.example"
STAFF = [("Miss Khan", KHAN, "teacher", "3B", 0)]
FAMILIES = [
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", "amina@parent.example"),
    ("P1", "Ben", "Okoro", "3B", "Daniel Okoro", "daniel@parent.example"),
    ("P1", "Ben", "Okoro", "3B", "Rose Okoro", ROSE),
]
TODAY = date(2026, 11, 24)
QUESTION = "Which book should Ben bring on Thursday?"


def on(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def pair(connection):
    query = (
        select(links.c.guardian_id, links.c.pupil_id)
        .join(guardians, guardians.c.guardian_id == links.c.guardian_id)
        .where(guardians.c.name == "Rose Okoro")
    )
    return tuple(connection.execute(query).one())


def approved(talk, ends, begins=TODAY, reason="she collects Ben on three days"):
    with talk.gateway.store.begin() as connection:
        head = connection.execute(select(staff.c.staff_id).limit(1)).scalar_one()
        return approve(
            connection,
            *pair(connection),
            approved_by=head,
            reason=reason,
            begins=begins,
            ends=ends,
            today=TODAY,
            now=on(24, 9),
        )


def standing(talk, day=TODAY):
    with talk.gateway.store.read() as connection:
        return find_link(connection, *pair(connection), day).standing


def about_approvals(talk):
    return [mail for mail in talk.mail_for(OFFICE) if "An approval" in mail.message["Subject"]]


def test_a_third_cannot_write_to_the_class_until_it_is_approved(talk):
    talk.write(ROSE, ROOM, QUESTION)
    approved(talk, date(2027, 3, 31))
    assert standing(talk) is LinkStanding.ACTIVE
    talk.write(ROSE, ROOM, QUESTION)
    talk.at(on(24, 16))
    assert sum(mail.text.count("Which book") for mail in talk.mail_for(KHAN)) == 1


def test_a_third_stops_receiving_on_the_day_after_the_last(talk):
    approved(talk, date(2026, 11, 25))
    talk.write(ROSE, ROOM, QUESTION)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    answer_to = talk.reply_address(digest)
    talk.write(KHAN, answer_to, "The blue one, please.")
    assert "The blue one" in talk.mail_for(ROSE)[-1].text
    talk.at(on(26, 15, 40))
    before = len(talk.mail_for(ROSE))
    talk.write(KHAN, answer_to, "And the red one.")
    talk.at(on(27, 10))
    assert len(talk.mail_for(ROSE)) == before
    assert standing(talk, date(2026, 11, 26)) is LinkStanding.WAITING


def test_the_end_holds_though_no_round_has_run(talk):
    approved(talk, date(2026, 11, 25))
    with talk.gateway.store.read() as connection:
        both = pair(connection)
        assert find_link(connection, *both, date(2026, 11, 25)).is_active
        assert not find_link(connection, *both, date(2026, 11, 26)).is_active


def test_the_office_is_told_fourteen_days_before_the_end_and_of_the_end_once_each(talk):
    approved(talk, date(2026, 12, 10))
    talk.at(on(25, 23, 59))
    assert about_approvals(talk) == []
    talk.at(on(26, 9))
    [soon] = about_approvals(talk)
    assert "Rose Okoro can write to us about Ben Okoro" in soon.text
    assert "ends on Thursday 10 December" in soon.text
    assert "collects" not in soon.text  # the reason is for the leadership
    talk.at(on(12, 9, month=12))
    assert [mail.message["Subject"] for mail in about_approvals(talk)[1:]] == [
        "An approval has ended"
    ]
    with talk.gateway.store.read() as connection:
        school_id = talk.gateway.stage.program.school.school_id
        assert open_approvals(connection, school_id) == ()
        (kept,) = approvals_of(connection, pair(connection)[0])
    assert kept.reason == "she collects Ben on three days"
    assert kept.ended is not None


def test_an_approval_may_begin_later_and_opens_on_its_first_day(talk):
    approved(talk, date(2027, 3, 31), begins=date(2026, 11, 26))
    assert standing(talk) is LinkStanding.WAITING
    talk.at(on(26, 9))
    assert standing(talk) is LinkStanding.ACTIVE


def test_who_was_unlinked_meanwhile_is_not_opened_by_an_approval(talk):
    approved(talk, date(2027, 3, 31), begins=date(2026, 11, 26))
    with talk.gateway.store.begin() as connection:
        unlink(connection, *pair(connection), today=TODAY)
    talk.at(on(26, 9))
    with talk.gateway.store.read() as connection:
        assert find_link(connection, *pair(connection), date(2026, 11, 26)) is None


def test_ending_an_approval_twice_does_it_once(talk):
    approved(talk, date(2026, 11, 25))
    school_id = talk.gateway.stage.program.school.school_id
    with talk.gateway.store.begin() as connection:
        (one,) = open_approvals(connection, school_id)
        assert end(connection, one, on(26, 9))
        assert not end(connection, one, on(26, 9))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"reason": "  "}, "needs a reason"),
        ({"ends": TODAY - timedelta(days=1)}, "is before the first"),
        ({"ends": TODAY - timedelta(days=1), "begins": date(2026, 11, 1)}, "is past"),
        ({"ends": date(2028, 1, 1)}, "a year at most"),
    ],
)
def test_an_approval_needs_a_reason_and_an_end(talk, words, why):
    with pytest.raises(LinkRefused, match=why):
        approved(talk, **{"ends": date(2027, 3, 31), **words})


def test_nobody_approves_away_a_bar(talk):
    with talk.gateway.store.begin() as connection:
        guardian_id, _ = pair(connection)
        barred = update(links).where(links.c.guardian_id == guardian_id).values(barred=True)
        connection.execute(barred)
    with pytest.raises(LinkRefused, match="only the records lift a bar"):
        approved(talk, date(2027, 3, 31))


def test_whoever_is_refused_later_is_not_active_though_the_approval_runs(talk):
    approved(talk, date(2027, 3, 31))
    with talk.gateway.store.begin() as connection:
        set_standing(connection, *pair(connection), LinkStanding.REFUSED)
    talk.at(on(25, 9))
    assert standing(talk) is LinkStanding.REFUSED


def test_an_approval_begins_late_where_nothing_ran_on_its_first_day(talk):
    approved(talk, date(2026, 12, 11), begins=date(2026, 11, 28))
    talk.at(on(30, 9))
    assert standing(talk, date(2026, 11, 30)) is LinkStanding.ACTIVE


def test_no_approval_opens_what_the_records_have_restricted_before_its_first_day(talk):
    approved(talk, date(2026, 12, 11), begins=date(2026, 11, 26))
    with talk.gateway.store.begin() as connection:
        connection.execute(update(links).values(restricted_reason="court order"))
    talk.at(on(26, 9))
    assert standing(talk, date(2026, 11, 26)) is LinkStanding.WAITING


def test_what_somebody_shut_after_an_approval_began_is_not_opened_again(talk):
    approved(talk, date(2026, 12, 11), begins=date(2026, 11, 26))
    talk.at(on(26, 9))
    with talk.gateway.store.begin() as connection:
        set_standing(connection, *pair(connection), LinkStanding.WAITING)
    talk.at(on(27, 9))
    assert standing(talk, date(2026, 11, 27)) is LinkStanding.WAITING
