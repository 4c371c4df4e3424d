"""What happens to a message when our own program is at fault: a person has it all the same."""

from dataclasses import replace

from rules.effects import Ending
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, OFFICE, ROOM, STAFF, on


class Broken:
    """A matcher with a fault in it."""

    @property
    def index(self):
        raise TypeError("a fault of ours")


def test_a_message_our_rules_stumble_over_reaches_the_office_whole(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        settler = gateway.stage.program.rounds._settler
        stumbling = replace(settler, reader=replace(settler.reader, matcher=Broken()))
        gateway.stage.program.rounds._settler = stumbling
        talk = Talk(gateway)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.at(on(24, 9, 10))
        assert gateway.audit().endings == {str(Ending.OFFICE_QUEUE): 1}
        [listed] = talk.mail_for(OFFICE)
        assert "Which book should Ben bring?" in listed.text


def test_a_message_behind_it_is_not_kept_waiting(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        talk = Talk(gateway)
        settler = gateway.stage.program.rounds._settler
        rounds = gateway.stage.program.rounds
        rounds._settler = replace(settler, reader=replace(settler.reader, matcher=Broken()))
        talk.write(AMINA, ROOM, "The first.")
        rounds._settler = settler
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        assert gateway.audit().endings == {
            str(Ending.OFFICE_QUEUE): 1,
            str(Ending.WAITING): 1,
        }
