"""`schoolgate migrate`: bring the store to this release."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.shared import configuration, json_option, print_json, settings_option
from gateway.configuration import open_store
from gateway.store.migrate import migrate as migrate_store


@click.command()
@settings_option
@json_option
def migrate(settings_path: Path, as_json: bool) -> None:
    """Bring the store to the schema of this release. Safe to run again."""
    store = open_store(configuration(settings_path))
    revision = migrate_store(store)
    store.close()
    if as_json:
        print_json({"revision": revision})
    else:
        click.echo(f"The store is at revision {revision}.")
