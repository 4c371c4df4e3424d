"""The reverse-path's domain says who may send for it: the suite of RFC 7208, and our limits."""

from datetime import UTC, datetime

import pytest
import yaml

from gateway.clock import SystemClock
from gateway.proof.lookups import Lookups
from gateway.proof.spf_check import Session, ask_policy, check_sender_policy
from tests.dns_server import dns_server
from tests.shared import shared

ARRIVED = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


def suite():
    """Return the scenarios, or none where the shared folder is absent."""
    try:
        path = shared("corpus", "spf", "rfc7208-tests.yml")
    except pytest.skip.Exception:
        return []
    return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]


SCENARIOS = suite()


def zone_of(scenario):
    """Return the suite's zone as our server reads it: SPF records stand for TXT where none is."""
    zone = {}
    for name, records in scenario["zonedata"].items():
        found, policies, has_text = [], [], False
        for record in records:
            if isinstance(record, str):
                found.append("SERVFAIL")
                continue
            for kind, value in record.items():
                has_text |= kind == "TXT"
                if kind == "SPF":
                    policies.append({"TXT": "SERVFAIL" if value == "TIMEOUT" else value})
                elif value != "NONE":
                    found.append({kind: "SERVFAIL" if value == "TIMEOUT" else value})
        zone[str(name)] = found if has_text else policies + found
    return zone


def test_the_suite_is_at_hand():
    shared("corpus", "spf", "rfc7208-tests.yml")
    assert sum(len(scenario["tests"]) for scenario in SCENARIOS) > 190


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["description"])
def test_every_case_of_the_suite_of_rfc_7208_is_judged_as_it_says(scenario):
    wrong = []
    with dns_server(zone_of(scenario)) as server:
        for name, case in scenario["tests"].items():
            asking = Lookups(SystemClock(), ["127.0.0.1"], server.port).asking()
            found, words = ask_policy(
                str(case["host"]), case.get("helo") or "", case["mailfrom"], ARRIVED, asking
            )
            wanted = case["result"]
            if found not in ([wanted] if isinstance(wanted, str) else wanted):
                wrong.append(f"{name}: {found}, not {wanted}")
            explanation = case.get("explanation")
            if explanation not in (None, "DEFAULT", "postmaster") and words != explanation:
                wrong.append(f"{name}: {words!r}, not {explanation!r}")
    assert wrong == []


@pytest.fixture
def zone():
    with dns_server(
        {
            "parent.example": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}],
            # What a reader sees that takes the first @ of a path for the one that parts it.
            'evil.example"@parent.example': [{"TXT": "v=spf1 +all"}],
            "evil.example@parent.example": [{"TXT": "v=spf1 +all"}],
            "down.example": ["SERVFAIL"],
            "mute.example": ["MUTE"],
            "long.example": [{"TXT": "v=spf1 " + "ip4:198.51.100.1 " * 600 + "+all"}],
            "big.example": [{"TXT": "v=spf1 " + "ip4:198.51.100.1 " * 120 + "ip4:192.0.2.1 -all"}],
        }
    ) as server:
        yield server


def outcome(server, reverse_path, peer="192.0.2.1", helo="mail.parent.example", seconds=0.3):
    lookups = Lookups(SystemClock(), ["127.0.0.1"], server.port, lookup_seconds=seconds)
    session = Session(peer, helo, reverse_path)
    found = check_sender_policy(session, ARRIVED, lookups.asking())
    return found.outcome, found.domain


def test_a_machine_that_the_domain_names_passes_and_another_fails(zone):
    assert outcome(zone, "dana@parent.example") == ("pass", "parent.example")
    assert outcome(zone, "Dana@PARENT.example") == ("pass", "parent.example")
    assert outcome(zone, "dana@parent.example", peer="198.51.100.9")[0] == "fail"
    assert outcome(zone, "dana@parent.example", peer="::ffff:192.0.2.7")[0] == "pass"


def test_a_name_server_that_is_down_is_no_failure_of_the_writer(zone):
    assert outcome(zone, "dana@down.example")[0] == "temperror"
    assert outcome(zone, "dana@mute.example")[0] == "temperror"


def test_the_null_reverse_path_proves_nobody_whatever_the_helo_name_says(zone):
    assert outcome(zone, None, helo="parent.example") == ("none", "")


def test_an_answer_too_long_for_one_packet_is_asked_for_again_over_tcp(zone):
    assert outcome(zone, "dana@big.example")[0] == "pass"
    assert zone.asked["big.example", "TXT"] == 2


def test_a_policy_without_end_is_no_policy(zone):
    assert outcome(zone, "dana@long.example")[0] == "permerror"


@pytest.mark.parametrize(
    "reverse_path",
    [
        "@",
        "dana@",
        "dana",
        "dana@[192.0.2.1]",
        "d\u00e4na@parent.example",
        "%{s}@x.example",
        "a@..",
        '"x@evil.example"@parent.example',
        "x@evil.example@parent.example",
    ],
)
def test_a_strange_reverse_path_passes_for_nobody(zone, reverse_path):
    assert outcome(zone, reverse_path, peer="203.0.113.9")[0] != "pass"


def test_a_peer_that_is_no_address_passes_for_nobody(zone):
    assert outcome(zone, "dana@parent.example", peer="list")[0] != "pass"
    assert outcome(zone, "dana@parent.example", peer=None)[0] == "none"
