"""Which version of the policy came before this one, and what did it say?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.config.policyfile import PolicyFaults, policy_in
from gateway.school import School
from gateway.store import policies
from rules.policy import Policy

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The version in force has followed another. `was` is None when that cannot be read now."""

    version: str
    since: datetime
    version_before: str
    was: Policy | None


def new_version(connection: Connection, school: School) -> NewVersion | None:
    """Return how the policy in force differs in version; None for the school's first."""
    current = policies.loaded(connection, school.school_id, school.policy.version)
    former = policies.before(connection, school.school_id, current) if current else None
    if current is None or former is None:
        return None
    was = None
    try:
        was = policy_in(former.text)
    except PolicyFaults:
        # A key of an older release, perhaps: people are told of the new version all the same.
        log.warning("former_policy_unreadable")
    return NewVersion(current.version, current.loaded, former.version, was)
