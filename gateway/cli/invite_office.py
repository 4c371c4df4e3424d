"""What the commands `schoolgate invite` work with, and how they give out codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.cli.shared import BAD_CONFIGURATION, Fault, checked_store, configuration
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.invites.fonts import Fonts
from gateway.invites.issuing import Child, Invitation, NotInvited, issue
from gateway.invites.letter import LetterText, letter_text
from gateway.invites.letter_file import private_file
from gateway.invites.letter_pdf import write_pdf
from gateway.invites.mailing import invite_by_mail
from gateway.program import WrongSchool, letters_for, school_of
from gateway.school import School
from gateway.store import invites, links
from gateway.store.engine import Store
from gateway.tokens import Keys


@dataclass(frozen=True, slots=True)
class InviteOffice:
    """What every command works with."""

    config: Configuration
    store: Store
    school: School
    now: datetime

    @property
    def keys(self) -> Keys:
        """With what codes are hashed."""
        secrets = self.config.secrets
        return Keys(secrets.token_key, secrets.previous_token_key)


@dataclass(frozen=True, slots=True)
class GivenOut:
    """What came of giving out codes; `texts` are the letters, where there are any."""

    issued: Sequence[Invitation]
    refused: Sequence[NotInvited]
    texts: Sequence[LetterText] = ()


@contextmanager
def invite_office(settings_path: Path) -> Iterator[InviteOffice]:
    """Open the store and the school, for the length of a command."""
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        yield InviteOffice(config, store, school_of(store, config, now), now)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    finally:
        store.close()


def give_by_mail(office: InviteOffice, children: Sequence[Child], contact: str | None) -> GivenOut:
    """Mail a code to each contact who may have one."""
    issued: list[Invitation] = []
    refused: list[NotInvited] = []
    letters = letters_for(office.config, office.school)
    for child in children:
        # A transaction a child: a school's mail comes in meanwhile.
        with office.store.begin() as connection:
            given, not_given = invite_by_mail(
                connection, letters, child, now=office.now, contact=contact
            )
        issued += given
        refused += not_given
    return GivenOut(issued, refused)


def give_letters(
    office: InviteOffice, children: Sequence[Child], contact: str | None, fonts: Fonts, path: Path
) -> GivenOut:
    """Write a letter for each contact who may have one; codes without a letter are revoked.

    Raises:
        NoFonts: a font cannot be used.
        OSError: the file cannot be written.
    """
    issued: list[Invitation] = []
    try:
        # Opened first: where nothing can be written, every code stays as it was.
        with private_file(path) as file:
            issued, refused = _issue(office, children, contact)
            # No transaction is open: setting a class takes seconds, and mail comes in.
            texts = [letter_text(office.school, one, office.now, fonts.can_print) for one in issued]
            if texts:
                file.write(write_pdf(texts, fonts, office.now))
    except BaseException:
        with office.store.begin() as connection:
            for one in issued:
                invites.revoke(connection, one.invite_id, office.now)
        raise
    return GivenOut(issued, refused, texts)


def _issue(
    office: InviteOffice, children: Sequence[Child], contact: str | None
) -> tuple[list[Invitation], list[NotInvited]]:
    issued: list[Invitation] = []
    refused: list[NotInvited] = []
    with office.store.begin() as connection:
        # In one order, so that two offices at once never wait for each other.
        for child in sorted(children, key=lambda one: one.pupil_id):
            links.hold_child(connection, child.pupil_id)
        for child in children:
            given, not_given = issue(
                connection,
                office.school,
                office.keys,
                child,
                how="letter",
                now=office.now,
                contact=contact,
            )
            issued += given
            refused += not_given
    return issued, refused
