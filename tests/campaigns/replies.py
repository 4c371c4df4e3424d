"""A teacher answers digests of ten families in every mail program: does another's word leave?

`python -m tests.campaigns.replies`: 500 replies through a running gateway, to digests that it
rendered itself, in the quoting styles of the corpus and of the programs that people use.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gateway.mail.read import read_message
from gateway.store.schema import messages, outbox
from tests.campaigns.reply_cases import Case, cases
from tests.campaigns.reply_corpus import corpus_styles
from tests.campaigns.reply_families import Family, families
from tests.campaigns.reply_judge import Outcome, judge
from tests.campaigns.reply_styles import Sent
from tests.campaigns.reply_styles_more import STYLES
from tests.installation import authenticated
from tests.mailroom import Delivery
from tests.staged import Staged, staged
from tests.talk import Talk

KHAN, ROOM = "khan@oakfield.example", "3b@class.oakfield.example"
STAFF = [("Miss Khan", KHAN, "teacher", "3B", 0)]
LONDON = ZoneInfo("Europe/London")
DIGESTS, REPLIES = 5, 100
FRAME = "\n\nMiss Khan, 3B\n"
HELD_WRONGLY_AT_MOST = 0.05


@dataclass(slots=True)
class Figures:
    """What became of all the replies."""

    outcomes: list[Outcome] = field(default_factory=list)
    betrayed: list[str] = field(default_factory=list)  # mails to parents with another's words
    styles: int = 0
    seconds: float = 0.0

    @property
    def answers(self) -> list[Outcome]:
        """Those that hold nothing but the teacher's own words, and what was quoted."""
        return [one for one in self.outcomes if one.case.kind == "answer"]

    @property
    def pasted_out(self) -> list[Outcome]:
        """Those that left although the teacher had put another family's words into them."""
        return [
            one for one in self.outcomes if one.case.kind == "pasted" and one.relayed is not None
        ]

    @property
    def held_wrongly(self) -> list[Outcome]:
        """Answers that were kept from their family."""
        return [one for one in self.answers if one.is_held_wrongly]

    @property
    def leaked(self) -> list[Outcome]:
        """Replies with which another family's words left."""
        return [one for one in self.outcomes if one.leaked]

    @property
    def is_good(self) -> bool:
        """Whether the bars hold."""
        few = len(self.held_wrongly) <= HELD_WRONGLY_AT_MOST * len(self.answers)
        return few and not (self.leaked or self.betrayed or self.pasted_out)

    def lines(self) -> list[str]:
        """Return the figures as text."""
        sent = [one for one in self.answers if one.relayed is not None]
        lost = [one for one in sent if one.lost]
        held = Counter(one.case.name.split(" ", 1)[1] for one in self.held_wrongly)
        return [
            f"{len(self.outcomes)} replies in {self.styles} styles, {self.seconds:.0f} s",
            f"  another family's words left:    {len(self.leaked)} of {len(self.outcomes)}"
            f" (mails to parents with such words: {len(self.betrayed)})",
            f"  pasted by hand, and held:       {len(self.outcomes) - len(self.answers)}"
            f" less {len(self.pasted_out)}",
            f"  held wrongly:                   {len(self.held_wrongly)} of {len(self.answers)}",
            f"  lost words of the teacher's:    {len(lost)} of {len(sent)}"
            f" ({sum(one.lost for one in lost)} of {sum(one.own for one in sent)} words)",
            f"  kept something that was quoted: {sum(one.kept for one in sent)} of {len(sent)}",
            *(f"    held wrongly: {count} x {name}" for name, count in held.most_common(10)),
            *(f"    left: {one.case.name}: {', '.join(one.leaked)}" for one in self.leaked[:10]),
            *(f"    pasted, not held: {one.case.name}" for one in self.pasted_out[:10]),
            *(f"    words lost: {one.case.name}" for one in lost[:10]),
        ]


def run(digests: int, replies: int) -> Figures:
    """Answer `digests` digests of ten families with `replies` replies each."""
    figures = Figures(styles=len(STYLES | corpus_styles()))
    began = time.monotonic()
    for seed in range(1, digests + 1):
        with tempfile.TemporaryDirectory(prefix="schoolgate-replies-") as scratch:
            _one_digest(Path(scratch), seed, replies, figures)
    figures.seconds = time.monotonic() - began
    return figures


def _one_digest(folder: Path, seed: int, replies: int, figures: Figures) -> None:
    people = families(seed)
    roster = [
        (f"P{one.number}", *one.pupil.split(" ", 1), "3B", one.guardian, one.address)
        for one in people
    ]
    start = datetime(2026, 11, 24, 9, tzinfo=LONDON)
    with staged(folder, start, STAFF, roster, speed=1.0) as gateway:
        talk = Talk(gateway)
        for one in people:
            talk.write(one.address, ROOM, one.text, subject=one.subject)
        talk.at(start.replace(hour=15, minute=31))
        [digest] = talk.mail_for(KHAN)
        sent, addresses = _sent(digest), _addresses(talk, digest, people)
        people = [one for one in people if one.number in addresses]
        picked = list(cases(replies, seed, STYLES | corpus_styles(), people, sent, addresses))
        for case in picked:
            octets = authenticated(KHAN.partition("@")[2]) + case.octets
            recipient = str(read_message(case.octets).header("To")[0])
            gateway.stage.submit(KHAN, [recipient], octets)
        gateway.stage.settle()
        for case in picked:
            relayed = _relayed(gateway, case)
            figures.outcomes.append(judge(case, relayed, people, digest.text))
        for one in people:
            for mail in talk.mail_for(one.address):
                if any(_shows(mail, other) for other in people if other is not one):
                    figures.betrayed.append(one.guardian)


def _sent(mail: Delivery) -> Sent:
    pages = [part for part in mail.message.walk() if part.get_content_type() == "text/html"]
    octets = pages[0].get_payload(decode=True)
    assert isinstance(octets, bytes)
    return Sent(read_message(mail.octets).subject, mail.text, octets.decode("utf-8"))


def _addresses(talk: Talk, mail: Delivery, people: Sequence[Family]) -> dict[int, str]:
    """Return where each family is answered: the address under its own entry."""
    found: dict[int, str] = {}
    for address in talk.links(mail, "r"):
        above = mail.text[: mail.text.index(address)]
        nearest = max(people, key=lambda one: above.rfind(one.guardian))
        found.setdefault(nearest.number, address)
    return found


def _relayed(gateway: Staged, case: Case) -> str | None:
    """Return what left for the parent; what was doubled left with the first."""
    message_id = read_message(case.octets).message_id
    m = messages.c
    with gateway.store.read() as connection:
        row = connection.execute(select(messages).where(m.message_id == message_id)).one()
        if row.duplicate_of:
            row = connection.execute(select(messages).where(m.spool_id == row.duplicate_of)).one()
        octets = connection.execute(
            select(outbox.c.octets).where(outbox.c.key == f"answer/{row.content_key}")
        ).scalar()
    return None if octets is None else read_message(octets).body_text.rpartition(FRAME)[0]


def _shows(mail: Delivery, other: Family) -> bool:
    content = read_message(mail.octets)
    shown = "\n".join((content.subject, content.body_text, *(v.text for v in content.views)))
    return any(word.lower() in shown.lower() for word in (other.canary, other.pupil))


def main() -> int:
    """Run all of it, print the figures, and return 1 when a bar is missed."""
    if not corpus_styles():
        print("shared/corpus is not here: only the styles of this project are used")
    figures = run(DIGESTS, REPLIES)
    print("\n".join(figures.lines()))
    return 0 if figures.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
