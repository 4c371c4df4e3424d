"""`schoolgate invite`: codes with which parents link their address to a child."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gateway.cli.invite_office import give_by_mail, give_letters, invite_office
from gateway.cli.invite_told import row_values, tell
from gateway.cli.shared import Fault, json_option, print_json, settings_option, shown
from gateway.invites.fonts import Fonts, NoFonts
from gateway.invites.issuing import children_of
from gateway.store import invites, journal

_PDF = click.Path(dir_okay=False, path_type=Path)
_FONT = click.Path(exists=True, dir_okay=False, path_type=Path)


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
    with invite_office(settings_path) as office:
        with office.store.read() as connection:
            today = office.school.today(office.now)
            children = children_of(
                connection, office.school, today, class_name=class_name, reference=pupil
            )
        if not children:
            raise Fault(f"there is nobody in {class_name or f'the roster as {pupil}'} today")
        if letters is None:
            tell(give_by_mail(office, children, contact), None, as_json=as_json)
            return
        try:
            given = give_letters(office, children, contact, Fonts.found(fonts), letters)
        except NoFonts as error:
            raise Fault(str(error)) from error
        except OSError as error:
            raise Fault(f"there are no letters: {letters}: {error.strerror}") from error
        tell(given, letters, as_json=as_json)


@invite.command("list")
@settings_option
@json_option
@click.option("--open", "only_open", is_flag=True, help="Only those that can still be used.")
def list_(settings_path: Path, as_json: bool, only_open: bool) -> None:
    """List every code that was given out, the newest first: for whom, and how it stands."""
    with invite_office(settings_path) as office:
        with office.store.read() as connection:
            rows = invites.all_invites(connection, office.school.school_id, office.now)
        rows = tuple(row for row in rows if row.state == "open" or not only_open)
        if as_json:
            print_json([row_values(row) for row in rows])
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
    with invite_office(settings_path) as office:
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
