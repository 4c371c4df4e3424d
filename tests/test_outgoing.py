"""What leaves us is what was meant: no field, person, part or word more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.compose import FIELDS, compose, encoded_size
from gateway.mail.draft import Draft, DraftFault, Enclosure
from gateway.mail.lint import lint
from gateway.mail.render import render
from tests.samples import SAMPLES, SCHOOL
from tests.shared import DATA

OURS = frozenset({"oakfield.example"})
PLAIN = Draft(
    kind="answer",
    sender_name="Ms Lane (3B)",
    sender="3b@oakfield.example",
    recipient="priya.patel@mail.example",
    subject="Re: PE kit",
    text="Yes, on Monday.\n",
    html="<p>Yes, on Monday.</p>",
    message_id="<k3v9t2m4xa@oakfield.example>",
    date=datetime(2026, 11, 30, 15, 30, tzinfo=UTC),
    reply_to="r+4kzq7x2m9v3t8r1w@oakfield.example",
)
HOSTILE = [
    json.loads(line)["text"]
    for line in (DATA / "vectors" / "hostile_text.jsonl").read_text("utf-8").splitlines()
]
ANY_TEXT = st.text(st.characters(), max_size=300)  # lone surrogates and all controls too
LONG_ID = "<" + "AM9PR04MB8245" * 8 + "@EURPRD04.PROD.OUTLOOK.example>"


def sent(draft: Draft) -> bytes:
    octets = compose(draft)
    lint(octets, draft, own_domains=OURS)
    return octets


def filled(draft: Draft, text: str) -> Draft:
    """Return `draft` with `text` wherever something from outside may stand."""
    return replace(
        draft,
        sender_name=text,
        subject=text,
        text=text,
        html=f"<p>{text}</p>",
        in_reply_to=text,
        references=(text, f"<{text}>"),
        attachments=(Enclosure(text, text, text.encode("utf-8", "surrogatepass")),),
        enclosed=text.encode("utf-8", "surrogatepass"),
    )


def with_outside_text(values: object, text: str) -> object:
    """Return template values with each text replaced, at any depth."""
    if isinstance(values, str):
        return text
    if isinstance(values, dict):
        return {key: with_outside_text(value, text) for key, value in values.items()}
    if isinstance(values, tuple):
        return tuple(with_outside_text(value, text) for value in values)
    return values


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", SAMPLES)
def test_no_text_in_any_value_of_any_mail_adds_a_field_a_person_or_a_part(kind: str, text: str):
    for sample in SAMPLES[kind]:
        mail = render(kind, {**SCHOOL, **with_outside_text(sample, text)})
        draft = replace(PLAIN, subject=mail.subject, text=mail.text, html=mail.html)
        parsed = message_from_bytes(sent(draft), policy=policy.default)
        assert {name.lower() for name in parsed} <= {name.lower() for name in FIELDS}
        assert parsed["To"] == PLAIN.recipient
        assert [part.get_content_type() for part in parsed.iter_parts()] == [
            *("text/plain", "text/html")
        ]
        assert "49" not in mail.text.replace(text, "")
        assert "<script" not in mail.html


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_any_field_stops_a_mail_or_changes_whom_it_reaches(text: str):
    draft = replace(filled(PLAIN, text), auto_submitted="auto-replied")
    parsed = message_from_bytes(sent(draft), policy=policy.compat32)
    assert "Bcc" not in parsed
    assert parsed["To"] == PLAIN.recipient
    assert parsed["From"].endswith("<3b@oakfield.example>")
    assert len([part for part in parsed.walk() if not part.is_multipart()]) == 4


@given(ANY_TEXT)
def test_whatever_is_written_can_be_sent(text: str):
    sent(filled(PLAIN, text))


@given(ANY_TEXT)
def test_a_size_foretold_is_the_size_sent(text: str):
    octets = compose(replace(PLAIN, text=text, html=None))
    assert len(octets.partition(b"\r\n\r\n")[2]) == encoded_size(text)


@given(st.binary(max_size=2000))
def test_an_original_travels_octet_for_octet(original: bytes):
    parsed = message_from_bytes(sent(replace(PLAIN, enclosed=original)), policy=policy.default)
    (attached,) = parsed.iter_attachments()
    assert attached.get_filename() == "original.eml"
    assert attached.get_content() == original


def test_the_same_draft_gives_the_same_octets():
    assert compose(PLAIN) == compose(replace(PLAIN))


def test_automatic_mail_says_so_and_asks_for_no_answer():
    automatic = message_from_bytes(sent(replace(PLAIN, auto_submitted="auto-replied")))
    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert "Auto-Submitted" not in message_from_bytes(sent(PLAIN))


def test_long_message_ids_stay_whole_so_that_mail_programs_can_thread():
    thread = tuple(f"<{number}.{LONG_ID[1:]}" for number in range(30))
    octets = sent(replace(PLAIN, in_reply_to=LONG_ID, references=thread))
    parsed = message_from_bytes(octets)
    assert parsed["In-Reply-To"] == LONG_ID
    assert parsed["References"].split() == [thread[0], *thread[-9:], LONG_ID]
    assert b"=?" not in octets


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "a@mail.example, b@mail.example"},
        {"recipient": "a@mail.example\r\nBcc: b@mail.example"},
        {"sender": "Ms Lane <3b@oakfield.example>"},
        {"reply_to": "r@oakfield.example\n"},
        {"message_id": "k3v9t2m4xa"},
        {"date": datetime(2026, 11, 30)},  # noqa: DTZ001 (the fault under test)
    ],
)
def test_a_draft_to_anything_but_one_plain_address_is_refused(change: dict[str, object]):
    with pytest.raises(DraftFault):
        replace(PLAIN, **change)
