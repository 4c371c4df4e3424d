"""Roster imports that can be undone, invite codes, approvals, offers to link, and removals.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add how people came to be linked; every link there is stays active."""
    op.add_column(
        "links",
        sa.Column("standing", sa.String(length=64), server_default="active", nullable=False),
    )
    op.add_column("messages", sa.Column("handed_on", sa.DateTime(timezone=True), nullable=True))
    op.add_column("links", sa.Column("priority", sa.Integer(), nullable=True))
    op.add_column("links", sa.Column("approved_until", sa.Date(), nullable=True))
    for table in ("links", "guardian_addresses"):
        op.add_column(
            table,
            sa.Column("came_by", sa.String(length=64), server_default="import", nullable=False),
        )
    op.add_column("guardian_addresses", sa.Column("position", sa.Integer(), nullable=True))
    op.add_column("class_staff", sa.Column("begins", sa.Date(), nullable=True))
    op.add_column("class_staff", sa.Column("ends", sa.Date(), nullable=True))
    op.add_column("staff", sa.Column("ended_by", sa.String(length=64), nullable=True))
    op.create_table(
        "guardian_references",
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardians.guardian_id"],
            name=op.f("fk_guardian_references_guardian_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_guardian_references_school_id")
        ),
        sa.PrimaryKeyConstraint("school_id", "reference", name=op.f("pk_guardian_references")),
    )
    op.create_table(
        "roster_imports",
        sa.Column("import_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_roster_imports_school_id")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_roster_imports")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("spool_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_wrong_codes_school_id")
        ),
        sa.PrimaryKeyConstraint("spool_id", name=op.f("pk_wrong_codes")),
    )
    op.create_index("ix_wrong_codes_address_at", "wrong_codes", ["address", "at"], unique=False)
    op.create_table(
        "acceptances",
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_acceptances_guardian_id")
        ),
        sa.PrimaryKeyConstraint("guardian_id", "policy_version", name=op.f("pk_acceptances")),
    )
    op.create_table(
        "invites",
        sa.Column("invite_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=16), nullable=True),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_from", sa.String(length=320), nullable=True),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_invites_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["staff.staff_id"], name=op.f("fk_invites_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.pupil_id"], name=op.f("fk_invites_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_invites_school_id")
        ),
        sa.PrimaryKeyConstraint("invite_id", name=op.f("pk_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
    )
    op.create_index(op.f("ix_invites_pupil_id"), "invites", ["pupil_id"], unique=False)
    op.create_table(
        "link_approvals",
        sa.Column("approval_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.String(length=16), nullable=False),
        sa.Column("approved_by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["staff.staff_id"], name=op.f("fk_link_approvals_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_link_approvals_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.pupil_id"], name=op.f("fk_link_approvals_pupil_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_link_approvals")),
    )
    op.create_index(
        "ix_link_approvals_guardian_id_pupil_id",
        "link_approvals",
        ["guardian_id", "pupil_id"],
        unique=False,
    )
    op.create_table(
        "removals",
        sa.Column("removal_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("removed_by", sa.String(length=16), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_removals_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["staff.staff_id"], name=op.f("fk_removals_removed_by")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["staff.staff_id"], name=op.f("fk_removals_returned_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_removals_school_id")
        ),
        sa.PrimaryKeyConstraint("removal_id", name=op.f("pk_removals")),
    )
    op.create_index(op.f("ix_removals_guardian_id"), "removals", ["guardian_id"], unique=False)
    op.create_table(
        "roster_import_changes",
        sa.Column("import_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_of", sa.String(length=64), nullable=False),
        sa.Column("row_key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_imports.import_id"],
            name=op.f("fk_roster_import_changes_import_id"),
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_roster_import_changes")),
    )
    op.create_table(
        "link_offers",
        sa.Column("offer_id", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.String(length=16), nullable=False),
        sa.Column("spool_id", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=True),
        sa.Column("pupil_id", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decision", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.staff_id"], name=op.f("fk_link_offers_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.staff_id"], name=op.f("fk_link_offers_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.guardian_id"], name=op.f("fk_link_offers_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupils.pupil_id"], name=op.f("fk_link_offers_pupil_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.school_id"], name=op.f("fk_link_offers_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["spool_id"], ["messages.spool_id"], name=op.f("fk_link_offers_spool_id")
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_link_offers")),
    )
    op.create_index(op.f("ix_link_offers_spool_id"), "link_offers", ["spool_id"], unique=False)


def downgrade() -> None:
    """Refuse, as for every migration."""
    raise NotImplementedError("restore the backup made before the upgrade instead")
