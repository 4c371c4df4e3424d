"""The file with the letters: its owner alone reads it, and nothing else is lost for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli import invite_office
from gateway.store import schema as t
from tests.invited import School, inviting
from tests.settled import run


def issue(folder: Path, pdf: Path, pupil: str = "P2") -> str:
    done = run(folder, "invite", "issue", "--pupil", pupil, "--letters", str(pdf))
    return f"{done.exit_code} {done.output}"


def open_codes(school: School) -> int:
    rows = school.rows(t.invites)
    return sum(row.used is None and row.revoked is None for row in rows)


def test_a_file_or_a_link_that_stands_there_before_makes_no_letter_readable(tmp_path: Path):
    with inviting(tmp_path):
        folder = tmp_path / "shared"
        folder.mkdir()
        readable = tmp_path / "readable"
        readable.write_bytes(b"")
        pdf = folder / "letters.pdf"
        pdf.write_bytes(b"before")
        pdf.chmod(0o644)
        (folder / ".letters.pdf.part").symlink_to(readable)
        assert issue(tmp_path, pdf).startswith("0 ")
        assert pdf.stat().st_mode & 0o077 == 0
        assert pdf.read_bytes().startswith(b"%PDF")
        assert readable.read_bytes() == b""
        assert {one.name for one in folder.iterdir()} == {".letters.pdf.part", "letters.pdf"}


def test_letters_of_before_stay_where_nobody_is_invited_now(tmp_path: Path):
    with inviting(tmp_path) as school:
        pdf = tmp_path / "letters.pdf"
        pdf.write_bytes(b"the letters of before")
        school.change(t.links, barred=True)
        assert "No code was given out" in issue(tmp_path, pdf)
        assert pdf.read_bytes() == b"the letters of before"


def test_letters_that_cannot_be_written_leave_every_code_as_it_was(tmp_path: Path):
    with inviting(tmp_path) as school:
        school.invite("P2")
        assert "there are no letters" in issue(tmp_path, tmp_path / "nowhere" / "letters.pdf")
        assert open_codes(school) == len(school.rows(t.invites)) == 1


def test_letters_that_break_off_leave_no_code_that_nobody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def break_off(*_asked: object) -> bytes:
        raise OSError(28, "No space left on device")

    with inviting(tmp_path) as school:
        pdf = tmp_path / "letters" / "letters.pdf"
        pdf.parent.mkdir()
        pdf.write_bytes(b"the letters of before")
        monkeypatch.setattr(invite_office, "write_pdf", break_off)
        assert "No space left" in issue(tmp_path, pdf)
        assert open_codes(school) == 0
        assert pdf.read_bytes() == b"the letters of before"
        assert [one.name for one in pdf.parent.iterdir()] == ["letters.pdf"]
