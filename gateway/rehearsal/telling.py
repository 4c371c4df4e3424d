"""Tells a rehearsal while it runs: lines that a head teacher reads from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Row

from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Delivery
from gateway.rehearsal.ledger import Ledger
from gateway.rehearsal.performance import Meanwhile, Played
from rules.instruction import Action
from rules.wording import clock_words, day_words, when

_INDENT = " " * 9
_NOTICES = {
    "notice-held": "{first} is told when it will be read",
    "notice-redirected": "{first} is told that the office has it",
    "notice-divided": "{first} is told who has which part, and from when",
    "notice-urgent": "{first} is told that the office has it now",
    "notice-senior": "{first} gets a receipt that does not give the reason away",
    "notice-received": "the writer gets a short receipt that says nothing of any child or class",
    "notice-not-linked": "{first} is told how to be linked, and nothing else",
    "notice-action-refused": "{first} is told why this could not be done",
}
_WHY = {
    "not verified": "nothing proves who wrote it",
    "not linked": "nobody here knows the writer",
    "pupil": "children have no messages",
    "guardian barred from the child": "the roster says that this parent is barred",
    "came to a signed address that is not the writer's": "the address works for its owner only",
    "our mail came back": "our mail came back",
}
_DONE = {
    Action.ACKNOWLEDGE: "the safeguarding register notes it; nobody else is woken",
    Action.RELEASE: "the safeguarding register notes it",
    Action.REPORT: "the safeguarding register notes it; the parent is not told",
    Action.RAISE: "the safeguarding register notes it",
}


@dataclass(slots=True)
class Telling:
    """Prints each event as it happens, under the heading of its day."""

    cast: Cast
    ledger: Ledger
    zone: ZoneInfo
    _day: date | None = None

    def tell(self, event: Played | Meanwhile) -> None:
        """Print one event."""
        if isinstance(event, Meanwhile):
            for at, line in self._meanwhile(event):
                self._row(at, line)
            return
        colour = "red" if self._is_grave(event) else None
        self._row(event.scene.at, click.style(event.scene.says, fg=colour, bold=bool(colour)))
        for line in self._consequences(event):
            click.echo(f"{_INDENT}  → {line}")

    def _row(self, at: datetime, words: str) -> None:
        local = at.astimezone(self.zone)
        if local.date() != self._day:
            self._day = local.date()
            click.echo(f"\n{click.style(f'{day_words(self._day)} {local.year}', bold=True)}")
        click.echo(f"{clock_words(local.time()):>{len(_INDENT)}}  {words}")

    def _consequences(self, event: Played) -> Iterator[str]:
        if event.refused is not None:
            yield click.style(
                f"refused at the door ({event.refused}): the sender's own mail program says so",
                fg="yellow",
            )
            return
        if any(row.duplicate_of for row in event.at_once.messages):
            yield "the same message again: counted, and nothing is sent twice"
            return
        now = event.scene.at
        # Whom it reaches comes first, what the writer is told last.
        outgoing = sorted(event.at_once.outgoing, key=lambda row: row.kind.startswith("notice"))
        for row in (row for row in outgoing if not row.kind.startswith("notice")):
            line = self._sent(row, now)
            if line:
                yield line
        for item in event.at_once.items:
            yield self._waits(item, now)
        if event.scene.answers and event.scene.action in _DONE:
            yield _DONE[event.scene.action]
        notices = {row.kind: row for row in outgoing if row.kind in _NOTICES}
        for kind, row in notices.items():
            yield _NOTICES[kind].format(first=self._first_name(event, row))

    def _sent(self, row: Row[Any], now: datetime) -> str:
        who = self.cast.name_of(row.recipient)
        leaves = row.not_before > now and row.state == "waiting"
        if row.kind == "answer":
            if leaves:
                at = when(row.not_before, now, self.zone)
                return click.style(f"kept back: {who} gets it at {at}", fg="yellow")
            return click.style(f"{who} has it at once", fg="green")
        if row.kind == "safeguarding":
            return click.style(f"{self.cast.with_part(who)} has it at once", fg="red")
        if row.kind in ("office", "report"):
            return click.style(f"{self.cast.with_part(who)} has it at once", fg="green")
        return ""

    def _waits(self, item: Row[Any], now: datetime) -> str:
        who, at = self.ledger.staff_name(item.staff_id), when(item.reads_at, now, self.zone)
        if item.kind == "with-dsl":
            return f"{who} sees none of it; at {at} only that the safeguarding lead has a message"
        if item.kind == "list":
            return f"no person wrote it: a line in the office's list, {at}; nobody answers it"
        if item.kind == "queue":
            why = item.detail.get("why", "")
            return f"{who} must look at it, {at}: {_WHY.get(why, why)}; no teacher sees it"
        due = f"; answer promised by {when(item.due, now, self.zone)}" if item.due else ""
        note = f" ({item.detail['note'].rstrip('.').lower()})" if item.detail.get("note") else ""
        return click.style(f"{who} reads it at {at}{note}{due}", fg="cyan")

    def _first_name(self, event: Played, row: Row[Any]) -> str:
        name = event.scene.writer.partition(" <")[0]
        del row
        return name.split(" ")[0]

    def _meanwhile(self, event: Meanwhile) -> Iterator[tuple[datetime, str]]:
        rows = self.ledger.outgoing_by_message_id()
        for delivery in event.delivered:
            row = rows.get(delivery.message_id)
            if row is not None:
                yield delivery.at, self._given(delivery, row)

    def _given(self, delivery: Delivery, row: Row[Any]) -> str:
        who = delivery.who
        if row.kind == "safeguarding":
            words = f"{self.cast.with_part(who)} is told too: nobody has said “I have it” yet"
            return click.style(words, fg="red")
        if row.kind == "answer":
            return click.style(f"The answer leaves for {who}", fg="green")
        if row.kind == "office-queue":
            return f"{who} gets its list: {delivery.subject.partition(': ')[2]}"
        items = self.ledger.items_in(row.key.split("/")[1]) if row.kind == "digest" else ()
        mails = sum(item.kind == "message" for item in items)
        held = len(items) - mails
        parts = []
        if mails:
            parts.append(f"{mails} message{'s' if mails > 1 else ''} in one mail")
        if held:
            parts.append("word that the safeguarding lead has a message to the class")
        return click.style(f"{who} is given {', and '.join(parts) or delivery.subject}", fg="cyan")

    def _is_grave(self, event: Played) -> bool:
        return any(row.kind == "safeguarding" for row in event.at_once.outgoing)
