"""`schoolgate init`: write commented settings, a policy and a signing key to start from."""

from __future__ import annotations

import os
import re
import secrets
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.clock import Clock, SystemClock
from gateway.config.secretfiles import KEY_BYTES, key_text
from gateway.resources import resource_path

ZONE = ZoneInfo("Europe/London")  # of the policy that is written
SETTINGS, POLICY, KEY = "schoolgate.toml", "policy.toml", "schoolgate.key"


class AlreadyThere(Exception):
    """A file that `init` would write exists, and nothing was written."""


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder to write to; made when it is not there.",
)
@click.option("--force", is_flag=True, help="Replace the two .toml files. Never the key.")
def init(folder: Path, force: bool) -> None:
    """Write schoolgate.toml, policy.toml and a signing key to start from."""
    try:
        written = write_samples(folder, SystemClock(), force=force)
    except AlreadyThere as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    for path in written:
        click.echo(f"wrote {path}")
    click.echo("Next: put your school's names into both files, then run `schoolgate migrate`.")


def write_samples(folder: Path, clock: Clock, *, force: bool = False) -> tuple[Path, ...]:
    """Write the samples and a key into `folder`; return what was written.

    A key that is there already is kept even by `force`: replacing it would turn every reply
    address in people's inboxes into a dead one.

    Raises:
        AlreadyThere: a file exists and `force` was not given.
        OSError: the folder cannot be written.
    """
    present = [name for name in (SETTINGS, POLICY, KEY) if (folder / name).exists()]
    if present and not force:
        raise AlreadyThere(
            f"{', '.join(present)} already in {folder}; --force replaces .toml files"
        )
    folder.mkdir(parents=True, exist_ok=True)
    today = clock.now().astimezone(ZONE).date()
    settings = resource_path("templates", "init", SETTINGS).read_text(encoding="utf-8")
    policy = resource_path("templates", "init", POLICY).read_text(encoding="utf-8")
    (folder / SETTINGS).write_text(settings, encoding="utf-8")
    (folder / POLICY).write_text(reviewed_on(policy, today), encoding="utf-8")
    written = [folder / SETTINGS, folder / POLICY]
    if KEY not in present:
        _write_private(folder / KEY, key_text(secrets.token_bytes(KEY_BYTES)))
        written.append(folder / KEY)
    return tuple(written)


def reviewed_on(policy: str, today: date) -> str:
    """Return the text of a policy as reviewed today, the next review twelve months ahead."""
    policy = re.sub(r'(?m)^reviewed = "[^"]*"', f'reviewed = "{today}"', policy, count=1)
    ahead = f'next_review = "{_year_after(today)}"'
    return re.sub(r'(?m)^next_review = "[^"]*"', ahead, policy, count=1)


def _year_after(today: date) -> date:
    if (today.month, today.day) == (2, 29):
        return date(today.year + 1, 2, 28)
    return today.replace(year=today.year + 1)


def _write_private(path: Path, text: str) -> None:
    # Made with its mode, so that it is at no moment readable by others.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
