"""`schoolgate hours`: what will change is shown first, and nothing changes without a yes."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.installation import install
from tests.rosters import STAFF, families, written
from tests.settled import run

HUGHES, KHAN = "hughes@oakfield.example", "khan@oakfield.example"
COLUMNS = "kind,from,to,hours,weekday,who,cover,why\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("school")
    install(found, 9)
    people = written(found, "staff.csv", STAFF)
    children = written(found, "families.csv", families())
    words = ("roster", "import", "--staff", str(people), "--families", str(children))
    assert run(found, *words).exit_code == 0
    return found


def hours(folder, *words, answer=None):
    return CliRunner().invoke(
        main, ["hours", *words, "--settings", str(folder / "schoolgate.toml")], input=answer
    )


def shown(folder, on, *words):
    [day] = json.loads(hours(folder, "show", "--from", on, "--days", "1", "--json", *words).output)
    return day["reading"]


def test_a_line_is_shown_and_changes_nothing_until_somebody_types_yes(folder):
    done = hours(folder, "add", "closed 2027-01-20: boiler", answer="no\n")
    assert "no reading hours (before: 8am to 8.30am and 3.30pm to 5pm)" in done.output
    assert "Nothing was changed." in done.output
    assert shown(folder, "2027-01-20")
    done = hours(folder, "add", "closed 2027-01-20: boiler", answer="yes\n")
    assert shown(folder, "2027-01-20") == ""
    change = done.output.split()[-1]
    assert hours(folder, "undo", change).exit_code == 0
    assert shown(folder, "2027-01-20")
    assert hours(folder, "undo", change).exit_code == 1
    [listed] = json.loads(hours(folder, "list", "--json").output)
    assert (listed["change"], listed["state"]) == (change, "undone")


def test_a_line_that_cannot_be_done_is_told_and_exits_with_1(folder):
    for line in ("open today", "closed yesterday", "undo", "quiet Fri for x@oakfield.example"):
        done = hours(folder, "add", line)
        assert done.exit_code == 1
        assert done.output.startswith("Error: ")


def test_a_file_imported_again_takes_the_place_of_what_it_said(folder):
    path = written(folder, "terms.csv", COLUMNS + "closed,2027-02-03,,,,,,a\n")
    assert hours(folder, "import", str(path), "--yes").exit_code == 0
    assert shown(folder, "2027-02-03") == ""
    path.write_text(COLUMNS + f"closed,2027-02-04,,,,,,b\ndays,2027-01-05,,,mon,{KHAN},,\n")
    done = hours(folder, "import", str(path), "--dry-run")
    assert "+ The school is closed on Thursday 4 February: b." in done.output
    assert "- The school is closed on Wednesday 3 February: a." in done.output
    assert shown(folder, "2027-02-03") == ""
    assert hours(folder, "import", str(path), "--yes").exit_code == 0
    assert shown(folder, "2027-02-03")
    assert shown(folder, "2027-02-04") == ""
    assert shown(folder, "2027-02-02", "--staff", KHAN) == ""
    assert shown(folder, "2027-02-02", "--staff", HUGHES)
    again = hours(folder, "import", str(path), "--yes")
    assert "No reading hours change." in again.output
    assert "Nothing was changed." in again.output


def imported(folder, day):
    """Import a file that closes the school on one day of March; return the id of the change."""
    path = written(folder, "march.csv", COLUMNS + f"closed,2027-03-0{day},,,,,,x\n")
    done = hours(folder, "import", str(path), "--yes")
    return done.output.split()[-1]


def closed_days(folder):
    """Return which of the first three days of March 2027 are closed."""
    return [day for day in (1, 2, 3) if shown(folder, f"2027-03-0{day}") == ""]


def test_an_older_import_that_is_undone_brings_nothing_back_before_a_newer_one_is(folder):
    _first, second, third = (imported(folder, day) for day in (1, 2, 3))
    assert hours(folder, "undo", second).exit_code == 0
    assert closed_days(folder) == [3]
    assert hours(folder, "undo", third).exit_code == 0
    assert closed_days(folder) == [1]  # what the second had replaced, for it holds no more
    fourth = imported(folder, 2)
    assert hours(folder, "undo", fourth).exit_code == 0
    assert closed_days(folder) == [1]


def test_a_file_with_a_fault_is_taken_only_when_somebody_says_so(folder):
    path = written(folder, "bad.csv", COLUMNS + "closed,2027-03-03,,,,,,\nclosd,2027-03-04,,,,,,\n")
    done = hours(folder, "import", str(path), "--yes")
    assert done.exit_code == 1
    assert "bad.csv: line 3: unknown kind 'closd'; did you mean closed?" in done.output
    assert shown(folder, "2027-03-03")
    assert hours(folder, "import", str(path), "--yes", "--partial").exit_code == 0
    assert shown(folder, "2027-03-03") == ""


def test_a_calendar_file_says_what_it_left_out(folder):
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
        for n, (day, title) in enumerate(
            [("20270310", "INSET day"), ("20270311", "World Book Day")]
        )
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n"
    path = written(folder, "terms.ics", text)
    done = hours(folder, "import", str(path), "--yes")
    assert "? not understood, left out: line 9, “World Book Day”" in done.output
    assert shown(folder, "2027-03-10") == ""
    assert shown(folder, "2027-03-11")


def test_data_is_printed_and_nothing_changes_without_a_yes(folder):
    done = hours(folder, "add", "closed 2027-04-20", "--json")
    told = json.loads(done.output)
    assert not told["in_force"]
    assert told["review"]["days"][0]["after"] == ""
    assert shown(folder, "2027-04-20")


@pytest.mark.parametrize("name", ["Hours", "help"])
def test_no_class_takes_an_address_that_the_gateway_answers_itself(folder, name):
    children = written(folder, "more.csv", families({"class": name}))
    done = run(folder, "roster", "import", "--families", str(children))
    assert done.exit_code == 1
    assert "taken already" in done.output
