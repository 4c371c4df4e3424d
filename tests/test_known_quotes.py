"""What we sent is known again in a reply, whatever a mail program made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.clean_reply import clean_answer
from gateway.mail.known_quotes import above_the_quote, known_from, mark_known
from gateway.mail.read import read_message
from tests.mail_samples import message

SENT = """Miss Khan, here are 2 messages for Tuesday 24 November, 3.30pm.
----
1. Amina Okoro, about Ben Okoro (3B)
Which reading book should Ben bring on Thursday, the blue one?
Reply to Amina Okoro: r+eaa2edgiwd5xhve7cyfdd7c223tbg6nkxtgaqqug7fwpqki@class.oakfield.example
----
2. Omar Lund, about Kai Lund (3B)
We are moving to a flat in Harrow next week, so please keep his place.
Thank you very much."""
QUESTION = "Which reading book should Ben bring on Thursday, the blue one?"
KNOWN = known_from((SENT,))


def cleaned(text: str):
    return clean_answer(read_message(message(text)), (SENT,), (), QUESTION)


@pytest.mark.parametrize("width", [40, 72, 500])
@pytest.mark.parametrize("between", ["", "24.11.2026 kl. 15:31 skrev noen dette:\n", "???\n"])
def test_a_quote_is_known_without_a_mark_in_no_language_at_any_width(width, between):
    quoted = "\n".join(
        line[at : at + width] for line in SENT.split("\n") for at in range(0, len(line), width)
    )
    found = cleaned(f"The blue one.\n\n{between}{quoted}\n")
    assert found.text.replace("???", "").strip() == "The blue one."
    assert not found.doubtful


def test_a_courtesy_that_stands_in_both_stays():
    found = cleaned(f"The blue one.\nThank you very much.\n\n{SENT}")
    assert found.text == "The blue one.\nThank you very much."


def test_one_word_above_the_quote_is_an_answer():
    assert cleaned(f"Yes.\n\n{SENT}").text == "Yes."


def test_answers_typed_between_the_lines_stand_under_their_own_question():
    lines = SENT.split("\n")
    inside = "\n".join([*lines[:4], "The red one, please.", *lines[4:]])
    found = cleaned(f"See below.\n\n{inside}")
    assert found.text == f"See below.\n\n> {QUESTION}\nThe red one, please."
    assert not found.doubtful


def test_words_of_the_mail_that_stand_above_its_quote_are_told_apart():
    pasted = SENT.split("\n")[7]
    found = cleaned(f"The blue one.\n{pasted}\n\n{SENT}")
    assert pasted not in found.text
    assert pasted in found.above


def test_what_the_teacher_wrote_before_is_no_quote_of_it():
    said = "The blue book please, and page twelve for Thursday morning."
    sent = f"{SENT}\nYou had written this answer:\n{said}"
    content = read_message(message(f"{said}\n\n{sent}"))
    assert clean_answer(content, (sent,), (said,), QUESTION).text == said


words = st.sampled_from([*SENT.split("\n"), "An own line of words.", "", "> quoted", "Yes"])


@given(st.lists(words, max_size=12))
def test_marking_changes_no_line_but_by_its_mark(lines):
    text = "\n".join(lines)
    marked = mark_known(text, KNOWN).split("\n")
    assert [line.removeprefix("> ") for line in marked] == [
        line.removeprefix("> ") for line in lines or [""]
    ]


@given(st.lists(words, max_size=12))
def test_what_stands_above_a_quote_is_the_beginning_of_the_text(lines):
    text = "\n".join(lines)
    assert text.startswith(above_the_quote(text, KNOWN))


@pytest.mark.parametrize("text", ["a " * 100_000, SENT * 200, "> x\n" * 30_000, "\n" * 200_000])
def test_hostile_texts_are_marked_in_linear_time(text):
    assert mark_known(text, KNOWN)
