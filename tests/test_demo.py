"""`schoolgate demo`: what a newcomer sees of the whole product in one screen."""

from __future__ import annotations

import mailbox
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.rehearsal.premises import lay_out

SCHOOLGATE = (sys.executable, "-c", "from gateway.cli import main; main()")
TEACHERS = ("hughes@oakfield.example", "khan@oakfield.example", "osei@oakfield.example")
ONE_SCENE = """
begins = "Fri 15.00"
ends = "Fri 16.00"

[[scene]]
name = "reading-book"
at = "Fri 15.04"
from = "Amina Okoro"
to = ["3B"]
program = "gmail"
subject = "Reading book"
text = "Which reading book should Ben bring on Monday?"
says = "Amina Okoro asks 3B about a reading book"
ends = "delivered"
then = {then}
"""
RIGHT = ["Fri 15.04 Amina Okoro: notice-held", "Fri 15.30 Miss Khan: message"]


def demo(*options: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    return subprocess.run(
        [*SCHOOLGATE, "demo", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=110,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def shown(folder: Path) -> str:
    """The screen of a demo that went well, without colour as this is no terminal."""
    done = demo(cwd=folder)
    assert done.stderr == ""
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "3.04pm  Amina Okoro asks 3B which reading book Ben should bring",
        "→ Miss Khan reads it at 3.30pm today, and answers by 8.30am on Monday",
        "→ Ms Novak (SENCo) has it at once",
        "→ kept back: Amina Okoro gets it at 8am on Monday",
        "→ Mrs Adeyemi (safeguarding lead) has it at once",
        "9.29pm  Mr Fraser (deputy safeguarding lead) is told too",
        "→ the same message again: counted, and nothing is sent twice",
        "→ refused at the door (550)",
        "answers by 5pm tomorrow; the unsent answer with it",
        "→ School office is shown what would change, and asked: nothing has changed yet",
        "→ Karin is told the new reading time",
        "→ the promise is kept; no reminder comes",
        "→ Linh is told that it has worked, and to which class to write",
        "1 late answer",
        "children have no messages; no teacher sees it",
        "nothing proves who wrote it; no teacher sees it",
        "→ Mr Lloyd (head teacher) has it at once",
        "yes  Each of them is in exactly one of these places.",
        "none outside their hours.",
        "because   attendance goes to the office (E10)",
    ],
)
def test_the_screen_tells_what_becomes_of_each_message(shown: str, line: str):
    assert line in shown


def test_the_days_are_told_in_order(shown: str):
    days = re.findall(r"(?m)^\w+day \d+ November 2026$", shown)
    assert [day.split()[0] for day in days] == [
        "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
    ]  # fmt: skip


def test_the_screen_has_no_colour_codes_and_no_line_too_long_for_it(shown: str):
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 110


def test_no_teacher_is_given_mail_outside_the_windows(folder: Path, shown: str):
    assert shown
    dates = []
    for address in TEACHERS:
        box = mailbox.Maildir(folder / "demo-out" / "mail" / address, create=False)
        pages = (folder / "demo-out" / "show").glob("m*/*.txt")
        dates += [page.name.split("-")[1:3] for page in pages if _of(page) == address]
        assert len(box) > 0
    assert len(dates) >= 9
    for day, clock in dates:
        assert day in ("Fri", "Mon", "Wed")  # on Tuesday it snows
        assert "0800" <= clock < "0830" or "1530" <= clock < "1700"


def _of(page: Path) -> str:
    return f"{page.parent.name.rpartition('-')[2]}@oakfield.example"


def test_everything_delivered_can_be_opened_in_a_browser(folder: Path, shown: str):
    assert "show/index.html" in shown
    show = folder / "demo-out" / "show"
    index = (show / "index.html").read_text("utf-8")
    pages = re.findall(r'href="([^"]+)"', index)
    assert len(pages) >= 100
    assert all((show / page).is_file() for page in pages)


def test_the_other_commands_can_look_into_what_the_demo_left(folder: Path, shown: str):
    assert shown
    for command in (["audit"], ["queue"]):
        done = subprocess.run(
            [*SCHOOLGATE, *command, "--settings", "demo-out/schoolgate.toml"],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr


def test_a_folder_that_the_demo_did_not_write_is_left_alone(tmp_path: Path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("ten years")
    done = demo("--out", "work", cwd=tmp_path)
    assert done.returncode == 78
    assert "did not write" in done.stderr
    assert (tmp_path / "work" / "thesis.txt").read_text() == "ten years"


def test_a_demo_played_again_replaces_its_own_folder(tmp_path: Path):
    (lay_out(tmp_path / "out").folder / "earlier").touch()
    again = lay_out(tmp_path / "out")
    assert not (again.folder / "earlier").exists()
    assert (again.folder / "families.csv").is_file()


def test_a_demo_may_be_kept_and_the_next_stands_beside_it(tmp_path: Path):
    script = tmp_path / "day.toml"
    script.write_text(ONE_SCENE.format(then=RIGHT), encoding="utf-8")
    lay_out(tmp_path / "out")
    (tmp_path / "out" / "earlier").touch()
    done = demo("--script", str(script), "--out", "out", "--keep", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "out" / "earlier").exists()
    assert (tmp_path / "out-2" / "show" / "index.html").exists()


@pytest.mark.parametrize(
    ("then", "fault"),
    [
        ([*RIGHT, "Fri 15.04 School office: office"], "missing: Fri 15.04 School office: office"),
        (RIGHT[:1], "not expected: Fri 15.30 Miss Khan: message"),
    ],
)
def test_a_demo_that_went_otherwise_says_so_and_fails(tmp_path: Path, then: list[str], fault: str):
    script = tmp_path / "day.toml"
    script.write_text(ONE_SCENE.format(then=then), encoding="utf-8")
    done = demo("--script", str(script), cwd=tmp_path)
    assert done.returncode == 1
    assert f"FAULT  reading-book: {fault}" in done.stdout
