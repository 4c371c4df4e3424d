"""Plays a script on a stage: each scene at its time, by SMTP, and what the gateway made of it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import make_msgid
from zoneinfo import ZoneInfo

from gateway.imports.classes import class_address
from gateway.rehearsal.border import bounce, mark_automatic, received
from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Deliveries, Delivery
from gateway.rehearsal.ledger import Entries, Ledger
from gateway.rehearsal.letterbox import Letterbox
from gateway.rehearsal.mailprograms import Page, Quoted, write
from gateway.rehearsal.script import Scene, Script
from gateway.rehearsal.stage import Stage
from rules.instruction import Action

# Mail that holds many messages, where each counts by its reader's item; or that is about none.
_COLLECTED = (
    "digest",
    "office-queue",
    "welcome",
    "hours-news",
    "policy-review",
    "policy-change",
)


class BadScript(Exception):
    """A scene cannot be played as it is written."""


@dataclass(slots=True)
class Played:
    """A scene as it went. Rows that its message causes later are added when they come."""

    scene: Scene
    recipients: tuple[str, ...] = ()
    octets: bytes = b""
    subject: str = ""
    refused: int | None = None
    spool_ids: tuple[str, ...] = ()
    item_ids: list[str] = field(default_factory=list)
    outbox_ids: list[str] = field(default_factory=list)
    at_once: Entries = field(default_factory=lambda: Entries((), (), ()))
    delivered: tuple[Delivery, ...] = ()  # while it was settled


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What was delivered between two scenes, because its time had come."""

    delivered: tuple[Delivery, ...]


@dataclass(slots=True)
class Performance:
    """One run of a script. `play` yields what happens as it happens."""

    stage: Stage
    cast: Cast
    deliveries: Deliveries
    ledger: Ledger
    zone: ZoneInfo
    letterbox: Letterbox
    played: dict[str, Played] = field(default_factory=dict)
    _shown: int = 0

    def play(self, script: Script) -> Iterator[Played | Meanwhile]:
        """Play every scene, then wait for the end of the script."""
        self.ledger.new_entries()
        for scene in script.scenes:
            yield from self._wait_until(scene.at)
            yield self._act(scene)
        yield from self._wait_until(script.ends)

    def _wait_until(self, instant: datetime) -> Iterator[Meanwhile]:
        self.stage.advance_to(instant)
        self.stage.settle()
        entries = self.ledger.new_entries()
        for played in self.played.values():
            self._credit(played, entries)
        delivered = self._new_deliveries()
        if delivered:
            yield Meanwhile(delivered)

    def _credit(self, played: Played, entries: Entries) -> None:
        """Note what the clock made of an earlier scene: the next in line, a failed notice."""
        mine = played.spool_ids
        played.item_ids += [row.item_id for row in entries.items if row.spool_id in mine]
        played.outbox_ids += [
            row.outbox_id
            for row in entries.outgoing
            if row.spool_id in mine and row.kind not in _COLLECTED
        ]

    def _act(self, scene: Scene) -> Played:
        played = Played(scene)
        self.played[scene.name] = played
        if scene.letter_for:
            self.letterbox.print_letter(self.stage, scene.name, scene.letter_for)
            return played
        self._prepare(played)
        writer = self._address(scene)
        reverse_path = "" if scene.automatic in ("bounce", "out-of-office") else writer
        try:
            self.stage.submit(reverse_path, list(played.recipients), played.octets)
        except smtplib.SMTPRecipientsRefused as refusal:
            played.refused = next(iter(refusal.recipients.values()))[0]
        self.stage.settle()
        entries = self.ledger.new_entries()
        played.at_once = entries
        played.spool_ids = tuple(row.spool_id for row in entries.messages)
        played.item_ids += [row.item_id for row in entries.items]
        played.outbox_ids += [
            row.outbox_id for row in entries.outgoing if row.kind not in _COLLECTED
        ]
        played.delivered = self._new_deliveries()
        return played

    def _prepare(self, played: Played) -> None:
        """Write the scene's mail, the way its writer's mail program does."""
        scene = played.scene
        domain = self.stage.program.school.domain
        played.recipients = tuple(class_address(name, domain) for name in scene.to)
        if scene.copy_of:
            first = self.played[scene.copy_of]
            played.octets, played.subject = first.octets, first.subject
            return
        address = self._address(scene)
        at = scene.at.astimezone(self.zone)
        message_id = make_msgid(scene.name, address.rpartition("@")[2])
        if scene.automatic == "bounce":
            lost = self._answer_to(scene)
            assert lost.reverse_path is not None
            played.recipients = (lost.reverse_path,)
            message = bounce(lost.recipient, lost.reverse_path, at, message_id, lost.octets)
        else:
            quoted = None
            if scene.answers:
                to, original = self._where_to_answer(scene)
                played.recipients = (to,)
                # Whoever has only got hold of an address has nothing to quote.
                if scene.action is Action.ANSWER and not scene.holder:
                    quoted = self._quoted(original)
            subject = scene.subject or (f"Re: {quoted.subject}" if quoted else str(scene.action))
            page = Page(
                scene.writer,
                address,
                played.recipients,
                subject,
                self.letterbox.filled(scene.text),
                at,
                message_id,
                quoted,
                scene.html_only,
                scene.files,
            )
            message = write(page, scene.program)
            mark_automatic(message, scene.automatic, address.rpartition("@")[2])
        played.subject = str(message["Subject"])
        played.octets = received(message, address, at, scene.proof)

    def _address(self, scene: Scene) -> str:
        return scene.address or self.cast.addresses[scene.writer][0]

    def _where_to_answer(self, scene: Scene) -> tuple[str, Delivery]:
        """Return the address that the writer's reply goes to, and the mail it answers."""
        earlier = self.played[scene.answers]
        holder = scene.holder or scene.writer
        mine = self.cast.addresses[holder]
        if earlier.scene.answers and earlier.scene.action is Action.ANSWER and not scene.holder:
            answer = self._answer_to(scene)
            return answer.sender[1], answer
        for delivery in self.deliveries.to(mine):
            found = delivery.signed_address(scene.action, earlier.subject)
            if found is not None:
                return found, delivery
        raise BadScript(f"{scene.name}: {holder} has no mail with an address to {scene.action}")

    def _answer_to(self, scene: Scene) -> Delivery:
        """Return the delivered mail that the scene named by `answers` led to."""
        rows = self.ledger.outgoing_by_message_id()
        wanted = self.played[scene.answers].outbox_ids
        for delivery in self.deliveries.all():
            row = rows.get(delivery.message_id)
            if row is not None and row.outbox_id in wanted and row.kind == "answer":
                return delivery
        raise BadScript(f"{scene.name}: {scene.answers} led to no answer that was delivered")

    def _quoted(self, original: Delivery) -> Quoted:
        name, address = original.sender
        return Quoted(
            name,
            address,
            original.at.astimezone(self.zone),
            original.subject,
            original.text.strip(),
            original.message_id,
            str(original.message["References"] or ""),
        )

    def _new_deliveries(self) -> tuple[Delivery, ...]:
        everything = self.deliveries.all()
        new, self._shown = everything[self._shown :], len(everything)
        return new
