"""Only what the school's own border wrote can prove who wrote a message."""

import json
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from gateway.mail.authentication import Border, judge_authentication, results_found
from gateway.mail.headers import split_header
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.work.reader import Reader
from rules.message import Authenticity, Envelope
from rules.topic_packs import compile_packs
from tests.shared import DATA

VECTORS = [
    json.loads(line)
    for line in (DATA / "vectors" / "auth_results.jsonl").read_text("utf-8").splitlines()
]
MX = Border(authserv_ids=("mx.school.example",))
PASS = "Authentication-Results: mx.school.example; dmarc=pass header.from=parent.example"
OWN = "Received: from mail.parent.example by mx.school.example; Mon, 12 Jan 2026 08:00:00 +0000"


def judged(*lines: str, border: Border | None = MX, domain: str = "parent.example"):
    octets = "".join(f"{line}\r\n" for line in (*lines, "", "text")).encode("utf-8")
    fields = split_header(octets, DEFAULT_LIMITS).pairs()
    return judge_authentication(fields, domain, border)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_borders_results_are_judged(vector):
    border = Border(vector["profile"], tuple(vector["trusted_authserv_ids"]))
    domain = vector["from"].rpartition("@")[2]
    found = judged(*vector["headers_top_down"], border=border, domain=domain)
    assert found == vector["expect"], vector["why"]


def test_without_a_border_nobody_is_verified():
    assert judged(PASS, OWN, border=None) is Authenticity.UNVERIFIED
    assert judged(PASS, OWN, border=Border()) is Authenticity.UNVERIFIED


def test_a_forged_result_below_the_borders_own_cannot_raise_it():
    weak = "Authentication-Results: mx.school.example; dmarc=none header.from=parent.example"
    assert judged(weak, OWN, PASS) is Authenticity.UNVERIFIED


def test_one_method_a_field_is_read_as_one_result():
    spf = "Authentication-Results: mx.school.example; spf=pass smtp.mailfrom=b@bounce.example"
    assert judged(spf, PASS, OWN) is Authenticity.VERIFIED


def test_the_trusted_zone_reaches_through_googles_own_hand_over():
    google = (
        "Received: by 2002:a05:6a10:1234:b0:1:2:3 with SMTP id x1csp123; Mon, 12 Jan 2026 08:00",
        "Received: from mail.parent.example (mail.parent.example. [192.0.2.9]) by mx.google.com",
        "Authentication-Results: mx.google.com; dkim=pass header.i=@parent.example; "
        "dmarc=pass (p=NONE) header.from=parent.example",
    )
    assert judged(*google, border=Border(authserv_ids=("mx.google.com",))) == "verified"


def test_the_trusted_zone_reaches_through_microsofts_own_hosts():
    microsoft = (
        "Received: from A.eurprd01.prod.outlook.com by B.eurprd01.prod.outlook.com; Mon, 12 Jan",
        "Authentication-Results: spf=pass (sender IP is 192.0.2.9) smtp.mailfrom=parent.example;"
        " dkim=pass header.d=parent.example;dmarc=pass action=none header.from=parent.example",
        "Authentication-Results: dmarc=fail header.from=parent.example",
    )
    assert judged(*microsoft, border=Border("m365")) == "verified"
    foreign = "Received: from x.example by mail.evil.example; Mon, 12 Jan 2026 08:00:00 +0000"
    assert judged(foreign, *microsoft, border=Border("m365")) == "unverified"


@pytest.mark.parametrize("filling", ["(" * 7_000, '"' * 7_001, "; x=" * 2_000, "\\" * 7_000])
def test_a_trusted_field_that_cannot_be_read_proves_nothing(filling):
    field = (
        f"Authentication-Results: mx.school.example; {filling}; dmarc=pass header.from=x.example"
    )
    assert judged(field, OWN) is Authenticity.UNVERIFIED
    assert judged(field, OWN, PASS) is Authenticity.UNVERIFIED


def test_a_field_longer_than_we_read_proves_nothing():
    long = PASS + "; x=" + "y" * 9_000
    assert judged(long, OWN) is Authenticity.UNVERIFIED
    assert judged(PASS, long, OWN) is Authenticity.UNVERIFIED


def test_a_border_that_found_nothing_still_outranks_a_forged_result():
    nothing = "Authentication-Results: mx.school.example; none"
    assert judged(nothing, OWN, PASS) is Authenticity.UNVERIFIED


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.25", True),
        ("::ffff:192.0.2.25", True),
        (None, True),  # fetched from a mailbox behind the border
        ("192.0.2.26", False),
        ("10.1.1.1", False),  # a machine in the school is not the border
        ("203.0.113.9", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_the_borders_name_counts_only_from_the_borders_machines(peer, expected):
    border = Border(authserv_ids=("mx.school.example",), relays=(ip_network("192.0.2.25/32"),))
    assert border.is_from(peer) is expected
    envelope = Envelope("1", datetime(2026, 1, 12, 8, tzinfo=UTC), None, "oak@class.example")
    octets = f"{PASS}\r\n{OWN}\r\nFrom: dana@parent.example\r\n\r\ntext\r\n".encode()
    reader = Reader(DEFAULT_LIMITS, border, compile_packs(()))
    found = reader.inbound(envelope, octets, peer)
    assert (found.authenticity is Authenticity.VERIFIED) is expected


def test_what_the_border_found_is_told_in_the_words_of_the_standard_alone():
    own = (
        "Authentication-Results: mx.school.example; spf=pass smtp.mailfrom=b.example;"
        " dkim=none; dkim=none; x=pass; dmarc=<b>fail</b>; dmarc=fail header.from=parent.example"
    )
    fields = [("Authentication-Results", own.partition(": ")[2])]
    assert results_found(fields, MX) == "spf=pass, dkim=none, dmarc=fail"
    assert results_found([], MX) == ""
