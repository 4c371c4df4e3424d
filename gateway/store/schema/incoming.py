"""What came in: the mail itself, its conversations, and the journal of what was done."""

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
    where_known,
)
from gateway.store.types import UtcDateTime

raw_messages = Table(
    "raw_messages",
    metadata,
    an_id("raw_id"),
    need("octets", LargeBinary),
)

messages = Table(
    "messages",
    metadata,
    an_id("spool_id"),
    Column("raw_id", ID, ForeignKey("raw_messages.raw_id"), nullable=False),
    ref("schools.school_id"),
    need("arrived", UtcDateTime),
    Column("reverse_path", ADDRESS),
    need("recipient", ADDRESS),
    need("transport", WORD),
    Column("peer", WORD),
    Column("helo", String(255)),
    need("tls", Boolean),
    need("size_bytes", Integer),
    need("state", WORD),  # received, settled, set_aside
    need("attempts", Integer),
    Column("settled_at", UtcDateTime),
    Column("handed_on", UtcDateTime),  # when the office said who wrote it: decided again as of then
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
    where_known("ix_messages_content_key", "content_key"),
    where_known("ix_messages_message_id", "message_id"),
    where_known("ix_messages_thread_id", "thread_id"),
)

threads = Table(
    "threads",
    metadata,
    an_id("thread_id"),
    ref("schools.school_id"),
    ref("guardians.guardian_id"),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False),
    need("began", UtcDateTime),
    Column("subject", Text),  # the base subject it began with (RFC 5256 §2.1)
    Index("ix_threads_guardian_id_class_id", "guardian_id", "class_id"),
)

journal = Table(
    "journal",
    metadata,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    ref("schools.school_id"),
    Column("spool_id", ID, index=True),
    need("key", String(200)),
    need("at", UtcDateTime),
    need("event", WORD),
    Column("policy_version", WORD),
    need("detail", JSON),
    UniqueConstraint("key"),
)
