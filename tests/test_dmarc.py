"""Whose domain is one with the author's: the walk up the DNS, and what proves a writer."""

from datetime import UTC, datetime

import pytest

from gateway.clock import SystemClock
from gateway.proof.dmarc_check import organisation, policy_for
from gateway.proof.judge import prove
from gateway.proof.lookups import Lookups
from gateway.proof.spf_check import Session
from rules.message import Authenticity
from tests.dns_server import dns_server
from tests.signed_mail import message, rsa_pair, signed

ARRIVED = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
KEY = {"TXT": rsa_pair()[1]}
SEND = {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}
DMARC = {"TXT": "v=DMARC1; p=none"}
LONG = "a.b.c.d.e.f.g.h.i.mail.parent.example"
ZONE = {
    "_dmarc.parent.example": [{"TXT": "v=DMARC1; p=reject; rua=mailto:d@parent.example"}],
    "_dmarc.strict.example": [{"TXT": "v=DMARC1; p=none; adkim=s; aspf=s"}],
    "_dmarc.two.example": [DMARC, {"TXT": "v=DMARC1; p=reject"}],
    "_dmarc.noise.example": [{"TXT": "v=spf1 -all"}, {"TXT": "V = DMARC1 ; psd=n; ;=;p"}],
    "_dmarc.down.example": ["SERVFAIL"],
    "_dmarc.sub.own.example": [{"TXT": "v=DMARC1; p=none; psd=n"}],
    "_dmarc.own.example": [DMARC],
    "_dmarc.schools.example": [{"TXT": "v=DMARC1; p=reject; psd=y"}],
    "_dmarc.oak.schools.example": [DMARC],
    "_dmarc.forgetful": [DMARC],
    "parent.example": [SEND],
    "bounces.parent.example": [SEND],
    "other.example": [SEND],
    "bounces.strict.example": [SEND],
    "elm.schools.example": [SEND],
    "a.forgetful": [SEND],
    "plain.example": [SEND],
    "mail.plain.example": [SEND],
    "sleepy.example": ["SERVFAIL"],
    "s1._domainkey.parent.example": [KEY],
    "s1._domainkey.mail.parent.example": [KEY],
    "s1._domainkey.mail.strict.example": [KEY],
    "s1._domainkey.other.example": [KEY],
    "s1._domainkey.plain.example": [KEY],
    "s1._domainkey.sleepy.parent.example": ["SERVFAIL"],
}


@pytest.fixture(scope="module")
def zone():
    with dns_server(ZONE) as server:
        yield server


def asking(server):
    return Lookups(SystemClock(), ["127.0.0.1"], server.port).asking()


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("parent.example", "parent.example"),
        ("mail.parent.example", "parent.example"),
        (LONG, "parent.example"),
        ("x.two.example", "x.two.example"),  # several records count as none
        ("x.noise.example", "noise.example"),
        ("x.sub.own.example", "sub.own.example"),  # psd=n ends the walk
        ("x.own.example", "own.example"),
        ("oak.schools.example", "oak.schools.example"),  # below a public suffix
        ("class.oak.schools.example", "oak.schools.example"),
        ("elm.schools.example", "elm.schools.example"),
        ("class.elm.schools.example", "elm.schools.example"),
        ("schools.example", "schools.example"),
        ("nobody.example", "nobody.example"),
        ("a.forgetful", "a.forgetful"),  # a whole top-level domain is nobody's organisation
    ],
)
def test_the_organisation_is_found_by_walking_up(zone, domain, expected):
    assert organisation(domain, asking(zone)) == expected


def test_at_most_eight_names_are_asked_about(zone):
    zone.asked.clear()
    assert organisation(LONG, asking(zone)) == "parent.example"
    names = [name for name, kind in zone.asked if kind == "TXT"]
    assert len(names) == 8
    assert f"_dmarc.{LONG}" in names
    assert "_dmarc.e.f.g.h.i.mail.parent.example" not in names


@pytest.mark.parametrize(
    ("author", "found_at"),
    [
        ("parent.example", "parent.example"),
        ("x.y.parent.example", "parent.example"),
        ("elm.schools.example", "schools.example"),
        ("class.elm.schools.example", "schools.example"),
        ("nobody.example", None),
        ("two.example", None),
    ],
)
def test_the_policy_is_the_authors_or_the_organisations_or_the_suffixs(zone, author, found_at):
    found = policy_for(author, asking(zone))
    assert (found.domain if found else None) == found_at


def judged(server, author, *, sign=None, reverse_path=None, peer="192.0.2.1", octets=None):
    octets = octets or message(f"Dana Price <dana@{author}>")
    for domain in [sign] if sign else []:
        octets = signed(octets, domain)
    session = Session(peer, "mail.relay.example", reverse_path)
    return prove(octets, author, session, ARRIVED, asking(server))


VERIFIED, UNVERIFIED, FAILED = Authenticity.VERIFIED, Authenticity.UNVERIFIED, Authenticity.FAILED


@pytest.mark.parametrize(
    ("author", "sign", "reverse_path", "expected"),
    [
        ("parent.example", "parent.example", None, VERIFIED),
        ("parent.example", "mail.parent.example", None, VERIFIED),  # one organisation
        ("mail.parent.example", "parent.example", None, VERIFIED),
        ("parent.example", None, "dana@parent.example", VERIFIED),
        ("parent.example", None, "b-1@bounces.parent.example", VERIFIED),
        ("parent.example", "other.example", "x@other.example", FAILED),
        ("parent.example", None, None, FAILED),
        ("parent.example", None, "x@nobody.example", FAILED),
        ("strict.example", "mail.strict.example", None, FAILED),
        ("strict.example", None, "x@bounces.strict.example", FAILED),
        ("plain.example", "plain.example", None, VERIFIED),  # the very domain, and no policy
        ("plain.example", None, "x@mail.plain.example", UNVERIFIED),
        ("plain.example", None, None, UNVERIFIED),
        ("oak.schools.example", None, "x@elm.schools.example", FAILED),
        ("b.forgetful", None, "x@a.forgetful", FAILED),
        ("down.example", None, None, None),
        ("parent.example", None, "x@sleepy.example", None),
        ("parent.example", "parent.example", "x@sleepy.example", VERIFIED),
        ("[192.0.2.1]", "parent.example", None, UNVERIFIED),
    ],
)
def test_a_writer_is_proven_by_a_domain_of_the_same_organisation(
    zone, author, sign, reverse_path, expected
):
    found = judged(zone, author, sign=sign, reverse_path=reverse_path)
    assert found.authenticity is expected, found.words


def test_a_key_that_could_not_be_asked_for_leaves_the_question_open(zone):
    octets = signed(message(), "sleepy.parent.example")
    assert judged(zone, "parent.example", octets=octets).authenticity is None


def test_a_changed_message_has_failed(zone):
    octets = signed(message(), "parent.example").replace(b"cough", b"visit")
    found = judged(zone, "parent.example", octets=octets)
    assert found.authenticity is FAILED
    assert found.words == "spf=none, dkim=fail: the body was changed, dmarc=fail"
