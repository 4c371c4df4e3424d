"""What every command shares: the settings file, how faults are told, and how data is printed."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.configuration import (
    Configuration,
    ConfigurationFaults,
    load_configuration,
    open_store,
)
from gateway.store.engine import Store
from gateway.store.migrate import WrongSchema, check_schema
from rules.wording import moment_words

BAD_CONFIGURATION = 78  # sysexits.h EX_CONFIG
TEMPORARY_TROUBLE = 75  # EX_TEMPFAIL

settings_option = click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path),
    default=Path("schoolgate.toml"),
    show_default=True,
    envvar="SCHOOLGATE_SETTINGS",
    help="The settings file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print data for a program.")


class Fault(click.ClickException):
    """A fault told in plain words, with the exit code that scripts can trust."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


def configuration(path: Path) -> Configuration:
    """Return the configuration, or end with every fault in it."""
    if not path.exists():
        raise Fault(
            f"there is no {path}. Write one with `schoolgate init`, or name it with --settings.",
            BAD_CONFIGURATION,
        )
    try:
        return load_configuration(path, os.environ)
    except ConfigurationFaults as error:
        raise Fault("\n" + "\n".join(error.faults), BAD_CONFIGURATION) from error


def checked_store(config: Configuration) -> Store:
    """Return the store of this installation, or end when it needs a migration."""
    store = open_store(config)
    try:
        check_schema(store)
    except WrongSchema as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    return store


def print_json(value: object) -> None:
    """Print `value` as JSON, instants as ISO 8601."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def shown(config: Configuration, instant: datetime | None) -> str:
    """Return an instant in the school's zone, with its weekday."""
    return moment_words(instant, ZoneInfo(config.policy.zone)) if instant else ""


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
