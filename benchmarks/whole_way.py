"""The whole way: accepted, decided, and the notice and the office's mail out, rules only.

    python -m benchmarks whole_way [--messages 500]

Peers of PERFORMANCE: Mailman 3's list post at 25 a second. Half the messages are an
absence (notice and office mail), half an ordinary question (notice, and a digest item).
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.store.spool import Arrival, write_arrivals
from tests.installation import DOMAIN, authenticated
from tests.staged import Staged, staged

MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Europe/London"))
FAMILIES = 300


def main(arguments: list[str] | None = None) -> None:
    """Print messages a second and processor time a message."""
    parser = argparse.ArgumentParser(prog="whole_way")
    parser.add_argument("--messages", type=int, default=500)
    count = parser.parse_args(arguments).messages
    families = [
        (f"P{n}", "Ben", f"Okoro{n}", "3B", f"Amina Okoro{n}", f"amina{n}@parent.example")
        for n in range(FAMILIES)
    ]
    staff = [("Miss Khan", "khan@oakfield.example", "teacher", "3B", 0)]
    with (
        tempfile.TemporaryDirectory() as folder,
        staged(Path(folder), MORNING, staff, families, speed=1.0) as gateway,
    ):
        _measure(gateway, count)


def _measure(gateway: Staged, count: int) -> None:
    program = gateway.stage.program
    recipient = (f"3b@{DOMAIN}", program.school.school_id)
    arrivals = [
        Arrival(
            _message(n),
            f"amina{n % FAMILIES}@parent.example",
            (recipient,),
            "smtp",
            "127.0.0.1",
            "bench",
            False,
            gateway.clock.now(),
        )
        for n in range(count)
    ]
    began, used = time.perf_counter(), time.process_time()
    with gateway.store.begin() as connection:
        write_arrivals(connection, arrivals)
    program.rounds.wake()
    gateway.stage.settle()
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"whole way, {count} messages of 4 kB, {len(gateway.taken)} mails out: "
        f"{count / seconds:.0f} messages/s, {1000 * processor / count:.2f} ms processor time "
        f"a message (the benchmark's smarthost included), {peak:.0f} MB\n"
    )


def _message(number: int) -> bytes:
    words = (
        "Ben is poorly and will not be in school today."
        if number % 2
        else "Which reading book should Ben bring on Monday?"
    )
    body = words + "\r\n" + "And some more ordinary words about the day at home.\r\n" * 70
    head = (
        f"From: Amina <amina{number % FAMILIES}@parent.example>\r\nTo: 3b@{DOMAIN}\r\n"
        f"Subject: Ben {number}\r\nDate: Tue, 24 Nov 2026 09:30:00 +0000\r\n"
        f"Message-ID: <{number}@parent.example>\r\n\r\n"
    )
    return authenticated("parent.example") + (head + body).encode()


if __name__ == "__main__":
    main(sys.argv[1:])
