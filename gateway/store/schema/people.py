"""Who is who: the school, its classes, staff, pupils, guardians and links."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
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
)
from gateway.store.types import UtcDateTime

schools = Table(
    "schools",
    metadata,
    an_id("school_id"),
    need("name", Text),
    need("domain", ADDRESS),
    Column("roster_version", Integer, nullable=False, server_default="0"),  # +1 at every change
    Column("calendar_version", Integer, nullable=False, server_default="0"),  # +1 at every change
)

classes = Table(
    "classes",
    metadata,
    an_id("class_id"),
    ref("schools.school_id"),
    need("name", Text),
    need("address", ADDRESS),
    UniqueConstraint("address"),
)

staff = Table(
    "staff",
    metadata,
    an_id("staff_id"),
    ref("schools.school_id"),
    need("name", Text),
    need("address", ADDRESS),
    Column("ends", Date),  # the last day, included
    Column("ended_by", WORD),  # person: somebody here ended them, and no import takes them on again
    UniqueConstraint("school_id", "address"),
)

staff_roles = Table(
    "staff_roles",
    metadata,
    Column("staff_id", ID, ForeignKey("staff.staff_id"), primary_key=True),
    Column("role", WORD, primary_key=True),
    need("rank", Integer),
)

class_staff = Table(
    "class_staff",
    metadata,
    Column("class_id", ID, ForeignKey("classes.class_id"), primary_key=True),
    Column("staff_id", ID, ForeignKey("staff.staff_id"), primary_key=True),
    need("position", Integer),
    Column("begins", Date),
    Column("ends", Date),  # the last day, included
)

pupils = Table(
    "pupils",
    metadata,
    an_id("pupil_id"),
    ref("schools.school_id"),
    need("reference", WORD),
    need("given_name", Text),
    need("family_name", Text),
    Column("address", ADDRESS, index=True),
    UniqueConstraint("school_id", "reference"),
)

enrolments = Table(
    "enrolments",
    metadata,
    an_id("enrolment_id"),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id"), nullable=False, index=True),
    Column("class_id", ID, ForeignKey("classes.class_id"), nullable=False, index=True),
    need("begins", Date),
    Column("ends", Date),  # the last day, included
)

guardians = Table(
    "guardians",
    metadata,
    an_id("guardian_id"),
    ref("schools.school_id"),
    need("reference", WORD),
    need("name", Text),
    need("home_language", String(35)),
    Column("removed_from", Date),
    Column("removed_until", Date),
    UniqueConstraint("school_id", "reference"),
)

guardian_addresses = Table(
    "guardian_addresses",
    metadata,
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), primary_key=True),
    Column("address", ADDRESS, primary_key=True),
    ref("schools.school_id"),
    Column("came_by", WORD, nullable=False, server_default="import"),  # import, person
    Column("position", Integer),  # in the school's records, the main one first; NULL: not in them
    Index("ix_guardian_addresses_address_school_id", "address", "school_id"),
)

# Under which other references the school's records have somebody who is one person here.
guardian_references = Table(
    "guardian_references",
    metadata,
    Column("school_id", ID, ForeignKey("schools.school_id"), primary_key=True),
    Column("reference", WORD, primary_key=True),
    ref("guardians.guardian_id"),
)

links = Table(
    "links",
    metadata,
    Column("guardian_id", ID, ForeignKey("guardians.guardian_id"), primary_key=True),
    Column("pupil_id", ID, ForeignKey("pupils.pupil_id"), primary_key=True, index=True),
    need("kind", WORD),
    need("parental_responsibility", Boolean),
    need("may_message", Boolean),
    need("may_receive", Boolean),
    need("barred", Boolean),
    Column("restricted_reason", Text),
    Column("standing", WORD, nullable=False, server_default="active"),  # see rules/links.py
    Column("priority", Integer),  # the order of contacts in the school's records, lowest first
    Column("came_by", WORD, nullable=False, server_default="import"),  # import, person
    Column("approved_until", Date),  # active by an approval: its last day; NULL: without one
    Column("begins", Date),
    Column("ends", Date),  # the last day, included
)

policies = Table(
    "policies",
    metadata,
    Column("school_id", ID, ForeignKey("schools.school_id"), primary_key=True),
    Column("version", WORD, primary_key=True),
    need("loaded", UtcDateTime),
    need("text", Text),
)
