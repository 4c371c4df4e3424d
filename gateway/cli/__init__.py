"""The administrator's face: one small file a command."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import OperationalError

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
from gateway.cli.shared import BAD_CONFIGURATION, TEMPORARY_TROUBLE, Fault
from gateway.cli.staff import staff
from gateway.cli.why import why
from gateway.topicpacks import TopicPackFaults


class _Commands(click.Group):
    """The commands; of a store that does not answer they say so, without the rows given to it.

    Of a school's topic packs that cannot be used they name each fault.
    """

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OperationalError as error:
            words = "the store does not answer, or somebody is writing much at once: try again soon"
            raise Fault(f"nothing was changed: {words}", TEMPORARY_TROUBLE) from error
        except TopicPackFaults as error:
            raise Fault(f"topics.folder:\n{error}", BAD_CONFIGURATION) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
