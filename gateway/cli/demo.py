"""`schoolgate demo`: one school day on this machine, from mail in to mail out."""

from __future__ import annotations

import io
import sys
import textwrap
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway.cli.init import write_samples
from gateway.cli.shared import BAD_CONFIGURATION, Fault
from gateway.clock import RehearsalClock, SystemClock
from gateway.imports.classes import class_address
from gateway.logs import set_up_logging
from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Deliveries
from gateway.rehearsal.ledger import Ledger
from gateway.rehearsal.letterbox import Letterbox
from gateway.rehearsal.performance import Performance, Played
from gateway.rehearsal.postbox import Postbox
from gateway.rehearsal.premises import NotOurs, Premises, enrol, furnish, lay_out
from gateway.rehearsal.script import Script, read_script
from gateway.rehearsal.showcase import lay_out_pages
from gateway.rehearsal.stage import Stage
from gateway.rehearsal.summary import Summary
from gateway.rehearsal.telling import Telling
from gateway.rehearsal.verdict import Judge
from gateway.resources import resource_path
from gateway.school import School
from gateway.store.audit import audit
from gateway.work.phrases import usual_windows
from gateway.work.story import story_lines
from rules.wording import moment_words

ZONE = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 11, 20, tzinfo=ZONE)
LOG = "schoolgate.log"
TOLD_IN_FULL = "divided"  # the scene whose `why` is printed, else the first


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              default=Path("demo-out"), show_default=True,
              help="Folder to write to; an earlier demo's is replaced.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Keep an earlier demo, and write beside it.")
@click.option("--script", "script_path", type=click.Path(dir_okay=False, path_type=Path),
              hidden=True, help="Play this script instead of the demo's own.")  # fmt: skip
def demo(out: Path, keep: bool, script_path: Path | None) -> None:
    """Play six school days, a weekend and a day of snow among them, and show who got what.

    A whole gateway runs on this machine with an invented school: real mail in, real mail out,
    and a clock that jumps. Nothing leaves the machine.
    """
    began = SystemClock().monotonic()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a screen without arrows shows a question mark
    try:
        premises = lay_out(_unused(out) if keep else out)
    except NotOurs as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    except OSError as error:
        raise Fault(f"{error.filename}: {error.strerror}") from error
    path = script_path or resource_path("templates", "demo", "day.toml")
    raise SystemExit(0 if _play(premises, read_script(path, FRIDAY, ZONE), began) else 1)


def _play(premises: Premises, script: Script, began: float) -> bool:
    """Play the whole day; return whether it went as it should."""
    set_up_logging("info", premises.folder / LOG)
    # It stands still between scenes, so a slow machine plays the same day.
    clock = RehearsalClock(script.begins, speed=0)
    write_samples(premises.folder, clock)
    with ExitStack() as stack:
        outsiders = [(one.writer, one.address) for one in script.scenes if one.address]
        roster = premises.cast()
        cast = roster.joined_by(outsiders)
        deliveries = Deliveries(cast, clock)
        postbox = Postbox(premises.mail, deliveries.note)
        postbox.start()
        stack.callback(postbox.stop)
        config = furnish(premises, postbox.port)
        stage = Stage(config, clock)
        stack.callback(stage.close)
        program = stage.program
        enrol(premises, program)
        stage.open()
        ledger = Ledger(program.store)
        letterbox = Letterbox(premises.letters)
        performance = Performance(stage, cast, deliveries, ledger, ZONE, letterbox)
        telling = Telling(cast, ledger, ZONE)
        _welcome(program.school, roster, script)
        for event in performance.play(script):
            telling.tell(event)
        with program.store.read() as connection:
            stock = audit(connection, program.school.school_id)
            played = list(performance.played.values())
            chosen = performance.played.get(TOLD_IN_FULL, played[0])
            story = story_lines(connection, config.policy, chosen.spool_ids[0])
        judge = Judge(program.school, cast, ledger, deliveries, ZONE)
        verdict = judge.verdict(played, stock)
        summary = Summary(cast, ledger, ZONE)
        summary.who_got_what(deliveries)
        _explain(chosen, story)
        summary.sums(stock, verdict, len(script.scenes))
        index = lay_out_pages(premises.show, program.school.name, cast, deliveries.all(), ZONE)
    _where(premises, index, chosen.spool_ids[0], SystemClock().monotonic() - began)
    return not verdict.faults


def _welcome(school: School, cast: Cast, script: Script) -> None:
    parents = len(cast.addresses) - len(cast.staff)
    begins, ends = moment_words(script.begins, ZONE), moment_words(script.ends, ZONE)
    click.echo(
        f"{click.style(school.name, bold=True)} (invented): {len(cast.class_names)} classes, "
        f"{parents} parents, {len(cast.staff)} mailboxes of staff.\n"
        f"Parents write to a class, such as {class_address('3B', school.domain)}.\n"
        "Schoolgate decides who is given the message, and when.\n"
        f"Teachers: from {usual_windows(school.policy)}, at no other time.\n"
        f"The clock runs from {begins}, to {ends}, in jumps.\n"
        "Real mail goes in and out, on this machine only."
    )


def _explain(chosen: Played, story: list[str]) -> None:
    click.echo(f"\n{click.style('Why? Every decision can say', bold=True)}")
    click.echo(f"  {chosen.scene.says}.")
    for line in story:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        shown = textwrap.wrap(line, 96, subsequent_indent=indent, drop_whitespace=True)
        for part in shown or [""]:
            click.echo(f"  {part}".rstrip())


def _where(premises: Premises, index: Path, spool_id: str, seconds: float) -> None:
    settings = f"--settings {premises.settings}"
    rows = {
        f"{index}": "every mail that was delivered: open it in a browser",
        f"{premises.letters}": "the letter with an invite code, as it is printed",
        f"{premises.mail}": "the same as mailboxes (Maildir), one for each address",
        f"schoolgate why {spool_id} {settings}": "the story of a message",
        f"schoolgate audit --list {settings}": "where each message is",
        f"schoolgate queue {settings}": "what still waits",
    }
    click.echo(f"\n{click.style('Where to look next', bold=True)}")
    for what, words in rows.items():
        click.echo(f"  {what}\n      {words}")
    click.echo(f"\nSix days in {seconds:.0f} seconds.")


def _unused(out: Path) -> Path:
    """Return `out`, or the first of out-2, out-3 … that is not there."""
    number, path = 1, out
    while path.exists():
        number += 1
        path = out.with_name(f"{out.name}-{number}")
    return path
