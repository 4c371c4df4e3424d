"""An installation after one morning: real messages in, real mail out, and the gateway stopped."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.rehearsal.postbox import Postbox
from tests.installation import Installation, authenticated, installed

AMINA = "amina.okoro@parent.example"
DANA = "dana.hill@parent.example"
BOUNCING = "ewa.kowalska+550@parent.example"
STAFF = (("Miss Khan", "khan@oakfield.example", "teacher", "3B", 0),)
FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P2", "Poppy", "Hill", "3B", "Dana Hill", DANA),
    ("P3", "Kuba", "Kowalski", "3B", "Ewa Kowalska", BOUNCING),
)
LETTERS = (
    (AMINA, "pass", "Which reading book should Ben bring on Thursday?"),
    (DANA, "pass", "Poppy is absent today, she has a temperature."),
    (AMINA, "pass", "Ben says that his uncle hits him. He is afraid to go home."),
    (AMINA, "fail", "Where will the class be this afternoon?"),
    (BOUNCING, "pass", "Which reading book should Kuba bring on Thursday?"),
)
MORNING = "2026-11-24T09:10"  # a Tuesday, between the windows
WITHIN_SECONDS = 60.0


def run(folder: Path, *words: str) -> Result:
    """Run a command on the installation in `folder`, inside this process."""
    return CliRunner().invoke(main, [*words, "--settings", str(folder / "schoolgate.toml")])


def settle_a_morning(folder: Path) -> Installation:
    """Set up a school in `folder`, let the morning's letters settle, and stop."""
    mail_host = Postbox(folder / "mail")
    mail_host.start()
    try:
        with installed(folder, mail_host.port) as found:
            found.take_on(STAFF, FAMILIES)
            serving = found.serve("--rehearse-from", MORNING, "--speed", "1")
            serving.wait_until_open()
            _post(found, LETTERS)
            _until_sent(found, len(LETTERS))
            assert serving.terminate() == 0
    finally:
        mail_host.stop()
    return found


def _post(found: Installation, letters: Sequence[tuple[str, str, str]]) -> None:
    for number, (address, verdict, text) in enumerate(letters):
        fields = (
            f"From: {address}\r\nTo: 3b@class.oakfield.example\r\nSubject: 3B\r\n"
            f"Message-ID: <{number}@parent.example>\r\nDate: Tue, 24 Nov 2026 09:10:00 +0000\r\n"
        )
        octets = authenticated("parent.example", verdict) + f"{fields}\r\n{text}\r\n".encode()
        with smtplib.SMTP("127.0.0.1", found.port) as line:
            line.sendmail(address, ["3b@class.oakfield.example"], octets)


def _until_sent(found: Installation, count: int) -> None:
    """Return once everything is settled, and each mail of ours has been sent or has failed."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        asked = run(found.folder, "queue", "--json")
        assert asked.exit_code == 0, asked.output
        waits = json.loads(asked.stdout)
        under_way = [mail for mail in waits["mails"] if mail["state"] != "failed"]
        if not waits["unsettled"] and not under_way and found.audit()["accepted"] == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"not all was sent within {WITHIN_SECONDS} s")
