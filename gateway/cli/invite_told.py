"""How `schoolgate invite` tells what it did: names and reasons, never a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.invite_office import GivenOut
from gateway.cli.shared import print_json
from gateway.invites.issuing import Child, Invitation
from gateway.store.invites import InviteRow


def tell(given: GivenOut, letters: Path | None, *, as_json: bool) -> None:
    """Say who got a code, and who did not and why; `letters` is the file, None for mail."""
    issued, refused = given.issued, given.refused
    unprintable = sorted({name for text in given.texts for name in text.unprintable})
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


def row_values(row: InviteRow) -> dict[str, Any]:
    """Return an invite as --json prints it."""
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
