"""Staff are told why something was refused, in their hours, and a machine not without end."""

import pytest

from tests.hours_talk import AMINA, HOURS, ROOM, on, signed, talking
from tests.hours_talk import KHAN as KHAN_ADDRESS
from tests.installation import DSL, OFFICE

HELP = "help@class.oakfield.example"
TICKET = "Thank you for your mail. We will come back to you. Ticket {}"


@pytest.mark.parametrize("writer", [OFFICE, KHAN_ADDRESS])
@pytest.mark.parametrize("address", [HOURS, HELP])
def test_a_program_that_answers_by_itself_is_answered_a_few_times_a_day(tmp_path, writer, address):
    with talking(tmp_path, on(24, 15, 35)) as talk:
        for number in range(10):
            talk.write(writer, address, TICKET.format(number), subject="Thank you")
        answered = [mail for mail in talk.mail_for(writer) if "Ticket" not in mail.text]
        assert len(answered) == 4
        talk.at(on(25, 9))
        assert any("Thank you" in mail.text for mail in talk.mail_for(OFFICE)[-2:])
        before = len(talk.mail_for(writer))
        talk.at(on(25, 15, 40))
        talk.write(writer, address, TICKET.format(10), subject="Thank you")
        assert len(talk.mail_for(writer)) == before + 1  # on another day we answer again


def test_whoever_covers_a_class_is_refused_inside_the_hours_alone(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(OFFICE, HOURS, f"leave 24 Nov to 4 Dec for {KHAN_ADDRESS}, cover {DSL}")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
        talk.at(on(24, 15, 31))
        # Other mail of that instant may come before it or after it.
        digest = next(mail for mail in talk.mail_for(DSL) if "Show it again" in mail.text)
        before = len(talk.mail_for(DSL))
        talk.at(on(24, 21))
        talk.write(DSL, talk.action(digest, "Show it again"), "on the twelfth of never\n")
        talk.write(DSL, HOURS, "close the moon")
        talk.at(on(25, 7, 30))
        assert len(talk.mail_for(DSL)) == before
        talk.at(on(25, 8, 5))
        assert len(talk.mail_for(DSL)) == before + 2
