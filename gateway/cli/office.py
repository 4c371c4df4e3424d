"""`schoolgate office absences`: the reports of absence for one day, for the office's own program.

Whoever may use the installation's account may run it: that account can read all mail as it is.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

import click

from gateway.cli.shared import (
    BAD_CONFIGURATION,
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
)
from gateway.clock import SystemClock
from gateway.program import WrongSchool, letters_for, school_of
from gateway.work.absence_list import AbsenceRow, absences_on, safe_cells
from rules.wording import day_words

_INDENT = " " * 18  # below the words, right of the id
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@click.group()
def office() -> None:
    """What the school office can take into its own program."""


@office.command()
@settings_option
@json_option
@click.option(
    "--date",
    "day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day, such as 2026-11-24; today when left out.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print a CSV table in UTF-8.")
@click.option("--bom", is_flag=True, help="Begin the CSV with a byte order mark, for Excel.")
def absences(
    settings_path: Path, as_json: bool, day: datetime | None, as_csv: bool, bom: bool
) -> None:
    """List what parents reported of absence for a day: only what they said, nothing guessed."""
    if as_json and as_csv:
        raise Fault("choose --csv or --json, not both")
    if bom and not as_csv:
        raise Fault("--bom goes with --csv only")
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        school = school_of(store, config, now)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    asked = day.date() if day is not None else school.today(now)
    with store.read() as connection:
        school.refresh(connection)
        rows = absences_on(connection, letters_for(config, school), asked)
    store.close()
    if as_json:
        print_json([asdict(row) for row in rows])
    elif as_csv:
        sys.stdout.buffer.write((_BYTE_ORDER_MARK if bom else b"") + _csv(rows))
    else:
        _print(rows, day_words(asked))


def _csv(rows: Sequence[AbsenceRow]) -> bytes:
    """Return the table with its heading, lines ended by CRLF (RFC 4180 §2)."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, [field.name for field in fields(AbsenceRow)])
    writer.writeheader()
    writer.writerows(safe_cells(row) for row in rows)
    return table.getvalue().encode()


def _print(rows: Sequence[AbsenceRow], day: str) -> None:
    if not rows:
        click.echo(f"No report of absence for {day}.")
    for row in rows:
        click.echo(f"{row.message_id}  {row.child} ({row.class_name}), {row.child_by}")
        click.echo(f"{_INDENT}{row.kind or 'kind not stated'}: {row.stated or 'no day stated'}")
        if row.reason:
            click.echo(f"{_INDENT}{row.reason}")
        click.echo(f"{_INDENT}{row.sender}, {row.received}; {row.listed_for}")
