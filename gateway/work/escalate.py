"""Tells the next of the safeguarding line when nobody has acknowledged in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.school import School
from gateway.store import cases, register
from gateway.store.engine import Store
from gateway.work.letters import Letters

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Escalator:
    """Watches the open cases."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]

    def run_once(self) -> int:
        """Tell whoever is due to be told; return how many were."""
        now = self.clock.now()
        with self.store.read() as connection:
            due = cases.next_due(connection)
        if due is None or due > now:
            return 0
        told = 0
        with self.store.begin() as connection:
            for case in cases.to_escalate(connection, now):
                school = self.schools[case.school_id]
                staff_id = case.line[case.told]
                self.letters(school).alert(connection, case.spool_id, staff_id, now)
                register.append(
                    connection,
                    school_id=case.school_id,
                    event="told",
                    spool_id=case.spool_id,
                    at=now,
                    staff_id=staff_id,
                )
                more = case.told + 1 < len(case.line)
                next_at = now + school.policy.escalate_after if more else None
                cases.told_another(connection, case.spool_id, case.told + 1, next_at)
                log.info("case_escalated", extra={"spool_id": case.spool_id})
                told += 1
        return told
