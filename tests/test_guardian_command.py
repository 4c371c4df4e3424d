"""`schoolgate guardian`: who is linked to whom, shown and changed at the command line."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from gateway.clock import SystemClock
from tests.people_world import HEAD, KHAN, school
from tests.settled import run


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("school")
    with school(folder, SystemClock().now()):
        return folder


@pytest.fixture
def folder(installation, tmp_path):
    """A copy of the installation, to be changed."""
    return shutil.copytree(installation, tmp_path / "copy")


def data(folder, *words):
    done = run(folder, "guardian", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def reference(folder, name):
    [person] = data(folder, "show", name)
    return person["reference"]


def linked(folder, name="Dana Price", pupil="P1"):
    return ("--contact", reference(folder, name), "--pupil", pupil)


def links_of(folder, name):
    [person] = data(folder, "show", name)
    return {one["reference"]: one["standing"] for one in person["links"] if not one["has_ended"]}


def test_a_contact_is_shown_with_addresses_links_and_how_they_stand(folder):
    shown = run(folder, "guardian", "show", "amina.okoro@parent.example").output
    assert "Addresses: amina.okoro@parent.example" in shown
    assert "Ben Okoro (3B), number P1: active: may write and receive" in shown
    assert run(folder, "guardian", "show", "Nemo").exit_code == 1


def test_a_third_waits_until_somebody_of_the_leadership_approves(folder):
    assert data(folder, "link", *linked(folder))["standing"] == "waiting"
    assert [one["guardian_name"] for one in data(folder, "waiting")] == ["Dana Price"]
    until = (SystemClock().now() + timedelta(days=90)).date().isoformat()
    how = ("--until", until, "--reason", "collects him")
    for by, why in ((KHAN, "not of the leadership"), ("nobody@oakfield.example", "nobody")):
        refused = run(folder, "guardian", "approve", *linked(folder), "--by", by, *how)
        assert refused.exit_code == 1
        assert why in refused.output
    late = ("--until", "2099-01-01", "--reason", "collects him")
    assert run(folder, "guardian", "approve", *linked(folder), "--by", HEAD, *late).exit_code == 1
    assert links_of(folder, "Dana Price")["P1"] == "waiting"
    data(folder, "approve", *linked(folder), "--by", HEAD, *how)
    assert links_of(folder, "Dana Price")["P1"] == "active"
    assert "collects him" in run(folder, "guardian", "show", "Dana Price").output


def test_a_link_is_ended_and_made_again(folder):
    who = linked(folder, "Daniel Okoro")
    assert data(folder, "unlink", *who)["standing"] is None
    assert links_of(folder, "Daniel Okoro") == {}
    assert run(folder, "guardian", "unlink", *who).exit_code == 1
    assert data(folder, "link", *who)["standing"] == "active"
    assert links_of(folder, "Daniel Okoro") == {"P1": "active"}


def test_an_address_is_added_with_a_link_and_none_that_is_no_address(folder):
    who = linked(folder, "Amina Okoro")
    data(folder, "link", *who, "--address", "Amina@New.example")
    [person] = data(folder, "show", "Amina Okoro")
    assert "amina@new.example" in person["addresses"]
    assert run(folder, "guardian", "link", *who, "--address", "amina at new").exit_code == 1


def test_a_name_that_several_bear_is_never_guessed(folder):
    refused = run(folder, "guardian", "unlink", "--contact", "Okoro", "--pupil", "P1")
    assert refused.exit_code == 1
    assert "may be several people" in refused.output
    assert "Amina Okoro" in refused.output


def test_no_address_of_the_gateways_own_or_of_somebody_else_is_added(folder):
    who = linked(folder, "Amina Okoro", "P1")
    for address in ("3b@class.oakfield.example", "dana.price@parent.example"):
        refused = run(folder, "guardian", "link", *who, "--address", address)
        assert refused.exit_code == 1
        assert address in refused.output


def test_nobody_approves_about_a_child_of_their_own_family(folder):
    data(folder, "link", *linked(folder))
    data(folder, "link", *linked(folder, "Amina Okoro"), "--address", HEAD)
    until = (SystemClock().now() + timedelta(days=90)).date().isoformat()
    how = ("--until", until, "--reason", "collects him", "--by", HEAD)
    refused = run(folder, "guardian", "approve", *linked(folder), *how)
    assert refused.exit_code == 1
    assert "somebody else must approve" in refused.output
