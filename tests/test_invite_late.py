"""A code counts by when it came, however late it is settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from gateway.store import schema as t
from gateway.store.spool import Arrival, write_arrivals
from tests.installation import authenticated
from tests.invited import LINK, NEW, REFUSED, WORKED, School, inviting


def arrived(school: School, code: str, at: datetime) -> list[str]:
    """Settle now a code that came at `at`; return the subjects of the answers."""
    octets = (
        authenticated(NEW.partition("@")[2], "pass")
        + (
            f"From: {NEW}\r\nTo: {LINK}\r\nSubject: Code\r\n"
            f"Message-ID: <{at.timestamp()}@new.example>\r\n"
            "Date: Tue, 24 Nov 2026 09:00:00 +0000\r\n\r\n"
            f"My code is {code}\r\n"
        ).encode()
    )
    school_id = school.gateway.stage.program.school.school_id
    came = Arrival(octets, NEW, ((LINK, school_id),), "smtp", "127.0.0.1", "mx", False, at)
    before = len(school.mail_for(NEW))
    with school.gateway.store.begin() as connection:
        write_arrivals(connection, [came])
    school.gateway.stage.program.rounds.wake()
    return [str(mail.message["Subject"]) for mail in school.mail_for(NEW)[before:]]


def test_a_code_is_good_until_its_last_second_and_not_one_longer(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        midnight = school.rows(t.invites)[0].expires
        school.at(midnight + timedelta(hours=9))
        assert arrived(school, code, midnight) == [REFUSED]
        assert arrived(school, code, midnight - timedelta(seconds=1)) == [WORKED]


def test_a_link_that_ended_while_the_code_waited_is_no_fault_of_the_mail(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        now = school.gateway.clock.now()
        school.change(t.links, ends=now.date())
        school.at(now + timedelta(days=1))
        assert arrived(school, code, now) == [WORKED]
        assert {row.state for row in school.rows(t.messages)} == {"settled"}
