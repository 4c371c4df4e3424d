"""Messages that staff moved, kept as examples for the school's own topic packs.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the examples; they refer to the message and hold none of its text."""
    op.create_table(
        "topic_examples",
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("moved_to", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["spool_id"], ["messages.spool_id"], name=op.f("fk_topic_examples_spool_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_topic_examples_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_topic_examples_staff_id")
        ),
        sa.PrimaryKeyConstraint("spool_id", "moved_to", name=op.f("pk_topic_examples")),
    )


def downgrade() -> None:
    """Refuse, as for every migration."""
    raise NotImplementedError("restore the backup made before the upgrade instead")
