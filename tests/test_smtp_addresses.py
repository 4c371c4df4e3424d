"""Whose mail we take: our own addresses in any case of letters, and no relaying whatever."""

from __future__ import annotations

import pytest

from gateway.intake import reply
from gateway.intake.dialogue import Dialogue
from gateway.intake.reply import Reply
from tests.smtp_front import OURS, Front, talk

RELAY_FORMS = [
    "victim@elsewhere.example",
    "VICTIM@ELSEWHERE.EXAMPLE",
    "victim%elsewhere.example@school.example",
    "victim%elsewhere.example%school.example@school.example",
    "class-7b%elsewhere.example@school.example",
    "%@school.example",
    "class-7b@school.example%elsewhere.example",
    "elsewhere.example!victim@school.example",
    "elsewhere.example!class-7b@school.example",
    "school.example!elsewhere.example!victim",
    "!class-7b@school.example",
    "@elsewhere.example:class-7b@school.example",
    "@school.example:victim@elsewhere.example",
    "@school.example,@elsewhere.example:class-7b@school.example",
    "@elsewhere.example:@school.example:class-7b@school.example",
    ":class-7b@school.example",
    '"victim@elsewhere.example"@school.example',
    '"class-7b"@school.example',
    '"class-7b@school.example"',
    '"victim@elsewhere.example"',
    '"class-7b@school.example"@elsewhere.example',
    '"class\\-7b"@school.example',
    "class-7b@school.example@elsewhere.example",
    "victim@elsewhere.example@school.example",
    "class-7b@[127.0.0.1]",
    "class-7b@[IPv6:::1]",
    "victim@[192.0.2.1]",
    "class-7b@127.0.0.1",
    "class-7b@school.example.",
    "class-7b@.school.example",
    "class-7b@school..example",
    "class-7b@sub.school.example",
    "class-7b@school.example.elsewhere.example",
    "class-7b@school_example",
    "class-7b@-school.example",
    "class-7b",
    "@school.example",
    "class-7b@",
    "class-7b @school.example",
    "class-7b(office)@school.example",
    "class-7b@school.example,victim@elsewhere.example",
    "class-7b@school.example\\",
    "/var/mail/office@school.example",
    "|cat@school.example",
    "",
]


@pytest.mark.parametrize("form", RELAY_FORMS)
def test_we_relay_for_nobody_in_any_form_of_words(form: str) -> None:
    answer = talk("MAIL FROM:<a@home.example>", f"RCPT TO:<{form}>")
    assert isinstance(answer, Reply)
    assert answer.is_refusal


@pytest.mark.parametrize(
    "recipient", ["class-7b@school.example", "Class-7B@School.Example", "POSTMASTER"]
)
def test_the_shape_of_letters_does_not_matter_in_our_addresses(recipient: str) -> None:
    answer = talk("MAIL FROM:<a@home.example>", f"RCPT TO:<{recipient}>")
    assert answer is reply.RECIPIENT_TAKEN


@pytest.mark.parametrize("sender", ["mum@home.example", "", "victim@school.example"])
def test_no_answer_depends_on_who_the_sender_claims_to_be(sender: str) -> None:
    for recipient, expected in ((OURS, "250 2.1.5"), ("nobody@school.example", "550 5.1.1")):
        answer = talk(f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>")
        assert str(answer).startswith(expected)


@pytest.mark.parametrize(
    ("path", "reverse_path"),
    [
        ("", None),
        ("mum@home.example", "mum@home.example"),
        ("@relay.example,@b.example:mum@home.example", "mum@home.example"),
        ('"mum smith"@home.example', '"mum smith"@home.example'),
        ("mum..smith.@home.example", "mum..smith.@home.example"),
        ("b+7b=school.example@lists.example", "b+7b=school.example@lists.example"),
        ("mum@[192.0.2.1]", "mum@[192.0.2.1]"),
        ("x" * 100 + "@home.example", "x" * 100 + "@home.example"),
    ],
)
def test_a_sender_is_read_generously_and_a_null_one_is_nobody(
    path: str, reverse_path: str | None
) -> None:
    dialogue = Dialogue(Front())
    dialogue.answer(b"EHLO home.example\r\n")
    assert dialogue.answer(f"MAIL FROM:<{path}>\r\n".encode()) is reply.SENDER_NOTED
    assert dialogue.transaction is not None
    assert dialogue.transaction.reverse_path == reverse_path


@pytest.mark.parametrize("offers_utf8", [False, True])
def test_utf8_addresses_are_taken_whole_or_refused(offers_utf8: bool) -> None:
    front = Front(offers_utf8=offers_utf8)
    plain = "MAIL FROM:<a@home.example>"
    taken = talk("MAIL FROM:<zoë@home.example> SMTPUTF8", front=front)
    assert taken is (reply.SENDER_NOTED if offers_utf8 else reply.BAD_PARAMETER)
    taken = talk(plain, "RCPT TO:<zoë@school.example>", front=front)
    assert taken is (reply.RECIPIENT_TAKEN if offers_utf8 else reply.UTF8_RECIPIENT)
    assert talk("MAIL FROM:<zoë@home.example>", front=front) is reply.UTF8_SENDER
    assert talk("MAIL FROM:<zo\udceb@home.example>", front=front) is reply.UTF8_SENDER
    assert talk(plain, "RCPT TO:<zo\udceb@school.example>", front=front) is reply.UTF8_RECIPIENT
