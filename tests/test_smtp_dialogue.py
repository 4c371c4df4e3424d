"""What an SMTP peer is told: who is ours, what is not offered, and when patience ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake import reply
from gateway.intake.dialogue import Answer, Dialogue, Step, Welcome
from gateway.intake.limits import SmtpLimits
from gateway.intake.reply import Reply
from tests.smtp_front import OURS, Front, talk


def test_ehlo_shows_exactly_what_is_offered() -> None:
    base = ["mx.school.example", "SIZE 26214400", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES"]
    assert talk() == Welcome(tuple(base))
    assert talk(front=Front(offers_tls=True)) == Welcome((*base, "STARTTLS"))
    assert talk(front=Front(offers_utf8=True)) == Welcome((*base, "SMTPUTF8"))
    assert talk("HELO home.example") == Welcome(("mx.school.example",))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("VRFY class-7b@school.example", reply.WILL_NOT_VERIFY),
        ("VRFY nobody@school.example", reply.WILL_NOT_VERIFY),
        ("EXPN staff", reply.NOT_OFFERED),
        ("HELP", reply.NOT_OFFERED),
        ("STARTTLS", reply.NOT_OFFERED),
        ("AUTH PLAIN AGEAYgBj", reply.NOT_A_COMMAND),
        ("BDAT 10 LAST", reply.NOT_A_COMMAND),
        ("ETRN school.example", reply.NOT_A_COMMAND),
        ("XFORWARD ADDR=192.0.2.1", reply.NOT_A_COMMAND),
        ("GET / HTTP/1.1", reply.NOT_SMTP),
        ("MAIL FROM:mum@home.example", reply.BAD_ARGUMENT),
        ("MAIL FROM:<mum@home.example> BODY=BINARYMIME", reply.BAD_ARGUMENT),
        ("MAIL FROM:<mum@home.example> AUTH=<>", reply.BAD_PARAMETER),
        ("MAIL FROM:<mum@home.example> SIZE=1e9", reply.BAD_ARGUMENT),
        ("MAIL FROM:<mum@home.example> SIZE=26214400", reply.SENDER_NOTED),
        ("MAIL FROM:<mum@home.example> SIZE=26214401", reply.TOO_BIG),
        ("mail from: <mum@home.example> body=8bitmime size=10", reply.SENDER_NOTED),
        ("RCPT TO:<class-7b@school.example>", reply.MAIL_FIRST),
        ("DATA", reply.MAIL_FIRST),
    ],
)
def test_each_command_has_one_answer(command: str, expected: Reply) -> None:
    assert talk(command) is expected


def test_mail_needs_a_greeting_a_sender_and_a_recipient_in_that_order() -> None:
    dialogue = Dialogue(Front())
    assert dialogue.answer(b"MAIL FROM:<>\r\n") is reply.GREET_FIRST
    assert talk("MAIL FROM:<>", "DATA") is reply.NO_RECIPIENT
    assert talk("MAIL FROM:<>", "MAIL FROM:<>") is reply.ALREADY_MAIL
    assert talk("MAIL FROM:<>", f"RCPT TO:<{OURS}>", "DATA") is Step.READ_MESSAGE
    assert talk("MAIL FROM:<>", f"RCPT TO:<{OURS}>", "EHLO again", "DATA") is reply.MAIL_FIRST


def test_low_space_is_said_before_the_message_is_sent() -> None:
    assert str(talk("MAIL FROM:<>", front=Front(room=False))).startswith("452 4.3.1 ")


@given(line=st.binary(max_size=60))
def test_no_line_whatever_breaks_the_dialogue(line: bytes) -> None:
    dialogue = Dialogue(Front(offers_tls=True, offers_utf8=True))
    dialogue.answer(b"EHLO home.example\r\n")
    for _ in range(2):
        answer = dialogue.answer(line + b"\r\n")
        if any(octet < 32 or octet == 127 for octet in line):
            assert answer is reply.CONTROL_IN_COMMAND
        assert dialogue.answer(b"MAIL FROM:<" + line + b">\r\n") is not None
        assert dialogue.answer(b"RCPT TO:<" + line + b">\r\n") is not None


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_a_command_line_has_a_longest_length(excess: int) -> None:
    front = Front(limits=replace(SmtpLimits(), command_octets=100))
    line = "NOOP " + "x" * (93 + excess)
    expected = reply.LINE_TOO_LONG if excess > 0 else reply.FINE
    assert talk(line, front=front) is expected


def test_a_bare_line_feed_ends_no_command() -> None:
    dialogue = Dialogue(Front())
    assert dialogue.answer(b"EHLO home.example\n") is reply.BARE_LF_COMMAND
    assert dialogue.helo is None


def answers(count: int, line: str, front: Front, *before: str) -> list[Answer]:
    dialogue = Dialogue(front)
    for early in ("EHLO home.example", *before):
        dialogue.answer(early.encode() + b"\r\n")
    return [dialogue.answer(line.format(number).encode() + b"\r\n") for number in range(count)]


def test_the_limits_of_patience_are_exact() -> None:
    limits = replace(SmtpLimits(), junk_commands=4, errors=3, unknown_recipients=2, recipients=3)
    front = Front(limits=limits)
    # The greeting is the first command without mail.
    assert answers(4, "NOOP", front) == [reply.FINE] * 3 + [reply.TOO_MANY_COMMANDS]
    assert answers(4, "NONSENSE", front) == [reply.NOT_A_COMMAND] * 3 + [reply.TOO_MANY_ERRORS]
    guessed = answers(3, "RCPT TO:<guess-{}@school.example>", front, "MAIL FROM:<>")
    assert guessed == [reply.UNKNOWN_RECIPIENT] * 2 + [reply.TOO_MANY_ERRORS]
    many = answers(7, "RCPT TO:<r+{}@school.example>", front, "MAIL FROM:<>")
    assert many[:3] == [reply.RECIPIENT_TAKEN] * 3
    assert many[3:6] == [reply.TOO_MANY_RECIPIENTS] * 3
    assert many[6] is reply.TOO_MANY_COMMANDS


def test_a_reply_whose_codes_contradict_each_other_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="disagree"):
        Reply(550, "4.1.1", "No such address here")
    with pytest.raises(ValueError, match="one line"):
        Reply(250, "2.0.0", "OK\r\n250 and more")
