"""`schoolgate rules review`: what staff moved to another place, for a person to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from gateway.cli.shared import (
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.configuration import Configuration
from gateway.mail.child import read_safely
from gateway.mail.limits import ReadingLimits, TooMuch, Unreadable
from gateway.store import cases, examples, journal, spool
from gateway.store.examples import Place
from rules.topic_packs import EXTRAS, LABELS, OFFICE_TOPICS, URGENT

_MOST_TEXT = 300  # characters of a message in the list
_TOPICS = LABELS | EXTRAS | {URGENT}


@click.command()
@settings_option
@json_option
@click.option("--accept", "accepted", type=int, multiple=True, metavar="N", help="Print example N.")
@click.option("--pack", metavar="NAME", help='For which pack, such as "attendance.en".')
def review(settings_path: Path, as_json: bool, accepted: tuple[int, ...], pack: str | None) -> None:
    """List what staff moved because it was in the wrong place; print examples for a pack.

    With --accept and --pack the lines of [examples] are printed, to be pasted into the
    school's own pack by a person. No file is changed, and nothing is learnt by itself.
    """
    if bool(accepted) != bool(pack):
        raise Fault("--accept and --pack go together", 2)
    topic = (pack or "").partition(".")[0]
    if pack and (topic not in _TOPICS or pack.count(".") != 1):
        raise Fault(f"{pack} is not the name of a pack, such as attendance.en", 2)
    config = configuration(settings_path)
    store = checked_store(config)
    with store.read() as connection:
        found = list(_examples(connection))
    store.close()
    if pack:
        for line in _toml(found, accepted, pack, topic):
            click.echo(line)
    elif as_json:
        print_json(found)
    else:
        for line in _lines(config, found):
            click.echo(line)


def _examples(connection: Connection) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(examples.moved(connection), 1):
        if cases.find(connection, row.spool_id) is not None:
            continue  # since it was moved, the safeguarding lead has had it
        decided: dict[str, Any] = next(
            (
                entry["detail"]
                for entry in journal.entries(connection, row.spool_id)
                if entry["event"] == "decided"
            ),
            {},
        )
        subject, text = _read(spool.read_raw(connection, row.spool_id))
        yield {
            "number": number,
            "id": row.spool_id,
            "arrived": row.arrived,
            "moved": row.at,
            "moved_to": row.moved_to,
            "by": row.name,
            "labels": row.labels,
            "evidence": decided.get("evidence", []),
            "subject": subject,
            "text": text,
        }


def _read(octets: bytes) -> tuple[str, str]:
    try:
        content = read_safely(octets, ReadingLimits())
    except (TooMuch, Unreadable):
        return "", "(this message can no longer be read)"
    return content.subject, content.own_text


def _lines(config: Configuration, found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield "Nobody has moved a message yet."
    for one in found:
        yield f"{one['number']}  {one['id']}, arrived {shown(config, one['arrived'])}"
        yield f"   found:  {', '.join(one['labels']) or 'nothing'}"
        for evidence in one["evidence"]:
            words = " ".join(evidence["words"].split())
            yield f"           {evidence['label']}: “{words}”  [{evidence['rule']}]"
        yield f"   moved:  to the {one['moved_to']}, by {one['by']}, {shown(config, one['moved'])}"
        text = " ".join(f"{one['subject']}: {one['text']}".split())
        yield f"   text:   {text[:_MOST_TEXT]}{' ...' if len(text) > _MOST_TEXT else ''}"
    if found:
        yield "To use one: schoolgate rules review --accept N --pack attendance.en"


def _toml(
    found: list[dict[str, Any]], accepted: tuple[int, ...], pack: str, topic: str
) -> Iterator[str]:
    chosen = [one for one in found if one["number"] in accepted]
    missing = sorted(set(accepted) - {one["number"] for one in chosen})
    if missing:
        raise Fault(f"there is no example {', '.join(map(str, missing))}")
    yield f"# For {pack}.toml. Change the names of people first; then run `schoolgate rules test`."
    yield "[examples]"
    for key, wanted in (("must_match", True), ("must_not_match", False)):
        mine = [one for one in chosen if _belongs(topic, one["moved_to"]) is wanted]
        if mine:
            yield f"{key} = ["
            for one in mine:
                subject, text = _quoted(one["subject"]), _quoted(one["text"])
                yield f"  {{ subject = {subject}, text = {text} }},"
            yield "]"


def _belongs(topic: str, moved_to: Place) -> bool:
    """Whether what was moved there is an example of the topic, or of what it is not."""
    return (moved_to == "office") is (topic in OFFICE_TOPICS | EXTRAS | {URGENT})


def _quoted(text: str) -> str:
    """Return `text` as a TOML basic string, on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    named = escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in named) + '"'
