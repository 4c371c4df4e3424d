"""schoolgate rules: try, measure and explain the topic packs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click

from gateway.cli.explained import told
from gateway.cli.false_alarms import FalseAlarms
from gateway.cli.labelled import BadLine, Labelled, read_labelled
from gateway.cli.review import review
from gateway.cli.scores import Scores
from gateway.cli.trial import understand_octets, understand_trial
from gateway.mail.limits import TooMuch
from gateway.second_reader import load_second_reader
from gateway.topicpacks import TopicPackFaults, load_packs
from rules.topic_packs import LABELS, OFFICE_TOPICS, Matcher, Pack, compile_packs
from rules.topics import Understanding, understand

_EXAMPLE_FAILED = 1
_PACKS_UNUSABLE = 78  # EX_CONFIG of sysexits
_INPUT_UNUSABLE = 65  # EX_DATAERR

_packs_option = click.option(
    "--packs",
    type=click.Path(path_type=Path),
    help="Folder of the school's own topic packs, read after the built-in ones.",
)
_packs_only_option = click.option(
    "--packs-only", is_flag=True, help="Leave the second reader out (topics.second_reader)."
)


@click.group()
def rules() -> None:
    """Try, measure and explain the topic packs."""


@rules.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--false-alarms",
    is_flag=True,
    help="List the messages for the class teacher alone that would go elsewhere, and why.",
)
@_packs_option
@_packs_only_option
def eval(  # noqa: A001 - the command's name
    file: BinaryIO, as_json: bool, false_alarms: bool, packs: Path | None, packs_only: bool
) -> None:
    """Measure the packs against labelled messages: one JSON object a line.

    A line has subject, body and date, and, where known, labels and urgent; a
    line without them is not counted. "–" (null in JSON) stands where there was no case.
    With --false-alarms the figures are left out.
    """
    matcher = _matcher(packs, second_reader=not packs_only)
    scores = Scores()
    alarms = FalseAlarms()
    for entry in _labelled(file, with_labels=True):
        understanding = understand_trial(matcher, entry.trial)
        alarms.add(entry, understanding)
        if entry.labels is not None:
            true, given = entry.labels, understanding.labels
            scores.add("office", given=bool(given & OFFICE_TOPICS), true=bool(true & OFFICE_TOPICS))
            scores.add_set(sorted(LABELS), given, true)
        if entry.urgent is not None:
            scores.add("urgent", given=understanding.urgent, true=entry.urgent)
    shown = alarms if false_alarms else scores
    values = json.dumps(shown.as_values(), indent=2, ensure_ascii=False) if as_json else ""
    click.echo(values or shown.as_table())


@rules.command()
@click.argument("file", type=click.File("rb"))
@_packs_option
@_packs_only_option
def classify(file: BinaryIO, packs: Path | None, packs_only: bool) -> None:
    """Print one JSON object for each message of FILE, in its order.

    FILE ("-" reads standard input) has one JSON object a line, with id, subject,
    body and date. For each line one line is printed, and nothing else; exit code 0:

    \b
    {"id": the line's id,
     "labels": [sorted], "urgent": true or false,
     "extra": [sorted], "perhaps": [sorted],
     "evidence": [{"label", "start", "end", "text", "rule"}, ...]}

    start and end count characters of subject + newline + body. A line that
    cannot be used ends the run with exit code 65 and its number on standard error.
    """
    matcher = _matcher(packs, second_reader=not packs_only)
    for entry in _labelled(file, with_labels=False):
        understanding = understand_trial(matcher, entry.trial)
        click.echo(json.dumps(_as_values(entry.name, understanding), ensure_ascii=False).encode())


@rules.command()
@_packs_option
@click.option("--json", "as_json", is_flag=True, help="Print the failures as JSON.")
def test(packs: Path | None, as_json: bool) -> None:
    """Run every example inside every pack; exit with 1 when one fails."""
    loaded = _packs(packs)
    failures = failed_examples(loaded)
    count = sum(len(pack.must_match) + len(pack.must_not_match) for pack in loaded)
    if as_json:
        click.echo(json.dumps({"examples": count, "failures": failures}, ensure_ascii=False))
    else:
        for failure in failures:
            click.echo(failure)
        click.echo(f"{count} examples in {len(loaded)} packs, {len(failures)} failed")
    if failures:
        raise SystemExit(_EXAMPLE_FAILED)


@rules.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print what was understood as JSON.")
@_packs_option
@_packs_only_option
def explain(file: BinaryIO, as_json: bool, packs: Path | None, packs_only: bool) -> None:
    """Say what FILE (a message or plain text; "-" reads standard input) is about, and why."""
    matcher = _matcher(packs, second_reader=not packs_only)
    try:
        understanding = understand_octets(matcher, file.read())
    except TooMuch as trouble:
        click.echo(f"the message exceeds the limit {trouble.what}", err=True)
        raise SystemExit(_INPUT_UNUSABLE) from trouble
    if as_json:
        click.echo(json.dumps(_as_values(None, understanding), ensure_ascii=False))
        return
    click.echo("\n".join(told(understanding)))


rules.add_command(review)


def failed_examples(packs: tuple[Pack, ...]) -> list[str]:
    """Return a line for every example of `packs` that is not understood as its pack says.

    What must match is read as the gateway reads it, with the second reader; what must not
    match is no match of the packs alone either.
    """
    alone = compile_packs(packs)
    helped = replace(alone, second_reader=load_second_reader())
    failures = []
    for pack in packs:
        for wanted, examples in ((True, pack.must_match), (False, pack.must_not_match)):
            for example in examples:
                matcher = helped if wanted else alone
                found = understand(matcher, subject=example.subject, own_text=example.text)
                held = found.labels | found.extra | ({"urgent"} if found.urgent else set())
                if (pack.topic in held) is not wanted:
                    verb = "must match" if wanted else "must not match"
                    failures.append(f"{pack.name}.toml: {verb}: {example.subject} {example.text}")
    return failures


def _packs(folder: Path | None) -> tuple[Pack, ...]:
    try:
        return load_packs(folder)
    except TopicPackFaults as trouble:
        click.echo(str(trouble), err=True)
        raise SystemExit(_PACKS_UNUSABLE) from trouble


def _matcher(folder: Path | None, *, second_reader: bool) -> Matcher:
    packs = compile_packs(_packs(folder))
    return replace(packs, second_reader=load_second_reader()) if second_reader else packs


def _labelled(file: BinaryIO, *, with_labels: bool) -> Iterator[Labelled]:
    try:
        yield from read_labelled(file, with_labels=with_labels)
    except BadLine as trouble:
        click.echo(str(trouble), err=True)
        raise SystemExit(_INPUT_UNUSABLE) from trouble


def _as_values(name: Any, understanding: Understanding) -> dict[str, Any]:
    return {
        "id": name,
        "labels": sorted(understanding.labels),
        "urgent": understanding.urgent,
        "extra": sorted(understanding.extra),
        "perhaps": sorted(understanding.perhaps),
        "evidence": [
            {
                "label": one.label,
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "rule": one.rule,
            }
            for one in understanding.evidence
        ],
    }
