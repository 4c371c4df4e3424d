"""The calendar beyond the policy file."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from gateway.store.schema.columns import (
    ID,
    WORD,
    an_id,
    metadata,
    need,
    ref,
)
from gateway.store.types import UtcDateTime

calendar_changes = Table(
    "calendar_changes",
    metadata,
    an_id("change_id"),
    ref("schools.school_id"),
    need("state", WORD),  # proposed, in-force, undone, declined
    need("source", WORD),  # mail, ical, csv, command
    Column("source_name", Text),  # the file's name
    need("asked", UtcDateTime),
    Column("asked_by", ID, ForeignKey("staff.staff_id")),
    Column("spool_id", ID),
    Column("decided", UtcDateTime),
    need("words", Text),  # what it does, in one line
    need("detail", JSON),  # the entries to add, and the ids of those to end
)

calendar_entries = Table(
    "calendar_entries",
    metadata,
    an_id("entry_id"),
    ref("schools.school_id"),
    ref("calendar_changes.change_id"),
    need("kind", WORD),  # closed, early, training, quiet, days, leave
    Column("staff_id", ID, ForeignKey("staff.staff_id")),  # NULL: the whole school
    Column("cover_id", ID, ForeignKey("staff.staff_id")),
    need("first", Date),
    Column("last", Date),  # included; NULL: until it is ended
    Column("weekday", Integer),  # 0 is Monday; NULL: each day from first to last
    Column("opens", String(5)),  # "HH:MM", wall clock
    Column("closes", String(5)),
    need("why", Text),
    Column("ended", UtcDateTime),
    Index("ix_calendar_entries_school_id_ended", "school_id", "ended"),
)
