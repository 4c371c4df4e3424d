"""What does the file of one translation say, and what is wrong with it?

It is used whole or not at all: a sentence that is missing, or has lost one of its facts, turns
the mail back into English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from babel.core import UnknownLocaleError
from babel.dates import format_datetime

from gateway.mail.outlines import DATES, SENTENCES, TOPICS

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# What each pattern of a time must show: the hour and minute; the weekday, date and month; the year.
_PATTERNS = {
    "clock": re.compile(r"(?=.*[Hh])(?=.*mm)"),
    "day": re.compile(r"(?=.*E)(?=.*d)(?=.*M)"),
    "day_of_year": re.compile(r"(?=.*E)(?=.*d)(?=.*M)(?=.*y)"),
}
_QUOTED = re.compile("'[^']*'")
_A_TIME = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)


class LanguageFault(Exception):
    """A translation cannot be used. `faults` are whole lines about the file, for its author."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Language:
    """The notices' words in one language. `sentences` are by name, such as "held.subject"."""

    code: str  # BCP 47 primary subtag (RFC 5646 §2.2.1)
    name: str  # in its own script
    script: str  # ISO 15924, such as "Latn"
    direction: Literal["ltr", "rtl"]
    draft: bool  # no speaker has reviewed it
    reviewed_by: str
    dates: Mapping[str, str]
    topics: Mapping[str, str]
    sentences: Mapping[str, str]


def language_from(code: str, written: Mapping[str, Any]) -> Language:
    """Return the language that a file says.

    Raises:
        LanguageFault: it cannot be used; every fault is named.
    """
    faults = list(_faults(written)) or list(_pattern_faults(code, written["dates"]))
    if faults:
        raise LanguageFault(*(f"{code}.toml: {fault}" for fault in faults))
    return Language(
        code=code,
        name=written["name"],
        script=written["script"],
        direction=written["direction"],
        draft=written["draft"],
        reviewed_by=written["reviewed_by"],
        dates=written["dates"],
        topics=written["topics"],
        sentences={
            name: written[name.partition(".")[0]][name.partition(".")[2]] for name in SENTENCES
        },
    )


def _faults(written: Mapping[str, Any]) -> Iterator[str]:
    for key in ("name", "script", "direction", "reviewed_by"):
        if not isinstance(written.get(key), str):
            yield f"{key}: is missing"
    if written.get("direction") not in ("ltr", "rtl"):
        yield 'direction: is neither "ltr" nor "rtl"'
    if not isinstance(written.get("draft"), bool):
        yield "draft: is neither true nor false"
    elif not written["draft"] and not written.get("reviewed_by"):
        yield "draft: false, but reviewed_by names nobody"
    wanted = {f"dates.{name}": needs for name, needs in DATES.items()}
    wanted |= {f"topics.{name}": frozenset() for name in TOPICS}
    yield from _text_faults(written, wanted | dict(SENTENCES))


def _pattern_faults(code: str, dates: Mapping[str, str]) -> Iterator[str]:
    for name, shows in _PATTERNS.items():
        if not shows.match(_QUOTED.sub("", dates[name])):
            yield f"dates.{name}: does not show all that it must"
            continue
        try:
            format_datetime(_A_TIME, dates[name], locale=code)
        except UnknownLocaleError:
            yield f"CLDR knows no language {code}"
            return
        except (ValueError, KeyError, NotImplementedError):
            yield f"dates.{name}: is not a pattern of CLDR (UTS 35 part 4)"


def _text_faults(written: Mapping[str, Any], wanted: Mapping[str, frozenset[str]]) -> Iterator[str]:
    tables = {name: table for name, table in written.items() if isinstance(table, Mapping)}
    texts = {f"{name}.{key}": text for name, table in tables.items() for key, text in table.items()}
    for name in sorted(texts.keys() - wanted.keys()):
        yield f"{name}: is not a sentence of ours"
    for name, needs in wanted.items():
        text = texts.get(name)
        if not isinstance(text, str) or not text.strip():
            yield f"{name}: is missing"
            continue
        found = PLACEHOLDER.findall(text)
        if sorted(found) != sorted(needs):
            yield f"{name}: must hold each of {sorted(needs)} once, and holds {sorted(found)}"
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)) or "\n" in text:
            yield f"{name}: has a stray brace or a line break"
