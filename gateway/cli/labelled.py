"""What does a line of a file of messages say? One JSON object a line, perhaps with its labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from gateway.cli.trial import Trial, read_trial
from rules.topic_packs import LABELS


class BadLine(Exception):
    """A line cannot be used. The text names its number, counted from 1, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message. `labels` and `urgent` are None where the line does not say them."""

    name: Any  # the line's "id", any JSON value, given back as it came
    trial: Trial
    labels: frozenset[str] | None
    urgent: bool | None


def read_labelled(lines: Iterable[bytes], *, with_labels: bool) -> Iterator[Labelled]:
    """Yield the message of each line that is not blank; labels are looked at only when wanted.

    Raises:
        BadLine: a line cannot be used; those before it have been yielded.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _labelled(line, with_labels=with_labels)
            except _Fault as error:
                raise BadLine(f"line {number}: {error}") from error


class _Fault(Exception):
    pass


def _labelled(line: bytes, *, with_labels: bool) -> Labelled:
    entry = _entry(line)
    return Labelled(
        entry.get("id"),
        read_trial(_text(entry, "subject"), _text(entry, "body"), _sent(entry)),
        _labels(entry) if with_labels and "labels" in entry else None,
        _urgent(entry) if with_labels and "urgent" in entry else None,
    )


def _entry(line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line, parse_constant=_no_number)
        if not isinstance(entry, dict):
            raise _Fault("is not a JSON object")
        for key in ("id", "subject", "body"):
            # JSON may write half of a surrogate pair, which no UTF-8 can hold (RFC 8259 §8.2).
            try:
                json.dumps(entry.get(key), ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise _Fault(f"{key} holds half of a surrogate pair, which is no text") from error
    except RecursionError as error:
        raise _Fault("is nested too deeply") from error
    except ValueError as error:
        raise _Fault("is not JSON") from error
    return entry


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")  # RFC 8259 §6


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Fault(f"{key} is not text")
    return value


def _sent(entry: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(entry.get("date")))
    except (ValueError, RecursionError):
        return None


def _labels(entry: dict[str, Any]) -> frozenset[str]:
    labels = entry["labels"]
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise _Fault("labels is not a list of labels")
    unknown = sorted(set(labels) - LABELS)
    if unknown:
        names = ", ".join(json.dumps(label) for label in unknown)
        raise _Fault(f"unknown in labels: {names}; known are {', '.join(sorted(LABELS))}")
    return frozenset(labels)


def _urgent(entry: dict[str, Any]) -> bool:
    urgent = entry["urgent"]
    if not isinstance(urgent, bool):
        raise _Fault("urgent is neither true nor false")
    return urgent
