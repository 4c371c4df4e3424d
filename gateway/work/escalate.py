"""Tells the next of the safeguarding line when nobody has acknowledged in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.clock import Clock
from gateway.school import School
from gateway.store import cases
from gateway.store.engine import Store
from gateway.work.letters import Letters
from gateway.work.line import next_telling, tell_of_case

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
            due = cases.due(connection, now)
        told = 0
        for spool_id in due:
            try:
                with self.store.begin() as connection:
                    told += self._tell(connection, spool_id, now)
            except Exception:
                # The edge of one case: it stays due, and no other child waits because of it.
                log.exception("escalation_failed", extra={"spool_id": spool_id})
        return told

    def _tell(self, connection: Connection, spool_id: str, now: datetime) -> int:
        case = cases.take_due(connection, spool_id, now)
        if case is None:
            return 0
        school = self.schools[case.school_id]
        again = case.told >= len(case.line)
        whom = case.line if again else case.line[case.told : case.told + 1]
        count = case.told + (0 if again else 1)
        next_at = next_telling(school, case.line, count, now)
        cases.told_another(connection, spool_id, count, next_at)
        tell_of_case(connection, self.letters(school), spool_id, whom, now)
        log.info("case_escalated", extra={"spool_id": spool_id})
        return len(whom)
