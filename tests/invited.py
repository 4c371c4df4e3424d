"""A staged school whose office gives out invite codes, for the tests of linking by mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gateway.invites.issuing import Invitation, NotInvited, children_of, issue
from gateway.store import schema as t
from gateway.store.links import links_of_pupil
from gateway.tokens import Keys
from rules.codes import grouped
from tests.installation import DOMAIN
from tests.staged import Staged, staged
from tests.talk import Talk

MORNING = datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Europe/London"))  # a Tuesday
AMINA = "amina.okoro@parent.example"
DANA = "dana.hill@parent.example"
LINK = f"link@{DOMAIN}"
CLASS_3B = f"3b@{DOMAIN}"
NEW = "dana@new.example"
STAFF = (("Miss Khan", "khan@oakfield.example", "teacher", "3B", 0),)
FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P2", "Poppy", "Hill", "3B", "Dana Hill", DANA),
    ("P3", "Max", "Hill", "3B", "Dana Hill", DANA),
)


@dataclass
class School(Talk):
    """A conversation with a school that gives out codes."""

    def invite(
        self, pupil: str, contact: str | None = None
    ) -> tuple[list[Invitation], list[NotInvited]]:
        """Give a letter to each contact of a child."""
        school, now = self.gateway.stage.program.school, self.gateway.clock.now()
        with self.gateway.store.begin() as connection:
            today = school.today(now)
            (child,) = children_of(connection, school, today, reference=pupil)
            return issue(
                connection, school, self.keys, child, how="letter", now=now, contact=contact
            )

    @property
    def keys(self) -> Keys:
        """With what codes are hashed here."""
        return Keys(self.gateway.stage.configuration.secrets.token_key)

    def code(self, pupil: str) -> str:
        """Return the code of a child's one contact, as it is printed."""
        (invitation,), _refused = self.invite(pupil)
        return grouped(invitation.code)

    def send(self, code: str, sender: str = NEW, **fields: Any) -> list[str]:
        """Mail a code; return the subjects that the sender was answered with because of it."""
        before = len(self.mail_for(sender))
        self.write(sender, LINK, f"My code is {code}\n\nBest wishes", **fields)
        return [str(mail.message["Subject"]) for mail in self.mail_for(sender)[before:]]

    def links(self, pupil: str) -> dict[str, str]:
        """Return how each contact's link to a child stands, by the contact's name."""
        with self.gateway.store.read() as connection:
            pupil_id = connection.execute(
                select(t.pupils.c.pupil_id).where(t.pupils.c.reference == pupil)
            ).scalar_one()
            today = self.gateway.stage.program.school.today(self.gateway.clock.now())
            rows = links_of_pupil(connection, pupil_id, today)
            return {row.guardian_name: str(row.standing) for row in rows}

    def office_list(self) -> str:
        """Return all that the office's lists have said so far."""
        self.at(self.gateway.clock.now().replace(hour=16, minute=0, second=0))
        return "\n".join(mail.text for mail in self.mail_for("office@oakfield.example"))


WORKED = "We have your code"
REFUSED = "Your code did not work"


@contextmanager
def inviting(folder: Path, families: Any = FAMILIES, **more: Any) -> Iterator[School]:
    """Run a school for the length of a test."""
    with staged(folder, MORNING, STAFF, families, **more) as gateway:
        yield School(gateway)


__all__ = ["AMINA", "CLASS_3B", "DANA", "LINK", "NEW", "REFUSED", "WORKED", "School", "Staged"]
