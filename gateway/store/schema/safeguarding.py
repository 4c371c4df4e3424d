"""Safeguarding: the cases, and the register that nobody can rewrite unseen."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
)

from gateway.store.schema.columns import (
    ID,
    WORD,
    metadata,
    need,
    ref,
)
from gateway.store.types import UtcDateTime

safeguarding_cases = Table(
    "safeguarding_cases",
    metadata,
    Column("spool_id", ID, ForeignKey("messages.spool_id"), primary_key=True),
    ref("schools.school_id"),
    need("raised", UtcDateTime),
    need("state", WORD),  # open, acknowledged, released, kept
    need("line", JSON),  # staff ids in the order in which they are told
    need("told", Integer),  # how many of the line have been told
    Column("tell_next_at", UtcDateTime),
    need("detail", JSON),
    Index("ix_safeguarding_cases_state", "state", "tell_next_at"),
)

register = Table(
    "register",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("school_id", ID, ForeignKey("schools.school_id"), primary_key=True),
    need("at", UtcDateTime),
    need("event", WORD),  # raised, told, acknowledged, released, kept, reported
    need("spool_id", ID),
    Column("staff_id", ID),
    need("detail", JSON),
    need("previous_hash", WORD),
    need("hash", WORD),
)
