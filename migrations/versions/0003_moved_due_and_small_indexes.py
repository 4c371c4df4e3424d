"""When an answer is due once the calendar changed; indexes that years of mail do not slow.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GIVEN = sa.text("digest_id IS NOT NULL")
WAITS = sa.text("digest_id IS NULL AND withdrawn IS NULL")


def upgrade() -> None:
    """Add the moved due time; replace the indexes that grow with the mail, and add two."""
    op.add_column("promises", sa.Column("moved_due", sa.DateTime(timezone=True)))
    op.drop_index("ix_digest_items_digest_id", table_name="digest_items")
    op.create_index(
        "ix_digest_items_digest_id",
        "digest_items",
        ["digest_id"],
        sqlite_where=GIVEN,
        postgresql_where=GIVEN,
    )
    op.drop_index("ix_digest_items_waiting", table_name="digest_items")
    op.create_index(
        "ix_digest_items_waiting",
        "digest_items",
        ["reads_at", "staff_id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.drop_index("ix_guardian_addresses_school_id_address", table_name="guardian_addresses")
    op.create_index(
        "ix_guardian_addresses_address_school_id", "guardian_addresses", ["address", "school_id"]
    )
    op.create_index("ix_notices_school_id_at", "notices", ["school_id", "at"])
    op.create_index("ix_outbox_recipient_queued", "outbox", ["recipient", "queued"])


def downgrade() -> None:
    """Refuse, as for every migration."""
    raise NotImplementedError("restore the backup made before the upgrade instead")
