"""A roster file may come from any program; a zip is opened, never trusted."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.roster.faults import RosterFaults
from gateway.roster.reading import read
from tests.roster_makers import write
from tests.roster_town import invent

HEADER = (
    "Student ID,Forename,Surname,Class Name,Parent ID,Contact Priority,Parental Responsibility,"
    "Court Order,Relationship,Title,Forename,Surname,Home Email,Primary Email"
)
ROW = "P1,Zoë,Müller,3B,G1,1,T,F,mother,Mrs,Inès,Müller,,ines@parent.example"
TEXT = f"{HEADER}\r\n{ROW}\r\n"


def sims(folder, octets):
    path = folder / "export.csv"
    path.write_bytes(octets if isinstance(octets, bytes) else octets.encode())
    return path


def only(roster):
    (pupil,), (contact,) = roster.pupils, roster.contacts
    return pupil.given_name, contact.name, contact.addresses


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_names_with_accents_come_in_right_whatever_the_encoding(tmp_path, encoding):
    roster = read(sims(tmp_path, TEXT.encode(encoding)))
    assert only(roster) == ("Zoë", "Mrs Inès Müller", ("ines@parent.example",))
    said = [one.why for one in roster.notes if "not UTF-8" in one.why]
    assert bool(said) is (encoding == "cp1252")


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(",", ";"),
        TEXT.replace(",", "\t"),
        "sep=;\r\n" + TEXT.replace(",", ";"),
        TEXT.replace("\r\n", "\n"),
        TEXT.replace("\r\n", "\r\n\r\n,,,\r\n"),
        TEXT.replace("Student ID", " STUDENT  id ").replace("Class Name", "class_name"),
        TEXT.replace("\r\n", ",Note\r\n", 1).replace(
            "le\r\n", 'le,"lives; far\r\naway, at sea"\r\n'
        ),
    ],
    ids=[
        "semicolons",
        "tabs",
        "sep line",
        "bare line feeds",
        "blank lines",
        "odd headers",
        "quoted newline",
    ],
)
def test_what_other_programs_make_of_a_file_is_read_as_well(tmp_path, text):
    roster = read(sims(tmp_path, text))
    assert roster.flaws == ()
    assert only(roster)[0] == "Zoë"


def test_the_line_of_a_flaw_is_the_one_where_its_row_begins(tmp_path):
    text = TEXT.replace("\r\n", ",Note\r\n", 1).replace("le\r\n", 'le,"far\r\naway"\r\n')
    roster = read(sims(tmp_path, text + "\r\nP2,,X,3B,,,,,,,,,,\r\n"))
    assert [str(one) for one in roster.flaws] == ["export.csv, line 5: Forename is empty"]


def test_a_quotation_mark_that_is_never_closed_loses_rows_and_says_so(tmp_path):
    text = TEXT + ROW.replace("P1,Zoë", 'P2,"Zoë') + "\r\n" + ROW.replace("P1", "P3") + "\r\n"
    roster = read(sims(tmp_path, text))
    assert [one.where.line for one in roster.flaws] == [3]
    assert not roster.is_whole


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "there is nothing in it"),
        (b"\x00\x01\x02\x00PK", "not plain text"),
        (b"Name,Phone\nDana,1\n", "of no style that we know"),
        (TEXT.encode() + b"\x81\xff\x8d", "cannot be read as cp1252"),
    ],
)
def test_what_is_no_roster_is_refused_with_a_reason(tmp_path, octets, why):
    with pytest.raises(RosterFaults, match=why):
        read(sims(tmp_path, octets))


def test_a_folder_of_something_else_is_refused_with_what_was_found(tmp_path):
    for name in ("pupils.csv", "parents.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(RosterFaults, match=r"found parents\.csv, pupils\.csv"):
        read(tmp_path)


def zip_of(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, octets in members:
            archive.writestr(name, octets)
    return path


def test_an_export_unpacked_or_zipped_with_its_folder_is_the_same(tmp_path):
    town = invent(30)
    zipped = write("oneroster-1.2", town, tmp_path)
    folder = tmp_path / "oneroster-1.2"
    members = [(f"export/{one.name}", one.read_bytes()) for one in folder.iterdir()]
    nested = zip_of(tmp_path / "n.zip", [*members, ("__MACOSX/export/._users.csv", b"x")])
    rosters = [read(path) for path in (zipped, folder, nested)]
    assert len({(one.pupils, one.contacts, one.links, one.is_whole) for one in rosters}) == 1


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([("../users.csv", b"x")], "a path of its own"),
        ([("/etc/users.csv", b"x")], "a path of its own"),
        ([("c:\\users.csv", b"x")], "a path of its own"),
        ([("users.csv", b"0" * 40_000_000)], "packed too tightly"),
        ([(f"{n}.csv", b"x") for n in range(300)], "holds 300 files"),
        ([("a/users.csv", b"x"), ("b/users.csv", b"x")], "leave one of them"),
        ([("readme.pdf", b"x")], "holds no CSV file"),
    ],
)
def test_a_zip_that_is_no_roster_is_not_unpacked(tmp_path, members, why):
    with pytest.raises(RosterFaults, match=why):
        read(zip_of(tmp_path / "a.zip", members))


def test_a_damaged_zip_is_refused(tmp_path):
    path = write("oneroster-1.1", invent(30), tmp_path)
    octets = bytearray(path.read_bytes())
    octets[200:260] = bytes(60)
    path.write_bytes(octets)
    with pytest.raises(RosterFaults, match=r"export it again|damaged"):
        read(path)


def test_a_link_to_another_file_inside_a_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo("users.csv")
    link.external_attr = 0o120777 << 16
    with pytest.raises(RosterFaults, match="link to another file"):
        read(zip_of(tmp_path / "a.zip", [(link, b"/etc/passwd")]))


@given(octets=st.binary(max_size=300), tail=st.text(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_octets_at_all_make_the_reading_fail_in_another_way(tmp_path, octets, tail):
    for content in (octets, TEXT.encode() + octets, (TEXT + tail).encode("utf-8", "replace")):
        with contextlib.suppress(RosterFaults):
            read(sims(tmp_path, content))


@given(cut=st.integers(0, 4000), octets=st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_zip_at_all_makes_the_reading_fail_in_another_way(tmp_path, cut, octets):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", TEXT * 3)
        archive.writestr("enrollments.csv", TEXT)
    whole = bytearray(held.getvalue())
    whole[cut % len(whole) : cut % len(whole) + len(octets)] = octets
    path = tmp_path / "z.zip"
    path.write_bytes(whole)
    with contextlib.suppress(RosterFaults):
        read(path)
