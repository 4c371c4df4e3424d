"""Tells a rehearsal while it runs: lines that a head teacher reads from top to bottom."""

from __future__ import annotations

from collections import Counter
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
from rules.wording import DAYS, clock_words, day_words

_INDENT = " " * 9
_NOTICES = {
    "notice-held": "{first} is told when it will be read",
    "notice-redirected": "{first} is told that the office has it",
    "notice-divided": "{first} is told who has which part, and from when",
    "notice-urgent": "{first} is told that the office has it now",
    "notice-senior": "{first} gets a receipt that does not give the reason away",
    "notice-received": "the writer gets a short receipt that says nothing of any child or class",
    "notice-not-linked": "{first} is told how to be linked, and nothing else",
    "new-address": "the address on record for {first} is told that another was added",
    "notice-linked": "{first} is told that it has worked, and to which class to write",
    "notice-code-refused": "{first} is told that the code did not work, and nothing else",
    "notice-moved": "{first} is told the new reading time",
    "notice-action-refused": "{first} is told why this could not be done",
}
_WHY = {
    "not verified": "nothing proves who wrote it",
    "not linked": "the school does not know the writer",
    "pupil": "children have no messages",
    "guardian barred from the child": "this parent is barred",
    "came to a signed address that is not the writer's": "only its owner may use that address",
    "mail of ours could not be delivered": "mail of ours came back",
}
_DONE = {
    Action.ACKNOWLEDGE: "the safeguarding register notes it; nobody else is woken",
    Action.RELEASE: "the safeguarding register notes it",
    Action.REPORT: "the safeguarding register notes it; the parent is not told",
    Action.RAISE: "the safeguarding register notes it",
    Action.DONE: "the promise is kept; no reminder comes",
    Action.SNOOZE: "it comes again in a digest of that day",
}
_MAILS = {
    "hours-review": "{who} is shown what would change, and asked: nothing has changed yet",
    "hours-undo": "{who} is shown which change “undo” means, and asked to confirm",
    "hours-changed": "{who} is told what has changed, and how to undo it",
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
        says = event.scene.says
        self._row(
            event.scene.at,
            click.style(says, fg="red", bold=True) if self._is_grave(event) else says,
        )
        for line in self._consequences(event):
            click.echo(f"{_INDENT}  → {line}")

    def _row(self, at: datetime, words: str) -> None:
        local = at.astimezone(self.zone)
        if local.date() != self._day:
            self._day = local.date()
            click.echo(f"\n{click.style(f'{day_words(self._day)} {local.year}', bold=True)}")
        click.echo(f"{clock_words(local.time()):>{len(_INDENT)}}  {words}")

    def _consequences(self, event: Played) -> Iterator[str]:
        if event.scene.letter_for:
            yield f"a letter on paper, with a code that works once: letters/{event.scene.name}.pdf"
            return
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
            if "failed" not in item.detail:
                yield self._waits(item, now)
        if event.scene.answers and event.scene.action in _DONE:
            yield _DONE[event.scene.action]
        notices = {(row.kind, row.recipient): row for row in outgoing if row.kind in _NOTICES}
        for (kind, recipient), row in notices.items():
            first = self._first_name(recipient, event.scene.writer)
            if row.state == "failed":
                yield f"the receipt for {first} cannot be delivered, so the office is told"
            else:
                yield _NOTICES[kind].format(first=first)

    def _first_name(self, recipient: str, writer: str) -> str:
        """Return what a parent is called in a line; of staff, the whole name."""
        name = self.cast.name_of(recipient)
        name = writer if "@" in name else name
        return name if self.cast.part_of(name) else name.split(" ")[0]

    def _sent(self, row: Row[Any], now: datetime) -> str:
        who = self.cast.name_of(row.recipient)
        leaves = row.not_before > now and row.state == "waiting"
        if row.kind == "answer":
            if row.state == "withdrawn":
                return ""
            if leaves:
                at = self._when(row.not_before, now)
                return click.style(f"kept back: {who} gets it at {at}", fg="yellow")
            return click.style(f"{who} has it at once", fg="green")
        if row.kind == "safeguarding":
            return click.style(f"{self.cast.with_part(who)} has it at once", fg="red")
        if row.kind in _MAILS:
            words = _MAILS[row.kind].format(who=self.cast.with_part(who))
            return words if row.state == "sent" else ""
        if row.kind in ("office", "report"):
            return click.style(f"{self.cast.with_part(who)} has it at once", fg="green")
        return ""

    def _waits(self, item: Row[Any], now: datetime) -> str:
        who, at = self.ledger.staff_name(item.staff_id), self._when(item.reads_at, now)
        if item.kind == "with-dsl":
            return f"{who} sees none of it; {at}: only that the safeguarding lead has a message"
        if item.kind == "list" and "line" in item.detail:
            return f"a line in the office's list, {at}: who was linked to whom"
        if item.kind == "list":
            return f"no person wrote it: a line in the office's list, {at}; nothing is sent back"
        if item.kind == "queue":
            why = item.detail.get("why", "")
            if item.detail.get("doubt"):
                return f"{who} is asked to look at it too, {at}: {why}"
            return f"for the office, {at}: {_WHY.get(why, why)}; no teacher sees it"
        words = f"{who} reads it at {at}"
        kept_back = item.detail.get("kept_back")
        if item.detail.get("note") and not kept_back:
            words += f", marked: {item.detail['note']}"
        elif item.due:
            words += f", and answers by {self._when(item.due, now)}"
        if kept_back:
            words += "; the unsent answer with it"
        return click.style(words, fg="cyan")

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
            return click.style(f"{who} is given the answer", fg="green")
        if row.kind not in ("digest", "office-queue"):
            return f"{who} is given: {delivery.subject}"
        items = self.ledger.items_in(row.key.split("/")[1])
        kinds = Counter(item.kind for item in items)
        if row.kind == "office-queue":
            parts = [f"{kinds['queue']} to look at"] if kinds["queue"] else []
            linked = sum("line" in item.detail for item in items)
            parts += [f"{linked} linked by a code"] if linked else []
            automatic = kinds["list"] - linked
            parts += [f"{automatic} automatic"] if automatic else []
            return f"{who} gets its list: {', '.join(parts)}"
        return click.style(f"{who} is given {self._contents(items, kinds)}", fg="cyan")

    def _contents(self, items: tuple[Row[Any], ...], kinds: Counter[str]) -> str:
        parts = []
        if kinds["with-dsl"]:
            parts.append("word that the safeguarding lead has a message to the class")
        if count := kinds["message"]:
            writers = self.ledger.guardian_names(
                item.guardian_id for item in items if item.kind == "message"
            )
            mail = f"{count} messages in one mail" if count > 1 else "1 message"
            parts.append(f"{mail}: {', '.join(writers)}")
        if count := kinds["overdue"]:
            parts.append(f"{count} late {'answers' if count > 1 else 'answer'}")
        if count := kinds["snoozed"]:
            parts.append(f"{count} put off")
        return "; ".join(parts)

    def _when(self, instant: datetime, now: datetime) -> str:
        """Return "3.30pm today" or "8am on Monday": the headings around it have the dates."""
        local, today = instant.astimezone(self.zone), now.astimezone(self.zone).date()
        ahead = (local.date() - today).days
        day = {0: "today", 1: "tomorrow"}.get(ahead, f"on {DAYS[local.weekday()]}")
        return f"{clock_words(local.time())} {day}"

    def _is_grave(self, event: Played) -> bool:
        return any(row.kind == "safeguarding" for row in event.at_once.outgoing)
