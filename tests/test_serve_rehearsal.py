"""`schoolgate serve --rehearse-from`: the whole program as a process, on a clock of its own."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.clock import SystemClock
from tests.installation import DOMAIN, Installation, authenticated, installed
from tests.mailroom import Delivery, mailroom

LONDON = ZoneInfo("Europe/London")
AMINA, KHAN = "amina@parent.example", "khan@oakfield.example"
FRIDAY, LATE_FRIDAY, MONDAY_OPENING = "2026-11-20T15:00", "2026-11-20T16:55", "2026-11-23T08:00"
PATIENCE_SECONDS = 60.0


@pytest.fixture
def school(tmp_path: Path) -> Iterator[tuple[Installation, list[Delivery]]]:
    with (
        mailroom(tmp_path / "mail", SystemClock().now) as (port, taken),
        installed(tmp_path / "school", port) as found,
    ):
        found.take_on(
            [("Miss Khan", KHAN, "teacher", "3B", 0)],
            [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)],
        )
        yield found, taken


def post(port: int) -> None:
    """Hand in a parent's question, as the school's border does."""
    fields = f"From: {AMINA}\r\nTo: 3b@{DOMAIN}\r\nSubject: Reading\r\n"
    rest = "Message-ID: <reading@parent.example>\r\n\r\nWhich book should Ben bring?\r\n"
    octets = authenticated("parent.example") + (fields + rest).encode()
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail(AMINA, [f"3b@{DOMAIN}"], octets)


def until(found: Callable[[], bool]) -> None:
    """Wait for something that must come; the limit is for a test that would hang."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not found():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def to(recipient: str, taken: list[Delivery]) -> list[Delivery]:
    return [one for one in taken if one.recipient == recipient]


def local(delivery: Delivery) -> datetime:
    """When it was written, on the rehearsal's clock."""
    return delivery.dated.astimezone(LONDON)


def test_a_rehearsed_afternoon_hands_mail_over_at_half_past_three(school):
    installation, taken = school
    serving = installation.serve("--rehearse-from", "2026-11-20T15:29", "--speed", "60")
    serving.wait_until_open()
    post(installation.port)
    until(lambda: bool(to(KHAN, taken)))
    assert serving.terminate() == 0
    (notice,) = to(AMINA, taken)
    assert local(notice).date().isoformat() == "2026-11-20"
    cut = local(to(KHAN, taken)[0])
    assert (cut.date().isoformat(), cut.hour) in [("2026-11-20", 15), ("2026-11-20", 16)]
    assert "Which book should Ben bring?" in to(KHAN, taken)[0].text
    assert installation.audit()["endings"] == {"delivered": 1}
    assert installation.troubles() == []


def test_a_rehearsal_jumps_over_the_weekend_and_ends_when_the_last_that_is_due_is_done(school):
    installation, taken = school
    serving = installation.serve("--rehearse-from", LATE_FRIDAY, "--speed", "1")
    serving.wait_until_open()
    post(installation.port)
    until(lambda: bool(to(AMINA, taken)))
    assert serving.terminate() == 0
    assert to(KHAN, taken) == []
    again = installation.serve(
        "--rehearse-from", "2026-11-20T16:57", "--speed", "1", "--jump", "--until", MONDAY_OPENING
    )
    assert again.wait(PATIENCE_SECONDS) == 0
    (digest,) = to(KHAN, taken)
    opening = datetime(2026, 11, 23, 8, tzinfo=LONDON).astimezone(UTC)
    assert timedelta(0) <= digest.dated - opening < timedelta(minutes=1)
    assert installation.audit()["endings"] == {"delivered": 1}


def test_a_second_gateway_on_one_store_is_told_to_come_back_later(school):
    installation, _ = school
    serving = installation.serve("--rehearse-from", FRIDAY)
    serving.wait_until_open()
    second = installation.command("serve", "--rehearse-from", FRIDAY)
    assert second.returncode == 75
    assert "another Schoolgate" in second.stderr
    assert serving.terminate() == 0


def test_a_port_that_is_taken_is_a_fault_in_words_and_not_a_hang(school):
    installation, _ = school
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        done = installation.command("serve", "--rehearse-from", FRIDAY)
    assert done.returncode == 75
    assert str(installation.port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_with_real_mail_is_never_rehearsed_on(school):
    found, _taken = school
    serving = found.serve()
    serving.wait_until_open()
    post(found.port)
    until(lambda: found.audit()["accepted"] == 1)
    assert serving.terminate() == 0
    refused = found.command("serve", "--rehearse-from", FRIDAY)
    assert refused.returncode == 78
    assert "holds real mail" in refused.stderr
