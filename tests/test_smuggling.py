"""A message hidden inside another, brought to the whole gateway: never two, and nothing unclean."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from gateway.store.schema import messages, raw_messages
from tests.installation import DOMAIN, authenticated
from tests.mailroom import is_clean
from tests.shared import DATA
from tests.smtp_door import Peer
from tests.staged import staged

FRIDAY = datetime(2026, 11, 13, 15, 0, tzinfo=ZoneInfo("Europe/London"))
ROOM = f"3b@{DOMAIN}"
MUM = "amina@home.example"
SEQUENCES = [
    json.loads(line)
    for line in (DATA / "vectors" / "smtp_end_of_data.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    staff = [("Miss Khan", "khan@oakfield.example", "teacher", "3B", 0)]
    families = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", MUM)]
    with staged(tmp_path_factory.mktemp("smuggling"), FRIDAY, staff, families) as gateway:
        yield gateway


def rows(gateway):
    with gateway.store.read() as connection:
        return connection.execute(
            select(messages.c.spool_id, messages.c.reverse_path, raw_messages.c.octets).join(
                raw_messages
            )
        ).all()


@pytest.mark.parametrize("vector", SEQUENCES, ids=lambda vector: vector["name"])
def test_a_false_end_of_data_never_makes_two_messages(gateway, vector):
    before = rows(gateway)
    # As from a linked guardian, and smuggled to an address that is ours: nothing else stops it.
    octets = authenticated("home.example").decode() + f"From: {MUM}\r\n"
    octets += vector["send"].replace("teacher@school.example", ROOM)
    peer = Peer(gateway.port).greet().begin(ROOM, sender=MUM)
    peer.send(octets.encode("latin-1"))
    reply = peer.reply()
    peer.send(b"QUIT\r\n")
    said = [reply, *iter(peer.reply, "")]
    peer.close()
    new = [row for row in rows(gateway) if row not in before]
    # One final dot, one verdict, and the farewell: an extra reply was to a smuggled command.
    assert reply[:4] in ("250 ", "550 ")
    assert len(new) == (reply[:3] == "250") <= 1
    assert [row for row in new if row.reverse_path != MUM] == []
    assert all(is_clean(row.octets) for row in new)
    assert not any("354" in line for line in said)


def test_nothing_unclean_was_stored_or_sent_on(gateway):
    gateway.stage.settle()
    gateway.stage.advance_to(FRIDAY + timedelta(hours=3))
    gateway.stage.settle()
    assert all(is_clean(row.octets) for row in rows(gateway))
    assert all(mail.is_clean for mail in gateway.taken)
    assert gateway.audit().is_whole
