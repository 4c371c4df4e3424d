"""The administrator's face: one small file a command."""

from __future__ import annotations

import click

from gateway.cli.audit import audit
from gateway.cli.demo import demo
from gateway.cli.doctor import doctor
from gateway.cli.guardian import guardian
from gateway.cli.hours import hours
from gateway.cli.init import init
from gateway.cli.invite import invite
from gateway.cli.migrate import migrate
from gateway.cli.office import office
from gateway.cli.policy import policy
from gateway.cli.queue import queue
from gateway.cli.roster import roster
from gateway.cli.rules import rules
from gateway.cli.serve import serve
from gateway.cli.staff import staff
from gateway.cli.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="schoolgate", prog_name="schoolgate")
def main() -> None:
    """Schoolgate: an email gateway for schools."""


for _command in (
    init,
    migrate,
    roster,
    invite,
    guardian,
    hours,
    serve,
    demo,
    queue,
    office,
    why,
    audit,
    doctor,
    rules,
    policy,
    staff,
):
    main.add_command(_command)
