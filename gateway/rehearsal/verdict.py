"""Did a rehearsal go as its script and the school's promises say? Every fault, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Deliveries, Delivery
from gateway.rehearsal.ledger import Ledger, Outcome
from gateway.rehearsal.performance import Played
from gateway.rehearsal.script import moment_key
from gateway.school import School
from gateway.store.audit import Audit
from rules.wording import moment_words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what was wrong with it."""

    to_teachers: int
    to_parents: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares a performance with what was expected of it."""

    school: School
    cast: Cast
    ledger: Ledger
    deliveries: Deliveries
    zone: ZoneInfo

    def verdict(self, played: list[Played], audit: Audit) -> Verdict:
        """Return what a rehearsal came to."""
        faults = [fault for one in played for fault in self._scene(one, audit)]
        to_teachers = [
            one for one in self.deliveries.all() if one.recipient in self.cast.teacher_addresses
        ]
        to_parents = [
            one for one in self.deliveries.all() if one.recipient not in self.cast.staff_addresses
        ]
        faults += [fault for one in to_teachers for fault in self._outside_hours(one)]
        faults += [fault for one in to_parents for fault in self._told_too_much(one)]
        faults += [f"audit: {fault}" for fault in audit.faults]
        return Verdict(len(to_teachers), len(to_parents), tuple(faults))

    def outcomes(self, one: Played) -> list[Outcome]:
        """Return all that came of one scene, in order of time."""
        items = [self.ledger.item_outcome(item_id) for item_id in one.item_ids]
        found = [outcome for outcome in items if outcome is not None]
        names = self.cast.names
        found += [self.ledger.outgoing_outcome(row_id, names) for row_id in one.outbox_ids]
        return sorted(found, key=lambda outcome: (outcome.at, outcome.who, outcome.what))

    def line(self, outcome: Outcome) -> str:
        """Return an outcome the way a script writes it."""
        state = "" if outcome.state == "sent" else f" {outcome.state}"
        at = moment_key(outcome.at, self.zone)
        return f"{at} {outcome.who}: {outcome.what}{state}"

    def _scene(self, one: Played, audit: Audit) -> list[str]:
        scene, faults = one.scene, []
        if one.refused != scene.refused:
            faults.append(f"{scene.name}: SMTP answered {one.refused}, not {scene.refused}")
        endings = {rest.spool_id: rest.ending for rest in audit.rests}
        is_no_mail = scene.refused or scene.letter_for
        expected = [] if is_no_mail else [scene.ends] * max(1, len(one.recipients))
        ended = [endings.get(spool_id, "nowhere") for spool_id in one.spool_ids]
        if ended != expected:
            faults.append(f"{scene.name}: ended {ended}, not {expected}")
        came = Counter(self.line(outcome) for outcome in self.outcomes(one))
        wanted = Counter(scene.then)
        faults += [f"{scene.name}: missing: {line}" for line in (wanted - came).elements()]
        faults += [f"{scene.name}: not expected: {line}" for line in (came - wanted).elements()]
        return faults

    def _outside_hours(self, one: Delivery) -> list[str]:
        if self.school.calendar_of(one.recipient).window_at(one.at) is not None:
            return []
        return [f"{one.who} was given mail outside the hours: {moment_words(one.at, self.zone)}"]

    def _told_too_much(self, one: Delivery) -> list[str]:
        """Return what a parent must not have been given: another's address, or one of staff."""
        # The parent's own address may stand in it, the office's always does.
        everything = self.cast.names.keys() - {self.school.policy.contacts.office_address}
        shown = f"{one.text}\n{one.html}\n{one.message['From']}\n{one.message['Reply-To']}".lower()
        own = self.cast.addresses.get(one.who, ())
        leaked = [address for address in everything if address in shown and address not in own]
        return [f"a mail to {one.who} shows {address}" for address in leaked]
