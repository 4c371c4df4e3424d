"""Sets the simulated year's school up in a folder: settings, policy, store and roster."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gateway.cli.init import write_samples
from gateway.clock import SystemClock
from gateway.configuration import Configuration, load_configuration, open_store
from gateway.program import Program
from gateway.roster.families import read_families
from gateway.roster.staff import read_staff
from gateway.store.migrate import migrate
from gateway.store.roster_write import RosterWriter
from tests.campaigns.year_school import POLICY, family_rows, staff_rows
from tests.installation import (
    BORDER,
    DOMAIN,
    FAMILY_COLUMNS,
    LEADS,
    SETTINGS,
    STAFF_COLUMNS,
    free_port,
    write_csv,
)


def configured(folder: Path, smarthost_port: int) -> Configuration:
    """Write the settings and an empty store into `folder`; return what a program is built from."""
    write_samples(folder, SystemClock())
    path = folder / "schoolgate.toml"
    values = {"port": free_port(), "smarthost_port": smarthost_port}
    settings = SETTINGS.format(domain=DOMAIN, border=BORDER, **values)
    # Mail goes out one by one: with a clock that stands still meanwhile there is no hurry.
    path.write_text(settings.replace("[outbound]", "[outbound]\nconnections = 1"), "utf-8")
    (folder / "policy.toml").write_bytes(POLICY.read_bytes())
    configuration = load_configuration(path, {})
    store = open_store(configuration)
    migrate(store)
    store.close()
    return configuration


def enrolled(program: Program, folder: Path, families: int, now: datetime) -> None:
    """Import the school's staff, and so many families."""
    write_csv(folder / "staff.csv", STAFF_COLUMNS, (*LEADS, *staff_rows()))
    write_csv(folder / "families.csv", FAMILY_COLUMNS, family_rows(families))
    school = program.school
    with program.store.begin() as connection:
        writer = RosterWriter(connection, school.school_id, DOMAIN, now, school.today(now))
        writer.write_staff(read_staff(folder / "staff.csv"))
        writer.write_families(read_families(folder / "families.csv"))
