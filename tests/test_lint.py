"""The last gate stops a mail that says anything but what was meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.mail.compose import compose
from gateway.mail.draft import Draft, Enclosure
from gateway.mail.lint import LintFault, lint
from tests.test_outgoing import OURS, PLAIN

WHOLE = replace(
    PLAIN,
    auto_submitted="auto-generated",
    attachments=(Enclosure("form.pdf", "application/pdf", b"%PDF"),),
    references=("<a@mail.example>",),
)
OCTETS = compose(WHOLE)
TEACHER = "m.lane@oakfield.example"


def refused(octets: bytes, draft: Draft = WHOLE) -> str:
    with pytest.raises(LintFault) as fault:
        lint(octets, draft, own_domains=OURS)
    return str(fault.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To: priya", b"Bcc: x@evil.example\r\nTo: priya"),
        (b"To: priya", b"To: x@evil.example\r\nTo: priya"),
        (b"To: priya.patel@mail.example", b"To: x@evil.example"),
        (b"To: priya.patel@mail.example", b"To: priya.patel@mail.example, x@evil.example"),
        (b"<3b@oakfield.example>", b"<4c@oakfield.example>"),
        (b'"Ms Lane (3B)"', b'"Ms Lame (3B)"'),
        (b'"Ms Lane (3B)"', b'"Ms" "Lane (3B)"'),
        (b"Reply-To: r+", b"Reply-To: s+"),
        (b"Re: PE kit", b"Re: PE kits"),
        (b"Re: PE kit", b"Re: PE kit\nBcc: x@evil.example"),
        (b"Re: PE kit", b"Re: PE kit\r\n\r\nBcc: x@evil.example"),
        (b"Re: PE kit", b"Re: P\x00E kit"),
        (b"Re: PE kit", "Re: PÉ kit".encode()),
        (b"Re: PE kit", b"Re: PE kit" + b" " * 998),
        (b"15:30:00", b"15:30:01"),
        (b"<k3v9t2m4xa@", b"<k3v9t2m4xb@"),
        (b"<a@mail.example>", b"<b@mail.example>"),
        (b"X-Auto-Response-Suppress: All\r\n", b""),
        (b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"),
        (b"Yes, on Monday.\r\n", b"Yes, on Tuesday.\r\n"),
        (b"<p>Yes", b"<p>No"),
        (b'filename="form.pdf"', b'filename="form.exe"'),
        (b"JVBERg==", b"JVBERw=="),
        (b"attachment;", b"inline;"),
        (b"application/pdf", b"message/rfc822"),
        (b"multipart/alternative", b"multipart/related"),
        (b"multipart/alternative", b"text/plain"),
        (b"Content-Type: application/pdf", b"Content-ID: <x@y>\r\nContent-Type: application/pdf"),
    ],
)
def test_any_difference_from_what_was_meant_stops_the_mail(old: bytes, new: bytes):
    assert old in OCTETS
    refused(OCTETS.replace(old, new, 1))


def test_the_mail_as_meant_passes():
    lint(OCTETS, WHOLE, own_domains=OURS)


def test_we_write_from_our_own_domains_only():
    with pytest.raises(LintFault, match="not of ours"):
        lint(OCTETS, WHOLE, own_domains={"other.example"})


@pytest.mark.parametrize(
    "leak",
    [
        {"text": f"Write to {TEACHER} please."},
        {"text": f"Größe und mehr, {TEACHER}, " + "ü" * 200},
        {"text": "Write to M.Lane@\u200bOakfield.example"},
        {"html": "<p>m.lane<b>@oakfield.example</b></p>"},
        {"html": "<p>m.lane&#64;oakfield.example</p>"},
        {"html": '<a href="mailto:m.lane%40oakfield.example">me</a>'},
        {"subject": f"From {TEACHER}"},
        {"subject": f"Grüße von {TEACHER}"},
        {"sender_name": TEACHER},
        {"sender_name": f"Ü {TEACHER}"},
        {"attachments": (Enclosure(f"{TEACHER}.pdf", "application/pdf", b""),)},
        {"attachments": (Enclosure("a.txt", "text/plain", TEACHER.encode()),)},
        {"enclosed": b"To: " + TEACHER.encode()},
    ],
)
def test_a_teachers_own_address_never_reaches_a_parent_in_any_form(leak: dict[str, object]):
    draft = replace(PLAIN, forbidden=(TEACHER,), **leak)
    assert refused(compose(draft), draft).startswith("a forbidden text")


def test_a_name_inside_a_longer_word_is_no_leak():
    draft = replace(
        PLAIN, text="Hannah met joann@mail.example.", forbidden=("Ann", "ann@mail.example")
    )
    lint(compose(draft), draft, own_domains=OURS)
    draft = replace(draft, text="Hannah met\nAnn.")
    assert refused(compose(draft), draft) == "a forbidden text"
