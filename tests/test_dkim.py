"""A signature counts when it covers the whole message with a key that is long enough."""

import re
from datetime import UTC, datetime

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import SystemClock
from gateway.proof.canonical import canonical_body, without_signature
from gateway.proof.dkim_check import SIGNATURES_TRIED, check_signatures
from gateway.proof.lookups import Lookups
from tests.dns_server import dns_server
from tests.signed_mail import ed25519_pair, message, rsa_pair, short_record, signed

ARRIVED = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


def record(**tags):
    """Return our usual key record with some tags changed."""
    text = rsa_pair()[1]
    return {"TXT": "; ".join([text, *(f"{name}={value}" for name, value in tags.items())])}


@pytest.fixture(scope="module")
def zone():
    pem = rsa_pair()[1]
    with dns_server(
        {
            "s1._domainkey.parent.example": [record()],
            "s1._domainkey.mail.parent.example": [record()],
            "s1._domainkey.evil.example": [record()],
            "ed._domainkey.parent.example": [{"TXT": ed25519_pair()[1]}],
            "short._domainkey.parent.example": [{"TXT": short_record(1023)}],
            "just._domainkey.parent.example": [{"TXT": rsa_pair(1024)[1]}],
            "test._domainkey.parent.example": [record(t="y")],
            "exact._domainkey.parent.example": [record(t="s")],
            "web._domainkey.parent.example": [record(s="web")],
            "sha1._domainkey.parent.example": [record(h="sha1")],
            "gone._domainkey.parent.example": [{"TXT": "v=DKIM1; p="}],
            "two._domainkey.parent.example": [record(), {"TXT": ed25519_pair()[1]}],
            "spf._domainkey.parent.example": [record(), {"TXT": "v=spf1 -all"}],
            "odd._domainkey.parent.example": [{"TXT": "v=DKIM1; p=%%%"}],
            "old._domainkey.parent.example": [{"TXT": pem.replace("DKIM1", "DKIM2")}],
            "down._domainkey.parent.example": ["SERVFAIL"],
        }
    ) as server:
        yield server


def outcomes(server, octets, author="parent.example", arrived=ARRIVED):
    asking = Lookups(SystemClock(), ["127.0.0.1"], server.port).asking()
    return [
        (one.outcome, one.domain, one.why)
        for one in check_signatures(octets, author, arrived, asking)
    ]


def outcome(server, octets, **more):
    (found,) = outcomes(server, octets, **more)
    return found[0]


@pytest.mark.parametrize(
    "forms", ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"]
)
@pytest.mark.parametrize("text", ["Ben has a cough.", "", "\r\n\r\n", " \t \r\nx"])
def test_a_whole_signature_passes_in_each_canonical_form(zone, forms, text):
    octets = signed(message(text=text), forms=forms)
    assert outcomes(zone, octets) == [("pass", "parent.example", "")]
    assert outcome(zone, octets.replace(b"spaces", b"places")) == "fail"
    assert outcome(zone, octets.replace(b"Price <dana", b"Prize <dana")) == "fail"


def test_an_ed25519_signature_passes(zone):
    key = ed25519_pair()[0]
    octets = signed(message(), selector="ed", key=key, algorithm="ed25519-sha256")
    assert outcome(zone, octets) == "pass"
    assert outcome(zone, octets.replace(b"Subject: Ben", b"Subject: Ken")) == "fail"


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("just", "pass"), ("short", "unusable"), ("test", "unusable"), ("exact", "pass"),
        ("web", "unusable"), ("sha1", "unusable"), ("gone", "unusable"), ("two", "unusable"),
        ("spf", "pass"), ("odd", "unusable"), ("old", "unusable"), ("none", "unusable"),
        ("down", "temperror"), ("ed", "unusable"),
    ],
)  # fmt: skip
def test_a_key_counts_only_for_what_it_was_published_for(zone, selector, expected):
    pair = rsa_pair(1024) if selector == "just" else rsa_pair()
    octets = signed(message(), selector=selector, key=pair[0])
    assert outcome(zone, octets) == expected


def test_a_signature_over_a_part_of_the_body_proves_nothing(zone):
    octets = signed(message(), length=True)
    assert b"l=" in octets
    assert dkim.verify(
        octets + b"I collect Ben today.\r\n", dnsfunc=lambda *_a, **_k: rsa_pair()[1].encode()
    )
    assert outcome(zone, octets) == "unusable"
    assert outcome(zone, octets + b"I collect Ben today.\r\n") == "unusable"


