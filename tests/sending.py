"""A sender on a clock that stands still, and a school whose hours a test can set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from gateway.store.attempts import RetryRule
from gateway.store.engine import Store
from gateway.store.outbox import Leased
from gateway.store.recipients import reason_to_withhold
from gateway.work.send import Allowed, Pace, Sender
from gateway.work.smarthost import Smarthost, SmarthostSettings
from tests.clocks import SettableClock


@dataclass
class Hours:
    """One reading window a day, in hours of the clock."""

    opens: int = 8
    closes: int = 18

    def deadline(self, _leased: Leased, now: datetime) -> datetime | None:
        if not self.opens <= now.hour < self.closes:
            return None
        return now.replace(hour=0, minute=0, second=0) + timedelta(hours=self.closes)

    def next_opening(self, _leased: Leased, now: datetime) -> datetime:
        opening = now.replace(hour=0, minute=0, second=0) + timedelta(hours=self.opens)
        if now < opening:
            return opening
        return now if now.hour < self.closes else opening + timedelta(days=1)


@dataclass
class Desk:
    """Everything a test of sending holds."""

    store: Store
    port: int
    clock: SettableClock = field(default_factory=SettableClock)
    hours: Hours = field(default_factory=Hours)
    pace: dict[str, Any] = field(default_factory=dict)
    host: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def sender(self) -> Sender:
        """Return a new sender on the same store, as after a restart."""
        settings = SmarthostSettings(
            **(
                {
                    "host": "127.0.0.1",
                    "port": self.port,
                    "helo_name": "gw.elm.example",
                    "security": "none",
                }
                | self.host
            )
        )

        def tell(_connection: Connection, leased: Leased) -> None:
            self.told.append(leased.key)

        return Sender(
            self.store,
            Smarthost(settings),
            self.clock,
            Allowed(
                withhold=lambda connection, leased, now: reason_to_withhold(
                    connection, leased, now.date()
                ),
                reading_deadline=lambda leased, now: self.hours.deadline(leased, now),
                next_opening=lambda leased, now: self.hours.next_opening(leased, now),
            ),
            RetryRule(),
            tell,
            lambda _connection, leased: self.withheld.append(leased.key),
            Pace(**({"slow_after_seconds": 20.0} | self.pace)),
        )
