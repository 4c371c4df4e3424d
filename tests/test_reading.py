"""Every message ends as read, or set aside with a reason: real ones, broken ones and bombs."""

import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.child import read_apart, read_safely
from gateway.mail.content_codec import from_json, to_json
from gateway.mail.limits import ReadingLimits, TooMuch, Unreadable
from gateway.mail.read import read_message
from rules.message import Content
from tests.mail_bombs import RECIPES, bomb
from tests.mail_samples import HTML, TEXT, file, message, multipart, part
from tests.shared import SHARED, shared

FOLDERS = ("cpython-test_email", "enmime", "mikel-mail", "sisimai-set-of-emails",
           "spamscope-mail-parser", "stalwart-mail-parser", "talon/standard_replies")  # fmt: skip
ENDINGS = {".eml", ".raw", ".txt", ""}
NAMES = {"amina patel": frozenset({"other@parent.example"})}
SAMPLE = multipart(
    "mixed",
    multipart("alternative", part("Ben is ill, ąęł.", TEXT), part("<p>Ben is ill", HTML)),
    file("a.pdf", "application/pdf", b"%PDF-1.7"),
    fields=(
        "Subject: =?utf-8?q?Ben=E2=80=99s_absence?=", "Message-ID: <1@parent.example>",
        "In-Reply-To: <q2@school.example>", "References: <q1@school.example> <q2@school.example>",
        "Date: Mon, 12 Jan 2026 08:00:00 +0100", "Received: by a", "Received: by b",
    ),
)  # fmt: skip


def mail_files(folder):
    files = sorted(shared("corpus", *folder.split("/")).rglob("*"))
    return [path for path in files if path.is_file() and path.suffix in ENDINGS]


def test_the_header_facts_are_read():
    found = read_message(SAMPLE)
    assert found.subject == "Ben’s absence"
    assert found.originator.mailbox == "mum@parent.example"
    assert found.message_id == "<1@parent.example>"
    assert found.references == ("<q2@school.example>", "<q1@school.example>")
    assert found.date_claimed == datetime(2026, 1, 12, 7, tzinfo=UTC)
    assert found.received_count == 2
    assert found.header("received") == ("by a", "by b")


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Jan 2026 08:00:00 +0100", "1" * 500])
def test_a_date_that_is_none_is_no_date(date):
    assert read_message(message("x", f"Date: {date}")).date_claimed is None


def test_a_decoded_subject_holds_no_line_end_and_no_override():
    found = read_message(message("x", "Subject: =?utf-8?b?UEUga2l0DQpCY2M6IHhAZXZpbC5leGFtcGxl?="))
    assert found.subject == "PE kit Bcc: x@evil.example"
    assert read_message(message("x", "Subject: a\u202eb\u0000c")).subject == "abc"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_message_of_the_corpus_is_read(folder):
    files = mail_files(folder)
    aside = []
    for path in files:
        try:
            assert isinstance(read_message(path.read_bytes()), Content)
        except TooMuch as error:
            aside.append((path.name, error.what))
    assert len(aside) * 100 <= len(files), aside


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe["name"])
def test_a_bomb_is_read_or_set_aside(recipe):
    with suppress(TooMuch, Unreadable):
        assert isinstance(read_safely(bomb(recipe)), Content)


def test_a_content_survives_the_pipe_unchanged():
    found = read_message(SAMPLE, guardian_names=NAMES)
    assert "display_name_matches_guardian_name" in found.originator.flags
    assert from_json(to_json(found)) == found
    assert read_apart(SAMPLE, guardian_names=NAMES) == found


def test_a_child_that_takes_too_long_or_too_much_leaves_a_reason():
    spent = ReadingLimits(child_cpu_seconds=1, html_bytes=25 * 1024 * 1024)
    with pytest.raises(Unreadable):
        read_apart(message("<p>a" * 4_000_000, HTML), spent)
    cramped = ReadingLimits(child_memory_bytes=160 * 1024 * 1024, text_bytes=25 * 1024 * 1024)
    with pytest.raises(Unreadable):
        read_apart(message("a b " * 6_000_000, TEXT), cramped)


def test_a_child_reports_the_limit_that_was_exceeded():
    with pytest.raises(TooMuch, match="parts"):
        read_apart(multipart("mixed", *[part("x", TEXT)] * 300))


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "null", '{"originator": 1}', "too-much"])
def test_a_childs_nonsense_is_no_content(nonsense):
    with pytest.raises(ValueError):
        from_json(nonsense)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_messages_are_read_or_set_aside(data):
    octets = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    _reads_or_sets_aside(bytes(octets))


def test_messages_of_the_corpus_cut_at_any_place_are_read_or_set_aside():
    if not SHARED.exists():
        pytest.skip("needs shared/corpus, which a user's clone does not have")
    chance = random.Random(1)  # The same cuts every time.
    for path in chance.sample(mail_files("mikel-mail") + mail_files("enmime"), 60):
        octets = path.read_bytes()
        for _ in range(3):
            _reads_or_sets_aside(octets[: chance.randrange(len(octets) + 1)])


def _reads_or_sets_aside(octets: bytes) -> None:
    with suppress(TooMuch):
        assert isinstance(read_message(octets), Content)
