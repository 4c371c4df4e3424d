"""Every table, once. The migrations build exactly this (a test compares them).

Conventions: ids are text from `types.new_id`; instants are UTC; a `key` column
is unique so that a step that runs twice adds nothing; every row belongs to a school.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from gateway.store.types import ID_LENGTH, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = String(ID_LENGTH)
WORD = String(64)
ADDRESS = String(320)  # RFC 5321 §4.5.3.1: 64 octets, "@", 255


def _id(name: str) -> Column[str]:
    return Column(name, ID, primary_key=True)


def _ref(target: str, *, null: bool = False, name: str | None = None) -> Column[str]:
    return Column(name or target.split(".")[1], ID, ForeignKey(target), nullable=null)


def _need(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _where(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that meet a condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


def _where_known(name: str, column: str) -> Index:
    """An index of rows that have a value: accepting mail, which has none yet, need not write it."""
    return _where(name, f"{column} IS NOT NULL", column)


# --- who is who -------------------------------------------------------------------------------

schools = Table(
    "schools",
    metadata,
    _id("school_id"),
    _need("name", Text),
    _need("domain", ADDRESS),
    Column("roster_version", Integer, nullable=False, server_default="0"),  # +1 at every change
    Column("calendar_version", Integer, nullable=False, server_default="0"),  # +1 at every change
)

classes = Table(
    "classes",
    metadata,
    _id("class_id"),
    _ref("schools.school_id"),
    _need("name", Text),
    _need("address", ADDRESS),
    UniqueConstraint("address"),
)

staff = Table(
    "staff",
    metadata,
    _id("staff_id"),
    _ref("schools.school_id"),
    _need("name", Text),
    _need("address", ADDRESS),
    Column("ends", Date),
    UniqueConstraint("school_id", "address"),
)

staff_roles = Table(
    "staff_roles",
    metadata,
    Column("staff_id", ID, ForeignKey("staff.staff_id"), primary_key=True),
    Column("role", WORD, primary_key=True),
    _need("rank", Integer),
)

class_staff = Table(
    "class_staff",
    metadata,
    Column("class_id", ID, ForeignKey("classes.class_id"), primary_key=True),
    Column("staff_id", ID, ForeignKey("staff.staff_id"), primary_key=True),
    _need("position", Integer),
)

pupils = Table(
    "pupils",
    metadata,
    _id("pupil_id"),
    _ref("schools.school_id"),
    _need("reference", WORD),
    _need("given_name", Text),
    _need("family_name", Text),
    Column("address", ADDRESS, index=True),
    UniqueConstraint("school_id", "reference"),
)

enrolments = Table(
    "enrolments",
    metadata,
    _id("enrolment_id"),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id"), nullable=False, index=True),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False, index=True),
    _need("begins", Date),
    Column("ends", Date),  # the last day, included
)

guardians = Table(
    "guardians",
    metadata,
    _id("guardian_id"),
    _ref("schools.school_id"),
    _need("reference", WORD),
    _need("name", Text),
    _need("home_language", String(35)),
    Column("removed_from", Date),
    Column("removed_until", Date),
    UniqueConstraint("school_id", "reference"),
)

guardian_addresses = Table(
    "guardian_addresses",
    metadata,
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), primary_key=True),
    Column("address", ADDRESS, primary_key=True),
    _ref("schools.school_id"),
    Index("ix_guardian_addresses_address_school_id", "address", "school_id"),
)

links = Table(
    "links",
    metadata,
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), primary_key=True),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id"), primary_key=True, index=True),
    _need("kind", WORD),
    _need("parental_responsibility", Boolean),
    _need("may_message", Boolean),
    _need("may_receive", Boolean),
    _need("barred", Boolean),
    Column("restricted_reason", Text),
    Column("begins", Date),
    Column("ends", Date),
)

policies = Table(
    "policies",
    metadata,
    Column("school_id", ID, ForeignKey("schools.school_id"), primary_key=True),
    Column("version", WORD, primary_key=True),
    _need("loaded", UtcDateTime),
    _need("text", Text),
)

# --- the calendar beyond the policy file ------------------------------------------------------

calendar_changes = Table(
    "calendar_changes",
    metadata,
    _id("change_id"),
    _ref("schools.school_id"),
    _need("state", WORD),  # proposed, in-force, undone, declined
    _need("source", WORD),  # mail, ical, csv, command
    Column("source_name", Text),  # the file's name
    _need("asked", UtcDateTime),
    Column("asked_by", ID, ForeignKey("staff.staff_id")),
    Column("spool_id", ID),
    Column("decided", UtcDateTime),
    _need("words", Text),  # what it does, in one line
    _need("detail", JSON),  # the entries to add, and the ids of those to end
)

calendar_entries = Table(
    "calendar_entries",
    metadata,
    _id("entry_id"),
    _ref("schools.school_id"),
    _ref("calendar_changes.change_id"),
    _need("kind", WORD),  # closed, early, training, quiet, days, leave
    Column("staff_id", ID, ForeignKey("staff.staff_id")),  # NULL: the whole school
    Column("cover_id", ID, ForeignKey("staff.staff_id")),
    _need("first", Date),
    Column("last", Date),  # included; NULL: until it is ended
    Column("weekday", Integer),  # 0 is Monday; NULL: each day from first to last
    Column("opens", String(5)),  # "HH:MM", wall clock
    Column("closes", String(5)),
    _need("why", Text),
    Column("ended", UtcDateTime),
    Index("ix_calendar_entries_school_id_ended", "school_id", "ended"),
)

# --- what came in -----------------------------------------------------------------------------

raw_messages = Table(
    "raw_messages",
    metadata,
    _id("raw_id"),
    _need("octets", LargeBinary),
)

messages = Table(
    "messages",
    metadata,
    _id("spool_id"),
    Column("raw_id", ID, ForeignKey("raw_messages.raw_id"), nullable=False),
    _ref("schools.school_id"),
    _need("arrived", UtcDateTime),
    Column("reverse_path", ADDRESS),
    _need("recipient", ADDRESS),
    _need("transport", WORD),
    Column("peer", WORD),
    Column("helo", String(255)),
    _need("tls", Boolean),
    _need("size_bytes", Integer),
    _need("state", WORD),  # received, settled, set_aside
    _need("attempts", Integer),
    Column("settled_at", UtcDateTime),
    Column("ending", WORD),
    Column("message_id", String(998)),
    Column("content_key", WORD),
    Column("duplicate_of", ID),
    Column("originator", ADDRESS),  # the one From mailbox, folded; NULL when not established
    Column("authenticity", WORD),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    Column("class_id", ID, ForeignKey("classes.class_id")),
    Column("thread_id", ID),
    Index("ix_messages_state", "state", "attempts", "spool_id"),
    _where_known("ix_messages_content_key", "content_key"),
    _where_known("ix_messages_message_id", "message_id"),
    _where_known("ix_messages_thread_id", "thread_id"),
)

threads = Table(
    "threads",
    metadata,
    _id("thread_id"),
    _ref("schools.school_id"),
    _ref("guardians.guardian_id"),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False),
    _need("began", UtcDateTime),
    Column("subject", Text),  # the base subject it began with (RFC 5256 §2.1)
    Index("ix_threads_guardian_id_class_id", "guardian_id", "class_id"),
)

journal = Table(
    "journal",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    _ref("schools.school_id"),
    Column("spool_id", ID, index=True),
    _need("key", String(200)),
    _need("at", UtcDateTime),
    _need("event", WORD),
    Column("policy_version", WORD),
    _need("detail", JSON),
    UniqueConstraint("key"),
)

# --- what goes out ----------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    _id("outbox_id"),
    _ref("schools.school_id"),
    _need("key", String(200)),
    _need("kind", WORD),
    _need("priority", Integer),  # lowest first
    _need("recipient", ADDRESS),
    Column("reverse_path", ADDRESS),  # NULL is the null reverse-path
    _need("message_id", String(998)),
    _need("octets", LargeBinary),
    Column("spool_id", ID, index=True),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),  # checked again when sending
    Column("hours_of", ID, ForeignKey("staff.staff_id")),  # sent only inside this teacher's windows
    _need("state", WORD),  # waiting, leased, sent, failed, withdrawn
    _need("queued", UtcDateTime),
    _need("not_before", UtcDateTime),
    _need("attempts", Integer),
    Column("leased_until", UtcDateTime),
    Column("finished", UtcDateTime),
    UniqueConstraint("key"),
    UniqueConstraint("message_id"),
    Index("ix_outbox_due", "state", "priority", "not_before"),
    Index("ix_outbox_recipient_queued", "recipient", "queued"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("outbox_id", ID, ForeignKey("outbox.outbox_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    _need("at", UtcDateTime),
    _need("outcome", WORD),  # sent, deferred, rejected, unknown
    Column("code", Integer),
    _need("words", Text),
)

digests = Table(
    "digests",
    metadata,
    _id("digest_id"),
    _ref("schools.school_id"),
    _ref("staff.staff_id"),
    _need("cut", UtcDateTime),
    _need("entries", Integer),
    UniqueConstraint("staff_id", "cut"),
)

digest_items = Table(
    "digest_items",
    metadata,
    _id("item_id"),
    _need("key", String(200)),
    Column("spool_id", ID, ForeignKey("messages.spool_id"), nullable=False, index=True),
    _ref("staff.staff_id"),
    _need("kind", WORD),  # message, overdue, snoozed, with-dsl; for the office: queue, list, late
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    Column("class_id", ID, ForeignKey("classes.class_id")),
    _need("reads_at", UtcDateTime),
    Column("due", UtcDateTime),
    _need("detail", JSON),
    Column("digest_id", ID, ForeignKey("digests.digest_id")),
    Column("withdrawn", UtcDateTime),
    UniqueConstraint("key"),
    _where_known("ix_digest_items_digest_id", "digest_id"),
    # Few rows wait and all others pile up: the question of each tick must not grow with the years.
    _where(
        "ix_digest_items_waiting",
        "digest_id IS NULL AND withdrawn IS NULL",
        "reads_at",
        "staff_id",
    ),
)

promises = Table(
    "promises",
    metadata,
    Column("spool_id", ID, ForeignKey("messages.spool_id"), primary_key=True),
    _ref("schools.school_id"),
    _ref("guardians.guardian_id"),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False),
    _ref("staff.staff_id"),  # to whom it was given to read
    Column("thread_id", ID, index=True),
    _need("made", UtcDateTime),
    _need("reads_at", UtcDateTime),  # as promised; never changed afterwards
    Column("acknowledge_by", UtcDateTime),
    _need("due", UtcDateTime),  # as promised; never changed afterwards
    _need("limit", UtcDateTime),
    _need("breach", Boolean),  # no window allowed the policy's own limit
    Column("given", UtcDateTime),  # when a digest held it
    Column("kept", UtcDateTime),
    Column("kept_how", WORD),  # answered, done, passed, senior
    Column("reader_told", UtcDateTime),  # that it is late
    Column("office_told", UtcDateTime),
    Column("moved_to", UtcDateTime),  # the newest reading time that the guardian was told of
    Column("moved_due", UtcDateTime),  # and by when, instead of `due`, it is answered
    # Only what may still be called late: a year of promises must not slow the look for them.
    _where("ix_promises_due", "kept IS NULL AND office_told IS NULL", "due"),
    _where(
        "ix_promises_acknowledge_by",
        "kept IS NULL AND reader_told IS NULL AND acknowledge_by IS NOT NULL",
        "acknowledge_by",
    ),
)

staff_news = Table(
    "staff_news",
    metadata,
    _id("news_id"),
    _ref("schools.school_id"),
    _ref("staff.staff_id"),
    _need("key", String(200)),
    _need("kind", WORD),  # welcome, hours
    _need("at", UtcDateTime),
    _need("detail", JSON),
    Column("told", UtcDateTime),
    Column("acknowledged", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_staff_news_told", "told", "staff_id"),
)

notices = Table(
    "notices",
    metadata,
    _need("key", String(300)),
    _ref("schools.school_id"),
    _need("kind", WORD),
    _need("address", ADDRESS),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    _need("spool_id", ID),
    _need("at", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_notices_address_at", "address", "at"),
    Index("ix_notices_school_id_at", "school_id", "at"),
)

tokens_spent = Table(
    "tokens_spent",
    metadata,
    Column("key", String(200), primary_key=True),  # action / item / person
    _need("spool_id", ID),
    _need("at", UtcDateTime),
)

# Messages that staff moved because we had put them in the wrong place. No text: the spool has it.
topic_examples = Table(
    "topic_examples",
    metadata,
    Column("spool_id", ID, ForeignKey("messages.spool_id"), primary_key=True),
    Column("moved_to", WORD, primary_key=True),  # office, teacher
    _ref("schools.school_id"),
    _ref("staff.staff_id"),
    _need("at", UtcDateTime),
    _need("labels", JSON),  # as they were found, "perhaps ..." among them
)

# --- safeguarding -----------------------------------------------------------------------------

safeguarding_cases = Table(
    "safeguarding_cases",
    metadata,
    Column("spool_id", ID, ForeignKey("messages.spool_id"), primary_key=True),
    _ref("schools.school_id"),
    _need("raised", UtcDateTime),
    _need("state", WORD),  # open, acknowledged, released, kept
    _need("line", JSON),  # staff ids in the order in which they are told
    _need("told", Integer),  # how many of the line have been told
    Column("tell_next_at", UtcDateTime),
    _need("detail", JSON),
    Index("ix_safeguarding_cases_state", "state", "tell_next_at"),
)

register = Table(
    "register",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("school_id", ID, ForeignKey("schools.school_id"), primary_key=True),
    _need("at", UtcDateTime),
    _need("event", WORD),  # raised, told, acknowledged, released, kept, reported
    _need("spool_id", ID),
    Column("staff_id", ID),
    _need("detail", JSON),
    _need("previous_hash", WORD),
    _need("hash", WORD),
)
