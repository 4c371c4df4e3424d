"""The author's own words are told from what a mail program quoted, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.clean_reply import clean_answer, clean_reply
from gateway.mail.quotes import own_words, split_quotes
from gateway.mail.read import read_message
from tests.mail_samples import HTML, message
from tests.reply_samples import KEPT_WHOLE, OWN, REPLIES
from tests.shared import shared


@pytest.mark.parametrize("name", REPLIES)
def test_quotes_and_signatures_are_cut(name):
    text, own = REPLIES[name]
    assert own_words(text).strip() == own


@pytest.mark.parametrize("name", KEPT_WHOLE)
def test_what_is_no_quote_stays(name):
    assert own_words(KEPT_WHOLE[name]) == KEPT_WHOLE[name]


def test_a_forward_that_looks_like_a_reply_stays_when_the_subject_says_so():
    text, _ = REPLIES["outlook desktop"]
    assert own_words(text, forwarded=True) == text.strip("\n")


LINES = ["> a", "x@y.example wrote 12:30:", "From: a@b.example", "", "--", "some words here"]


@given(st.lists(st.sampled_from([*LINES, "Date: 1/1/2026", "Subject: x", "-----"])))
def test_no_line_is_lost_and_the_authors_words_keep_their_order(lines):
    split = split_quotes("\n".join(lines))
    kept = [*split.own.split("\n"), *split.quoted.split("\n"), *split.signature.split("\n")]
    remaining = list(filter(None, kept))
    for line in filter(None, lines):
        assert line in remaining
    found = iter(lines)
    assert all(line in found for line in filter(None, split.own.split("\n")))


@pytest.mark.parametrize(
    "text",
    ["On " * 30_000, "> " * 50_000, ">" * 500_000, "a: b\n" * 50_000, "-" * 500_000,
     "On 12:30 a@b.example\n" * 30_000, "\n" * 300_000, "x@y.example 12:30:\n>a\n" * 20_000],
)  # fmt: skip
def test_hostile_texts_are_split_in_linear_time(text):
    assert split_quotes(text) is not None


def test_texts_that_have_hung_other_parsers_are_split():
    for path in sorted(shared("corpus", "email_reply_parser").glob("*.txt")):
        assert own_words(path.read_text("utf-8", "replace")).strip()


def test_replies_in_plain_text_from_the_corpus():
    folder = shared("corpus", "email_reply_parser")
    for name in ("email_1_2", "email_1_3", "email_1_6", "email_2_1", "email_2_2", "greedy_on"):
        text = (folder / f"{name}.txt").read_text("utf-8")
        split = split_quotes(text)
        assert split.quoted
        assert "wrote:" not in split.own
        assert "Sent:" not in split.own


def test_a_teachers_answer_goes_out_without_quotes_and_contact_lines():
    found = clean_reply(
        "Ben did well today.\n\nKind regards\n\nMrs J Hartley\nClass 3 teacher\n"
        "01632 960123\nj.hartley@school.example\n\n"
        "From: Class 3 <r+abc@school.example>\nSent: 12 January 2026 15:42\n"
        "To: J Hartley <j.hartley@school.example>\nSubject: Digest\n\nMia's mother writes: ...\n"
    )
    assert found.text.startswith("Ben did well today.")
    assert "@" not in found.text
    assert "01632" not in found.text
    assert "Mia" in found.cut
    assert not found.doubtful


def test_an_answer_in_html_alone_goes_out_without_what_was_quoted():
    answered = message(
        "<div>Ben did well today.</div>"
        "<div class=gmail_quote>On Monday Mia's mother wrote: ...</div>",
        HTML,
    )
    found = clean_answer(read_message(answered))
    assert (found.text, found.doubtful) == ("Ben did well today.", False)
    assert "Mia" in found.cut


def test_an_answer_between_quoted_lines_is_held():
    assert clean_reply(REPLIES["answers between the quotes"][0]).doubtful


def test_an_answer_with_nothing_of_its_own_is_held():
    assert clean_reply("> How is Ben?\n> Regards").doubtful


def test_html_and_text_that_disagree_are_held():
    assert clean_reply("Ben did well.", "<p>Something else entirely.</p>").doubtful
    agreed = clean_reply(f"{OWN}", f"<div>{OWN}</div>")
    assert (agreed.text, agreed.doubtful) == (OWN, False)


def test_what_html_marks_as_quote_is_cut_where_the_text_marks_nothing():
    found = clean_reply(
        "Ben did well today.\nDear Mrs Hartley, how is Mia?",
        "<div>Ben did well today.</div><blockquote type=cite>Dear Mrs Hartley, how is Mia?"
        "</blockquote>",
    )
    assert (found.text, found.doubtful) == ("Ben did well today.", False)
