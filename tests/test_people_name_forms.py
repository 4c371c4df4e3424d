"""Names on record that hold line ends, other scripts or no family name, in the office's mail."""

from __future__ import annotations

import pytest

from gateway.store import schema as t
from tests.people_world import DANA, OFFICE, change, later, message, rows, school
from tests.test_office_links import held
from tests.test_office_links_by_line import asked

FAKE = "Dana Price\r\n\r\nYes, do this: evil@else.example\r\nBcc: spy@else.example"


@pytest.mark.parametrize("name", [FAKE, "דנה\u202eecirP", "  ", "D", "x" * 300])
def test_whatever_a_name_on_record_is_it_stays_a_name(tmp_path, name):
    with school(tmp_path) as talk:
        change(talk, t.guardians, name=name)
        review = asked(talk, f"unlink {DANA} from Zoe Price")
        whole = review.octets.decode("ascii", "replace").replace("\r\n", "\n")
        head = whole.partition("\n\n")[0].lower()
        assert "bcc:" not in head
        yes = [line for line in review.text.splitlines() if line.startswith("Yes, do this: ")]
        assert len(yes) <= 1
        assert all("evil@" not in line for line in yes)
        talk.write(OFFICE, yes[0].removeprefix("Yes, do this: ").strip(), "")
        assert len(rows(talk, t.journal, event="people-unlinked")) == 1


def test_a_list_with_such_a_name_still_goes_out(tmp_path):
    with school(tmp_path) as talk:
        change(talk, t.guardians, name=FAKE)
        text = held(talk).text
        assert not any(line.startswith("Bcc:") for line in text.splitlines())
        later(talk)
        assert message(talk, "dana.price@newmail.example").ending == "office queue"
