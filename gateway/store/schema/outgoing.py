"""What goes out: the outbox, digests, promises and notices."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.store.schema.columns import (
    ADDRESS,
    ID,
    WORD,
    an_id,
    metadata,
    need,
    ref,
    where,
    where_known,
)
from gateway.store.types import UtcDateTime

outbox = Table(
    "outbox",
    metadata,
    an_id("outbox_id"),
    ref("schools.school_id"),
    need("key", String(200)),
    need("kind", WORD),
    need("priority", Integer),  # lowest first
    need("recipient", ADDRESS),
    Column("reverse_path", ADDRESS),  # NULL is the null reverse-path
    need("message_id", String(998)),
    need("octets", LargeBinary),
    Column("spool_id", ID, index=True),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),  # checked again when sending
    Column("hours_of", ID, ForeignKey("staff.staff_id")),  # sent only inside this teacher's windows
    need("state", WORD),  # waiting, leased, sent, failed, withdrawn
    need("queued", UtcDateTime),
    need("not_before", UtcDateTime),
    need("attempts", Integer),
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
    need("at", UtcDateTime),
    need("outcome", WORD),  # sent, deferred, rejected, unknown
    Column("code", Integer),
    need("words", Text),
)

digests = Table(
    "digests",
    metadata,
    an_id("digest_id"),
    ref("schools.school_id"),
    ref("staff.staff_id"),
    need("cut", UtcDateTime),
    need("entries", Integer),
    UniqueConstraint("staff_id", "cut"),
)

digest_items = Table(
    "digest_items",
    metadata,
    an_id("item_id"),
    need("key", String(200)),
    Column("spool_id", ID, ForeignKey("messages.spool_id"), nullable=False, index=True),
    ref("staff.staff_id"),
    need("kind", WORD),  # message, overdue, snoozed, with-dsl; for the office: queue, list, late
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    Column("class_id", ID, ForeignKey("classes.class_id")),
    need("reads_at", UtcDateTime),
    Column("due", UtcDateTime),
    need("detail", JSON),
    Column("digest_id", ID, ForeignKey("digests.digest_id")),
    Column("withdrawn", UtcDateTime),
    UniqueConstraint("key"),
    where_known("ix_digest_items_digest_id", "digest_id"),
    # Few rows wait and all others pile up: the question of each tick must not grow with the years.
    where(
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
    ref("schools.school_id"),
    ref("guardians.guardian_id"),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False),
    ref("staff.staff_id"),  # to whom it was given to read
    Column("thread_id", ID, index=True),
    need("made", UtcDateTime),
    need("reads_at", UtcDateTime),  # as promised; never changed afterwards
    Column("acknowledge_by", UtcDateTime),
    need("due", UtcDateTime),  # as promised; never changed afterwards
    need("limit", UtcDateTime),
    need("breach", Boolean),  # no window allowed the policy's own limit
    Column("given", UtcDateTime),  # when a digest held it
    Column("kept", UtcDateTime),
    Column("kept_how", WORD),  # answered, done, passed, senior
    Column("reader_told", UtcDateTime),  # that it is late
    Column("office_told", UtcDateTime),
    Column("moved_to", UtcDateTime),  # the newest reading time that the guardian was told of
    Column("moved_due", UtcDateTime),  # and by when, instead of `due`, it is answered
    # Only what may still be called late: a year of promises must not slow the look for them.
    where("ix_promises_due", "kept IS NULL AND office_told IS NULL", "due"),
    where(
        "ix_promises_acknowledge_by",
        "kept IS NULL AND reader_told IS NULL AND acknowledge_by IS NOT NULL",
        "acknowledge_by",
    ),
)

staff_news = Table(
    "staff_news",
    metadata,
    an_id("news_id"),
    ref("schools.school_id"),
    ref("staff.staff_id"),
    need("key", String(200)),
    need("kind", WORD),  # welcome, hours
    need("at", UtcDateTime),
    need("detail", JSON),
    Column("told", UtcDateTime),
    Column("acknowledged", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_staff_news_told", "told", "staff_id"),
)

notices = Table(
    "notices",
    metadata,
    need("key", String(300)),
    ref("schools.school_id"),
    need("kind", WORD),
    need("address", ADDRESS),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    need("spool_id", ID),
    need("at", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_notices_address_at", "address", "at"),
    Index("ix_notices_school_id_at", "school_id", "at"),
)

tokens_spent = Table(
    "tokens_spent",
    metadata,
    Column("key", String(200), primary_key=True),  # action / item / person
    need("spool_id", ID),
    need("at", UtcDateTime),
)

# Messages that staff moved because we had put them in the wrong place. No text: the spool has it.
topic_examples = Table(
    "topic_examples",
    metadata,
    Column("spool_id", ID, ForeignKey("messages.spool_id"), primary_key=True),
    Column("moved_to", WORD, primary_key=True),  # office, teacher
    ref("schools.school_id"),
    ref("staff.staff_id"),
    need("at", UtcDateTime),
    need("labels", JSON),  # as they were found, "perhaps ..." among them
)
