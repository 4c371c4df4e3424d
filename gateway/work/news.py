"""What staff must know of this system: once each, in one mail, at that person's next hours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.clock import Clock
from gateway.mail.render import render
from gateway.school import POSTMASTER, School
from gateway.store import news
from gateway.store.engine import Store
from gateway.store.outbox import Priority
from gateway.store.staffing import Staffing
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values, office_topics, own_windows
from gateway.work.policy_versions import NewVersion, new_version
from gateway.work.post import Letter
from gateway.work.reachable import reachable_from, teaches
from rules.instruction import Action
from rules.people import Role, Staff
from rules.policy_changes import changes_for_staff

log = logging.getLogger(__name__)

WELCOME, POLICY = "welcome", "policy"


@dataclass(frozen=True, slots=True)
class NewsTeller:
    """Tells staff how the system works, and what of it has changed."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]
    _looked_at: dict[str, Staffing] = field(default_factory=dict, init=False, compare=False)

    def run_once(self) -> int:
        """Write down what is new, and queue the mails that are due; return how many were."""
        now = self.clock.now()
        made = 0
        for school in self.schools.values():
            with self.store.read() as connection:
                school.refresh(connection)
                staffing = school.staffing(connection, now)
            if self._looked_at.get(school.school_id) is not staffing:
                with self.store.begin() as connection:
                    write_down(connection, school, staffing, now)
                self._looked_at[school.school_id] = staffing
            for person, rows in self._waiting(school, staffing):
                at = reachable_from(school, staffing, person, now)
                if at is None or at > now:
                    continue
                try:
                    with self.store.begin() as connection:
                        made += self._tell(connection, school, staffing, person, rows, now)
                except Exception:
                    # The edge of one person: nobody else's news must wait because of it.
                    log.exception("news_failed", extra={"staff_id": person.staff_id})
        return made

    def next_due(self) -> datetime | None:
        """Return when somebody can be told something next; None when nobody waits."""
        now = self.clock.now()
        found = []
        for school in self.schools.values():
            with self.store.read() as connection:
                staffing = school.staffing(connection, now)
            found += [
                reachable_from(school, staffing, person, now)
                for person, _rows in self._waiting(school, staffing)
            ]
        return min((instant for instant in found if instant is not None), default=None)

    def _waiting(
        self, school: School, staffing: Staffing
    ) -> Iterator[tuple[Staff, list[Row[Any]]]]:
        """Yield each person in post for whom something waits, and what does."""
        with self.store.read() as connection:
            rows = news.waiting(connection, school.school_id)
        by_person: dict[str, list[Row[Any]]] = {}
        for row in rows:
            by_person.setdefault(row.staff_id, []).append(row)
        for staff_id, theirs in by_person.items():
            if staff_id in staffing.current:
                yield staffing.everybody[staff_id], theirs

    def _tell(
        self,
        connection: Connection,
        school: School,
        staffing: Staffing,
        person: Staff,
        rows: Sequence[Row[Any]],
        now: datetime,
    ) -> int:
        held = news.held(connection, [row.news_id for row in rows])
        news.told(connection, [row.news_id for row in held], now)
        changes = tuple(_lines_still_true(held, school.today(now)))
        kinds = {row.kind for row in held}
        if not changes and WELCOME not in kinds:
            return 0  # all of it is past: there is nothing left to tell
        letters = self.letters(school)
        is_bound = teaches(staffing, person)
        values = contact_values(school) | {
            "teaches": is_bound,
            "policy": POLICY in kinds,
            "changes": changes,
            "windows": own_windows(school.calendar_of(person.address), now) if is_bound else (),
            "office_topics": office_topics(school.policy),
            "send_now": school.policy.send_now,
            "hours_address": school.address("hours"),
            "help_address": school.address("help"),
            "acknowledge": letters.post.token_address(
                Action.READ_NEWS, held[0].news_id, person.staff_id, now
            ),
        }
        kind = WELCOME if WELCOME in kinds else "hours-news"
        letter = Letter(
            key=f"news/{held[0].news_id}",
            kind=kind,
            priority=Priority.NOTICE,
            sender_name=school.name,
            sender=school.address(POSTMASTER),
            recipient=person.address,
            words=render(kind, values),
            hours_of=person.staff_id if is_bound else None,
        )
        if letters.post.send(connection, letter, now) == "held":
            # A reason somebody wrote into the calendar cannot be sent: the hours themselves can.
            words = render(kind, values | {"changes": ()})
            letters.post.send(connection, replace(letter, words=words), now)
        return 1


def write_down(connection: Connection, school: School, staffing: Staffing, now: datetime) -> None:
    """Let the welcome wait for whoever is new, and a new version of the policy for the others."""
    welcomed = news.first_written(connection, school.school_id, f"{WELCOME}/")
    whom = [person for person in staffing.everybody.values() if is_told(staffing, person)]
    if school.policy.onboarding_mail:
        for person in whom:
            if person.staff_id not in welcomed:
                _add(connection, school, person, WELCOME, f"{WELCOME}/{person.staff_id}", (), now)
    change = new_version(connection, school)
    if change is None:
        return
    for person in whom:
        # Whoever came after the change was told of the hours as they are.
        since = welcomed.get(person.staff_id)
        knew = since < change.since if since else not school.policy.onboarding_mail
        if knew:
            key = f"{POLICY}/{change.version}/{person.staff_id}"
            lines = _changes(change, school, person, now)
            if lines:
                _add(connection, school, person, POLICY, key, lines, now)


def is_told(staffing: Staffing, person: Staff) -> bool:
    """Whether somebody works with this system each day: those who read for a class, the office."""
    in_post = person.staff_id in staffing.current
    return in_post and (Role.OFFICE in person.roles or teaches(staffing, person))


def _changes(change: NewVersion, school: School, person: Staff, now: datetime) -> tuple[str, ...]:
    if change.was is None:
        return (f"The school's policy for messages is now version {change.version}.",)
    return changes_for_staff(change.was, school.policy, person.address, school.today(now))


def _add(
    connection: Connection,
    school: School,
    person: Staff,
    kind: str,
    key: str,
    lines: Sequence[str],
    now: datetime,
) -> None:
    news.add_news(
        connection,
        school_id=school.school_id,
        staff_id=person.staff_id,
        key=key,
        kind=kind,
        detail={"words": list(lines)},
        now=now,
    )


def _lines_still_true(rows: Sequence[Row[Any]], today: date) -> Iterator[str]:
    """Yield the lines of what changed, each once, without those about days that are past."""
    told: set[str] = set()
    for row in rows:
        for line in row.detail.get("words", ()):
            words = line if isinstance(line, str) else line["words"]
            last = None if isinstance(line, str) else line.get("last")
            if words not in told and (last is None or date.fromisoformat(last) >= today):
                told.add(words)
                yield words
