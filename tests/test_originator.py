"""Who wrote a message: one strict reader, and everything else is ambiguous."""

import json

import pytest

from gateway.mail.headers import split_header
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.mail.originator import read_originator
from tests.shared import DATA

VECTORS = [
    json.loads(line)
    for line in (DATA / "vectors" / "from_headers.jsonl").read_text("utf-8").splitlines()
]
GUARDIANS = {"amina patel": frozenset({"mum@parent.example"})}


def originator_of(*lines: str, names=GUARDIANS):
    octets = "".join(f"{line}\r\n" for line in (*lines, "", "text")).encode("utf-8")
    return read_originator(split_header(octets, DEFAULT_LIMITS).fields, guardian_names=names)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_from_field_names_one_author_or_none(vector):
    found = originator_of(*vector["headers"])
    assert (found.outcome, found.mailbox) == (vector["expect"], vector["mailbox"]), vector["why"]
    assert found.flags == frozenset(vector["flags"]), vector["why"]
