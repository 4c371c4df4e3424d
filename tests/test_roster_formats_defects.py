"""What is wrong in an export is named with its file and its line, and the rest comes in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.roster.reading import read
from tests.roster_makers import write, zipped
from tests.roster_town import invent

TOWN = invent(60)
DOMAINS = ("pupils.oakfield.example",)
SIMS, ARBOR = "sims-style", "arbor-style"
OLD, NEW, SDS1, SDS2 = "oneroster-1.1", "oneroster-1.2", "sds-1", "sds-2.1"


def plant(style: str, folder: Path, file: str, change: Callable[[list[str]], int]) -> tuple:
    """Write the town, change the lines of one file, and read it; return roster and line."""
    path = write(style, TOWN, folder)
    place = path if style.endswith("-style") else folder / style / file
    lines = place.read_bytes().decode().split("\r\n")
    line = change(lines)
    place.write_bytes("\r\n".join(lines).encode())
    if path.suffix == ".zip":
        path = zipped(folder / style)
    return read(path, pupil_domains=DOMAINS), line


def add(row: str) -> Callable[[list[str]], int]:
    """Add a row at the end of the file."""

    def change(lines: list[str]) -> int:
        lines.insert(len(lines) - 1, row)
        return len(lines) - 1

    return change


def swap(old: str, new: str) -> Callable[[list[str]], int]:
    """Change the first row, not the header, in which `old` stands."""

    def change(lines: list[str]) -> int:
        at = next(n for n, line in enumerate(lines) if n and old in line)
        lines[at] = lines[at].replace(old, new, 1)
        return at + 1

    return change


SIMS_ROW = "P900,Amy,Test,,1A,G900,1,T,T,F,mother,Ms,Dana,Test,,,dana@parent.example,"
ARBOR_ROW = (
    "P900,Amy,Test,,Year 3 / 1A,01/09/2026,,G900,Ms,Dana,Test,mother,Yes,Yes,"
    "dana@parent.example,,en"
)
WITH_EMAIL = next(one for one in TOWN.children if one.email)
SDS_PUPIL = TOWN.children[0]

DEFECTS = [
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("P900", "")), "Student ID is empty"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("dana@", "dana at ")), "not one plain address"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("1,T,T", "1,perhaps,T")), "write T or F"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("1,T,T", "first,T,T")), "not a whole number"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("1A", "Senior")), "address that is taken"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("1A", "1a")), "the address of class '1A'"),
    (SIMS, "sims-style.csv", add(SIMS_ROW + ",more"), "more cells than columns"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("P900", "P1")), "pupil P1 is Amy Test here"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("G900", "G1")), "have the same reference"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("P900", "P" * 65)), "65 characters"),
    (SIMS, "sims-style.csv", add(SIMS_ROW.replace("P900", "1.2E+11")), "has rounded it"),
    (OLD, "users.csv", add("G900,,,true,org1,parent,,,Dana,Test,dana at,"), "not one plain"),
    (SDS2, "relationships.csv", add("P1,G1,uncle"), "the role is 'uncle'"),
    (SIMS, "sims-style.csv", add('P900,"Amy" M,' + SIMS_ROW[9:]), "quotation marks"),
    (ARBOR, "arbor-style.csv", add(ARBOR_ROW.replace("01/09/2026", "2026.09.01")), "not a day"),
    (ARBOR, "arbor-style.csv", add(ARBOR_ROW.replace("2026,,", "2026,01/08/2026,")), "before it"),
    (
        ARBOR,
        "arbor-style.csv",
        add(ARBOR_ROW.replace("dana@parent.example", WITH_EMAIL.email)),
        f"has the address of pupil {WITH_EMAIL.ref}",
    ),
    (
        ARBOR,
        "arbor-style.csv",
        add(ARBOR_ROW.replace("dana@parent", "dana@pupils.oakfield")),
        "an address in the pupils' domain",
    ),
    (OLD, "users.csv", add("G1,,,true,org1,parent,,,Dana,Else,,"), "is somebody else in users.csv"),
    (OLD, "users.csv", add("G900,,,true,org1,uncle,,,Dana,Test,,"), "not one of OneRoster's"),
    (OLD, "users.csv", add('G900,,,true,org1,parent,,,Dana,Test,,"P1,P999"'), "P999 is not in"),
    (OLD, "users.csv", add("T900,,,true,org1,teacher,,,Dana,Test,,"), "has no email"),
    (OLD, "users.csv", add("G900,,,perhaps,org1,parent,,,Dana,Test,,"), "enabledUser is"),
    (OLD, "users.csv", add("G900,gone,,true,org1,parent,,,Dana,Test,,"), "status is 'gone'"),
    (OLD, "enrollments.csv", add("e9,,c1A,org1,P999,student,,"), "P999 is not in users.csv"),
    (OLD, "enrollments.csv", add("e9,,c99,org1,P1,student,,"), "class c99 is not in classes.csv"),
    (OLD, "enrollments.csv", add("e9,,c1A,org1,G1,student,,"), "G1 in users.csv is no pupil"),
    (OLD, "enrollments.csv", add("e9,,c1A,org1,P1,student,2026-13-01,"), "beginDate is"),
    (OLD, "classes.csv", add("c99,,1A,,homeroom,org1,y26"), "held in the same days as c1A"),
    (OLD, "classes.csv", add("c99,,9Z,,homeroom,org1,y99"), "session y99 is not in"),
    (NEW, "users.csv", add("G900,,,TRUE,G900,,Dana,Test,,,,org1"), "G900 has no row in roles.csv"),
    (NEW, "roles.csv", add("r9,,,P1,primary,parent,,,org1"), "a student and a guardian"),
    (SDS1, "GuardianRelationship.csv", add("P999,g0.0@parent.example,Parent"), "P999 is not in"),
    (SDS1, "GuardianRelationship.csv", add("P1,x@parent.example,Parent"), "is not in User.csv"),
    (SDS1, "GuardianRelationship.csv", add("P1,g0.0@parent.example,"), "write Parent, Guardian"),
    (SDS1, "Section.csv", swap("2026-09-01", "9/1/2026"), "not a day such as 2026-09-01"),
    (SDS1, "Teacher.csv", add("T900,S1,Dana,Test,dtest"), "Username is no address"),
    (SDS2, "relationships.csv", add("P1,G999,guardian"), "G999 is not in users.csv"),
    (SDS2, "users.csv", add("T0,t0,Dana,Else,,,,"), "is somebody else in users.csv"),
]


@pytest.mark.parametrize(("style", "file", "change", "why"), DEFECTS, ids=[d[3] for d in DEFECTS])
def test_a_defect_is_named_with_its_file_and_line(tmp_path, style, file, change, why):
    roster, line = plant(style, tmp_path, file, change)
    named = [one for one in roster.flaws if why in one.why]
    elsewhere = "is a student and" in why or "a student and a guardian" in why
    assert named, [str(one) for one in roster.flaws]
    assert elsewhere or [(one.where.file, one.where.line) for one in named] == [(file, line)]
    assert len(roster.flaws) == 1
    # The others come in, and nobody ends because one row could not be read.
    assert len(roster.pupils) >= len(TOWN.children) - 1
    assert roster.spared or not roster.is_whole


def test_a_reference_of_two_people_is_nobodys(tmp_path):
    roster, _line = plant(SIMS, tmp_path, "", add(SIMS_ROW.replace("G900", "G1")))
    assert "G1" not in {one.reference for one in roster.contacts}
    assert "G1" not in {one.contact for one in roster.links}
    assert "G1" in roster.spared


def test_whoever_is_to_be_deleted_or_disabled_is_left_out_without_a_word(tmp_path):
    child, tie = TOWN.children[3], TOWN.ties[0]
    path = write(OLD, TOWN, tmp_path)
    users = tmp_path / OLD / "users.csv"
    text = (
        users.read_bytes().decode().replace(f"\r\n{child.ref},,", f"\r\n{child.ref},tobedeleted,")
    )
    text = text.replace(f"\r\n{tie.adult.ref},,,true", f"\r\n{tie.adult.ref},,,false")
    users.write_bytes(text.encode())
    roster = read(zipped(tmp_path / OLD))
    assert path.exists()
    assert roster.flaws == ()
    assert roster.is_whole
    assert child.ref not in {one.reference for one in roster.pupils}
    assert tie.adult.ref not in {one.contact for one in roster.links}


def test_an_export_without_a_single_contact_ends_nobodys_link(tmp_path):
    path = write(SDS1, TOWN, tmp_path)
    for name in ("User.csv", "GuardianRelationship.csv"):
        (path / name).unlink()
    roster = read(path)
    assert not roster.is_whole
    assert any("holds no contacts" in one.why for one in roster.notes)
    shutil.rmtree(path)
