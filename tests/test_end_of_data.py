"""Where a message ends: no form of words inside one makes a second of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.end_of_data import DataReader
from tests.shared import DATA
from tests.smtp_door import OURS, open_door

VECTORS = [
    json.loads(line)
    for line in (DATA / "vectors" / "smtp_end_of_data.jsonl").read_text("utf-8").splitlines()
]
PIECES = st.lists(
    st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"\0", b"a", b"\r\n.", b"\r\n.\r\n", b""]),
    max_size=30,
)


def read(pieces: list[bytes], limit: int = 1_000) -> tuple[DataReader, bytes | None]:
    reader = DataReader(limit)
    for number, piece in enumerate(pieces):
        rest = reader.feed(piece)
        if rest is not None:
            return reader, rest + b"".join(pieces[number + 1 :])
    return reader, None


@given(PIECES)
def test_a_message_reads_the_same_however_the_network_cuts_it(pieces: list[bytes]) -> None:
    whole, rest_of_whole = read([b"".join(pieces)])
    cut, rest_of_cut = read(pieces)
    assert rest_of_cut == rest_of_whole
    assert (cut.unclean, cut.too_big) == (whole.unclean, whole.too_big)
    if rest_of_whole is not None:
        assert cut.octets() == whole.octets()


@given(PIECES)
def test_what_is_kept_never_holds_a_bare_cr_a_bare_lf_or_a_nul(pieces: list[bytes]) -> None:
    reader, _ = read([*pieces, b"\r\n.\r\n"])
    octets = reader.octets()
    bare = octets.replace(b"\r\n", b"")
    assert not any(octet in bare for octet in b"\r\n\0")
    assert not (reader.unclean and octets)


@given(st.lists(st.binary(max_size=20).map(lambda line: line.translate(None, b"\r\n\0"))))
def test_dots_at_the_start_of_a_line_arrive_as_they_were_written(lines: list[bytes]) -> None:
    written = b"".join(line + b"\r\n" for line in lines)
    stuffed = b"".join((b"." if line[:1] == b"." else b"") + line + b"\r\n" for line in lines)
    reader, rest = read([stuffed + b".\r\nQUIT\r\n"], limit=10_000)
    assert rest == b"QUIT\r\n"
    assert reader.octets() == written


@pytest.mark.parametrize(("excess", "too_big"), [(-1, False), (0, False), (1, True)])
def test_the_size_limit_counts_the_octets_of_the_message_and_no_others(
    excess: int, too_big: bool
) -> None:
    # The stuffed dot and the final one are not part of the message (RFC 1870 §5).
    content = b".." + b"x" * (97 + excess) + b"\r\n"
    reader, rest = read([content, b".\r\n"], limit=100)
    assert rest == b""
    assert reader.too_big is too_big
    assert reader.seen_bytes == 100 + excess


def test_a_message_over_the_limit_keeps_nothing_in_memory() -> None:
    reader = DataReader(1_000)
    for _ in range(1_000):
        assert reader.feed(b"x" * 998 + b"\r\n") is None
        assert reader.kept_bytes <= 1_002
    assert reader.too_big


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
@pytest.mark.parametrize("octet_by_octet", [False, True], ids=["at once", "octet by octet"])
def test_no_false_end_of_data_smuggles_a_second_message(
    tmp_path: Path, vector: dict[str, object], octet_by_octet: bool
) -> None:
    sent = str(vector["send"]).replace("teacher@school.example", OURS).encode("utf-8")
    with open_door(tmp_path) as door:
        peer = door.peer().begin()
        for piece in [sent[at : at + 1] for at in range(len(sent))] if octet_by_octet else [sent]:
            peer.send(piece)
        answer = peer.reply()
        # The next answer belongs to the next command: nothing inside was taken for one.
        assert peer.say("RSET") == "250 2.0.0 OK"
        kept = door.octets()
    if answer.startswith("250 "):
        assert len(kept) == 1
        bare = kept[0].replace(b"\r\n", b"")
        assert not any(octet in bare for octet in b"\r\n\0")
    else:
        assert answer == "550 5.6.11 The message holds a NUL, or a CR or LF by itself"
        assert not kept
