"""A school describes its own export once, and nothing in it is guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.roster.faults import RosterFaults
from gateway.roster.mapping import Mapping, presets, read_mapping
from gateway.roster.reading import read

MAPPING = """
days = ["%d.%m.%Y"]
address_separator = "/"
whole = true
[columns]
pupil_ref = "UPN"
pupil_name = "Pupil"
class = "Group"
contact_name = ["Contact"]
contact_emails = ["Mail", "Mail#2"]
contact_ref = "Contact No"
parental_responsibility = "PR"
barred = "Order"
restricted_reason = "Why"
class_begins = "From"
contact_ends = "Until"
[words]
yes = ["ja"]
no = ["nein"]
[class_name]
several = ";"
separator = "-"
part = 2
remove = ["Form"]
"""
HEADER = "UPN;Pupil;Group;Contact;Mail;Mail;Contact No;PR;Order;Why;From;Until"
ROW = 'U1;"Okoro, Ben";Form 3B;Dana Price;d@home.example;;G1;ja;nein;;01.09.2026;'


def rows(tmp_path, *lines, mapping=MAPPING):
    (tmp_path / "map.toml").write_text(mapping)
    export = tmp_path / "export.csv"
    export.write_text("\n".join((HEADER, *lines, "")))
    return read(export, mapping=tmp_path / "map.toml")


def test_names_addresses_days_and_flags_are_read_as_the_mapping_says(tmp_path):
    row = ROW.replace("d@home.example;", "d@home.example / d@work.example;e@home.example")
    roster = rows(tmp_path, row.replace("2026;", "2026;31.07.2027"))
    (pupil,), (contact,), (link,) = roster.pupils, roster.contacts, roster.links
    assert (pupil.given_name, pupil.family_name) == ("Ben", "Okoro")
    assert [(t.class_name, t.begins) for t in pupil.enrolments] == [("3B", date(2026, 9, 1))]
    assert contact.addresses == ("d@home.example", "d@work.example", "e@home.example")
    assert (link.parental_responsibility, link.barred) == (True, None)
    assert link.ends == date(2027, 7, 31)
    assert roster.is_whole
    assert not roster.no_flags


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Form 3B", ["3B"]),
        ("Year 3 - 3B", ["3B"]),
        ("3B form; Maths - 3Ma", ["3B", "3Ma"]),
        ("", []),
    ],
)
def test_a_class_is_cleaned_to_the_name_that_parents_know(tmp_path, cell, names):
    (pupil,) = rows(tmp_path, ROW.replace("Form 3B", f'"{cell}"')).pupils
    assert [turn.class_name for turn in pupil.enrolments] == names


def test_a_second_row_for_a_second_class_says_nothing_new_of_the_contact(tmp_path):
    roster = rows(tmp_path, ROW, ROW.replace("3B", "3Ma"))
    assert [len(one.enrolments) for one in roster.pupils] == [2]
    assert (len(roster.contacts), len(roster.links), roster.notes) == (1, 1, ())


def test_a_pupil_in_no_class_is_pointed_out(tmp_path):
    roster = rows(tmp_path, ROW.replace("Form 3B", ""))
    assert [one.why for one in roster.notes] == [
        "Ben Okoro (U1) is in no class: nobody can write about them yet"
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("pupil_name =", "pupil_nam ="), "columns.pupil_nam: unknown key; did you mean"),
        (('"Group"', '"Form"'), "missing columns: Form"),
        (('"Mail#2"', '"Mail#x"'), "'Mail#x' is no column's name"),
        (("part = 2", "part = 0"), "1 is the first part, -1 the last"),
        (('yes = ["ja"]', "yes = []"), "words.yes"),
        (('pupil_name = "Pupil"', 'given_name = "Pupil"'), "name given_name and family_name"),
    ],
)
def test_a_mapping_with_a_mistake_says_where(tmp_path, change, why):
    with pytest.raises(RosterFaults, match=r"map\.toml|export\.csv") as refused:
        rows(tmp_path, ROW, mapping=MAPPING.replace(*change))
    assert why in str(refused.value)


def test_every_preset_can_be_read_and_an_unknown_one_lists_them():
    for name in presets():
        assert read_mapping(Path(name)).columns.pupil_ref
    with pytest.raises(RosterFaults, match="arbor-style, sims-style"):
        read_mapping(Path("bromcom"))


def test_every_key_of_a_mapping_is_documented():
    page = (Path(__file__).resolve().parents[1] / "docs" / "roster.md").read_text("utf-8")
    for name, field in Mapping.model_fields.items():
        section = field.annotation
        inner = getattr(section, "model_fields", None)
        keys = [name] if inner is None else [f"{name}.{f.alias or n}" for n, f in inner.items()]
        assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_line_of_a_family_row_is_kept_and_its_strictness_too(tmp_path):
    path = tmp_path / "families.csv"
    path.write_text(
        "pupil_ref,given_name,family_name,class,guardian_name,guardian_email,barred\n"
        "P1,Ben,Okoro,3B,Dana Okoro,d@home.example,no\n"
        "P1,Ben,Okoro,4A,Tom Okoro,t@home.example,\n"
        "P2,Amy,Quinn,3B,Dana Quinn,d@home.example,\n"
        "P3,Ida,Marsh,3B,Eve Marsh,eve at home,\n"
        "P4,Leo,Baker,3B,Kim Baker,kim@home.example,no\n"
    )
    roster = read(path)
    assert roster.source == "families"
    assert [one.reference for one in roster.pupils] == ["P4"]
    assert [one.where.line for one in roster.flaws] == [3, 4, 5]
    assert roster.links[0].barred is False  # a person wrote "no"
    assert roster.links[0].may_message is None
