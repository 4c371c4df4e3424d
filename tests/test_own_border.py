"""Schoolgate as its own border: it asks the DNS who wrote, and nobody's mail waits for that."""

import time

import pytest
from sqlalchemy import select

from gateway.store import journal
from gateway.store import schema as t
from rules.effects import Ending
from tests.dns_server import dns_server
from tests.installation import DSL
from tests.signed_mail import rsa_pair, signed
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, ROOM, STAFF, on

ZONE = {
    "_dmarc.parent.example": [{"TXT": "v=DMARC1; p=none"}],
    "s1._domainkey.parent.example": [{"TXT": rsa_pair()[1]}],
    "sender.parent.example": [{"TXT": "v=spf1 ip4:127.0.0.1 -all"}],
    "parent.example": [{"TXT": "v=spf1 -all"}],
}
QUESTION = "Which reading book should Ben bring on Thursday?"
CONCERN = "Ben says that his uncle hits him. He is afraid to go home."


@pytest.fixture
def zone():
    with dns_server(ZONE) as server:
        yield server


@pytest.fixture
def talk(tmp_path, zone):
    border = f'profile = "own"\ndns_servers = ["127.0.0.1"]\ndns_port = {zone.port}\n'
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES, border=border) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def letter(number, text=QUESTION, author=AMINA):
    fields = (
        f"From: {author}\r\nTo: {ROOM}\r\nSubject: Ben\r\nMessage-ID: <own-{number}@parent.example>"
        "\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n"
    )
    return f"{fields}\r\n{text}\r\n".encode()


def give(talk, octets, reverse_path=AMINA):
    """Hand in a message and return its id at once, whatever becomes of it."""
    before = set(rows(talk))
    talk.gateway.stage.submit(reverse_path, [ROOM], octets)
    (spool_id,) = set(rows(talk)) - before
    return spool_id


def rows(talk):
    with talk.gateway.store.read() as connection:
        return {row.spool_id: row for row in connection.execute(select(t.messages))}


def settled(talk, spool_id, seconds=30.0):
    """Wait until it is settled; return its row."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        row = rows(talk)[spool_id]
        if row.state != "received":
            return row
        time.sleep(0.02)
    raise AssertionError("it is not settled")


def test_a_signed_message_of_a_guardian_is_theirs(talk):
    row = settled(talk, give(talk, signed(letter(1)), "x@elsewhere.example"))
    assert (row.authenticity, row.ending) == ("verified", Ending.WAITING)


def test_a_reverse_path_of_the_same_organisation_proves_it_too(talk):
    row = settled(talk, give(talk, letter(2), "b-7@sender.parent.example"))
    assert (row.authenticity, row.ending) == ("verified", Ending.WAITING)


def test_a_forged_message_is_nobodys_and_the_office_is_told_what_was_found(talk):
    forged = b"Authentication-Results: mx.oakfield.example; dmarc=pass " + (
        b"header.from=parent.example\r\n" + letter(3)
    )
    spool_id = give(talk, forged)
    row = settled(talk, spool_id)
    assert (row.authenticity, row.ending) == ("failed", Ending.OFFICE_QUEUE)
    assert row.guardian_id is None
    with talk.gateway.store.read() as connection:
        (decided,) = [
            one for one in journal.entries(connection, spool_id) if one["event"] == "decided"
        ]
    assert "spf=fail, dkim=none, dmarc=fail" in str(decided)
    assert not talk.mail_for(AMINA)


def test_mail_waits_for_a_silent_name_server_and_nobody_elses_mail_does(talk, zone):
    zone.put({"_dmarc.parent.example": ["SERVFAIL"], "parent.example": ["SERVFAIL"]})
    waiting = give(talk, letter(4))
    other = give(talk, letter(5, author="dana@plain.example"), "dana@plain.example")
    assert settled(talk, other).authenticity == "unverified"
    assert rows(talk)[waiting].state == "received"
    talk.at(on(24, 9, 40))  # by now it is more than half an hour old
    row = settled(talk, waiting)
    assert (row.authenticity, row.ending) == ("unverified", Ending.OFFICE_QUEUE)


def test_a_concern_never_waits_for_the_dns(talk, zone):
    zone.put({"_dmarc.parent.example": ["MUTE"], "parent.example": ["MUTE"]})
    row = settled(talk, give(talk, letter(6, CONCERN)), seconds=10)
    assert row.ending == Ending.SAFEGUARDING
    assert any(CONCERN in mail.text for mail in talk.mail_for(DSL))


def test_a_verified_concern_is_a_guardians_concern(talk):
    row = settled(talk, give(talk, signed(letter(7, CONCERN))))
    assert (row.authenticity, row.ending) == ("verified", Ending.SAFEGUARDING)
    assert row.guardian_id is not None
