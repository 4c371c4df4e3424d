"""What every mail of ours promises its reader, whatever it is about."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from jinja2 import UndefinedError, meta

from gateway.mail.render import Rendered, RenderFault, _environment, render, subject_line
from gateway.resources import resource_path
from rules.effects import NoticeKind
from tests.look import sample_mails
from tests.readability import own_sentences, read_html, readability
from tests.samples import SAMPLES, SCHOOL

MAILS = sample_mails()
EVERY_MAIL = pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
TO_GUARDIANS = [kind for kind in NoticeKind if kind is not NoticeKind.ACTION_REFUSED]
ASKED_FOR = {
    NoticeKind.HELP,
    NoticeKind.HELP_STAFF,
    NoticeKind.LINKED,
}  # may be longer: the reader wants to know
DIGESTS = {"digest", "single", "with-dsl"}


def words(text: str) -> set[str]:
    found = re.findall(r"[\w@.+]+", text.replace("\N{NO-BREAK SPACE}", " "))
    return {word.strip(".") for word in found}


def plain(text: str) -> str:
    return " ".join(text.split())


def test_every_notice_has_a_template_and_every_template_a_sample():
    folders = {path.parent.name for path in resource_path("templates").glob("*/body.html")}
    assert set(NoticeKind) <= folders
    assert folders == SAMPLES.keys() | DIGESTS


@EVERY_MAIL
def test_every_mail_is_plain_english(mail: Rendered):
    figures = readability(mail.text)
    assert figures.grade <= 6
    assert figures.mean <= 15
    assert figures.longest <= 25


@EVERY_MAIL
def test_every_mail_names_the_school_and_somebody_to_ring(mail: Rendered):
    for part in (mail.text, plain(mail.html.replace("\N{NO-BREAK SPACE}", " "))):
        assert SCHOOL["school_name"] in part
        assert SCHOOL["office_phone"] in part
        assert SCHOOL["office_address"] in part
    assert "999" in mail.text or "not sent" in mail.subject


@EVERY_MAIL
def test_the_text_part_says_all_that_the_html_part_says(mail: Rendered):
    text = plain(f"{mail.subject}\n{mail.text}")
    blocks, links, _ = read_html(mail.html)
    for block in blocks:
        assert plain(block) in text
    for link in links:
        assert unquote(link.removeprefix("mailto:").partition("?")[0]) in text


@EVERY_MAIL
def test_the_html_part_says_all_that_the_text_part_says(mail: Rendered):
    blocks, links, _ = read_html(mail.html)
    assert words(re.sub(r"(?m)^-+( |$)", "", mail.text)) <= words(
        " ".join(blocks) + " " + unquote(" ".join(links)).replace("mailto:", " ").replace("?", " ")
    )


@EVERY_MAIL
def test_no_mail_loads_anything_from_anywhere(mail: Rendered):
    lower = mail.html.lower()
    assert not re.search(r"<(img|link|script|iframe|form|input|object|video|svg|base)\b", lower)
    assert not re.search(r"url\(|@import|https?:|//", lower.replace("<!doctype html>", ""))
    _, links, attributes = read_html(mail.html)
    assert all(link.startswith("mailto:") and len(link) < 1000 for link in links)
    assert {name for _, name, _ in attributes} <= {
        *("lang", "charset", "name", "content", "class", "style", "href", "dir", "aria-label")
    }


@EVERY_MAIL
def test_every_mail_can_be_read_aloud_and_in_the_dark(mail: Rendered):
    assert '<html lang="en">' in mail.html
    assert '<meta name="color-scheme" content="light dark">' in mail.html
    turned = set(re.findall(r"^  \.([a-z-]+) \{", mail.html, re.MULTILINE))
    for element in re.findall(r"<[a-z0-9]+ [^>]*style=[^>]*>", mail.html):
        if re.search(r"(?<!-)(color|background):", element):
            assert turned & set(re.findall(r'class="([^"]+)"', element)), element


@EVERY_MAIL
def test_a_text_part_has_no_ragged_gaps(mail: Rendered):
    assert "\n\n\n" not in mail.text
    assert not re.search(r"[ \t]+$", mail.text, re.MULTILINE)


@pytest.mark.parametrize("kind", sorted(set(TO_GUARDIANS) - ASKED_FOR))
def test_a_notice_states_what_to_expect_in_sixty_words(kind: NoticeKind):
    for values in SAMPLES[kind]:
        text = render(kind, {**SCHOOL, **values}).text
        expectation = text.partition("\nIf ")[0].partition("\nIn an emergency")[0]
        assert len(" ".join(own_sentences(expectation)).split()) <= 60


@pytest.mark.parametrize("kind", TO_GUARDIANS)
def test_no_notice_repeats_what_the_guardian_wrote(kind: NoticeKind):
    environment = _environment(html=False)
    for name in ("subject.txt", "body.txt"):
        source = resource_path("templates", kind, name).read_text("utf-8")
        needed = meta.find_undeclared_variables(environment.parse(source))
        assert not needed & {"subject", "text", "topics", "guardian", "pupils", "originator"}


def test_a_held_message_is_given_an_hour_and_a_reason():
    mail = render("held", {**SCHOOL, **SAMPLES["held"][0]})
    assert mail.subject == "We have your message to 3B"
    assert mail.text.startswith(
        "Ms Lane reads messages next at 3.30pm today and will answer by 8.30am tomorrow.\n"
        "\nIn the school day, teachers teach and do not read messages.\n"
    )


def test_what_senior_staff_get_is_answered_with_one_text_that_knows_nothing_of_it():
    environment = _environment(html=True)
    for name in ("subject.txt", "body.txt", "body.html"):
        source = resource_path("templates", "senior", name).read_text("utf-8")
        needed = meta.find_undeclared_variables(environment.parse(source))
        assert needed <= {"school_name", "office_phone", "office_address", "emergency", "s"} | {
            "mail_subject"
        }


def test_a_value_that_is_missing_is_an_error_and_no_gap_in_a_letter():
    values = {**SCHOOL, **SAMPLES["held"][0]}
    del values["reads"]
    with pytest.raises(UndefinedError):
        render("held", values)


@pytest.mark.parametrize("written", ["", " \n", "PE kit\nBcc: x@evil.example", "PE kit\x0bmore"])
def test_a_subject_that_is_not_one_line_is_refused(written: str):
    with pytest.raises(RenderFault):
        subject_line(written)
