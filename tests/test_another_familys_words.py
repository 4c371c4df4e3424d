"""What one family wrote never leaves in an answer to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.canary import carries_foreign_words
from rules.strangers import names_somebody_else
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on

SECRET = "we are moving to a flat in Harrow next week because of his father"
words = st.lists(st.sampled_from("abcdefgh"), min_size=6, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    "text",
    [
        f"Dear all,\n\n    {SECRET.upper()}\n",
        SECRET.replace(" ", "\n> "),
        SECRET.replace(" ", "\u00a0 "),
        SECRET.replace("a", "\u0430").replace("o", "\u043e"),  # Cyrillic
        SECRET.replace("mov", "mo\u00adv").replace("flat", "fl\u200bat"),
        SECRET.replace("e", "\u00e9"),
        SECRET.replace(" ", ""),
        "*we* _are_ moving, to a FLAT; in Harrow... (next week)",
    ],
)
def test_words_of_another_family_are_found_however_they_are_set(text):
    assert carries_foreign_words(text, (), (SECRET,))


@pytest.mark.parametrize(
    "text",
    [
        "See you next week at the fair.",
        "Thank you very much for letting me know. I will look into it and write again soon.",
        "Please bring a packed lunch and a water bottle for the trip next week.",
        "We are moving to page 12 next week.",
    ],
)
def test_what_any_teacher_writes_is_nobodys(text):
    foreign = (
        SECRET,
        "Thank you very much for letting me know. See you next week!",
        "Does he need a packed lunch and a water bottle for the trip next week?",
    )
    assert not carries_foreign_words(text, (), foreign)


def test_a_short_message_is_found_whole():
    assert carries_foreign_words("Well. Grandma hurts him! Bye", (), ("Grandma hurts him",))
    assert not carries_foreign_words("See you on Monday.", (), ("See you on Monday",))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Ring 07700-900 174.", "my number is 07700 900174"),
        ("Ring +44 7700 900174.", "07700900174"),
        ("It is HA1  4XY", "we live at ha1 4xy"),
        ("Write to Omar.L@Other.example.", "omar.l@other.example"),
        ("Badge QX77120 please", "his badge is qx77120"),
    ],
)
def test_a_number_a_postcode_or_an_address_of_another_family_is_found(text, other):
    assert carries_foreign_words(text, (), (other,))
    assert not carries_foreign_words(text, (other,), (other,))


def test_a_date_a_time_or_a_price_is_nobodys():
    text = "24/11/2026 at 15:30, £4.50, year 2026, room 12."
    assert not carries_foreign_words(text, (), (text.replace("room", "hall"),))


@given(words)
def test_words_that_stand_in_the_conversation_itself_are_nobody_elses(text):
    assert not carries_foreign_words(text, (text,), (text,))


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_no_text_stops_the_search(text, own, foreign):
    assert carries_foreign_words(text, (own,), (foreign,)) in (True, False)
    assert names_somebody_else(text, (own,), (foreign,)) in (True, False)


@pytest.mark.parametrize("text", ["a b " * 60_000, "x" * 300_000, "1 " * 90_000, "a@" * 90_000])
def test_hostile_texts_are_searched_in_linear_time(text):
    assert carries_foreign_words(text, ("other words",), (text,)) in (True, False)


def test_another_person_is_named_in_full_by_title_or_by_a_rare_name():
    others = ("Kai Lund", "Omar Lund")
    for text in ("Please ask Kai Lund.", "LUND, KAI", "Mrs Lund said so.", "Lund has it."):
        assert names_somebody_else(text, ("Ben Okoro",), others)
    # Many children are called so, and teachers write of two friends.
    assert not names_somebody_else("Please ask Kai.", ("Ben Okoro",), others)
    assert not names_somebody_else("Ben Okoro is well.", ("Ben Okoro",), ("Ben Okoro",))


def test_a_name_in_the_conversation_or_of_staff_names_nobody_else():
    others = ("Oluwaseun Brown",)
    assert names_somebody_else("Oluwaseun has it.", ("Ben Okoro",), others)
    known = ("Ben sat with Oluwaseun", "Mr Brown")
    assert not names_somebody_else("Oluwaseun has it, says Mr Brown.", (), others, known)


def test_a_word_that_is_also_a_name_is_a_word():
    others = ("Grace Hope", "Summer May", "Will Read")
    assert not names_somebody_else("Will we read in May? I hope so. Summer is near.", (), others)


@pytest.fixture
def asked(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        talk = Talk(gateway)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OMAR, ROOM, f"Please keep this to yourself: {SECRET}.")
        talk.at(on(24, 15, 31))
        yield talk, talk.links(talk.mail_for(KHAN)[0], "r")[0]


def test_an_answer_with_another_familys_words_comes_back_to_the_teacher(asked):
    talk, address = asked
    talk.write(KHAN, address, f"The blue one.\n\n    Please keep this: {SECRET}.\n")
    assert all("Harrow" not in mail.text for mail in talk.mail_for(AMINA))
    assert any("was not sent" in str(m.message["Subject"]) for m in talk.mail_for(KHAN))


def test_an_answer_that_names_another_child_leaves_when_the_teacher_says_so(asked):
    talk, address = asked
    talk.write(KHAN, address, "Kai Lund has the blue one.")
    assert all("blue" not in mail.text for mail in talk.mail_for(AMINA))
    talk.write(KHAN, address, "Send as it is\n\nKai Lund has the blue one.")
    assert "Kai Lund has the blue one." in talk.mail_for(AMINA)[-1].text
    talk.write(KHAN, address, f"Send as it is\n\nKai has it: {SECRET}")
    assert "Harrow" not in talk.mail_for(AMINA)[-1].text


def test_an_answer_to_the_digest_as_a_whole_reaches_no_parent(asked):
    talk, _address = asked
    [digest] = talk.mail_for(KHAN)
    before = len(talk.mail_for(AMINA)) + len(talk.mail_for(OMAR))
    quoted = "\n".join(f"> {line}" for line in digest.text.split("\n"))
    talk.write(KHAN, ROOM, f"The blue one.\n\n{quoted}", answering=digest)
    assert len(talk.mail_for(AMINA)) + len(talk.mail_for(OMAR)) == before
    assert any("could not send" in str(m.message["Subject"]) for m in talk.mail_for(KHAN))
