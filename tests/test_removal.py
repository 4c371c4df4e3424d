"""Only the leadership takes a parent off messaging, and lets them back; nobody else is affected."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gateway.store import removals
from gateway.store import schema as t
from tests.people_world import (
    AMINA,
    DANIEL,
    HEAD,
    KHAN,
    OFFICE,
    QUESTION,
    ROOM_3B,
    ids_of,
    later,
    message,
    rows,
    school,
)

HOUSE = Path(__file__).resolve().parents[1]


def reported(talk):
    """Let the teacher report a message of Amina's; return the mail to the head."""
    talk.write(AMINA, ROOM_3B, QUESTION)
    talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
    digest = talk.mail_for(KHAN)[-1]
    talk.write(KHAN, talk.action(digest, "Report"), "")
    return next(
        mail for mail in reversed(talk.mail_for(HEAD)) if "reported" in mail.message["Subject"]
    )


def removed(talk, words="until 31 March 2027 because of threats to staff"):
    report = reported(talk)
    talk.write(HEAD, talk.action(report, "Remove from messaging"), words)
    return talk.mail_for(HEAD)[-1]


def guardian(talk, name="Amina Okoro"):
    [row] = rows(talk, t.guardians, name=name)
    return row


def test_the_head_removes_a_parent_until_a_day_and_for_a_reason(tmp_path):
    with school(tmp_path) as talk:
        done = removed(talk)
        assert "Removed from messaging" in done.message["Subject"]
        assert "until Wednesday 31 March 2027" in done.text
        row = guardian(talk)
        assert (row.removed_from, row.removed_until) == (date(2026, 11, 24), date(2027, 3, 31))
        [removal] = rows(talk, t.removals)
        assert removal.reason == "of threats to staff"
        notice = talk.mail_for(AMINA)[-1]
        assert "cannot write to teachers" in notice.text
        assert "until Wednesday 31 March 2027" in notice.text
        assert "threats" not in notice.text
        assert "Removed from messaging" in talk.mail_for(OFFICE)[-1].message["Subject"]
        assert all("threats" not in str(one.detail) for one in rows(talk, t.journal))


def test_mail_of_a_removed_parent_reaches_the_office_and_no_teacher(tmp_path):
    with school(tmp_path) as talk:
        removed(talk)
        talk.write(AMINA, ROOM_3B, "Will the trip go ahead on Friday?")
        later(talk)
        assert message(talk, AMINA).ending == "office queue"
        assert "Will the trip go ahead" in talk.mail_for(OFFICE)[-1].text
        talk.at(talk.gateway.clock.now().replace(hour=16, minute=31))
        assert all("Will the trip go ahead" not in mail.text for mail in talk.mail_for(KHAN))


def test_a_disclosure_of_a_removed_parent_reaches_the_lead(tmp_path):
    with school(tmp_path) as talk:
        removed(talk)
        talk.write(AMINA, ROOM_3B, "Ben says that his uncle hits him. He is afraid to go home.")
        assert message(talk, AMINA).ending == "with DSL or SLT"


def test_the_other_guardian_is_not_affected(tmp_path):
    with school(tmp_path) as talk:
        removed(talk)
        talk.write(DANIEL, ROOM_3B, QUESTION)
        assert message(talk, DANIEL).ending == "waiting"
        assert guardian(talk, "Daniel Okoro").removed_from is None


def test_an_answer_to_a_removed_parent_is_kept_back_and_the_office_told(tmp_path):
    with school(tmp_path) as talk:
        talk.write(AMINA, ROOM_3B, QUESTION)
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
        digest = talk.mail_for(KHAN)[-1]
        talk.write(KHAN, talk.action(digest, "Report"), "")
        report = talk.mail_for(HEAD)[-1]
        talk.write(HEAD, talk.action(report, "Remove from messaging"), "because of threats")
        had = len(talk.mail_for(AMINA))
        talk.write(KHAN, talk.reply_address(digest), "The blue one, please.", answering=digest)
        later(talk, minutes=30)
        assert len(talk.mail_for(AMINA)) == had


