"""Which column of a school's own export is what, and how its words are written?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from gateway.config.tomlfile import FileFaults, Section, SectionFaults, Text, read_model
from gateway.roster.faults import RosterFaults
from gateway.roster.tables import plain_header

_NUMBERS = frozenset("123456789")
PRESETS = Path(__file__).resolve().parent / "presets"


def _header(name: str) -> str:
    base, mark, number = name.partition("#")
    if not plain_header(base) or (mark and number.strip() not in _NUMBERS):
        raise ValueError(f"{name!r} is no column's name")
    return name


Column = Annotated[Text, AfterValidator(_header)]
Columns = Annotated[tuple[Column, ...], Field(min_length=1)]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Columns(Section):
    """The export's columns. One row is one pupil, one contact and one class, or parts of them."""

    pupil_ref: Column
    given_name: Column | None = None
    family_name: Column | None = None
    pupil_name: Column | None = None  # "Okoro, Ben"
    class_: Column = Field(alias="class")
    pupil_email: Column | None = None
    contact_ref: Column | None = None
    contact_name: Columns  # one after the other, the family name last
    contact_emails: Columns  # the main one first
    relationship: Column | None = None
    priority: Column | None = None
    home_language: Column | None = None
    parental_responsibility: Column | None = None
    may_message: Column | None = None
    may_receive: Column | None = None
    barred: Column | None = None
    restricted_reason: Column | None = None
    class_begins: Column | None = None
    class_ends: Column | None = None
    contact_begins: Column | None = None
    contact_ends: Column | None = None

    @model_validator(mode="after")
    def _the_pupil_has_a_name(self) -> Self:
        parts = self.given_name is not None and self.family_name is not None
        if parts == (self.pupil_name is not None):
            words = "name given_name and family_name, or pupil_name alone"
            raise SectionFaults([((), words)])
        return self


class _Words(Section):
    """How the export writes yes and no."""

    yes: Words = ("yes", "y", "true", "t", "1")
    no: Words = ("no", "n", "false", "f", "0")
    # A column full of "F" is what a program writes by itself; only a person lifts a bar.
    lift_bars: bool = False


class _Class(Section):
    """How a class's name is made from its cell: "Year 3 / 3B" is 3B."""

    separator: str = ""
    part: Annotated[int, Field(strict=True)] = -1  # 1 is the first, -1 the last
    remove: tuple[Text, ...] = ()  # words before or after the name: "Class", "Form"
    several: str = ""  # what stands between two classes in one cell

    @field_validator("part")
    @classmethod
    def _some_part(cls, part: int) -> int:
        if part == 0:
            raise ValueError("1 is the first part, -1 the last")
        return part


class Mapping(Section):
    """One style of export, as a person described it."""

    columns: _Columns
    words: _Words = _Words()
    class_name: _Class = _Class()
    days: Words = ("%Y-%m-%d",)  # strftime; every form must be unmistakable
    address_separator: str = ""  # what stands between two addresses in one cell
    whole: bool = False  # whoever is not in the file has left

    def needed(self) -> tuple[str, ...]:
        """Return the columns without which a file is not of this style."""
        found: list[str] = []
        for value in self.columns.__dict__.values():
            found += [value] if isinstance(value, str) else list(value or ())
        return tuple(found)


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in the file at `path`, or the preset of that name ("sims-style").

    Raises:
        RosterFaults: there is none, or something in it is wrong.
    """
    if not path.exists() and path.name == str(path) and not path.suffix:
        if path.name not in presets():
            known = ", ".join(presets())
            raise RosterFaults([f"{path}: no such mapping; the presets are {known}"])
        return read_preset(path.name)
    return _read(path)


def read_preset(name: str) -> Mapping:
    """Return the mapping of that name which comes with the program."""
    return _read(PRESETS / f"{name}.toml")


def presets() -> tuple[str, ...]:
    """Return the names of the styles that come with the program."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def _read(path: Path) -> Mapping:
    try:
        return read_model(path, Mapping)
    except FileFaults as error:
        raise RosterFaults(error.faults) from error
