"""What stands on the screen when a rehearsal is over: who got what, the sums, and where it lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click

from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Deliveries, Delivery
from gateway.rehearsal.ledger import Ledger
from gateway.rehearsal.script import WEEKDAYS
from gateway.rehearsal.verdict import Verdict
from gateway.store.audit import Audit
from rules.effects import Ending
from rules.wording import clock_words

_KINDS = {
    "digest": "mail to read",
    "office": "message",
    "office-queue": "list",
    "safeguarding": "alert",
    "report": "report",
    "answer": "answer",
    "returned": "answer returned",
    "welcome": "welcome",
    "hours-news": "news of the hours",
    "policy-review": "reminder of the review",
    "policy-change": "change of the policy",
    "approval-ends": "end of an approval",
    "people-review": "question about people",
    "people-done": "answer about people",
    "people-refused": "refusal about people",
    "links-waiting": "request for an approval",
    "removed": "removal",
    "let-back": "return",
    "new-address": "news of another address",
}
_ENDINGS = {
    Ending.DELIVERED: "delivered, to a teacher or as an answer to a parent",
    Ending.WAITING: "waiting for a teacher's next hours",
    Ending.REDIRECTED: "passed on to the office or the SENCo",
    Ending.SAFEGUARDING: "with the safeguarding lead",
    Ending.OFFICE_QUEUE: "on the office's list, for a person to look at",
    Ending.CARRIED_OUT: "done as staff asked, by a signed address",
    Ending.REFUSED: "refused, and the writer told why",
    Ending.DUPLICATE: "the same message again",
}
_NAME_WIDTH = 36
_LINE_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Summary:
    """Prints the end of a rehearsal."""

    cast: Cast
    ledger: Ledger
    zone: ZoneInfo

    def who_got_what(self, deliveries: Deliveries) -> None:
        """Print a line for each person: how many mails of which kind, and when."""
        rows = self.ledger.outgoing_by_message_id()
        people: dict[str, list[tuple[str, Delivery]]] = {}
        for delivery in deliveries.all():
            row = rows.get(delivery.message_id)
            kind = _KINDS.get(row.kind, "receipt") if row is not None else "mail"
            people.setdefault(delivery.who, []).append((kind, delivery))
        _heading("Who got what")
        staff = [row.name for row in self.cast.staff]
        for name in staff:
            self._person(name, people.pop(name, []))
        click.echo()
        for name in sorted(people):
            self._person(name, people[name])

    def sums(self, audit: Audit, verdict: Verdict, scenes: int) -> None:
        """Print where every message is, and what was looked at."""
        _heading("Is anything lost?")
        for ending, words in _ENDINGS.items():
            if count := audit.endings.get(ending, 0):
                click.echo(f"  {count:>5}  {words}")
        for unknown in sorted(audit.endings.keys() - set(_ENDINGS)):
            click.echo(f"  {audit.endings[unknown]:>5}  {unknown}")
        total = f"= {sum(audit.endings.values())}"
        click.echo(f"  {total:>5}  of {audit.accepted} messages that were accepted\n")
        _line(audit.is_whole, "Each of them is in exactly one of these places.")
        outside = [fault for fault in verdict.faults if "outside the hours" in fault]
        _line(
            not outside, f"{verdict.to_teachers} mails reached teachers, none outside their hours."
        )
        shown = [fault for fault in verdict.faults if " shows " in fault]
        _line(
            not shown,
            f"{verdict.to_parents} mails reached parents, none with the address of another family"
            " or of staff.",
        )
        _line(not verdict.faults, f"{scenes} scenes were played, and each went as the script says.")
        for fault in verdict.faults:
            click.echo(click.style(f"  FAULT  {fault}", fg="red"))

    def _person(self, name: str, got: list[tuple[str, Delivery]]) -> None:
        part = self.cast.part_of(name)
        label = f"{name}, {part}" if part and part != "the office" else name
        kinds = Counter(kind for kind, _delivery in got)
        counts = ", ".join(_counted(kind, count) for kind, count in kinds.items()) or "nothing"
        times = "; ".join(self._times(got))
        lines = _wrapped(f"{counts}: {times}" if times else counts, _LINE_WIDTH - _NAME_WIDTH - 2)
        click.echo(f"  {label:<{_NAME_WIDTH}}{next(lines)}")
        for line in lines:
            click.echo(f"  {'':<{_NAME_WIDTH}}{line}")

    def _times(self, got: list[tuple[str, Delivery]]) -> Iterator[str]:
        """Yield "Fri 3.30pm, 4pm" for each day."""
        days: dict[str, list[str]] = {}
        for _kind, delivery in got:
            local = delivery.at.astimezone(self.zone)
            days.setdefault(WEEKDAYS[local.weekday()], []).append(clock_words(local.time()))
        for day, times in days.items():
            yield f"{day} {', '.join(dict.fromkeys(times))}"


def _heading(words: str) -> None:
    click.echo(f"\n{click.style(words, bold=True)}")


def _line(is_well: bool, words: str) -> None:
    mark = click.style("yes", fg="green") if is_well else click.style("NO ", fg="red")
    click.echo(f"  {mark}  {words}")


def _counted(kind: str, count: int) -> str:
    head, _space, tail = kind.partition(" ")
    return f"{count} {head}{'s' if count != 1 else ''} {tail}".rstrip()


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
