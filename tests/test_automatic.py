"""What no person wrote is not answered; what a person may have written is still read."""

import json

import pytest

from gateway.mail.headers import split_header, with_line_feeds
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.mail.shown_text import shown
from rules.automatic import AutomaticVerdict, judge_automatic
from tests.shared import DATA, shared

VECTORS = [
    json.loads(line)
    for line in (DATA / "vectors" / "auto_response.jsonl").read_text("utf-8").splitlines()
]
OURS = frozenset({"class3@school.example"})


def judged(octets: bytes, *, own=OURS, reverse_path="mum@parent.example") -> AutomaticVerdict:
    header = split_header(with_line_feeds(octets), DEFAULT_LIMITS)
    path = header.first("return-path")
    if path is not None:
        reverse_path = path.rpartition("<")[2].partition(">")[0].strip() or None
    subject = shown(header.first("subject") or "")
    return judge_automatic(header.pairs(), reverse_path, own, subject=subject)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_machines_are_told_from_people(vector):
    octets = "".join(f"{line}\r\n" for line in (*vector["headers"], "", "text")).encode()
    found = judged(octets)
    expected = {"automatic?": "suspected"}.get(vector["class"], vector["class"])
    assert found.kind == expected, (vector["why"], found)
    assert found.may_answer is vector["auto_reply"]


def test_a_message_without_a_reverse_path_is_never_answered():
    found = judge_automatic((("From", "mum@parent.example"),), None)
    assert (found.kind, found.may_answer) == ("automatic", False)
    assert found.evidence == ("null reverse path",)


def test_a_loop_is_known_by_its_received_fields():
    headers = (("From", "mum@parent.example"), *((("Received", "by x"),) * 51))
    assert judge_automatic(headers, "mum@parent.example").kind == "loop"


def test_own_addresses_may_be_a_question_asked_of_the_caller():
    found = judge_automatic(
        (("From", "Class 3 <CLASS3@school.example>"),),
        "mum@parent.example",
        lambda address: address.endswith("@school.example"),
    )
    assert found.kind == "loop"


def test_a_parent_may_quote_an_automatic_reply_in_a_subject():
    headers = (("From", "mum@parent.example"), ("Subject", "Re: Automatic reply: PE kit"))
    assert judge_automatic(headers, "mum@parent.example").kind == "human"


def test_a_persons_mail_through_a_bulk_senders_envelope_is_delivered():
    found = judge_automatic((("From", "mum@parent.example"),), "bounces+12@mailer.example")
    assert found.kind == "no_reply"


@pytest.mark.parametrize("folder", ["bsd", "dos-crlf", "mac-cr-only"])
def test_bounces_of_sixty_mail_systems_are_automatic(folder):
    files = sorted(shared("corpus", "sisimai-set-of-emails", folder).iterdir())
    missed = [path.name for path in files if judged(path.read_bytes()).kind != "automatic"]
    assert len(missed) <= len(files) // 100, missed


def test_replies_of_people_are_not_taken_for_automatic_mail():
    files = sorted(shared("corpus", "talon", "standard_replies").glob("*.eml"))
    assert [path.name for path in files if judged(path.read_bytes()).kind != "human"] == []
