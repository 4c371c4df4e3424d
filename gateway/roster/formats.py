"""Of which format is what the school has?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.roster.families import FAMILY_COLUMNS
from gateway.roster.faults import RosterFaults
from gateway.roster.mapping import Mapping, presets, read_preset
from gateway.roster.sources import Source
from gateway.roster.staff import STAFF_COLUMNS
from gateway.roster.tables import column_key, read_table


class Format(StrEnum):
    """The kinds of export that can be read."""

    FAMILIES = "families"
    STAFF = "staff"
    MAPPED = "mapped"
    ONEROSTER = "oneroster"
    SDS1 = "sds-1"
    SDS2 = "sds-2.1"


@dataclass(frozen=True, slots=True)
class Found:
    """The format, with the mapping of the only preset whose columns are all there."""

    format: Format
    file: str = ""  # of a single CSV, its name
    mapping: Mapping | None = None


def detect(source: Source) -> Found:
    """Return the format of what was opened.

    Raises:
        RosterFaults: it is none that we know, or could be two; what was found is listed.
    """
    has = source.has
    if has("manifest.csv"):
        return Found(Format.ONEROSTER)
    if has("users.csv") and has("enrollments.csv"):
        # Both formats call their files so; only OneRoster says whether a user is enabled.
        is_oneroster = read_table(source, "users.csv").says("enableduser")
        return Found(Format.ONEROSTER if is_oneroster else Format.SDS2)
    if has("student.csv") and has("section.csv"):
        return Found(Format.SDS1)
    if len(source.names) == 1:
        return _single(source, next(iter(source.names)))
    listed = ", ".join(sorted(source.names.values()))
    words = (
        "neither OneRoster (users.csv, enrollments.csv), nor School Data Sync (student.csv, "
        "section.csv or users.csv, relationships.csv), nor one CSV file"
    )
    raise RosterFaults([f"{source.path.name}: is {words}; found {listed}"])


def _single(source: Source, name: str) -> Found:
    table = read_table(source, name)
    # Whatever else is wrong with our own files, their readers say it in their own words.
    if sum(table.says(column_key(one)) for one in FAMILY_COLUMNS) >= len(FAMILY_COLUMNS) - 1:
        return Found(Format.FAMILIES, name)
    if table.says("roles") and any(table.says(column_key(one)) for one in STAFF_COLUMNS[:2]):
        return Found(Format.STAFF, name)
    fitting = [
        (preset, mapping)
        for preset, mapping in ((one, read_preset(one)) for one in presets())
        if all(table.says(column_key(column)) for column in mapping.needed())
    ]
    if len(fitting) == 1:
        return Found(Format.MAPPED, name, fitting[0][1])
    found = ", ".join(column for column in table.header if column)
    if fitting:
        several = " and ".join(preset for preset, _mapping in fitting)
        raise RosterFaults([f"{table.file}: fits {several}; name one as the mapping"])
    words = "its columns are of no style that we know; write a mapping for it (docs/roster.md)"
    raise RosterFaults([f"{table.file}, line 1: {words}. Found: {found}"])
