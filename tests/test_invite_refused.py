"""Codes that do not work: one neutral answer, a lock, and nothing that a guesser could learn."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gateway.store import schema as t
from rules.codes import code_of, grouped
from tests.invited import NEW, REFUSED, WORKED, inviting
from tests.mailroom import Delivery


def without_its_ids(mail: Delivery) -> bytes:
    """Return a mail without what must differ: ids, date, boundaries, and to whom it goes."""
    kept = re.sub(rb"(?mi)^(Message-ID|Date|In-Reply-To|References|To):.*\r\n", b"", mail.octets)
    return re.sub(rb"=_[0-9a-f]+", b"", kept)


def test_wrong_used_revoked_and_expired_codes_are_answered_with_the_same_octets(tmp_path: Path):
    with inviting(tmp_path) as school:
        used, revoked = school.code("P2"), school.code("P3")
        assert school.send(used, "first@one.example") == [WORKED]
        expired = school.code("P1")
        school.code("P3")  # a new letter makes the older code useless
        school.at(school.gateway.clock.now() + timedelta(days=31))
        tries = [grouped(code_of(4711)), used, revoked, expired]
        answers = []
        for number, code in enumerate(tries):
            sender = f"somebody@place{number}.example"
            assert school.send(code, sender) == [REFUSED]
            answers.append(school.mail_for(sender)[0])
        mistyped = school.send("ABCD-EFGH-IJK", "somebody@place9.example")
        assert mistyped == [REFUSED]
        answers.append(school.mail_for("somebody@place9.example")[0])
        assert len({without_its_ids(mail) for mail in answers}) == 1
        assert not re.search("Poppy|Ben|Max|Okoro|Hill|3B", answers[0].text)


def test_ten_wrong_codes_lock_an_address_until_tomorrow_and_the_office_is_told_once(
    tmp_path: Path,
):
    with inviting(tmp_path) as school:
        right = school.code("P2")
        for number in range(10):
            assert school.send(grouped(code_of(1000 + number))) == [REFUSED]
        assert school.send(right) == [REFUSED]  # even the right one
        assert school.send(grouped(code_of(99))) == [REFUSED]
        assert school.office_list().count("it is locked until tomorrow") == 1
        assert [row.used for row in school.rows(t.invites)] == [None]
        assert school.send(right, "dana@elsewhere.example") == [WORKED]
        another = school.code("P3")
        school.at(school.gateway.clock.now() + timedelta(days=1))
        assert school.send(another) == [WORKED]


def test_slips_of_the_pen_count_as_no_guess(tmp_path: Path):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        for letter in "OSZAE5":
            assert school.send(code[:-1] + letter) == [REFUSED]
        assert [row.tried for row in school.rows(t.wrong_codes)] == [0] * 6
        assert school.send(code) == [WORKED]


def test_two_hundred_wrong_codes_over_all_addresses_are_told_to_the_office(tmp_path: Path):
    with inviting(tmp_path) as school:
        school.send(grouped(code_of(1)), "one@somewhere.example")
        school.change(t.wrong_codes, tried=199)
        school.send(grouped(code_of(2)), "two@somewhere.example")
        school.send(grouped(code_of(3)), "three@somewhere.example")
        assert school.office_list().count("somebody may be guessing") == 1


def test_no_code_can_be_found_in_the_store(tmp_path: Path):
    with inviting(tmp_path) as school:
        codes = [school.code(pupil) for pupil in ("P1", "P2", "P3")]
    written = b"".join(path.read_bytes() for path in tmp_path.glob("schoolgate.db*"))
    assert b"P1" in written
    for code in codes:
        for form in (code, code.replace("-", "")):
            assert form.encode() not in written
            assert form.lower().encode() not in written


@pytest.mark.parametrize(
    "after", ["UPDATE invites", "INSERT INTO acceptances", "INSERT INTO outbox"]
)
def test_broken_off_in_the_middle_a_code_is_used_once_and_whole(tmp_path: Path, after: str):
    with inviting(tmp_path) as school:
        code = school.code("P2")
        school.change(t.links, standing="invited")
        broken: list[str] = []

        @event.listens_for(school.gateway.store.engine, "after_cursor_execute")
        def break_off(_line: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if after in statement and not statement.startswith("SELECT") and not broken:
                broken.append(statement)
                raise RuntimeError("broken off")

        assert school.send(code) == [WORKED]
        assert broken
        assert [row.used_from for row in school.rows(t.invites)] == [NEW]
        assert len(school.rows(t.acceptances)) == 1
        assert school.links("P2") == {"Dana Hill": "active"}
        assert school.gateway.audit().is_whole
