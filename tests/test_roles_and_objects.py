"""Every role at every object: done or seen as the table says, and refused everywhere else.

Nothing here is made from the code's own rules: the table was written by hand, and each cell of
it is a mail that really arrives and is really settled.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gateway.store import schema as t
from rules.instruction import Action
from tests.installation import DOMAIN
from tests.people_world import ROOM_3B, ROOM_4A, TUESDAY, message, rows
from tests.role_actors import ADDRESSES, PARENT, Actors, actors

TABLE = tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text("utf-8"))
ROLES = TABLE["roles"]
IN_WINDOW = TUESDAY.replace(hour=15, minute=32)
BECAUSE = "until 31 March 2027 because of what was agreed"


@pytest.fixture(scope="module")
def everybody(tmp_path_factory):
    with actors(tmp_path_factory.mktemp("roles"), start=IN_WINDOW) as found:
        yield found


def expected(part: str, what: str) -> set[str]:
    return set(TABLE[part][what])


def others_first(part: str, what: str) -> list[str]:
    """Return all roles, those who may last: what is done once is not to be had by others before."""
    return sorted(ROLES, key=lambda role: role in expected(part, what))


def writes(everybody: Actors, what: str, role: str) -> bool:
    number = everybody.number()
    to, text = {
        "to the class, and the teacher reads it": (ROOM_3B, f"Which song is it? {number}"),
        "to another class, and its teacher reads it": (ROOM_4A, f"Which song is it? {number}"),
        "to people, to be shown a family": (f"people@{DOMAIN}", "show Ben Okoro"),
        "to people, to unlink somebody": (f"people@{DOMAIN}", f"unlink {PARENT} from Ben Okoro"),
        "to people, to link somebody": (f"people@{DOMAIN}", f"link {PARENT} to Kuba Kowalski"),
        "to people, to invite somebody": (f"people@{DOMAIN}", "invite Ben Okoro"),
        "to hours, to close the school": (f"hours@{DOMAIN}", "closed 2027-05-05: boiler"),
        "to hours, to narrow their own": (f"hours@{DOMAIN}", "quiet 16:30-17:00 every Fri"),
        "to help, and is answered": (f"help@{DOMAIN}", "help"),
    }[what]
    before = len(everybody.talk.gateway.taken)
    done = everybody.tries(role, to, text, subject="" if "@" in to[:7] else f"W{number}")
    if what.startswith("to help"):
        sent = [mail.recipient for mail in everybody.talk.gateway.taken[before:]]
        return done and ADDRESSES[role] in sent
    if to in (ROOM_3B, ROOM_4A):  # and not moved to the class of their own child
        return done and _is_read_in(everybody, role, to)
    return done


def _is_read_in(everybody: Actors, role: str, room_address: str) -> bool:
    [room] = rows(everybody.talk, t.classes, address=room_address)
    return message(everybody.talk, ADDRESSES[role]).class_id == room.class_id


@pytest.mark.parametrize("what", TABLE["writes"])
def test_who_may_do_what_by_writing_to_an_address_everybody_knows(everybody, what):
    may = {role for role in ROLES if writes(everybody, what, role)}
    assert may == expected("writes", what)


OWN = {
    "link an unknown address": (Action.LINK, lambda all_: all_.offer("address")),
    "ask an unknown writer for a code": (Action.ASK_CODE, Actors.held),
    "drop a held message": (Action.DROP, Actors.held),
    "approve a third adult": (Action.APPROVE, lambda all_: all_.offer("third")),
    "remove a guardian": (Action.REMOVE, Actors.question),
    "let a removed guardian back": (Action.RETURN, Actors.removal),
    "confirm a change of the hours": (
        Action.CONFIRM_HOURS, lambda all_: all_.change_of_hours(in_force=False)
    ),
    "undo a change of the hours": (
        Action.UNDO_HOURS, lambda all_: all_.change_of_hours(in_force=True)
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLE["signed_for_themselves"])
def test_who_may_do_what_with_an_address_signed_for_themselves(everybody, what):
    action, item_of = OWN[what]
    may = set()
    item_id = item_of(everybody)
    for role in others_first("signed_for_themselves", what):
        done = everybody.tries(role, everybody.signed(action, item_id, role), BECAUSE)
        if done:
            may.add(role)
            everybody.forget_links()
            item_id = item_of(everybody)
    everybody.forget_links()
    assert may == expected("signed_for_themselves", what)


ITEMS = {
    "class teacher": Actors.question,
    "dsl": Actors.disclosure,
    "office": {
        "office-answer": Actors.question,
        "give": Actors.question,
        "link": lambda all_: all_.offer("address"),
        "ask-code": Actors.held,
        "drop": Actors.held,
        "confirm-hours": lambda all_: all_.change_of_hours(in_force=False),
    },
    "head": {
        "approve-link": lambda all_: all_.offer("third"),
        "remove-guardian": Actors.question,
        "return-guardian": Actors.removal,
    },
}
READERS = [
    (reader, what)
    for reader in ITEMS
    for what in TABLE[f"signed_for_the_{reader.replace(' ', '_')}"]
]


@pytest.mark.parametrize(("reader", "what"), READERS)
def test_an_address_signed_for_one_reader_works_for_nobody_else(everybody, reader, what):
    found = ITEMS[reader]
    item_id = (found[what] if isinstance(found, dict) else found)(everybody)
    part = f"signed_for_the_{reader.replace(' ', '_')}"
    text = {"answer": "The blue one.", "office-answer": "Yes.", "lead-answer": "We are on it."}
    words = text.get(what, BECAUSE if reader == "head" else "")
    address = everybody.signed(Action(what), item_id, reader)
    roles = others_first(part, what)
    may = {role for role in roles if everybody.tries(role, address, words)}
    everybody.forget_links()
    assert may == expected(part, what)


def test_every_action_by_mail_is_in_the_table():
    tried = {what for part in TABLE if part.startswith("signed_for_the_") for what in TABLE[part]}
    assert {str(action) for action in Action} - tried == {"bounce", "undo-hours", "read-news"}
