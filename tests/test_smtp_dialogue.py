"""What an SMTP peer is told: who is ours, what is not offered, and when patience ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake import reply
from gateway.intake.dialogue import Answer, Dialogue, Step, Welcome
from gateway.intake.limits import SmtpLimits
from gateway.intake.reply import Reply

OURS = "class-7b@school.example"
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


@dataclass
class Front:
    """A listener as plain values."""

    limits: SmtpLimits = field(default_factory=SmtpLimits)
    hostname: str = "mx.school.example"
    offers_tls: bool = False
    offers_utf8: bool = False
    room: bool = True

    def has_room(self) -> bool:
        return self.room

    def school_of(self, recipient: str) -> str | None:
        ours = {OURS, "postmaster", "zoë@school.example"}
        numbered = recipient.startswith("r+") and recipient.endswith("@school.example")
        return "oak" if recipient in ours or numbered else None


def talk(*lines: str, front: Front | None = None) -> Answer:
    """Return the answer to the last of `lines`, after a greeting."""
    dialogue = Dialogue(front or Front())
    answer = dialogue.answer(b"EHLO home.example\r\n")
    for line in lines:
        answer = dialogue.answer(line.encode("utf-8", "surrogateescape") + b"\r\n")
    return answer


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
