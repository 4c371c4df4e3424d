"""What is exported comes in again as it was, opens nothing, and is no formula in a spreadsheet."""

import csv
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from gateway.imports.exporting import FAMILIES_HEADER, export_of
from gateway.roster.our_files import _as_meant, safe_cell
from gateway.store.roster_known import read_known
from tests.roster_records import DOMAIN, MONDAY, Office, family, link
from tests.rosters import families, written
from tests.settled import run
from tests.test_roster_commands import folder, given

assert folder  # the fixture
HOSTILE = ("=cmd|' /C calc'!A0", "+44", "-1", "@SUM(A1)", "'=x", "''+x", "'t Hooft", 'Bo "B", x')
STAFF = """name,email,roles,classes,rank
=HYPERLINK("x"),khan@oakfield.example,teacher,3B;4A,1
Office,desk@oakfield.example,office;dsl,,0
"""


def both(folder, name):
    return [(folder / name / f"{one}.csv").read_text("utf-8") for one in ("families", "staff")]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def hostile_families():
    path_rows = []
    for number, name in enumerate(HOSTILE):
        path_rows.append(
            {"pupil_ref": f"-P{number}", "given_name": name, "family_name": name}
            | {"guardian_ref": f"={number}", "guardian_name": name}
            | {
                "guardian_email": f"g{number}@parent.example",
                "barred": "yes" if number == 2 else "",
            }
        )
    return path_rows


def test_an_export_comes_in_again_as_it_was(folder, tmp_path_factory):
    path = folder / "in.csv"
    columns = list(FAMILIES_HEADER)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for row in hostile_families():
            writer.writerow({"class": "3B", **row} | {"given_name": safe_cell(row["given_name"])})
    staff = written(folder, "staff-in.csv", STAFF.replace('=HYPERLINK("x")', "'=HYPERLINK"))
    assert run(folder, "roster", "import", str(path), "--staff", str(staff)).exit_code == 0
    assert run(folder, "roster", "export", str(folder / "one")).exit_code == 0
    for file in ("families.csv", "staff.csv"):
        for row in rows_of(folder / "one" / file)[1:]:
            assert not [cell for cell in row if cell[:1] in set("=+-@")]
    names = {row[1] for row in rows_of(folder / "one" / "families.csv")[1:]}
    assert names == {safe_cell(name) for name in HOSTILE}
    words = ("import", str(folder / "one/families.csv"), "--staff", str(folder / "one/staff.csv"))
    assert "Nothing was new." in run(folder, "roster", *words).output
    assert run(folder, "roster", "undo").exit_code == 0
    assert "Imported." in run(folder, "roster", *words).output
    assert run(folder, "roster", "export", str(folder / "two")).exit_code == 0
    assert both(folder, "one") == both(folder, "two")


@drawn(st.text(alphabet="'=+-@ab"))
def test_every_value_survives_its_apostrophe(value):
    assert _as_meant(safe_cell(value)) == value
    assert safe_cell(value)[:1] not in set("=+-@")


def test_only_who_ran_it_reads_the_files_and_nothing_is_written_over(folder):
    run(folder, "roster", "import", given(folder, families()))
    out = folder / "out"
    assert run(folder, "roster", "export", str(out)).exit_code == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    done = run(folder, "roster", "export", str(out))
    assert done.exit_code == 1
    assert "is there already" in done.output


def test_an_empty_store_has_nothing_to_export(folder):
    assert run(folder, "roster", "export", str(folder / "out")).exit_code == 1


@pytest.fixture
def office(sqlite_store):
    return Office(sqlite_store)


def exported(office, day=MONDAY):
    with office.store.read() as connection:
        found = export_of(read_known(connection, office.school_id, DOMAIN), day)
    return [dict(zip(FAMILIES_HEADER, row, strict=True)) for row in found.families], found.left_out


def test_no_link_that_is_shut_comes_in_open(office):
    office.take(family("P1", "G1", "G2", "G3"))
    office.change_link("G2", standing="invited")
    rows, left_out = exported(office)
    assert [row["guardian_ref"] for row in rows] == ["G1"]
    assert len(left_out) == 2
    office.change_link("G2", standing="active")
    rows, left_out = exported(office)
    assert [row["guardian_ref"] for row in rows] == ["G1", "G2", "G3"]
    assert left_out == ()


def test_a_bar_is_written_and_none_is_never_the_word_no(office):
    office.take(
        replace(family("P1", "G1", "G2"), links=(link("G1", "P1", barred=True), link("G2", "P1")))
    )
    rows, _ = exported(office)
    assert {row["guardian_ref"]: row["barred"] for row in rows} == {"G1": "yes", "G2": ""}


def test_who_was_unlinked_or_has_left_is_not_in_it(office):
    office.take(family("P1", "G1", "G2"))
    office.change_link("G1", ends=MONDAY - timedelta(days=1), standing="refused")
    rows, _ = exported(office)
    assert [row["guardian_ref"] for row in rows] == ["G2"]
