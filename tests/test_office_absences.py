"""What the office has of the morning's absences: the card in its mail, the list for its program."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.work.absence_list import safe_cell
from tests.installation import OFFICE
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, KHAN, OMAR, ROOM, STAFF, on

FAMILIES = [
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P2", "Zoe", "Okoro", "5A", "Amina Okoro", AMINA),
    ("P3", "Kai", "Lund", "3B", "Omar Lund", OMAR),
    ("P4", "Ida", "Lund", "3B", "Omar Lund", OMAR),
]


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 8, 40), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def listed(talk, *options):
    settings = str(talk.gateway.folder / "schoolgate.toml")
    words = ["office", "absences", "--settings", settings, *options]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return result


def rows(talk, day):
    octets = listed(talk, "--date", day, "--csv").stdout_bytes
    return list(csv.DictReader(io.StringIO(octets.decode(), newline="")))


def plain(mail):
    return mail.text.replace("\r\n", "\n")


def test_the_office_gets_a_card_of_the_absence_above_the_parents_words(talk):
    talk.write(AMINA, ROOM, "Hi, Ben has a high fever. He is off today, back on Thursday.")
    [mail] = talk.mail_for(OFFICE)
    for line in (
        "Child: Ben Okoro (3B), named in the message",
        "What: absent",
        "Day: “today”: Tuesday 24 November",
        "Day: “back Thursday”: Thursday 26 November",
        "Time: not stated",
        "Reason, in their words:\n\n    Hi, Ben has a high fever.",
    ):
        assert line in plain(mail)
    assert talk.mail_for(KHAN) == []


def test_a_child_of_the_sender_in_another_class_is_shown_with_that_class(talk):
    talk.write(AMINA, ROOM, "Zoe is off sick today.")
    assert "Child: Zoe Okoro (5A), named in the message" in plain(talk.mail_for(OFFICE)[0])


def test_where_the_parent_does_not_say_which_child_the_card_says_so(talk):
    talk.write(OMAR, ROOM, "Poorly so not coming in today.")
    words = "Child: Ida Lund (3B) or Kai Lund (3B), which one is not said"
    assert words in plain(talk.mail_for(OFFICE)[0])
    [row] = rows(talk, "2026-11-24")
    assert (row["child_reference"], row["child"]) == ("", "Ida Lund or Kai Lund")


def test_the_list_of_the_day_has_what_the_parent_said_and_nothing_else(talk):
    talk.write(AMINA, ROOM, "Ben has the dentist at 2 tomorrow so collecting at 1.30.")
    [row] = rows(talk, "2026-11-24")
    assert row["child_reference"] == "P1"
    assert (row["child"], row["class_name"], row["kind"]) == ("Ben Okoro", "3B", "leaving early")
    assert row["dates"] == "2026-11-25"
    assert "leaves: “1.30”, 1.30pm" in row["stated"]
    assert row["sender"] == "Amina Okoro"
    assert row["received"].startswith("2026-11-24T08:4")
    assert row["listed_for"] == "came that day"
    assert [one["listed_for"] for one in rows(talk, "2026-11-25")] == ["names this day"]
    assert rows(talk, "2026-11-26") == []


def test_leave_for_a_week_is_listed_on_each_of_its_days(talk):
    talk.write(AMINA, ROOM, "Ben will be off from 7th to 11th December, we are in Ghana.")
    assert [row["dates"] for row in rows(talk, "2026-12-09")] == ["from:2026-12-07/2026-12-11"]
    assert rows(talk, "2026-12-12") == []


def test_what_the_safeguarding_line_has_is_in_no_list(talk):
    talk.write(AMINA, ROOM, "Ben is off today. His uncle hits him and he is afraid to go home.")
    talk.write(OMAR, ROOM, "Kai is off today with a cold.")
    assert [row["child"] for row in rows(talk, "2026-11-24")] == ["Kai Lund"]


def test_mail_of_another_kind_and_mail_from_strangers_is_in_no_list(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.write("stranger@elsewhere.example", ROOM, "Ben is off today, he is ill.")
    talk.write(OMAR, ROOM, "Kai is off today with a cold.", verdict="fail")
    assert rows(talk, "2026-11-24") == []


def test_one_message_to_two_classes_is_one_row_for_each_child(talk):
    talk.write(AMINA, [ROOM, "5a@class.oakfield.example"], "Ben and Zoe are off sick today.")
    assert sorted(row["child"] for row in rows(talk, "2026-11-24")) == ["Ben Okoro", "Zoe Okoro"]
    assert len(talk.mail_for(OFFICE)) == 1


def test_no_cell_of_the_table_is_a_formula(talk):
    talk.write(AMINA, ROOM, "=HYPERLINK(1) Ben is ill and off today.")
    [row] = rows(talk, "2026-11-24")
    assert row["reason"].startswith("'=HYPERLINK")
    for start in ("=1", "+1", "-1", "@x", " =1", "\t=1", "＝1"):
        assert safe_cell(start).startswith("'")
    assert safe_cell("Ben\r\n=1") == "Ben =1"


def test_the_table_may_begin_with_the_mark_that_excel_needs(talk):
    assert (
        listed(talk, "--csv", "--bom", "--date", "2026-11-24").stdout_bytes[:3] == b"\xef\xbb\xbf"
    )
    assert listed(talk, "--csv", "--date", "2026-11-24").stdout_bytes[:15] == b"child_reference"


def test_the_list_is_there_for_people_and_for_programs(talk):
    assert (
        "No report of absence for Tuesday 24 November"
        in listed(talk, "--date", "2026-11-24").output
    )
    talk.write(AMINA, ROOM, "Ben is off today, he is sick.")
    assert "Ben Okoro (3B), named in the message" in listed(talk, "--date", "2026-11-24").output
    [row] = json.loads(listed(talk, "--json", "--date", "2026-11-24").output)
    assert row["child_reference"] == "P1"


def test_a_report_about_another_familys_child_lists_no_child_of_the_senders(talk):
    talk.write(AMINA, ROOM, "Kai is ill today and not coming in, his dad asked me to tell you.")
    [row] = rows(talk, "2026-11-24")
    assert (row["child"], row["child_reference"], row["class_name"]) == ("not stated", "", "")
    assert "Child: not stated" in plain(talk.mail_for(OFFICE)[0])
