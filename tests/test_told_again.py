"""A parent who was told a time is told the new one, whatever moved it: not hidden, not twice."""

import re
from datetime import date

from sqlalchemy import select, update

from gateway.store import schema as t
from gateway.store.attempts import Attempt
from gateway.work.smarthost import Smarthost
from tests.hours_talk import AMINA, HOURS, HUGHES, KHAN, ROOM, on, signed, talking
from tests.installation import OFFICE
from tests.staged import restarted

QUESTION = "Which book should Ben bring?"


def close(talk, line):
    talk.write(OFFICE, HOURS, line)
    talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")


def the_promise(talk):
    with talk.gateway.store.read() as connection:
        return connection.execute(select(t.promises)).one()


def test_a_closure_on_the_day_of_the_answer_is_told_although_it_was_read(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        talk.at(on(25, 6, 40))
        talk.write(OFFICE, HOURS, "closed today: snow")
        assert "1 promised answer comes later" in talk.mail_for(OFFICE)[-1].text
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        [held, moved] = talk.mail_for(AMINA)
        assert "8.30am tomorrow" in held.text
        assert "will answer by 8.30am today" in moved.text
        assert "snow" in moved.text
        assert "will now answer by 8.30am tomorrow" in moved.text
        promise = the_promise(talk)
        assert promise.due == on(25, 8, 30)  # as promised: shown beside the new one, not changed
        assert promise.moved_due == on(26, 8, 30)


def test_an_answer_is_late_from_the_time_that_was_told_last(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        talk.at(on(25, 6, 40))
        close(talk, "closed today: snow")
        talk.at(on(26, 8, 20))
        assert not any("late" in str(mail.message["Subject"]) for mail in talk.mail_for(KHAN))
        talk.at(on(27, 12))
        [late] = [m for m in talk.mail_for(OFFICE) if "Answer promised by" in m.text]
        assert "Thursday 26 November, 8.30am" in late.text


def test_a_closure_before_anything_is_read_tells_only_of_the_answer(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        close(talk, "closed tomorrow: snow")
        [_held, moved] = talk.mail_for(AMINA)
        assert "reads your message" not in moved.text
        assert "will now answer by" in moved.text
        close(talk, "closed Thu: snow")
        assert len(talk.mail_for(AMINA)) == 3
        talk.at(on(24, 15, 31))
        [digest] = [mail for mail in talk.mail_for(KHAN) if QUESTION in mail.text]
        assert "We told the parent of a later answer: by" in digest.text


def test_a_closure_that_leaves_both_times_as_they_were_tells_nobody(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        close(talk, "closed Fri: heating")
        close(talk, "early closing Thu 13:15")
        assert len(talk.mail_for(AMINA)) == 1


def test_one_teachers_own_quiet_time_moves_the_answer_without_a_reason(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        talk.at(on(24, 18))
        talk.write(KHAN, HOURS, "quiet tomorrow: chemotherapy")
        moved = talk.mail_for(AMINA)[-1]
        assert "will now answer by" in moved.text
        assert "closed" not in moved.text
        assert "hours have changed" not in moved.text


def test_a_new_policy_tells_who_was_told_another_time_once(tmp_path):
    def shorter(text):
        text = text.replace('["08:00-08:30", "15:30-17:00"]', '["15:30-17:00"]')
        return re.sub(r'(?m)^version = ".*"', 'version = "next"', text)

    with talking(tmp_path, on(24, 18), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        first = talk.gateway
        with restarted(first, shorter) as again:
            talk.gateway = again
            talk.at(on(24, 19))
            assert "3.30pm tomorrow" in talk.mail_for(AMINA)[-1].text
            with restarted(again) as once_more:
                talk.gateway = once_more
                talk.at(on(25, 15, 31))
                assert len(talk.mail_for(AMINA)) == 2
                assert QUESTION in talk.mail_for(KHAN)[-1].text
        talk.gateway = again


def test_a_message_whose_reader_leaves_is_the_next_readers_and_its_parent_is_told(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(KHAN, HOURS, "quiet 8:00-8:30 tomorrow")
        talk.write(AMINA, ROOM, QUESTION)
        with talk.gateway.store.begin() as connection:
            s, c = t.staff.c, t.class_staff.c
            heir = connection.execute(select(s.staff_id).where(s.address == HUGHES)).scalar()
            khan = connection.execute(select(s.staff_id).where(s.address == KHAN)).scalar()
            connection.execute(
                update(t.class_staff).where(c.staff_id == khan).values(staff_id=heir)
            )
            connection.execute(
                update(t.staff).where(s.staff_id == khan).values(ends=date(2026, 11, 23))
            )
            versions = t.schools.c.roster_version + 1
            connection.execute(update(t.schools).values(roster_version=versions))
        talk.write(OFFICE, HOURS, f"quiet 15:30-17:00 today for {HUGHES}")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        moved = talk.mail_for(AMINA)[-1]
        assert "Mr Hughes now reads it at 8am tomorrow" in moved.text
        talk.at(on(25, 8, 1))
        assert QUESTION in talk.mail_for(HUGHES)[-1].text
        assert not any(QUESTION in mail.text for mail in talk.mail_for(KHAN))


def test_a_digest_that_waits_in_the_outbox_when_the_school_closes_is_read_and_told_later(
    tmp_path, monkeypatch
):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, QUESTION)
        away = Attempt("deferred", None, "away", away=True)
        with monkeypatch.context() as broken:
            broken.setattr(Smarthost, "attempt", lambda _self, _leased, _seconds: away)
            talk.at(on(24, 18))
        talk.at(on(24, 18, 30))
        close(talk, "closed tomorrow: snow")
        [_held, moved] = talk.mail_for(AMINA)
        assert "reads your message at 3.30pm today" in moved.text
        assert "now reads it at 8am on Thursday 26 November" in moved.text
        talk.at(on(26, 9))
        [digest] = [mail for mail in talk.mail_for(KHAN) if QUESTION in mail.text]
        assert digest.at == on(26, 8)
