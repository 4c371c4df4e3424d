"""The first schema: who is who, what came in, what was decided, what goes out.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first release."""
    op.create_table(
        "raw_messages",
        sa.Column("raw_id", sa.String(length=16), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("raw_id", name=op.f("pk_raw_messages")),
    )
    op.create_table(
        "schools",
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.String(length=320), nullable=False),
        sa.Column("roster_version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_schools")),
    )
    op.create_table(
        "tokens_spent",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tokens_spent")),
    )
    op.create_table(
        "classes",
        sa.Column("class_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_classes_school_id")
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_classes")),
        sa.UniqueConstraint("address", name=op.f("uq_classes_address")),
    )
    op.create_table(
        "guardians",
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("home_language", sa.String(length=35), nullable=False),
        sa.Column("removed_from", sa.Date(), nullable=True),
        sa.Column("removed_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_guardians_school_id")
        ),
        sa.PrimaryKeyConstraint("guardian_id", name=op.f("pk_guardians")),
        sa.UniqueConstraint(
            "school_id", "reference", name=op.f("uq_guardians_school_id_reference")
        ),
    )
    op.create_table(
        "journal",
        sa.Column("entry", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_journal_school_id")
        ),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    op.create_index(op.f("ix_journal_spool_id"), "journal", ["spool_id"], unique=False)
    op.create_table(
        "policies",
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("loaded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_policies_school_id")
        ),
        sa.PrimaryKeyConstraint("school_id", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "pupils",
        sa.Column("pupil_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_pupils_school_id")
        ),
        sa.PrimaryKeyConstraint("pupil_id", name=op.f("pk_pupils")),
        sa.UniqueConstraint("school_id", "reference", name=op.f("uq_pupils_school_id_reference")),
    )
    op.create_index(op.f("ix_pupils_address"), "pupils", ["address"], unique=False)
    op.create_table(
        "register",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_register_school_id")
        ),
        sa.PrimaryKeyConstraint("number", "school_id", name=op.f("pk_register")),
    )
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_staff_school_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff")),
        sa.UniqueConstraint("school_id", "address", name=op.f("uq_staff_school_id_address")),
    )
    op.create_table(
        "class_staff",
        sa.Column("class_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_class_staff_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_class_staff_staff_id")
        ),
        sa.PrimaryKeyConstraint("class_id", "staff_id", name=op.f("pk_class_staff")),
    )
    op.create_table(
        "digests",
        sa.Column("digest_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("cut", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_digests_school_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name=op.f("fk_digests_staff_id")),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_digests")),
        sa.UniqueConstraint("staff_id", "cut", name=op.f("uq_digests_staff_id_cut")),
    )
    op.create_table(
        "enrolments",
        sa.Column("enrolment_id", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.String(length=16), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_enrolments_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.pupil_id"], name=op.f("fk_enrolments_pupil_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_enrolments")),
    )
    op.create_index(op.f("ix_enrolments_class_id"), "enrolments", ["class_id"], unique=False)
    op.create_index(op.f("ix_enrolments_pupil_id"), "enrolments", ["pupil_id"], unique=False)
    op.create_table(
        "guardian_addresses",
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardians.guardian_id"],
            name=op.f("fk_guardian_addresses_guardian_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_guardian_addresses_school_id")
        ),
        sa.PrimaryKeyConstraint("guardian_id", "address", name=op.f("pk_guardian_addresses")),
    )
    op.create_index(
        "ix_guardian_addresses_school_id_address",
        "guardian_addresses",
        ["school_id", "address"],
        unique=False,
    )
    op.create_table(
        "links",
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("parental_responsibility", sa.Boolean(), nullable=False),
        sa.Column("may_message", sa.Boolean(), nullable=False),
        sa.Column("may_receive", sa.Boolean(), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column("restricted_reason", sa.Text(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_links_guardian_id")
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.pupil_id"], name=op.f("fk_links_pupil_id")),
        sa.PrimaryKeyConstraint("guardian_id", "pupil_id", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_pupil_id"), "links", ["pupil_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("raw_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("arrived", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverse_path", sa.String(length=320), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("transport", sa.String(length=64), nullable=False),
        sa.Column("peer", sa.String(length=64), nullable=True),
        sa.Column("helo", sa.String(length=255), nullable=True),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=998), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("duplicate_of", sa.String(length=16), nullable=True),
        sa.Column("originator", sa.String(length=320), nullable=True),
        sa.Column("authenticity", sa.String(length=64), nullable=True),
        sa.Column("guardian_id", sa.String(length=16), nullable=True),
        sa.Column("class_id", sa.String(length=16), nullable=True),
        sa.Column("thread_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_messages_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_messages_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"], ["raw_messages.raw_id"], name=op.f("fk_messages_raw_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_messages_school_id")
        ),
        sa.PrimaryKeyConstraint("spool_id", name=op.f("pk_messages")),
    )
    op.create_index(
        "ix_messages_content_key",
        "messages",
        ["content_key"],
        unique=False,
        sqlite_where=sa.text("content_key IS NOT NULL"),
        postgresql_where=sa.text("content_key IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_message_id",
        "messages",
        ["message_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_state", "messages", ["state", "attempts", "spool_id"], unique=False
    )
    op.create_index(
        "ix_messages_thread_id",
        "messages",
        ["thread_id"],
        unique=False,
        sqlite_where=sa.text("thread_id IS NOT NULL"),
        postgresql_where=sa.text("thread_id IS NOT NULL"),
    )
    op.create_table(
        "notices",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=True),
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_notices_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_notices_school_id")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_address_at", "notices", ["address", "at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("outbox_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("reverse_path", sa.String(length=320), nullable=True),
        sa.Column("message_id", sa.String(length=998), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("guardian_id", sa.String(length=16), nullable=True),
        sa.Column("hours_of", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_outbox_guardian_id")
        ),
        sa.ForeignKeyConstraint(["hours_of"], ["staff.staff_id"], name=op.f("fk_outbox_hours_of")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_outbox_school_id")
        ),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "priority", "not_before"], unique=False)
    op.create_index(op.f("ix_outbox_spool_id"), "outbox", ["spool_id"], unique=False)
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_staff_roles_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "threads",
        sa.Column("thread_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.String(length=16), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_threads_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_threads_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_threads_school_id")
        ),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_threads")),
    )
    op.create_table(
        "attempts",
        sa.Column("outbox_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.outbox_id"], name=op.f("fk_attempts_outbox_id")
        ),
        sa.PrimaryKeyConstraint("outbox_id", "number", name=op.f("pk_attempts")),
    )
    op.create_table(
        "digest_items",
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=True),
        sa.Column("class_id", sa.String(length=16), nullable=True),
        sa.Column("reads_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("digest_id", sa.String(length=16), nullable=True),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_digest_items_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.digest_id"], name=op.f("fk_digest_items_digest_id")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_digest_items_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["spool_id"], ["messages.spool_id"], name=op.f("fk_digest_items_spool_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_digest_items_staff_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_digest_items")),
        sa.UniqueConstraint("key", name=op.f("uq_digest_items_key")),
    )
    op.create_index(op.f("ix_digest_items_digest_id"), "digest_items", ["digest_id"], unique=False)
    op.create_index(op.f("ix_digest_items_spool_id"), "digest_items", ["spool_id"], unique=False)
    op.create_index(
        "ix_digest_items_waiting",
        "digest_items",
        ["digest_id", "staff_id", "reads_at"],
        unique=False,
    )
    op.create_table(
        "safeguarding_cases",
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("raised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("tell_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_safeguarding_cases_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["spool_id"], ["messages.spool_id"], name=op.f("fk_safeguarding_cases_spool_id")
        ),
        sa.PrimaryKeyConstraint("spool_id", name=op.f("pk_safeguarding_cases")),
    )
    op.create_index(
        "ix_safeguarding_cases_state", "safeguarding_cases", ["state", "tell_next_at"], unique=False
    )
