"""What does every command of `schoolgate hours` work with?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from gateway.cli.shared import BAD_CONFIGURATION, Fault, checked_store, configuration
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.program import WrongSchool, letters_for, school_of
from gateway.school import School
from gateway.store.engine import Store
from gateway.work.hours_asked import hours_facts
from gateway.work.letters import Letters
from rules.facts import HoursFacts


@dataclass(frozen=True, slots=True)
class HoursOffice:
    """The set-up, the store, the school, and the time of the command (aware)."""

    config: Configuration
    store: Store
    school: School
    now: datetime

    @property
    def letters(self) -> Letters:
        """Who writes the mails that follow from a change."""
        return letters_for(self.config, self.school)

    def known(self, connection: Connection) -> HoursFacts:
        """Return who is on the staff, and who reads for a class."""
        school = self.school
        staffing = school.staffing(connection, self.now)
        return hours_facts(connection, school, staffing, ())


@contextmanager
def hours_office(settings_path: Path) -> Iterator[HoursOffice]:
    """Yield it for one command, and close the store behind it."""
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        yield HoursOffice(config, store, school_of(store, config, now), now)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    finally:
        store.close()
