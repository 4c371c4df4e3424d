"""`schoolgate doctor`: find mistakes of the set-up, and say what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import click

from gateway.cli.shared import (
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
)
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.doctor import Finding, examine_machine, examine_policy, examine_store
from gateway.doctor_hours import examine_hours
from gateway.school import School
from gateway.store.engine import Store, StoreNotDurable
from gateway.store.roster_write import school_of

CONNECT_SECONDS = 5.0


@click.command()
@settings_option
@json_option
def doctor(settings_path: Path, as_json: bool) -> None:
    """Look for mistakes of the set-up. Exits 1 when there is a fault."""
    config = configuration(settings_path)
    findings = list(_examine(config))
    faults = [finding for finding in findings if finding.level == "fault"]
    if as_json:
        print_json([{"level": f.level, "what": f.what, "do": f.do} for f in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level.upper():8} {finding.what}\n         {finding.do}")
        click.echo(_sum(len(faults), len(findings)))
    raise SystemExit(1 if faults else 0)


def _sum(faults: int, findings: int) -> str:
    if not findings:
        return "Nothing is wrong."
    return "1 fault." if faults == 1 else f"{faults or 'No'} faults."


def _examine(config: Configuration) -> Iterator[Finding]:
    now = SystemClock().now()
    store = checked_store(config)
    school = _school(store, config)
    yield from examine_policy(config.policy, now, school.calendar if school else None)
    yield from examine_machine(config)
    try:
        store.check_durable()
    except StoreNotDurable as error:
        yield Finding("fault", str(error), "switch it on in postgresql.conf")
    with store.read() as connection:
        yield from examine_store(connection, config, now)
        if school is not None:
            yield from examine_hours(connection, school, now)
    store.close()
    yield from _smarthost(config)


def _school(store: Store, config: Configuration) -> School | None:
    """Return the school with its hours in force; None before anybody is on its roster."""
    domain = config.settings.gateway.domain
    with store.read() as connection:
        school_id = school_of(connection, domain)
        if not school_id:
            return None
        school = School.of(school_id, domain, config.policy)
        school.refresh(connection)
    return school


def _smarthost(config: Configuration) -> Iterator[Finding]:
    outbound = config.settings.outbound
    try:
        socket.create_connection((outbound.host, outbound.port), CONNECT_SECONDS).close()
    except OSError as error:
        yield Finding(
            "fault",
            f"the smarthost {outbound.host}, port {outbound.port}, cannot be reached: "
            f"{error.strerror or error}",
            "check [outbound] in schoolgate.toml; until then our mail waits and is tried again",
        )
