"""One click by mail: "wrong place", to the office or to the teacher, and what is kept of it."""

import json
import tomllib

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.store import schema as t
from gateway.work.story import story_lines
from tests.installation import DSL, OFFICE
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, ROOM, STAFF, on

PRESS = "Just press Send. You may add a line above this one.\n"
ABSENT = "Ben is absent today, he has a temperature."
BOOK = 'Which "book" should Ben bring?\nThe blue one?'
TO_TEACHER = "Wrong place, give it to the teacher"
TO_OFFICE = "Wrong place, pass it to the office"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def digests(talk):
    return [mail for mail in talk.mail_for(KHAN) if "Reply to Amina" in mail.text]


def review(talk, *words):
    settings = str(talk.gateway.folder / "schoolgate.toml")
    done = CliRunner().invoke(main, ["rules", "review", "--settings", settings, *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def moved_to_the_teacher(talk):
    talk.write(AMINA, ROOM, ABSENT, subject="Ben")
    [mail] = talk.mail_for(OFFICE)
    talk.write(OFFICE, talk.action(mail, TO_TEACHER), PRESS, subject=TO_TEACHER)
    return mail


def test_the_office_gives_a_message_to_the_teacher_who_reads_it_in_the_hours(talk):
    moved_to_the_teacher(talk)
    assert not digests(talk)
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    assert ABSENT in digest.text
    assert "The office had this first, and gives it to you." in digest.text


def test_the_parent_is_told_when_the_teacher_reads_it_and_a_promise_is_made(talk):
    moved_to_the_teacher(talk)
    told = talk.mail_for(AMINA)[-1].text
    assert "Miss Khan" in told
    assert "3.30pm" in told
    [promise] = talk.rows(t.promises)
    assert promise.kept is None
    talk.at(on(24, 15, 31))
    [digest] = digests(talk)
    talk.write(KHAN, talk.reply_address(digest), "Thank you.")
    assert talk.rows(t.promises)[0].kept_how == "answered"
    assert "Thank you." in talk.mail_for(AMINA)[-1].text


def test_it_is_moved_once_and_only_by_whom_the_address_was_signed_for(talk):
    mail = moved_to_the_teacher(talk)
    talk.write(OFFICE, talk.action(mail, TO_TEACHER), PRESS, subject="Again")
    talk.write(DSL, talk.action(mail, TO_TEACHER), PRESS, subject="Not mine")
    assert len(talk.rows(t.promises)) == 1
    assert len([one for one in talk.rows(t.digest_items) if one.kind == "message"]) == 1


def test_what_the_teacher_passes_back_again_ends_the_promise(talk):
    moved_to_the_teacher(talk)
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.action(digests(talk)[0], TO_OFFICE), PRESS)
    assert talk.rows(t.promises)[0].kept_how == "passed"
    assert {row.moved_to for row in talk.rows(t.topic_examples)} == {"teacher", "office"}


def test_why_tells_who_moved_it(talk):
    moved_to_the_teacher(talk)
    spool_id = talk.rows(t.topic_examples)[0].spool_id
    with talk.gateway.store.read() as connection:
        policy = talk.gateway.stage.program.school.policy
        lines = story_lines(connection, policy, spool_id)
    assert any("School office gave it to the teacher" in line for line in lines)


def test_a_complaint_is_never_offered_to_the_teacher(talk):
    text = "I wish to make a formal complaint under the school's complaints procedure."
    talk.write(AMINA, ROOM, text, subject="Formal complaint")
    [mail] = talk.mail_for(OFFICE)
    assert "a complaint" in mail.text
    assert "Please show it to a senior member of staff today." in mail.text
    assert TO_TEACHER not in mail.text


def test_review_lists_what_was_moved_with_what_had_been_found(talk):
    assert "Nobody has moved a message yet." in review(talk)
    moved_to_the_teacher(talk)
    shown = review(talk)
    for words in ("attendance: “", "to the teacher, by School office", ABSENT):
        assert words in shown
    [one] = json.loads(review(talk, "--json"))
    assert one["labels"][0] == "attendance"
    assert one["text"].strip() == ABSENT
    assert one["evidence"]


def test_review_prints_lines_that_a_pack_can_take_and_changes_nothing(talk):
    moved_to_the_teacher(talk)
    talk.write(AMINA, ROOM, BOOK, subject="Book")
    talk.at(on(24, 15, 31))
    found = next(mail for mail in digests(talk))
    talk.write(KHAN, talk.action(found, TO_OFFICE, nth=1), PRESS)
    before = sorted(path.name for path in talk.gateway.folder.iterdir())
    printed = review(talk, "--accept", "1", "--accept", "2", "--pack", "attendance.en")
    examples = tomllib.loads(printed)["examples"]
    texts = {
        key: [one["text"].strip() for one in examples[key]]
        for key in ("must_match", "must_not_match")
    }
    assert texts == {"must_match": [BOOK], "must_not_match": [ABSENT]}
    assert sorted(path.name for path in talk.gateway.folder.iterdir()) == before


def test_review_refuses_what_is_not_there(talk):
    settings = str(talk.gateway.folder / "schoolgate.toml")
    for words in (["--accept", "7", "--pack", "attendance.en"], ["--accept", "1"], ["--pack", "x"]):
        done = CliRunner().invoke(main, ["rules", "review", "--settings", settings, *words])
        assert done.exit_code != 0


def test_review_prints_a_letter_beyond_the_first_plane_as_toml_knows_it(talk):
    talk.write(AMINA, ROOM, f"{BOOK} \U000f0000 thanks", subject="Book")
    talk.at(on(24, 15, 31))
    talk.write(KHAN, talk.action(next(iter(digests(talk))), TO_OFFICE), PRESS)
    printed = review(talk, "--accept", "1", "--pack", "attendance.en")
    assert "\U000f0000 thanks" in tomllib.loads(printed)["examples"]["must_match"][0]["text"]


def test_review_shows_nothing_of_what_the_lead_has_had_since(talk):
    talk.write(AMINA, ROOM, BOOK, subject="Book")
    talk.at(on(24, 15, 31))
    digest = next(iter(digests(talk)))
    talk.write(KHAN, talk.action(digest, TO_OFFICE), PRESS)
    assert " ".join(BOOK.split()) in review(talk)
    talk.write(KHAN, talk.action(digest, "Raise a safeguarding concern"), PRESS)
    assert "Nobody has moved a message yet." in review(talk)