def test_without_a_day_a_removal_ends_with_the_school_year(tmp_path):
    with school(tmp_path) as talk:
        removed(talk, "because of threats to staff")
        assert guardian(talk).removed_until == date(2027, 8, 31)


@pytest.mark.parametrize(
    "words", ["", "until 31 March 2027", "until soon because he shouted", "because",
              "until 1 March 2026 because he shouted", "until 31 March 2029 because he shouted"]
)  # fmt: skip
def test_without_a_reason_or_a_day_that_is_understood_nobody_is_removed(tmp_path, words):
    with school(tmp_path) as talk:
        refused = removed(talk, words)
        assert guardian(talk).removed_from is None
        assert "remove a parent from messaging. We did not do it" in refused.text


def test_the_head_lets_them_back_and_they_are_told(tmp_path):
    with school(tmp_path) as talk:
        back = talk.action(removed(talk), "Let them back")
        for other in (KHAN, OFFICE, AMINA):
            talk.write(other, back, "")
        assert guardian(talk).removed_from is not None
        talk.write(HEAD, back, "")
        assert guardian(talk).removed_from is None
        assert "You can write to classes again" in talk.mail_for(AMINA)[-1].message["Subject"]
        talk.write(AMINA, ROOM_3B, "Thank you. Which reading book is it?")
        assert message(talk, AMINA).ending == "waiting"
        [removal] = rows(talk, t.removals)
        assert removal.returned is not None


def test_a_removal_ends_by_itself_on_its_day(tmp_path):
    with school(tmp_path) as talk:
        removed(talk, "until 25 November 2026 because of threats")
        talk.at(talk.gateway.clock.now().replace(day=26, hour=9))
        talk.write(AMINA, ROOM_3B, "Is there PE today?")
        assert message(talk, AMINA).ending == "waiting"


def test_the_report_says_what_went_before_in_this_school_year(tmp_path):
    with school(tmp_path) as talk:
        assert "Nothing of this kind went before." in reported(talk).text
        talk.at(talk.gateway.clock.now().replace(day=25, hour=9))
        talk.write(AMINA, ROOM_3B, "Which song is it for the show?")
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
        talk.write(KHAN, talk.action(talk.mail_for(KHAN)[-1], "Report"), "")
        text = talk.mail_for(HEAD)[-1].text
        assert "Since 1 September: reported once, reminded never" in text
        assert "Tuesday 24 November, 3.31pm: reported by Miss Khan" in text


@pytest.mark.parametrize("name", ["Miss Khan", "School office", "Mrs Adeyemi"])
def test_the_store_itself_refuses_a_removal_by_anybody_but_the_leadership(tmp_path, name):
    with school(tmp_path) as talk:
        [person] = rows(talk, t.staff, name=name)
        guardian_id, _ben = ids_of(talk, "Amina Okoro")
        today = date(2026, 11, 24)
        with pytest.raises(removals.NotALeader), talk.gateway.store.begin() as connection:
            removals.remove(
                connection,
                school_id=person.school_id,
                guardian_id=guardian_id,
                removed_by=person.staff_id,
                reason="tired of it",
                begins=today,
                ends=None,
                spool_id=None,
                now=talk.gateway.clock.now(),
            )
        assert guardian(talk).removed_from is None


def test_one_module_alone_writes_that_somebody_is_removed():
    """No count, no rule and no import may take a parent off (G14)."""
    writes = re.compile(
        r"removed_from\s*=[^=]|[\"']removed_from[\"']\s*:|removals\)\s*\.values|insert\(t?\.?removals"
    )
    found = {
        str(path.relative_to(HOUSE))
        for path in (HOUSE / "gateway").rglob("*.py")
        if writes.search(path.read_text("utf-8"))
    }
    # An import that finds two contacts to be one keeps what the leadership decided of either.
    assert found == {"gateway/store/removals.py", "gateway/imports/merging.py"}
