"""Which language does a family read at home?"""

from __future__ import annotations

from sqlalchemy import Connection, select

from gateway.store import schema as t

ENGLISH = "en"


def home_language(connection: Connection, guardian_id: str | None) -> str:
    """Return the guardian's language tag as the roster has it (RFC 5646); "en" for a stranger."""
    if guardian_id is None:
        return ENGLISH
    found = connection.execute(
        select(t.guardians.c.home_language).where(t.guardians.c.guardian_id == guardian_id)
    ).scalar()
    return str(found or ENGLISH)
