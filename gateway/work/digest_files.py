"""Which files of a digest's messages travel with it, and under which names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.mail.attachments import attachment_octets
from gateway.mail.compose import safe_file_name
from gateway.mail.digest_entry import DigestEntry
from gateway.mail.draft import Enclosure
from gateway.work.source import Source
from rules.message import Attachment

Files = Mapping[str, tuple[Enclosure, ...]]  # by the entry's `ref`


def with_files(
    entries: Sequence[DigestEntry], sources: Mapping[str, Sequence[Source]], room_bytes: int
) -> tuple[tuple[DigestEntry, ...], Files]:
    """Return `entries`, which stand in reading order, saying what became of their files.

    All that travel are at most `room_bytes` together; what does not fit can be asked
    for. `sources` are the messages of each entry, by its `ref`.
    """
    numbers = _numbers(entries)
    chosen: list[tuple[DigestEntry, Source, Attachment]] = []
    asked: dict[str, list[str]] = {entry.ref: [] for entry in entries}
    kept: dict[str, list[str]] = {entry.ref: [] for entry in entries}
    for entry in entries:
        for source in sources.get(entry.ref, ()) if entry.kind == "message" else ():
            for part in source.content.attachments:
                if part.dangerous:
                    kept[entry.ref].append(f"{part.name} (held: {part.dangerous})")
                elif part.size_bytes > room_bytes:
                    asked[entry.ref].append(part.name)
                else:
                    chosen.append((entry, source, part))
                    room_bytes -= part.size_bytes
    common = Counter(safe_file_name(part.name).casefold() for _e, _s, part in chosen)
    taken: set[str] = set()
    files: dict[str, list[Enclosure]] = {entry.ref: [] for entry in entries}
    for entry, source, part in chosen:
        name = safe_file_name(part.name)
        if common[name.casefold()] > 1:
            name = _told_apart(name, numbers[entry.ref], taken)
        taken.add(name.casefold())
        octets = attachment_octets(source.octets, part.part)
        files[entry.ref].append(Enclosure(name, part.media_type, octets))
    shown = tuple(
        replace(
            entry,
            attachments=tuple(one.name for one in files[entry.ref]),
            on_request=tuple(asked[entry.ref]),
            withheld=tuple(kept[entry.ref]),
        )
        for entry in entries
    )
    return shown, {ref: tuple(found) for ref, found in files.items()}


def _numbers(entries: Sequence[DigestEntry]) -> dict[str, int]:
    """Return the number under which each entry is read."""
    refs = [entry.ref for entry in entries if entry.kind == "message"]
    return {ref: number for number, ref in enumerate(refs, 1)}


def _told_apart(name: str, number: int, taken: set[str]) -> str:
    found, again = f"{number} {name}", 1
    while found.casefold() in taken:
        again += 1
        found = f"{number}-{again} {name}"
    return safe_file_name(found)
