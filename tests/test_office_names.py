"""The office's line and list: a name is known without the records' title, and stands there once."""

from __future__ import annotations

import pytest

from tests.people_world import OFFICE, PEOPLE, later, school

FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Mrs Ruth Okoro", "ruth@parent.example"),
    ("P2", "Zoë", "Żak", "3B", "Łukasz Żak", "zak@parent.example"),
    ("P4", "Kuba", "Kowalski", "3B", "Ewa Kowalska", "ewa@parent.example"),
)


@pytest.mark.parametrize("name", ["Ruth Okoro", "ruth okoro", "Mrs Ruth Okoro", "Ms Ruth Okoro"])
def test_a_contact_is_found_by_name_whatever_the_records_put_before_it(tmp_path, name):
    with school(tmp_path, families=FAMILIES) as talk:
        talk.write(OFFICE, PEOPLE, f"link ruth@new.example to Ben Okoro as {name}", subject="")
        asked = talk.mail_for(OFFICE)[-1]
    assert "Please confirm" in asked.message["Subject"]
    assert "ruth@new.example" in asked.text


@pytest.mark.parametrize("name", ["Okoro", "Ruth", "Ruth Okoros", "R%h Okoro", "Ewa Okoro", "%"])
def test_a_part_of_a_name_is_nobodys(tmp_path, name):
    with school(tmp_path, families=FAMILIES) as talk:
        talk.write(OFFICE, PEOPLE, f"link ruth@new.example to Ben Okoro as {name}", subject="")
        asked = talk.mail_for(OFFICE)[-1]
    assert "Nothing has changed." in asked.text
    assert "Please confirm" not in asked.message["Subject"]


def test_a_stranger_without_a_name_stands_on_the_list_once(tmp_path):
    with school(tmp_path, families=FAMILIES) as talk:
        talk.write("gran@parent.example", "3b@class.oakfield.example", "When is the concert?")
        later(talk)
        listed = talk.mail_for(OFFICE)[-1]
    assert "Claims to be from: gran@parent.example" in listed.text.splitlines()
