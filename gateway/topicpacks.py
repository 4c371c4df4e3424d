"""Where do topic packs come from, and what is wrong with the ones that cannot be used?

Built-in packs are the data of the `rules` package, so they are found in a
checkout and in an installed wheel alike. A school's own folder may add packs;
one with the name of a built-in pack stands in its place. Not so where a child may be at risk:
there a school's pack only adds to ours, whose words are always our own.

A pack is one TOML file, `<topic>.<language>.toml`; `words.<language>.toml`
holds the word lists that all packs of that language may use.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from importlib import resources
from pathlib import Path
from typing import Any

from gateway.second_reader import load_second_reader
from rules.topic_packs import (
    ONLY_ADDED_TO,
    Example,
    Matcher,
    Pack,
    Rule,
    compile_packs,
    faults_of,
    takes_away,
)

_RULE_KEYS = frozenset(field.name for field in fields(Rule))
_PACK_KEYS = frozenset({"about", "words", "rule", "examples"})
_EXAMPLE_KEYS = frozenset({"text", "subject"})
_WORDS = "words"
_BEYOND_ANY_WEIGHT = 1000  # `faults_of` says what a weight may be


class TopicPackFaults(Exception):
    """Packs that cannot be used. `faults` names file and key of every one, all at once."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load_packs(school_folder: Path | None = None) -> tuple[Pack, ...]:
    """Return the built-in packs and those of `school_folder`, by name.

    Raises:
        TopicPackFaults: a file is not TOML, has an unknown or missing key, or a
            phrase nobody can read.
    """
    faults: list[str] = []
    ours = _tables(_built_in(), faults)
    own = _tables(_texts_in(school_folder, faults), faults) if school_folder is not None else {}
    our_words = _words_by_language(ours, faults)
    words = dict(our_words)
    for language, lists in _words_by_language(own, faults).items():
        words[language] = {**words.get(language, {}), **lists}
    packs = []
    for name, table in ours.items():
        if _topic_of(name) in ONLY_ADDED_TO:
            packs.append(_pack(name, table, our_words, faults))
        elif _topic_of(name) != _WORDS and name not in own:
            packs.append(_pack(name, table, words, faults))
    added = [
        _pack(name, table, words, faults)
        for name, table in own.items()
        if _topic_of(name) != _WORDS
    ]
    for pack in (*packs, *added):
        faults += [f"{pack.name}.toml: {fault}" for fault in faults_of(pack)]
    for pack in added:
        faults += [f"{pack.name}.toml: {fault}" for fault in takes_away(pack)]
    if faults:
        raise TopicPackFaults(tuple(faults))
    return tuple(sorted((*packs, *added), key=lambda pack: pack.name))


def load_matcher(school_folder: Path | None = None, *, second_reader: bool = False) -> Matcher:
    """Return the machine made of all packs; the same errors as `load_packs`.

    With `second_reader` it listens beside the packs; without, they read alone.
    """
    packs = (
        _built_in_matcher() if school_folder is None else compile_packs(load_packs(school_folder))
    )
    return replace(packs, second_reader=load_second_reader()) if second_reader else packs


@functools.cache
def _built_in_matcher() -> Matcher:
    # Every program of ours listens with the built-in packs alone until a school adds its own,
    # and what a matcher remembers is speed only, so one may serve all who ask.
    return compile_packs(load_packs())


