"""An address at the school that nobody has published reaches no parent by mistake."""

import pytest

from rules.unpublished import unpublished_addresses
from tests.hours_talk import AMINA, KHAN, ROOM, on, talking

DOMAINS = ("oakfield.example",)
KNOWN = ("office@oakfield.example", "I wrote to pta@oakfield.example last week.")


@pytest.mark.parametrize(
    "text",
    [
        "Write to mkhan@oakfield.example if you need me.",
        "Write to MKhan@Oakfield.Example.",
        "mkhan (at) oakfield.example",
        "mkhan [at] oakfield.example",
        "mk\u200bhan@oakfield.example",
        "mkhan\uff20oakfield.example",
        "mailto:mkhan%40oakfield.example",
        "mkhan@mail.oakfield.example",
    ],
)
def test_an_address_of_staff_is_found_however_it_is_written(text):
    assert unpublished_addresses([text], DOMAINS, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Please write to office@oakfield.example.",
        "Write to the office at Office@oakfield.example, please.",
        "Thank you for writing to pta@oakfield.example.",
        "The shop is at orders@books.example.",
        "See you at Oakfield at 3.30pm.",
    ],
)
def test_what_is_published_or_known_to_the_parent_may_be_shown(text):
    assert not unpublished_addresses([text], DOMAINS, KNOWN)


def test_a_teacher_is_asked_before_an_unknown_address_of_the_school_is_shown(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
        talk.at(on(24, 15, 31))
        [digest] = talk.mail_for(KHAN)
        words = "The blue one. Write to library@oakfield.example for another.\n\nMiss Khan"
        talk.write(KHAN, talk.reply_address(digest), words)
        assert all("library@" not in mail.text for mail in talk.mail_for(AMINA))
        returned = talk.mail_for(KHAN)[-1]
        assert "we do not know as a public one" in returned.text
        talk.write(KHAN, talk.reply_address(returned), f"Send as it is\n\n{words}")
        assert "library@oakfield.example" in talk.mail_for(AMINA)[-1].text


def test_the_address_of_the_office_may_be_shown(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(AMINA, ROOM, "Who has the lost coats?", subject="Coat")
        talk.at(on(24, 15, 31))
        [digest] = talk.mail_for(KHAN)
        talk.write(
            KHAN,
            talk.reply_address(digest),
            "They are in the hall. Or ask office@oakfield.example, please.",
        )
        assert "ask office@oakfield.example" in talk.mail_for(AMINA)[-1].text
