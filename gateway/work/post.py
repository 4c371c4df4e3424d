"""The way out: a mail is written, signed addresses and all, checked, and put in the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from gateway.mail.compose import compose
from gateway.mail.draft import Draft, DraftFault, Enclosure
from gateway.mail.lint import LintFault, lint
from gateway.mail.render import Rendered
from gateway.school import School
from gateway.store import journal, outbox
from gateway.store.outbox import Outgoing, Priority
from gateway.store.types import new_id
from gateway.tokens import Keys, local_part
from rules.instruction import ANSWERS, Action

log = logging.getLogger(__name__)

Outcome = Literal["queued", "known", "held"]

ANSWERS_LAST = timedelta(days=90)
# Fourteen school days are just under three weeks of term; holidays come on top.
ACTIONS_LAST = timedelta(days=28)
CONFIRMING_LASTS = timedelta(days=3)  # what is confirmed later would move what nobody was shown


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, before it is written. `about` is the message it concerns."""

    key: str
    kind: str
    priority: Priority
    sender_name: str
    sender: str
    recipient: str
    words: Rendered
    about: str | None = None
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: Literal["auto-replied", "auto-generated"] | None = "auto-generated"
    attachments: tuple[Enclosure, ...] = ()
    enclosed: bytes | None = None
    forbidden: tuple[str, ...] = ()
    guardian_id: str | None = None
    hours_of: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Writes one school's letters into the outbox."""

    school: School
    keys: Keys

    def token_address(self, action: Action, item_id: str, staff_id: str, now: datetime) -> str:
        """Return the signed address by which `staff_id` alone can do `action` on a message."""
        lasts = ANSWERS_LAST if action in ANSWERS else ACTIONS_LAST
        if action is Action.CONFIRM_HOURS:
            lasts = CONFIRMING_LASTS
        last_day = self.school.today(now) + lasts
        token = self.keys.sign(action, item_id, staff_id, last_day)
        return self.school.address(local_part(action, token))

    def send(self, connection: Connection, letter: Letter, now: datetime) -> Outcome:
        """Queue `letter`, unless it was queued before or would say what was not meant.

        A held letter is never sent and never tried again: what it was about is
        already where a person sees it, and the journal says so.
        """
        try:
            draft = self._draft(letter, now)
            octets = compose(draft)
            lint(octets, draft, own_domains=self._own_domains())
        except (LintFault, DraftFault) as fault:
            # The faults name a check, never what was found.
            why = str(fault)
            log.warning("letter_held", extra={"kind": letter.kind, "spool_id": letter.about})
            journal.record(
                connection,
                school_id=self.school.school_id,
                spool_id=letter.about,
                event="letter-held",
                key=f"{letter.key}/held",
                at=now,
                detail={"kind": letter.kind, "fault": why},
            )
            return "held"
        reverse_path = None
        if letter.auto_submitted is None:
            # A person wrote it, so a bounce must find its way back to us (RFC 3834 §4 asks
            # for the null path only for what no person wrote).
            about = letter.about or new_id(now)
            reverse_path = self.token_address(Action.BOUNCE, about, "", now)
        added = outbox.add(
            connection,
            Outgoing(
                key=letter.key,
                school_id=self.school.school_id,
                kind=letter.kind,
                priority=letter.priority,
                recipient=letter.recipient,
                reverse_path=reverse_path,
                message_id=draft.message_id,
                octets=octets,
                not_before=letter.not_before or now,
                spool_id=letter.about,
                guardian_id=letter.guardian_id,
                hours_of=letter.hours_of,
            ),
            now,
        )
        return "queued" if added is not None else "known"

    def _draft(self, letter: Letter, now: datetime) -> Draft:
        return Draft(
            kind=letter.kind,
            sender_name=letter.sender_name,
            sender=letter.sender,
            recipient=letter.recipient,
            subject=letter.words.subject,
            text=letter.words.text,
            html=letter.words.html,
            message_id=self._message_id(letter, now),
            date=letter.not_before or now,
            reply_to=letter.reply_to,
            in_reply_to=letter.in_reply_to,
            references=letter.references,
            auto_submitted=letter.auto_submitted,
            attachments=letter.attachments,
            enclosed=letter.enclosed,
            forbidden=letter.forbidden,
        )

    def _message_id(self, letter: Letter, now: datetime) -> str:
        """Return a new id; the reply's token rides in it for programs that ignore Reply-To."""
        local, _at, _domain = (letter.reply_to or "").partition("@")
        token = local.partition("+")[2]
        return f"<{token + '.' if token else ''}{new_id(now)}@{self.school.domain}>"

    def _own_domains(self) -> tuple[str, ...]:
        office = self.school.policy.contacts.office_address.rpartition("@")[2].lower()
        return (self.school.domain, office)