def _built_in() -> dict[str, str]:
    folder = resources.files("rules") / "topics"
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def _texts_in(folder: Path, faults: list[str]) -> dict[str, str]:
    if not folder.is_dir():
        raise TopicPackFaults((f"{folder}: is not a folder",))
    texts = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            texts[path.name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as trouble:
            faults.append(f"{path.name}: cannot be read: {trouble}")
    return texts


def _topic_of(name: str) -> str:
    return name.partition(".")[0]


def _words_by_language(
    tables: Mapping[str, Mapping[str, Any]], faults: list[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        name.split(".")[1]: _words(table.get(_WORDS, {}), name, faults)
        for name, table in tables.items()
        if _topic_of(name) == _WORDS
    }


def _tables(texts: Mapping[str, str], faults: list[str]) -> dict[str, dict[str, Any]]:
    tables = {}
    for name, text in texts.items():
        if len(name.split(".")) != 3:
            faults.append(f"{name}: must be named <topic>.<language>.toml")
            continue
        try:
            tables[name] = tomllib.loads(text)
        except (ValueError, RecursionError) as trouble:  # a number or a nesting beyond Python's
            faults.append(f"{name}: is not TOML: {trouble}")
    return tables


def _pack(
    name: str,
    table: Mapping[str, Any],
    words: Mapping[str, Mapping[str, tuple[str, ...]]],
    faults: list[str],
) -> Pack:
    topic, language, _ = name.split(".")
    for key in sorted(set(table) - _PACK_KEYS):
        faults.append(f"{name}: {key}: unknown key; there are {', '.join(sorted(_PACK_KEYS))}")
    return Pack(
        name=f"{topic}.{language}",
        topic=topic,
        language=language,
        rules=tuple(
            rule
            for number, entry in enumerate(_list(table.get("rule", []), name, "rule", faults), 1)
            if (rule := _rule(entry, f"{name}: rule {number}", faults)) is not None
        ),
        words={**words.get(language, {}), **_words(table.get(_WORDS, {}), name, faults)},
        must_match=_examples(table, name, "must_match", faults),
        must_not_match=_examples(table, name, "must_not_match", faults),
    )


def _rule(entry: Any, where: str, faults: list[str]) -> Rule | None:
    if not isinstance(entry, dict):
        faults.append(f"{where}: must be a [[rule]] table")
        return None
    before = len(faults)
    where = f"{where} ({entry.get('name', 'without a name')})"
    for key in sorted(set(entry) - _RULE_KEYS):
        faults.append(f"{where}: {key}: unknown key; there are {', '.join(sorted(_RULE_KEYS))}")
    if not isinstance(entry.get("name"), str):
        faults.append(f"{where}: name: must be given, as text")
    weight = entry.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, (int, float)):
        faults.append(f"{where}: weight: must be a number")
    elif isinstance(weight, int):
        weight = max(-_BEYOND_ANY_WEIGHT, min(weight, _BEYOND_ANY_WEIGHT))
    school_hours = entry.get("school_hours", False)
    if not isinstance(school_hours, bool):
        faults.append(f"{where}: school_hours: must be true or false")
    lists = {
        key: _phrases(entry.get(key, []), f"{where}: {key}", faults)
        for key in ("phrases", "beside", "elsewhere", "unless", "unless_elsewhere")
    }
    if len(faults) > before:
        return None
    return Rule(entry["name"], float(weight), school_hours=school_hours, **lists)


def _phrases(value: Any, where: str, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        faults.append(f"{where}: must be a list of texts")
        return ()
    return tuple(value)


def _words(value: Any, name: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        faults.append(f"{name}: words: must be a table of lists")
        return {}
    return {key: _phrases(entry, f"{name}: words.{key}", faults) for key, entry in value.items()}


def _list(value: Any, name: str, key: str, faults: list[str]) -> list[Any]:
    if isinstance(value, list):
        return value
    faults.append(f"{name}: {key}: must be a list")
    return []


def _examples(
    table: Mapping[str, Any], name: str, key: str, faults: list[str]
) -> tuple[Example, ...]:
    found: list[Example] = []
    examples = table.get("examples", {})
    if not isinstance(examples, dict):
        faults.append(f"{name}: examples: must be a table of must_match and must_not_match")
        return ()
    where = f"examples.{key}"
    for number, entry in enumerate(_list(examples.get(key, []), name, where, faults), 1):
        if isinstance(entry, str):
            found.append(Example(entry))
        elif (
            isinstance(entry, dict)
            and set(entry) <= _EXAMPLE_KEYS
            and "text" in entry
            and all(isinstance(value, str) for value in entry.values())
        ):
            found.append(Example(entry["text"], entry.get("subject", "")))
        else:
            faults.append(f"{name}: {where} {number}: must be a text or {{subject, text}}")
    return tuple(found)
