"""The calendar beyond the policy file, promises kept apart from messages, and news for staff.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the second release keeps."""
    op.create_table(
        "calendar_changes",
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=True),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.staff_id"], name=op.f("fk_calendar_changes_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_calendar_changes_school_id")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_calendar_changes")),
    )
    op.create_table(
        "staff_news",
        sa.Column("news_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_staff_news_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_staff_news_staff_id")
        ),
        sa.PrimaryKeyConstraint("news_id", name=op.f("pk_staff_news")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_news_key")),
    )
    op.create_index("ix_staff_news_told", "staff_news", ["told", "staff_id"], unique=False)
    op.create_table(
        "calendar_entries",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("change_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=True),
        sa.Column("cover_id", sa.String(length=16), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("opens", sa.String(length=5), nullable=True),
        sa.Column("closes", sa.String(length=5), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["calendar_changes.change_id"],
            name=op.f("fk_calendar_entries_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["staff.staff_id"], name=op.f("fk_calendar_entries_cover_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_calendar_entries_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_calendar_entries_staff_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_calendar_entries")),
    )
    op.create_index(
        "ix_calendar_entries_school_id_ended",
        "calendar_entries",
        ["school_id", "ended"],
        unique=False,
    )
    op.create_table(
        "promises",
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("thread_id", sa.String(length=16), nullable=True),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reads_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit", sa.DateTime(timezone=True), nullable=False),
        sa.Column("breach", sa.Boolean(), nullable=False),
        sa.Column("given", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_how", sa.String(length=64), nullable=True),
        sa.Column("reader_told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("office_told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_to", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.class_id"], name=op.f("fk_promises_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_promises_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_promises_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["spool_id"], ["messages.spool_id"], name=op.f("fk_promises_spool_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_promises_staff_id")
        ),
        sa.PrimaryKeyConstraint("spool_id", name=op.f("pk_promises")),
    )
    op.create_index(
        "ix_promises_acknowledge_by",
        "promises",
        ["acknowledge_by"],
        unique=False,
        sqlite_where=sa.text("kept IS NULL AND reader_told IS NULL AND acknowledge_by IS NOT NULL"),
        postgresql_where=sa.text(
            "kept IS NULL AND reader_told IS NULL AND acknowledge_by IS NOT NULL"
        ),
    )
    op.create_index(
        "ix_promises_due",
        "promises",
        ["due"],
        unique=False,
        sqlite_where=sa.text("kept IS NULL AND office_told IS NULL"),
        postgresql_where=sa.text("kept IS NULL AND office_told IS NULL"),
    )
    op.create_index(op.f("ix_promises_thread_id"), "promises", ["thread_id"], unique=False)
    op.add_column(
        "schools", sa.Column("calendar_version", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("threads", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index(
        "ix_threads_guardian_id_class_id", "threads", ["guardian_id", "class_id"], unique=False
    )


def downgrade() -> None:
    """Refuse: promises that were made cannot be forgotten."""
    raise NotImplementedError("restore the backup made before the upgrade instead")
