"""A message waits for the DNS apart from all others: asked again, and not for ever."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from gateway.clock import RehearsalClock
from gateway.proof.lookups import Lookups
from gateway.proof.spf_check import Session
from gateway.store.spool import Arrival, write_arrivals
from gateway.work.prove import Prover, Question
from rules.message import Authenticity
from tests.dns_server import dns_server
from tests.smtp_door import OURS, SCHOOL, new_store

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OCTETS = b"From: dana@parent.example\r\n\r\nBen has a cough.\r\n"
SPF = {"TXT": "v=spf1 ip4:192.0.2.1 -all"}
DMARC = {"TXT": "v=DMARC1; p=none"}


@pytest.fixture
def zone():
    with dns_server({"parent.example": [SPF], "_dmarc.parent.example": [DMARC]}) as server:
        yield server


@pytest.fixture
def clock():
    return RehearsalClock(NOW)


MOST = 2


@pytest.fixture
def prover(tmp_path, zone, clock):
    store = new_store(tmp_path)
    lookups = Lookups(clock, ["127.0.0.1"], zone.port, 0.5, failure_kept_seconds=0.01)
    found = Prover(store, clock, lookups, lambda: None, (0.05,), MOST)
    yield found
    found.stop()
    store.close()


def question(prover, peer="192.0.2.1"):
    arrival = Arrival(
        OCTETS, "dana@parent.example", ((OURS, SCHOOL),), "smtp", peer, "mail", False, NOW
    )
    with prover._store.begin() as connection:
        ((spool_id,),) = write_arrivals(connection, [arrival])
    session = Session(peer, "mail", "dana@parent.example")
    return Question(spool_id, "parent.example", session, NOW)


def answer(prover, asked, *, is_concern=False, seconds=20.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = prover.proof_of(asked, is_concern=is_concern)
        if found is not None:
            return found
        time.sleep(0.01)
    return None


def test_what_the_dns_says_is_the_answer_and_is_given_once(prover):
    asked = question(prover)
    assert prover.proof_of(asked) is None
    assert answer(prover, asked).authenticity is Authenticity.VERIFIED
    assert prover.waiting() == frozenset()
    assert prover.is_idle


def test_a_message_waits_and_is_verified_when_the_dns_is_back(prover, zone):
    zone.put({"parent.example": ["SERVFAIL"]})
    asked = question(prover)
    assert answer(prover, asked, seconds=0.5) is None
    zone.put({"parent.example": [SPF]})
    assert answer(prover, asked).authenticity is Authenticity.VERIFIED


def test_after_half_an_hour_nobody_waits_any_longer(prover, zone, clock):
    zone.put({"parent.example": ["SERVFAIL"]})
    asked = question(prover)
    assert answer(prover, asked, seconds=0.5) is None
    clock.jump_to(NOW + timedelta(minutes=31))
    found = answer(prover, asked)
    assert found.authenticity is Authenticity.UNVERIFIED
    assert found.words == "spf=temperror, dkim=none, dmarc=temperror"


def test_an_old_message_is_asked_about_once_before_it_is_given_up(prover, clock):
    clock.jump_to(NOW + timedelta(hours=9))  # we were down
    assert answer(prover, question(prover)).authenticity is Authenticity.VERIFIED


def test_a_concern_is_not_asked_about_twice(prover, zone):
    zone.put({"parent.example": ["SERVFAIL"]})
    found = answer(prover, question(prover), is_concern=True, seconds=3)
    assert found.authenticity is Authenticity.UNVERIFIED


def test_beyond_so_many_nobody_waits(prover, zone):
    zone.put({"parent.example": ["MUTE"], "_dmarc.parent.example": ["MUTE"]})
    asked = [question(prover) for _number in range(MOST + 1)]
    assert [prover.proof_of(one) for one in asked[:MOST]] == [None, None]
    assert prover.proof_of(asked[MOST]).authenticity is Authenticity.UNVERIFIED
    assert prover.waiting() == {one.spool_id for one in asked[:MOST]}
