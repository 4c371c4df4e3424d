"""What is wrong with a TOML file that a person wrote? Everything at once, in their words.

Both files of the installation, settings and policy, are read through here: each fault is one
line, "file: key.path[1]: what is wrong", and an unknown key names the one probably meant.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)

# TOML has types of its own, so "8025" is not a port and `true` is not a 1.
Whole = Annotated[int, Field(strict=True)]
Text = Annotated[str, Field(strict=True, min_length=1)]


class Section(BaseModel):
    """A part of a file: frozen, no unknown keys, and no value echoed by accident."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_alias=True
    )


class FileFaults(Exception):
    """A file cannot be used. `faults` are whole lines for the technician."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class SectionFaults(ValueError):
    """Several faults found by looking at a section as a whole, each with its place inside it."""

    def __init__(self, faults: Iterable[tuple[Place, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(words for _, words in self.faults))


def read_model(path: Path, model: type[ModelT]) -> ModelT:
    """Return the file at `path` as a `model`. Validators find `path` in their context.

    Raises:
        FileFaults: it cannot be read, is not TOML, or anything in it is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Notepad writes a byte order mark
    except OSError as error:
        raise FileFaults([f"{path.name}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise FileFaults([f"{path.name}: is not UTF-8 text; save it as UTF-8"]) from error
    return model_in(text, path, model)


def model_in(text: str, path: Path, model: type[ModelT]) -> ModelT:
    """Return what `text`, the content of a file at `path`, says as a `model`.

    Raises:
        FileFaults: it is not TOML, or anything in it is wrong.
    """
    name = path.name
    try:
        found = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise FileFaults([f"{name}: is not TOML: {error}"]) from error
    try:
        return model.model_validate(found, context={"path": path})
    except ValidationError as error:
        raise FileFaults(
            f"{name}: {_place(place)}: {words}" if place else f"{name}: {words}"
            for detail in error.errors(include_url=False)
            if detail["type"] != "default_factory_not_called"  # follows from another fault
            for place, words in _explain(detail, model, found)
        ) from error


def folder_of(info: ValidationInfo) -> Path:
    """Return the folder of the file being read, for a validator of something in it."""
    path: Path = (info.context or {})["path"]
    return path.parent.absolute()


def meant(wrong: str, known: Iterable[str]) -> str:
    """Return "; did you mean x?" for the nearest of `known`, or nothing when none is near."""
    candidates = sorted(known)
    near = difflib.get_close_matches(wrong.lower(), candidates, n=1, cutoff=0.6)
    # A key whose unit was forgotten ("give_up_after") is further away than a slip of the hand.
    longer = [key for key in candidates if key.startswith(wrong.lower() + "_")] if wrong else []
    best = [*longer, *near]
    return f"; did you mean {best[0]}?" if best else ""


def _explain(
    detail: ErrorDetails, model: type[BaseModel], found: dict[str, Any]
) -> Iterable[tuple[Place, str]]:
    # A key's own fault is reported at the key, not at a place called "[key]" inside it.
    place = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    error = context.get("error")
    if isinstance(error, SectionFaults):
        return [((*place, *inner), words) for inner, words in error.faults]
    if isinstance(error, ValueError):
        return [(place, str(error))]
    match detail["type"]:
        case "missing":
            words = "is missing"
        case "extra_forbidden":
            words = f"unknown key{meant(str(place[-1]), _keys_at(model, place[:-1]))}"
        case "literal_error":
            given = _value_at(found, place)
            words = f"must be {context['expected']}, not {given!r}"
            if isinstance(given, str):
                words += meant(given, re.findall("'([^']*)'", str(context["expected"])))
        case "greater_than_equal":
            words = f"must be at least {context['ge']}, not {_value_at(found, place)}"
        case "less_than_equal":
            words = f"must be at most {context['le']}, not {_value_at(found, place)}"
        case "int_type" | "int_parsing" | "int_from_float":
            words = "must be a whole number, without quotes"
        case "string_type":
            words = "must be text, in quotes"
        case "string_too_short":
            words = "must not be empty"
        case "bool_type" | "bool_parsing":
            words = "must be true or false, without quotes"
        case "tuple_type" | "list_type":
            words = "must be a list: [ ... ]"
        case "model_type" | "dict_type" | "model_attributes_type":
            words = "must be a section with keys of its own"
        case _:
            words = detail["msg"]
    return [(place, words)]


def _place(place: Place) -> str:
    words = ""
    for part in place:
        if isinstance(part, int):
            words += f"[{part}]"
        else:
            words += f".{part}" if words else part
    return words


def _value_at(found: Any, place: Place) -> Any:
    for part in place:
        found = found[part]
    return found


def _keys_at(model: type[BaseModel], place: Place) -> set[str]:
    """Return the keys known at `place`, following sections and lists of sections."""
    here: type[BaseModel] | None = model
    for part in place:
        if here is None:
            return set()
        if isinstance(part, int):
            continue
        field = next((f for n, f in here.model_fields.items() if part in (n, f.alias)), None)
        here = _section_in(field.annotation) if field is not None else None
    if here is None:
        return set()
    return {field.alias or name for name, field in here.model_fields.items()}


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """Return the section a field holds, be it plain, optional or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, Union, UnionType, Annotated):
        for inner in get_args(annotation):
            section = _section_in(inner)
            if section is not None:
                return section
    return None
