"""`schoolgate roster`: what an import says, asks and refuses, and how it is taken back."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.store.engine import Store
from tests.rosters import STAFF, families, written
from tests.settled import run


@pytest.fixture
def folder(tmp_path):
    """An installation with an empty store."""
    assert CliRunner().invoke(main, ["init", "--dir", str(tmp_path)]).exit_code == 0
    assert run(tmp_path, "migrate").exit_code == 0
    return tmp_path


def children(*numbers):
    return families(
        *(
            {
                "pupil_ref": f"P{n}",
                "given_name": f"Child{n}",
                "guardian_ref": f"G{n}",
                "guardian_name": f"Adult {n}",
                "guardian_email": f"adult{n}@parent.example",
            }
            for n in numbers
        )
    )


def given(folder, text, name="families.csv"):
    return str(written(folder, name, text))


def data(folder, *words):
    done = run(folder, "roster", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_diff_shows_what_an_import_would_do_and_writes_nothing(folder):
    path = given(folder, children(1, 2))
    done = run(folder, "roster", "diff", path)
    assert done.exit_code == 0
    assert "     2 pupils added\n         P1 Child1 Okoro\n" in done.output
    assert done.output.endswith("Nothing was written.\n")
    assert data(folder, "import", path, "--dry-run")["written"] is False
    assert data(folder, "diff", path)["counts"]["pupils"] == 2
    assert data(folder, "imports") == []


def test_an_import_is_remembered_with_its_files_and_counts(folder):
    staff, children_file = given(folder, STAFF, "staff.csv"), given(folder, children(1))
    run(folder, "roster", "import", "--staff", staff, "--families", children_file)
    (found,) = data(folder, "imports")
    assert (found["state"], sorted(found["files"])) == ("in-force", ["families.csv", "staff.csv"])
    assert found["counts"]["pupils"] == 1
    assert "families.csv" in run(folder, "roster", "imports").output


def test_an_import_can_be_undone_once(folder):
    run(folder, "roster", "import", given(folder, children(1)))
    done = run(folder, "roster", "undo")
    assert done.exit_code == 0
    assert "is undone: 6 rows are as they were" in done.output
    assert run(folder, "roster", "undo").exit_code == 1
    assert "undone" in run(folder, "roster", "imports").output
    assert data(folder, "import", given(folder, children(1)))["counts"]["pupils"] == 1


def test_a_file_that_was_cut_in_half_is_refused_in_clear_words(folder):
    run(folder, "roster", "import", given(folder, children(*range(20))))
    half = given(folder, children(*range(10)), "half.csv")
    done = run(folder, "roster", "import", half, "--whole")
    assert done.exit_code == 1
    assert "10 of 20 pupils would end; 5 may without being asked" in done.output
    assert "--allow-ending 10" in done.output
    assert data(folder, "diff", half, "--whole")["endings"][0]["too_many"] is True
    assert len(data(folder, "imports")) == 1
    done = run(folder, "roster", "import", half, "--whole", "--allow-ending", "10")
    assert "    10 pupils ended" in done.output


def test_good_rows_come_in_when_the_user_says_so_and_the_bad_are_listed(folder):
    text = children(1, 2).replace("adult2@parent.example", "adult2")
    path = given(folder, text)
    done = run(folder, "roster", "import", path)
    assert done.exit_code == 1
    assert "families.csv, line 3: " in done.output
    assert "An import would refuse this" in run(folder, "roster", "diff", path).output
    done = run(folder, "roster", "import", path, "--good-rows")
    assert done.exit_code == 0
    assert "Not taken:\n  families.csv, line 3: " in done.output
    assert "     1 pupils\n" in done.output


def test_a_third_adult_is_counted_and_named(folder):
    text = families(
        *(
            {
                "guardian_ref": f"G{n}",
                "guardian_name": f"A {n}",
                "guardian_email": f"a{n}@p.example",
            }
            for n in (1, 2, 3)
        )
    )
    done = run(folder, "roster", "import", given(folder, text))
    assert "     1 links waiting\n         A 3 (G3) and P1 Ben Okoro: two others" in done.output


def test_where_the_policy_invites_contacts_none_may_write_before_the_code(folder):
    policy = folder / "policy.toml"
    words = policy.read_text("utf-8")
    assert 'imported = "at-once"' in words
    policy.write_text(words.replace('imported = "at-once"', 'imported = "invited"'), "utf-8")
    told = data(folder, "import", given(folder, children(1)))["told"]
    assert told["links invited"] == ["Adult 1 (G1) and P1 Child1 Okoro: waits for its code"]


def test_more_than_twenty_lines_of_a_kind_are_shown_when_asked_for(folder):
    path = given(folder, children(*range(25)))
    assert "and 5 more (--all shows them)" in run(folder, "roster", "diff", path).output
    assert "Child24" in run(folder, "roster", "diff", path, "--all").output


def test_one_file_is_named_once(folder):
    path = given(folder, children(1))
    assert run(folder, "roster", "import", path, "--families", path).exit_code == 2
    assert run(folder, "roster", "diff").exit_code == 2


def test_where_somebody_else_is_writing_it_says_so_and_shows_no_row(folder, monkeypatch):
    monkeypatch.setattr("gateway.store.engine.BUSY_TIMEOUT_MILLISECONDS", 1)
    run(folder, "roster", "import", given(folder, children(1)))
    other = Store(f"sqlite:///{folder / 'schoolgate.db'}")
    with other.begin():
        for words in (("import", given(folder, children(2))), ("undo",)):
            done = run(folder, "roster", *words)
            assert (done.exit_code, "try again soon" in done.output) == (75, True)
            assert "Child" not in done.output
    other.close()
