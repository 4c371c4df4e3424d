"""Tells the next of the safeguarding line when nobody has acknowledged in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.school import School
from gateway.store import cases, register
from gateway.store.engine import Store
from gateway.work.effects import next_telling
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
                again = case.told >= len(case.line)
                whom = case.line if again else case.line[case.told : case.told + 1]
                for staff_id in whom:
                    self.letters(school).alert(connection, case.spool_id, staff_id, now)
                    register.append(
                        connection,
                        school_id=case.school_id,
                        event="told",
                        spool_id=case.spool_id,
                        at=now,
                        staff_id=staff_id,
                    )
                count = case.told + (0 if again else 1)
                next_at = next_telling(school, case.line, count, now)
                cases.told_another(connection, case.spool_id, count, next_at)
                log.info("case_escalated", extra={"spool_id": case.spool_id})
                told += len(whom)
        return told
