"""`schoolgate invite`: codes with which parents link their address to a child."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.shared import (
    BAD_CONFIGURATION,
    Fault,
    checked_store,
    configuration,
    json_option,
    print_json,
    settings_option,
    shown,
)
from gateway.clock import SystemClock
from gateway.configuration import Configuration
from gateway.invites.fonts import Fonts, NoFonts
from gateway.invites.issuing import Child, Invitation, NotInvited, children_of, issue
from gateway.invites.letter import LetterText, letter_text
from gateway.invites.letter_pdf import write_pdf
from gateway.invites.mailing import mail_invitation
from gateway.program import WrongSchool, letters_for, school_of
from gateway.school import School
from gateway.store import invites, journal
from gateway.store.engine import Store
from gateway.store.invites import InviteRow
from gateway.tokens import Keys

_PDF = click.Path(dir_okay=False, path_type=Path)
_FONT = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Office:
    """What every command here works with."""

    config: Configuration
    store: Store
    school: School
    now: datetime

    @property
    def keys(self) -> Keys:
        secrets = self.config.secrets
        return Keys(secrets.token_key, secrets.previous_token_key)


@contextmanager
def _office(settings_path: Path) -> Iterator[_Office]:
    config = configuration(settings_path)
    store = checked_store(config)
    now = SystemClock().now()
    try:
        yield _Office(config, store, school_of(store, config, now), now)
    except WrongSchool as error:
        raise Fault(str(error), BAD_CONFIGURATION) from error
    finally:
        store.close()


@click.group()
def invite() -> None:
    """Invite codes: given out by letter or mail, used by mailing the code to `link@`."""


@invite.command("issue")
@settings_option
@json_option
@click.option("--class", "class_name", metavar="NAME", help="Every child of this class.")
@click.option("--pupil", metavar="REF", help="One child, by the reference in the records.")
@click.option("--contact", metavar="REF", help="Only this contact of the child.")
@click.option("--letters", type=_PDF, help="Write the letters to this PDF, one page each.")
@click.option("--mail", "by_mail", is_flag=True, help="Mail each code to the address on record.")
@click.option("--font", "fonts", type=_FONT, multiple=True,
              help="A further font for names that ours lack; may be given again.")  # fmt: skip
def issue_(
    settings_path: Path,
    as_json: bool,
    class_name: str | None,
    pupil: str | None,
    contact: str | None,
    letters: Path | None,
    by_mail: bool,
    fonts: Sequence[Path],
) -> None:
    """Give a code to each contact who may have one: by letter, or by mail.

    A code stands in the letter or the mail and nowhere else, not even in --json: the store keeps
    a hash. A new code makes an unused one of the same contact and child useless.
    """
    if (class_name is None) == (pupil is None):
        raise click.UsageError("name --class or --pupil")
    if (letters is None) == (not by_mail):
        raise click.UsageError("name --letters FILE or --mail")
    with _office(settings_path) as office:
        with office.store.read() as connection:
            today = office.school.today(office.now)
            children = children_of(
                connection, office.school, today, class_name=class_name, reference=pupil
            )
        if not children:
            raise Fault(f"there is nobody in {class_name or f'the roster as {pupil}'} today")
        if letters is None:
            issued, refused = _issue_and_mail(office, children, contact)
            _tell(issued, refused, (), None, as_json=as_json)
            return
        try:
            # Asked first: what can go wrong with a file or a font leaves every code as it was.
            found = Fonts.found(fonts)
            _write_private(letters, b"")
            issued, refused = _issue(office, children, contact)
            texts = _print_letters(office, issued, found, letters)
        except NoFonts as error:
            raise Fault(str(error)) from error
        except OSError as error:
            raise Fault(f"there are no letters: {letters}: {error.strerror}") from error
        _tell(issued, refused, texts, letters, as_json=as_json)


@invite.command("list")
@settings_option
@json_option
@click.option("--open", "only_open", is_flag=True, help="Only those that can still be used.")
def list_(settings_path: Path, as_json: bool, only_open: bool) -> None:
    """List every code that was given out, the newest first: for whom, and how it stands."""
    with _office(settings_path) as office:
        with office.store.read() as connection:
            rows = invites.all_invites(connection, office.school.school_id, office.now)
        rows = tuple(row for row in rows if row.state == "open" or not only_open)
        if as_json:
            print_json([_row_values(row) for row in rows])
            return
        for row in rows:
            moment = row.used or row.revoked or row.expires
            click.echo(
                f"{row.invite_id}  {row.state:8} {shown(office.config, moment)}  "
                f"{row.guardian_name} ({row.guardian_reference}) for "
                f"{row.pupil_name} ({row.pupil_reference}), by {row.how}"
            )
        if not rows:
            click.echo("No code was given out yet.")


@invite.command()
@settings_option
@json_option
@click.argument("invite_id")
def revoke(settings_path: Path, as_json: bool, invite_id: str) -> None:
    """Make a code useless, by its number in `invite list`: a letter went to the wrong house."""
    with _office(settings_path) as office:
        with office.store.begin() as connection:
            row = invites.find(connection, office.school.school_id, invite_id)
            if row is None:
                raise Fault(f"there is no invite with the number {invite_id}")
            done = invites.revoke(connection, invite_id, office.now)
            if done:
                journal.record(
                    connection,
                    school_id=office.school.school_id,
                    spool_id=None,
                    event="invite-revoked",
                    key=f"invite-revoked/{invite_id}",
                    at=office.now,
                    detail={"invite_id": invite_id},
                )
        state = "revoked" if done else invites.state_of(row, office.now)
        if as_json:
            print_json({"invite": invite_id, "state": state})
        elif done:
            click.echo("Revoked: the code does nothing any more.")
        else:
            click.echo(f"It is {state} already: nothing has changed.")


def _issue(
    office: _Office, children: Sequence[Child], contact: str | None
) -> tuple[list[Invitation], list[NotInvited]]:
    issued: list[Invitation] = []
    refused: list[NotInvited] = []
    with office.store.begin() as connection:
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


def _issue_and_mail(
    office: _Office, children: Sequence[Child], contact: str | None
) -> tuple[list[Invitation], list[NotInvited]]:
    issued: list[Invitation] = []
    refused: list[NotInvited] = []
    letters = letters_for(office.config, office.school)
    for child in children:
        # A transaction a child: a school's mail comes in meanwhile.
        with office.store.begin() as connection:
            given, not_given = issue(
                connection,
                office.school,
                office.keys,
                child,
                how="mail",
                now=office.now,
                contact=contact,
            )
            for one in given:
                mail_invitation(connection, letters, one, office.now)
        issued += given
        refused += not_given
    return issued, refused


def _print_letters(
    office: _Office, issued: Sequence[Invitation], fonts: Fonts, path: Path
) -> list[LetterText]:
    """Write the letters; codes of letters that there are not are revoked.

    No transaction is open meanwhile: setting a class takes seconds, and mail comes in.
    """
    texts = [letter_text(office.school, one, office.now, fonts.can_print) for one in issued]
    if not texts:
        path.unlink()
        return texts
    try:
        _write_private(path, write_pdf(texts, fonts, office.now))
    except BaseException:
        with office.store.begin() as connection:
            for one in issued:
                invites.revoke(connection, one.invite_id, office.now)
        raise
    return texts


def _tell(
    issued: Sequence[Invitation],
    refused: Sequence[NotInvited],
    texts: Sequence[LetterText],
    letters: Path | None,
    *,
    as_json: bool,
) -> None:
    unprintable = sorted({name for text in texts for name in text.unprintable})
    if as_json:
        print_json(
            {
                "issued": [_issued_values(one) for one in issued],
                "refused": [
                    {**_who(one.child, one.contact.link.guardian_reference), "why": one.why}
                    for one in refused
                ],
                "unprintable": unprintable,
                "letters": str(letters) if letters is not None and issued else None,
            }
        )
        return
    for one in refused:
        click.echo(f"no code   {one.contact.link.guardian_name} for {one.child.name}: {one.why}")
    for name in unprintable:
        click.echo(
            f"warning   no font of ours has {name}: the letter names the pupil's number instead. "
            "Hand in a font with --font."
        )
    where = f"in {letters}, one page each" if letters is not None else "by mail"
    count = "1 code" if len(issued) == 1 else f"{len(issued)} codes"
    click.echo(f"{count} given out {where}." if issued else "No code was given out.")


def _issued_values(one: Invitation) -> dict[str, Any]:
    return {
        **_who(one.child, one.contact.link.guardian_reference),
        "invite": one.invite_id,
        "slot": one.slot,
        "last_day": one.last_day.isoformat(),
    }


def _who(child: Child, contact: str) -> dict[str, Any]:
    return {"pupil": child.reference, "class": child.class_name, "contact": contact}


def _row_values(row: InviteRow) -> dict[str, Any]:
    return {
        "invite": row.invite_id,
        "pupil": row.pupil_reference,
        "contact": row.guardian_reference,
        "slot": row.slot,
        "how": row.how,
        "state": row.state,
        "issued": row.issued,
        "expires": row.expires,
        "used": row.used,
        "revoked": row.revoked,
    }


def _write_private(path: Path, octets: bytes) -> None:
    """Write a file that its owner alone may read: whoever has a letter can use its code."""
    beside = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(octets)
    beside.replace(path)
