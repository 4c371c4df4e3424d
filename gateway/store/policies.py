"""Which versions of the school's policy have been in force, and what did each say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from gateway.store.schema import policies


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One version as it was loaded: `text` is the whole file."""

    version: str
    loaded: datetime
    text: str


def loaded(connection: Connection, school_id: str, version: str) -> PolicyText | None:
    """Return the version of this name as it was first loaded."""
    row = connection.execute(
        select(policies).where(policies.c.school_id == school_id, policies.c.version == version)
    ).first()
    return PolicyText(row.version, row.loaded, row.text) if row else None


def before(connection: Connection, school_id: str, current: PolicyText) -> PolicyText | None:
    """Return the version that was loaded last before `current`, if there was one."""
    row = connection.execute(
        select(policies)
        .where(
            policies.c.school_id == school_id,
            policies.c.version != current.version,
            policies.c.loaded <= current.loaded,
        )
        .order_by(policies.c.loaded.desc())
        .limit(1)
    ).first()
    return PolicyText(row.version, row.loaded, row.text) if row else None
