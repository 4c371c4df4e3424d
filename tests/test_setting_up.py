"""From an empty folder to a school that is ready: init, migrate, roster import."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.rosters import STAFF, families, written
from tests.settled import run


@pytest.fixture
def folder(tmp_path):
    """An installation with an empty store."""
    assert CliRunner().invoke(main, ["init", "--dir", str(tmp_path)]).exit_code == 0
    assert run(tmp_path, "migrate").exit_code == 0
    return tmp_path


def files(folder, family_text=None, staff_text=STAFF):
    found = ["--staff", str(written(folder, "staff.csv", staff_text))]
    if family_text is None:
        family_text = families()
    return [*found, "--families", str(written(folder, "families.csv", family_text))]


def imported(folder, *words):
    done = run(folder, "roster", "import", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)["counts"]


def test_migrating_says_the_revision_and_may_be_done_again(folder):
    assert json.loads(run(folder, "migrate", "--json").output)["revision"]
    assert "The store is at revision" in run(folder, "migrate").output


def test_good_files_are_imported_and_counted(folder):
    done = run(folder, "roster", "import", *files(folder))
    assert done.exit_code == 0
    assert "     1 pupils\n" in done.output
    assert "     5 staff\n" in done.output
    assert done.output.endswith("Imported.\n")


def test_importing_twice_adds_nothing(folder):
    assert imported(folder, *files(folder))["pupils"] == 1
    assert imported(folder, *files(folder)) == {}
    assert "Nothing was new." in run(folder, "roster", "import", *files(folder)).output


def test_one_bad_row_in_either_file_and_nothing_is_imported(folder):
    bad = files(folder, families({}, {"pupil_ref": ""}), STAFF + "Mr X,x,teacher,,0\n")
    done = run(folder, "roster", "import", *bad)
    assert done.exit_code == 1
    assert done.output == (
        "Error: nothing was imported:\n"
        "families.csv, line 3: pupil_ref is empty\n"
        "staff.csv, line 7: email is not one plain address: 'x'\n"
    )
    assert imported(folder, *files(folder))["staff"] == 5  # so nobody was there before


def test_a_pupil_who_moves_class_is_counted_as_one_enrolment_that_ends_and_a_new_one(folder):
    imported(folder, *files(folder))
    path = written(folder, "families.csv", families({"class": "4A"}))
    assert imported(folder, "--families", str(path)) == {
        "enrolments": 1,
        "enrolments ended": 1,
    }


def test_an_import_of_nothing_asks_for_a_file(folder):
    done = run(folder, "roster", "import")
    assert done.exit_code == 2
    assert "name a file, or --families, --staff, or both" in done.output


def test_the_roster_waits_for_a_store(tmp_path):
    assert CliRunner().invoke(main, ["init", "--dir", str(tmp_path)]).exit_code == 0
    done = run(tmp_path, "roster", "import", *files(tmp_path))
    assert done.exit_code == 78
    assert "run `schoolgate migrate`" in done.output


def test_a_rehearsal_refuses_to_start_where_its_mail_could_leave_the_machine(folder):
    settings = folder / "schoolgate.toml"
    text = settings.read_text("utf-8")
    text = text.replace("[outbound]", '[outbound]\nusername = "x"\npassword_file = "p"', 1)
    text = text.replace(
        'host = "127.0.0.1"\nport = 25', 'host = "smtp.oakfield.example"\nport = 465'
    )
    text = text.replace('security = "none"', 'security = "implicit_tls"')
    settings.write_text(text, "utf-8")
    (folder / "p").write_text("secret")
    (folder / "p").chmod(0o600)
    done = run(folder, "serve", "--rehearse-from", "2026-11-24T09:10")
    assert done.exit_code == 78
    assert "set outbound.host to 127.0.0.1" in done.output


@pytest.mark.parametrize("words", [("--jump",), ("--rehearse-from", "tomorrow")])
def test_a_rehearsal_that_makes_no_sense_is_a_wrong_command(folder, words):
    assert run(folder, "serve", *words).exit_code == 2
