"""A whole gateway inside the test, on a clock that jumps, with a smarthost that keeps its mail."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from gateway.cli.init import write_samples
from gateway.clock import RehearsalClock
from gateway.configuration import load_configuration
from gateway.rehearsal.stage import Stage
from gateway.roster.families import read_families
from gateway.roster.staff import read_staff
from gateway.store.audit import Audit, audit
from gateway.store.engine import Store
from gateway.store.migrate import migrate
from gateway.store.roster_write import RosterWriter
from tests.installation import (
    BORDER,
    DOMAIN,
    FAMILY_COLUMNS,
    LEADS,
    SETTINGS,
    STAFF_COLUMNS,
    free_port,
    without_onboarding,
    write_csv,
)
from tests.mailroom import Delivery, mailroom

STORE_URL = "sqlite:///schoolgate.db"


@dataclass(frozen=True, slots=True)
class Staged:
    """A running gateway: `stage` to act on it, `taken` for what left it."""

    stage: Stage
    clock: RehearsalClock
    taken: list[Delivery]
    folder: Path

    @property
    def store(self) -> Store:
        return self.stage.program.store

    @property
    def port(self) -> int:
        return self.stage.program.listener.port

    def audit(self) -> Audit:
        """Account for every accepted message."""
        with self.store.read() as connection:
            return audit(connection, self.stage.program.school.school_id)


@cache
def _migrated_store() -> bytes:
    """Return a store file with every table and no row: copying it is quicker than migrating."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schoolgate.db"
        store = Store(f"sqlite:///{path}")
        migrate(store)
        store.close()
        assert not list(path.parent.glob("*-wal"))  # all of it is in the one file
        return path.read_bytes()


@contextmanager
def restarted(gateway: Staged, change: Callable[[str], str] = str) -> Iterator[Staged]:
    """Stop the gateway and run it again on its store; `change` edits the policy's text before."""
    gateway.stage.close()
    settings = gateway.folder / "schoolgate.toml"
    policy = gateway.folder / "policy.toml"
    policy.write_text(change(policy.read_text("utf-8")), "utf-8")
    stage = Stage(load_configuration(settings, {}), gateway.clock)
    stage.open()
    try:
        yield replace(gateway, stage=stage)
    finally:
        stage.close()


@contextmanager
def staged(
    folder: Path,
    start: datetime,
    staff: Sequence[Sequence[Any]],
    families: Sequence[Sequence[Any]],
    *,
    speed: float = 10.0,
    policy: str = "",
    swap: tuple[str, str] = ("", ""),
    onboarding: bool = False,
    store_url: str = STORE_URL,
    border: str = "",
) -> Iterator[Staged]:
    """Run a gateway from `start` until the end of the block.

    `border` stands in [intake.border] instead of the school's mail filter. `policy` is added to
    the sample's; `swap` is a line of it, and what stands there instead.
    """
    clock = RehearsalClock(start, speed)
    with mailroom(folder / "mail", clock.now) as (smarthost_port, taken):
        write_samples(folder, clock)  # reviewed on the day of the rehearsal, whatever today is
        if not onboarding:
            without_onboarding(folder)
        values = {"port": free_port(), "smarthost_port": smarthost_port}
        path = folder / "schoolgate.toml"
        settings = SETTINGS.format(domain=DOMAIN, border=BORDER, **values)
        if border:
            before, _named, after = settings.partition('profile = "rfc8601"\n')
            settings = before + border + after.partition("\n")[2]
        path.write_text(settings.replace(STORE_URL, store_url), "utf-8")
        sample = (folder / "policy.toml").read_text("utf-8")
        assert swap[0] in sample
        (folder / "policy.toml").write_text(sample.replace(*swap, 1) + policy, "utf-8")
        if store_url == STORE_URL:
            (folder / "schoolgate.db").write_bytes(_migrated_store())
        stage = Stage(load_configuration(path, {}), clock)
        write_csv(folder / "staff.csv", STAFF_COLUMNS, (*LEADS, *staff))
        write_csv(folder / "families.csv", FAMILY_COLUMNS, families)
        now = clock.now()
        school = stage.program.school
        with stage.program.store.begin() as connection:
            writer = RosterWriter(connection, school.school_id, DOMAIN, now, school.today(now))
            writer.write_staff(read_staff(folder / "staff.csv"))
            writer.write_families(read_families(folder / "families.csv"))
        stage.open()
        try:
            yield Staged(stage, clock, taken, folder)
        finally:
            stage.close()
