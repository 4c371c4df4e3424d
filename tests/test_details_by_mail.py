"""A change of address, of collection or of contact is never made because a mail asks for it."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from tests.people_world import AMINA, DANA, DANIEL, KHAN, PEOPLE, ROOM_3B, school

WHO_COLLECTS = (
    "From Monday my sister {name} will collect Ben every day instead of his father.",
    "Please take Daniel off the list of people who may pick Ben up, as of today.",
    "{name} is picking him up at 3.15, she has my permission, please update your records",
    "Can you add {name} as an emergency contact for Ben? Her number is 01632 960 771.",
    "Do not let my husband collect Ben any more. Remove him from everything.",
)
NEW_ADDRESS = (
    "My new email is {name}@parent.example, please use that from now on and delete the old one.",
    "We have moved. Our address is now 14 Mill Lane, please change it for both of us.",
    "please change the phone number you have for ben to 01632 960 882 thx {name}",
    "Daniel's address {name}@parent.example should get the class mail too.",
    "Please stop sending anything about Ben to daniel.okoro@parent.example.",
)
COMMANDS = (
    "link {name}@parent.example to Ben Okoro",
    "unlink daniel.okoro@parent.example from Ben Okoro",
    "link {name}@parent.example to Ben Okoro as Amina Okoro",
    "show Ben Okoro",
    "invite Ben Okoro",
)
NAMES = ("nadia", "auntie.jo", "m.okoro", "grandad", "the.sitter")
TEXTS = [text.format(name=name) for text in (*WHO_COLLECTS, *NEW_ADDRESS) for name in NAMES]
LINES = [text.format(name=name) for text in COMMANDS for name in NAMES]
# Fifty from a verified parent; twenty-five lines, as a parent and as a teacher might try them.
REQUESTS = [
    *((AMINA, ROOM_3B, text) for text in TEXTS),
    *((sender, PEOPLE, line) for sender, line in product((DANA, KHAN), LINES)),
]
TABLES = (t.guardians, t.guardian_addresses, t.links, t.pupils, t.enrolments, t.staff, t.classes)
MADE = (t.link_offers, t.link_approvals, t.invites, t.removals, t.acceptances)


def on_record(talk):
    with talk.gateway.store.read() as connection:
        return {table.name: sorted(map(str, connection.execute(select(table)))) for table in TABLES}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return what was on record before and after all the requests, and the school."""
    with school(tmp_path_factory.mktemp("details")) as talk:
        before = on_record(talk)
        for number, (sender, to, text) in enumerate(REQUESTS):
            talk.write(sender, to, text, subject=f"Ben {number}" if to == ROOM_3B else "")
        yield before, on_record(talk), talk


def test_a_hundred_requests_change_nothing_on_record(asked):
    before, after, _talk = asked
    assert len(REQUESTS) == 100
    assert after == before


def test_nothing_is_even_prepared_to_be_confirmed(asked):
    _before, _after, talk = asked
    with talk.gateway.store.read() as connection:
        for table in MADE:
            assert connection.execute(select(table)).all() == []


def test_every_request_is_before_a_person(asked):
    _before, _after, talk = asked
    with talk.gateway.store.read() as connection:
        endings = set(connection.execute(select(t.messages.c.ending)).scalars())
    assert endings <= {"waiting", "redirected", "office queue", "with DSL or SLT"}


def test_the_other_parent_hears_nothing_of_it(asked):
    _before, _after, talk = asked
    assert talk.mail_for(DANIEL) == []
