"""How much one peer, and all together, may send, hold and open."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.smtp_door import LIMITS, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"


@pytest.mark.parametrize(("excess", "code"), [(-1, "250 "), (0, "250 "), (1, "552 5.3.4 ")])
def test_the_size_limit_is_told_at_the_final_dot_and_the_session_goes_on(
    tmp_path: Path, excess: int, code: str
) -> None:
    with open_door(tmp_path, replace(LIMITS, size_bytes=100_000)) as door:
        peer = door.peer()
        assert peer.bring(b"x" * (99_998 + excess) + b"\r\n").startswith(code)
        assert peer.bring(MESSAGE).startswith("250 ")


def test_what_never_ends_is_cut_off(tmp_path: Path) -> None:
    limits = replace(LIMITS, size_bytes=10_000, discarded_bytes=50_000)
    with open_door(tmp_path, limits) as door:
        peer = door.peer().begin()
        peer.send(b"x" * 50_001)
        assert peer.reply().startswith("552 5.3.4 ")
        assert peer.reply() == ""
        assert door.peer().bring(MESSAGE).startswith("250 ")


MEMORY_OF_EMPTY_LINES = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from tests.smtp_door import LIMITS, open_door
with open_door(Path(sys.argv[1]), replace(LIMITS, size_bytes=34_000_000)) as door:
    peer = door.peer()
    assert peer.bring(b"x\\r\\n").startswith("250 ")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peer.begin()
    piece = b"\\r\\n" * 50_000
    for _ in range(330):
        peer.send(piece)
    peer.send(b".\\r\\n")
    assert peer.reply().startswith("250 ")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kB on Linux only")
def test_33_mb_of_empty_lines_cost_no_more_memory_than_33_mb_of_text(tmp_path: Path) -> None:
    assert resource.RUSAGE_SELF == 0
    measured = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_EMPTY_LINES, str(tmp_path)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
    )
    assert int(measured.stdout) < 120_000


def test_all_messages_under_way_share_one_bound_of_memory(tmp_path: Path) -> None:
    with open_door(tmp_path, replace(LIMITS, in_flight_bytes=1_000_000)) as door:
        first, second = door.peer().begin(), door.peer().begin()
        first.send(b"x" * 900_000 + b"\r\n")
        while door.listener.admission.held_bytes < 900_000:
            pass
        second.send(b"x" * 900_000 + b"\r\n.\r\n")
        assert second.reply().startswith("452 4.3.1 ")
        first.send(b".\r\n")
        assert first.reply().startswith("250 ")
        assert second.bring(b"x" * 900_000 + b"\r\n").startswith("250 ")


def test_more_connections_than_the_limits_are_told_so(tmp_path: Path) -> None:
    with open_door(tmp_path, replace(LIMITS, connections=5, connections_per_ip=2)) as door:
        kept = [door.peer(), door.peer()]
        assert door.peer(greeted=False).reply().startswith("421 4.7.0 ")
        kept[0].say("QUIT")
        assert kept[0].reply() == ""
        assert door.peer().bring(MESSAGE).startswith("250 ")


def test_a_trusted_relay_may_open_more_than_others_but_not_all(tmp_path: Path) -> None:
    limits = replace(LIMITS, connections=3, connections_per_ip=1)
    with open_door(tmp_path, limits, trusted_relays=(ip_network("127.0.0.0/8"),)) as door:
        for _ in range(3):
            door.peer()
        assert door.peer(greeted=False).reply().startswith("421 4.7.0 ")
