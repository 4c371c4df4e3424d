"""Every table, once. The migrations build exactly this (a test compares them)."""

from __future__ import annotations

from gateway.store.schema.columns import ADDRESS, ID, WORD, metadata
from gateway.store.schema.hours import (
    calendar_changes,
    calendar_entries,
)
from gateway.store.schema.incoming import (
    journal,
    messages,
    raw_messages,
    threads,
)
from gateway.store.schema.linking import (
    acceptances,
    invites,
    link_approvals,
    link_offers,
    removals,
    roster_import_changes,
    roster_imports,
    wrong_codes,
)
from gateway.store.schema.outgoing import (
    attempts,
    digest_items,
    digests,
    notices,
    outbox,
    promises,
    staff_news,
    tokens_spent,
    topic_examples,
)
from gateway.store.schema.people import (
    class_staff,
    classes,
    enrolments,
    guardian_addresses,
    guardian_references,
    guardians,
    links,
    policies,
    pupils,
    schools,
    staff,
    staff_roles,
)
from gateway.store.schema.safeguarding import (
    register,
    safeguarding_cases,
)

__all__ = [
    "ADDRESS",
    "ID",
    "WORD",
    "acceptances",
    "attempts",
    "calendar_changes",
    "calendar_entries",
    "class_staff",
    "classes",
    "digest_items",
    "digests",
    "enrolments",
    "guardian_addresses",
    "guardian_references",
    "guardians",
    "invites",
    "journal",
    "link_approvals",
    "link_offers",
    "links",
    "messages",
    "metadata",
    "notices",
    "outbox",
    "policies",
    "promises",
    "pupils",
    "raw_messages",
    "register",
    "removals",
    "roster_import_changes",
    "roster_imports",
    "safeguarding_cases",
    "schools",
    "staff",
    "staff_news",
    "staff_roles",
    "threads",
    "tokens_spent",
    "topic_examples",
    "wrong_codes",
]
