"""`schoolgate serve`: run the gateway, or rehearse it on a clock of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from gateway.cli.shared import (
    BAD_CONFIGURATION,
    TEMPORARY_TROUBLE,
    Fault,
    checked_store,
    configuration,
    settings_option,
)
from gateway.clock import Clock, RehearsalClock, SystemClock
from gateway.config.hosts import is_loopback
from gateway.configuration import Configuration
from gateway.instance import AlreadyRunning
from gateway.logs import set_up_logging
from gateway.program import TICK_SECONDS, Program, WrongSchool
from gateway.proof.lookups import NoServers
from gateway.rehearsal.course import Course
from gateway.store.engine import StoreNotDurable
from gateway.store.migrate import WrongSchema
from gateway.store.schema import messages

log = logging.getLogger(__name__)

REHEARSAL_TICK_SECONDS = 0.05


@click.command()
@settings_option
@click.option(
    "--rehearse-from", metavar="TIME", help="Run on a clock that starts at TIME (ISO 8601)."
)
@click.option("--speed", type=click.FloatRange(0, 100_000), default=600.0, show_default=True,
              help="How many times as fast the rehearsal clock runs.")  # fmt: skip
@click.option("--until", metavar="TIME", help="End the rehearsal at TIME.")
@click.option("--jump", is_flag=True, help="Jump over stretches in which nothing is due.")
def serve(
    settings_path: Path, rehearse_from: str | None, speed: float, until: str | None, jump: bool
) -> None:
    """Run the gateway until it is told to stop (SIGTERM, Ctrl-C)."""
    config = configuration(settings_path)
    set_up_logging(config.settings.log.level)
    zone = ZoneInfo(config.policy.zone)
    clock: Clock = SystemClock()
    course: Course | None = None
    if rehearse_from is not None:
        refuse_real_mail(config)
        refuse_real_store(config)
        # It stands until the door is open, however long that takes.
        rehearsed = RehearsalClock(_instant(rehearse_from, zone), speed=0)
        end = _instant(until, zone) if until else None
        course = Course(rehearsed, end, speed, jump=jump)
        clock = rehearsed
    elif until is not None or jump:
        raise click.UsageError("--until and --jump go with --rehearse-from")
    tick = REHEARSAL_TICK_SECONDS if course else TICK_SECONDS
    try:
        program = Program(config, clock, tick)
        asyncio.run(_run(program, course))
    except (WrongSchema, WrongSchool, StoreNotDurable, NoServers) as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    except (AlreadyRunning, OSError) as error:
        raise Fault(str(error), TEMPORARY_TROUBLE) from error


def refuse_real_mail(config: Configuration) -> None:
    """End unless everything sent stays on this machine: a rehearsal must reach nobody."""
    host = config.settings.outbound.host
    if not is_loopback(host):
        raise Fault(
            f"a rehearsal would send its mail to {host}: "
            "set outbound.host to 127.0.0.1 in the settings of a rehearsal",
            BAD_CONFIGURATION,
        )


def refuse_real_store(config: Configuration) -> None:
    """End when the store holds mail that did not come in a rehearsal.

    A rehearsal gives out what waits and dates the register on a clock of its own. A
    store that was first used by a rehearsal is marked by a file beside it.
    """
    store = checked_store(config)
    mark = Path(f"{store.url.database}.rehearsal")
    with store.read() as connection:
        holds_mail = connection.execute(select(messages.c.spool_id).limit(1)).first() is not None
    store.close()
    if store.is_sqlite and not holds_mail:
        mark.touch(mode=0o600)
    if holds_mail and not (store.is_sqlite and mark.exists()):
        raise Fault(
            "the store holds real mail, which a rehearsal would give out: rehearse in a folder "
            "of its own (`schoolgate init --dir rehearsal`, then migrate and roster import there)",
            BAD_CONFIGURATION,
        )


async def _run(program: Program, course: Course | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await program.start()
    log.info("serving", extra={"port": program.listener.port})
    try:
        if course is None:
            await stop.wait()
        else:
            await course.run(program, stop)
    finally:
        await program.stop()
        log.info("stopped")


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no time; write 2026-11-20T15:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
