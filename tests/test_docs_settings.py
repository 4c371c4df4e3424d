"""Every setting of both files is documented with its default and its range, and no other is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gateway.config import secretfiles
from gateway.config.policyfile import _Policy
from gateway.config.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"


def section_in(annotation: Any) -> tuple[type[BaseModel], bool] | None:
    """Return the section a key holds, and whether it is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    if get_origin(annotation) is tuple:
        inner = section_in(get_args(annotation)[0])
        return (inner[0], True) if inner else None
    return None


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        section = section_in(field.annotation)
        if section is None:
            yield key, field
        else:
            yield from keys_of(section[0], key + ("[]." if section[1] else "."))


SETTINGS = [*keys_of(Settings), *keys_of(_Policy)]


def rows() -> dict[str, list[str]]:
    """Return the cells of each table row of the page of settings, by its first cell."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            found[cells[0].strip("`")] = cells
    return found


def test_every_setting_is_documented_and_no_other():
    assert sorted(rows()) == sorted(key for key, _field in SETTINGS)


@pytest.mark.parametrize(("key", "field"), SETTINGS, ids=[key for key, _field in SETTINGS])
def test_a_setting_is_documented_with_its_default_and_its_range(key, field):
    _key, _what, default, span = rows()[key]
    if field.is_required():
        assert default == "**required**"
    elif field.default_factory is None:
        value = "[]" if field.default == () else field.default
        assert default.startswith("–" if value is None else f"`{value}`")
    for bound in ("ge", "le"):
        for limit in (getattr(m, bound) for m in field.metadata if hasattr(m, bound)):
            assert re.search(rf"\b{limit}\b", span), f"{bound} {limit}"
    if get_origin(field.annotation) is Literal:
        assert all(f"`{word}`" in span for word in get_args(field.annotation))


def test_every_secret_of_the_environment_is_documented():
    names = {
        value
        for name, value in vars(secretfiles).items()
        if isinstance(value, str) and value.startswith("SCHOOLGATE_") and name.isupper()
    }
    assert names == set(re.findall(r"SCHOOLGATE_[A-Z_]+(?=`)", PAGE.read_text("utf-8"))) - {
        "SCHOOLGATE_SETTINGS"
    }
