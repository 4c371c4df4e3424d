"""Why a teacher reads less is theirs: no journal, no other person and no parent hears of it."""

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from tests.hours_talk import AMINA, FAMILIES, HOURS, HUGHES, KHAN, ROOM, STAFF, on, signed, talking
from tests.installation import OFFICE
from tests.staged import staged
from tests.talk import Talk

WHY = "chemotherapy"


def said_anywhere(talk, *but):
    """Return where the reason stands: mails to anybody but these, and rows but the mail itself."""
    found = [m.recipient for m in talk.gateway.taken if WHY in m.text and m.recipient not in but]
    with talk.gateway.store.read() as connection:
        for table in (
            t.journal,
            t.calendar_changes,
            t.calendar_entries,
            t.digest_items,
            t.register,
        ):
            rows = connection.execute(select(table)).all()
            found += [table.name for row in rows if WHY in str(row).lower()]
    return found


@pytest.mark.parametrize(
    "line",
    [
        f"leave tomorrow: {WHY}",
        f"quiet tomorrow: {WHY}",
        f"quiet 15:30-17:00 today: {WHY}",
        f"training Fri 15:30-17:00: {WHY}",
        f"quiet tomorrow {WHY}",
        f"{WHY} tomorrow",
    ],
)
def test_a_teachers_own_reason_stands_in_no_row_and_no_mail_to_anybody_else(tmp_path, line):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(KHAN, HOURS, line)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.at(on(26, 9))
        assert said_anywhere(talk, KHAN) == []


def test_the_office_takes_leave_down_without_its_reason(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(OFFICE, HOURS, f"leave tomorrow for {KHAN}: {WHY}")
        shown = talk.mail_for(OFFICE)[-1]
        assert "Miss Khan is away on Wednesday 25 November." in shown.text
        talk.write(OFFICE, signed(shown), "")
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.at(on(26, 9))
        assert said_anywhere(talk) == []


def test_a_leaders_own_reason_is_not_shown_to_whoever_undoes_the_change(tmp_path):
    staff = [STAFF[0], ("Mr Hughes", HUGHES, "slt;teacher", "5A", 0)]
    with staged(tmp_path, on(24, 15, 32), staff, FAMILIES, speed=0) as gateway:
        talk = Talk(gateway)
        talk.write(HUGHES, HOURS, f"quiet Fri: {WHY}")
        talk.write(HUGHES, signed(talk.mail_for(HUGHES)[-1]), "")
        talk.write(OFFICE, HOURS, "undo")
        assert "Friday 27 November" in talk.mail_for(OFFICE)[-1].text
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        assert said_anywhere(talk) == []


def test_the_reason_of_a_closure_is_told_to_the_parents(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OFFICE, HOURS, "closed today: burst pipe")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        assert "burst pipe" in talk.mail_for(AMINA)[-1].text