def test_sha_1_proves_nothing(zone):
    assert outcome(zone, signed(message(), algorithm="rsa-sha1")) == "unusable"


def test_the_from_field_must_be_signed(zone):
    octets = signed(message()).replace(b"h=from : ", b"h=", 1)
    assert outcome(zone, octets) == "unusable"


def test_two_from_fields_make_every_signature_worthless(zone):
    octets = b"From: amina@parent.example\r\n" + signed(message())
    assert outcomes(zone, octets) == []
    below = signed(message()).replace(b"\r\n\r\n", b"\r\nFrom: amina@parent.example\r\n\r\n", 1)
    assert outcomes(zone, below) == []


def test_an_identity_of_another_domain_proves_nothing(zone):
    octets = signed(message(), identity="@mail.parent.example")
    assert outcome(zone, octets) == "pass"
    assert (
        outcome(zone, re.sub(rb"i=@mail\.parent\.example", b"i=@evil.example", octets))
        == "unusable"
    )
    exact = signed(message(), selector="exact", identity="@mail.parent.example")
    assert outcome(zone, exact) == "unusable"


def with_times(octets, signed_at, expires):
    """Write times into a signature: they are looked at before the key is."""
    return re.sub(rb"\bt=\d+", b"t=%d; x=%d" % (signed_at, expires), octets, count=1)


def test_a_signature_that_has_expired_when_the_message_arrives_proves_nothing(zone):
    now = int(ARRIVED.timestamp())
    expired = outcomes(zone, with_times(signed(message()), now - 100, now - 1))
    assert expired[0][2] == "it has expired"
    backwards = outcomes(zone, with_times(signed(message()), now + 9, now + 5))
    assert backwards[0][2] == "it has expired"
    endless = outcomes(zone, with_times(signed(message()), now, 10**30))
    assert endless[0][2] == "its time is no number"


def test_the_signatures_that_could_speak_for_the_author_are_tried_first(zone):
    octets = signed(message())
    for _time in range(SIGNATURES_TRIED + 4):
        octets = signed(octets, "evil.example")
    found = outcomes(zone, octets)
    assert len(found) == SIGNATURES_TRIED
    assert found[0][:2] == ("pass", "parent.example")


@pytest.mark.parametrize(
    "field",
    [b"", b"v=1", b"v=1; a=rsa-sha256; a=rsa-sha256", b"=", b";;;", b"\xff\xfe=\x00",
     b"v=1; a=rsa-sha256; b=!; bh=!; d=parent.example; h=from; s=s1",
     b"v=1; a=rsa-sha256; b=AA==; bh=AA==; d=..; h=from; s=s1",
     b"v=1; a=rsa-sha256; b=AA==; bh=AA==; d=parent.example; h=from; s=../s1",
     b"v=1; a=rsa-sha256; b=AA==; bh=AA==; d=parent.example; h=from; s=s1; c=x/y",
     b"v=1; a=rsa-sha256; b=AA==; bh=AA==; d=parent.example; h=" + b"from:" * 500 + b"; s=s1",
     b"v=1; " * 2_000],
)  # fmt: skip
def test_a_broken_signature_proves_nothing_and_stops_nothing(zone, field):
    found = outcomes(zone, b"DKIM-Signature: " + field + b"\r\n" + signed(message()))
    assert [one[0] for one in found if one[0] == "pass"] == ["pass"]


def test_a_line_of_a_million_spaces_takes_no_time(zone):
    hostile = b" " * 1_000_000 + b"x\r\n" + b"\t " * 500_000 + b"\r\n" * 200_000
    assert canonical_body(hostile, "relaxed") == b" x\r\n"  # the library needs hours


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_a_body_is_made_canonical_as_the_library_does(noise):
    body = noise.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"
    for form, theirs in (
        ("simple", dkim.canonicalization.Simple), ("relaxed", dkim.canonicalization.Relaxed),
    ):  # fmt: skip
        assert canonical_body(body, form) == theirs.canonicalize_body(body)


def test_only_the_value_of_the_signature_is_left_out_of_what_is_signed():
    assert without_signature(b" v=1; b = AB\r\n C== ; bh=x; s=b") == b" v=1; b =; bh=x; s=b"
    assert without_signature(b" v=1; bh=b=; b=AB=\r\n") == b" v=1; bh=b=; b="
