"""How people came to be linked: imports, invite codes, approvals, offers and removals."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.store.schema.columns import ADDRESS, ID, WORD, an_id, metadata, need, ref
from gateway.store.types import UtcDateTime

roster_imports = Table(
    "roster_imports",
    metadata,
    an_id("import_id"),
    ref("schools.school_id"),
    need("at", UtcDateTime),
    need("source", WORD),  # families, mapped, oneroster-1.1, oneroster-1.2, sds-1, sds-2.1, staff
    need("files", JSON),  # name and SHA-256 of each
    need("state", WORD),  # in-force, undone
    need("counts", JSON),
    Column("undone_at", UtcDateTime),
)

roster_import_changes = Table(
    "roster_import_changes",
    metadata,
    Column("import_id", ID, ForeignKey("roster_imports.import_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    need("row_of", WORD),  # the table's name
    need("row_key", JSON),  # its primary key
    Column("before", JSON),  # the columns that changed, as they were; NULL: it was not there
    Column("after", JSON),  # as they became; NULL: it was taken away
)

link_approvals = Table(
    "link_approvals",
    metadata,
    an_id("approval_id"),
    ref("guardians.guardian_id"),
    ref("pupils.pupil_id"),
    Column("approved_by", ID, ForeignKey("staff.staff_id"), nullable=False),
    need("at", UtcDateTime),
    need("reason", Text),  # of a kind only the office and the leadership see
    need("begins", Date),
    need("ends", Date),  # the last day, included: nobody is a third for ever
    Column("begun", UtcDateTime),  # its link was opened, once: what shuts it since stays
    Column("warned", UtcDateTime),  # that it will end
    Column("ended", UtcDateTime),
    Index("ix_link_approvals_guardian_id_pupil_id", "guardian_id", "pupil_id"),
)

invites = Table(
    "invites",
    metadata,
    an_id("invite_id"),
    ref("schools.school_id"),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id"), nullable=False, index=True),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), nullable=False),
    need("slot", Integer),  # 1 or 2; 3 and more with an approval
    need("code_hash", WORD),  # HMAC-SHA256 in hexadecimal; the code itself is kept nowhere
    need("issued", UtcDateTime),
    Column("issued_by", ID, ForeignKey("staff.staff_id")),  # NULL: at the command line
    need("how", WORD),  # letter, mail
    need("expires", UtcDateTime),
    Column("used", UtcDateTime),
    Column("used_from", ADDRESS),
    Column("spool_id", ID),  # the mail that used it
    Column("revoked", UtcDateTime),
    UniqueConstraint("code_hash"),
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("spool_id", ID, primary_key=True),
    ref("schools.school_id"),
    need("address", ADDRESS),
    need("at", UtcDateTime),
    need("tried", Integer),  # how many codes the mail held
    Index("ix_wrong_codes_address_at", "address", "at"),
)

acceptances = Table(
    "acceptances",
    metadata,
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), primary_key=True),
    Column("policy_version", WORD, primary_key=True),
    need("at", UtcDateTime),
    Column("spool_id", ID),
    need("how", WORD),  # code, office
)

link_offers = Table(
    "link_offers",
    metadata,
    an_id("offer_id"),
    ref("schools.school_id"),
    Column("spool_id", ID, ForeignKey("messages.spool_id"), index=True),
    need("kind", WORD),  # address, link, third, people
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id")),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id")),
    Column("address", ADDRESS),
    need("at", UtcDateTime),
    Column("asked_by", ID, ForeignKey("staff.staff_id")),
    need("detail", JSON),
    Column("decided", UtcDateTime),
    Column("decided_by", ID, ForeignKey("staff.staff_id")),
    Column("decision", WORD),  # done, refused
)

removals = Table(
    "removals",
    metadata,
    an_id("removal_id"),
    ref("schools.school_id"),
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), nullable=False, index=True),
    Column("removed_by", ID, ForeignKey("staff.staff_id"), nullable=False),
    Column("spool_id", ID),  # the signed mail that did it
    need("at", UtcDateTime),
    need("begins", Date),
    Column("ends", Date),  # the last day, included; NULL: until they are let back
    need("reason", Text),
    Column("returned", UtcDateTime),
    Column("returned_by", ID, ForeignKey("staff.staff_id")),
)
