"""Reads a school's people out of whatever file, folder or zip the school has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gateway.roster.families import gather_families
from gateway.roster.formats import Format, Found, detect
from gateway.roster.gathering import Gathering
from gateway.roster.mapped import gather_mapped
from gateway.roster.mapping import read_mapping
from gateway.roster.oneroster import gather_oneroster
from gateway.roster.records import Roster
from gateway.roster.sds1 import gather_sds1
from gateway.roster.sds2 import gather_sds2
from gateway.roster.sources import Source, open_source
from gateway.roster.staff import gather_staff


def read(
    path: Path,
    *,
    mapping: Path | None = None,
    staff: Path | None = None,
    pupil_domains: tuple[str, ...] = (),
    today: date | None = None,
) -> Roster:
    """Return what `path` says of the school's people; `staff` is our own staff file beside it.

    `mapping` is a mapping's file, or the name of a preset. `pupil_domains` are those of the
    pupils' own addresses, folded. With `today` a teacher's `class_names` are those of that day.

    Raises:
        RosterFaults: nothing can be read of it. What is wrong with single rows is in the
            roster's `flaws`.
    """
    source = open_source(path)
    into = Gathering(pupil_domains)
    if mapping is not None:
        found = Found(Format.MAPPED, source.only_file(), read_mapping(mapping))
    else:
        found = detect(source)
    digests = source.digests()
    if staff is not None and staff != path:
        gather_staff(staff, into, beside=True)
        digests += open_source(staff).digests()
    name, is_whole = _gather(found, source, into, today)
    return into.roster(
        name, is_whole=is_whole, no_flags=found.format is not Format.FAMILIES, files=digests
    )


def _gather(found: Found, source: Source, into: Gathering, today: date | None) -> tuple[str, bool]:
    """Return the source's name in the records, and whether who is not in it has left."""
    match found.format:
        case Format.FAMILIES:
            gather_families(source.place(found.file), into)
            return "families", False
        case Format.STAFF:
            gather_staff(source.place(found.file), into)
            return "staff", False
        case Format.MAPPED:
            how = found.mapping
            assert how is not None  # a mapped file is found by its mapping
            gather_mapped(source, found.file, how, into)
            return "mapped", how.whole
        case Format.ONEROSTER:
            return f"oneroster-{gather_oneroster(source, into, today)}", True
        case Format.SDS1:
            gather_sds1(source, into, today)
            return "sds-1", True
        case Format.SDS2:
            gather_sds2(source, into, today)
            return "sds-2.1", True
