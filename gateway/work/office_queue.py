"""The office's list: held messages that a person must look at, and answers that are late."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.mail.render import Rendered, render
from gateway.school import School
from gateway.store import cases, digests, journal
from gateway.store.outbox import Priority
from gateway.store.staffing import Staffing
from gateway.work.letters import Letters, unshown
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.source import Source
from gateway.work.strangers import Known, Strangers, values_of
from rules.codes import without_codes
from rules.instruction import Action
from rules.people import Role, Staff
from rules.wording import moment_words

log = logging.getLogger(__name__)

# The office, then whoever stands in for it.
HOLDERS = (Role.OFFICE, Role.HEAD, Role.SLT, Role.DSL)

# A code that nobody used can still be used by whoever reads this list.
CODE = "[an invite code]"
_LOOKED_AT = 6_000  # characters: the list shows half of them


def next_holder(staffing: Staffing, besides: Collection[str] = ()) -> Staff | None:
    """Return who is given the list, leaving out the staff ids `besides`."""
    by_rank = sorted(staffing.leads, key=lambda person: (person.rank, person.staff_id))
    return next(
        (
            person
            for role in HOLDERS
            for person in by_rank
            if role in person.roles and person.staff_id not in besides
        ),
        None,
    )


def put_on_list(
    connection: Connection,
    school: School,
    spool_id: str,
    why: str,
    now: datetime,
    *,
    key: str,
    failed: str,
    besides: Collection[str] = (),
    answer: str = "",
) -> None:
    """Put a message on the next list, because mail of kind `failed` about it goes nowhere.

    The same `key` again adds nothing. `besides` are the staff ids that cannot be reached.
    `answer` is what staff had written to the parent, who did not get it.
    """
    left_out = {*besides, *cases.kept_from_with(connection, spool_id)}
    reader = next_holder(school.staffing(connection, now), left_out)
    if reader is None:
        log.error("nobody_to_tell", extra={"spool_id": spool_id})
        return
    digests.add_item(
        connection,
        key=f"{spool_id}/{key}",
        spool_id=spool_id,
        staff_id=reader.staff_id,
        kind="queue",
        reads_at=now,
        detail={"why": why, "failed": failed} | ({"answer": answer} if answer else {}),
        now=now,
    )


def pass_on(
    connection: Connection, school: School, items: Sequence[Row[Any]], address: str, now: datetime
) -> None:
    """Give what stood in a list that cannot reach `address` to the next holder.

    Each holder is tried once, so a list about lists cannot go round for ever.
    """
    staffing = school.staffing(connection, now)
    there = {person.staff_id for person in staffing.leads if person.address == address}
    for item in items:
        tried = {*item.detail.get("passed", ()), item.staff_id} | there
        reader = next_holder(staffing, tried | cases.kept_from_with(connection, item.spool_id))
        if reader is None:
            log.error("nobody_to_tell", extra={"spool_id": item.spool_id})
            continue
        digests.add_item(
            connection,
            key=f"{item.spool_id}/{reader.staff_id}/passed/{item.item_id}",
            spool_id=item.spool_id,
            staff_id=reader.staff_id,
            kind=item.kind,
            reads_at=now,
            detail={**item.detail, "passed": sorted(tried)},
            now=now,
        )


def queue_letter(
    connection: Connection,
    letters: Letters,
    reader: Staff,
    items: list[Row[Any]],
    digest_id: str,
    now: datetime,
) -> int:
    """Queue one mail that lists the held messages; return how many mails that were.

    One that must not go as it is goes without a word from outside; when not even that
    can go, the next holder is given what stood in it.
    """
    school = letters.school
    letter = Letter(
        key=f"queue/{digest_id}",
        kind="office-queue",
        priority=Priority.OFFICE,
        sender_name=school.name,
        sender=school.address("postmaster"),
        recipient=reader.address,
        words=_words(connection, letters, items, now, bare=False),
    )
    if letters.post.send(connection, letter, now) != "held":
        return 1
    bare = replace(letter, words=_words(connection, letters, items, now, bare=True))
    if letters.post.send(connection, bare, now) != "held":
        return 1
    pass_on(connection, school, items, reader.address, now)
    return 0


def _words(
    connection: Connection, letters: Letters, items: list[Row[Any]], now: datetime, *, bare: bool
) -> Rendered:
    """Return the list's words; `bare` ones hold nothing that came with a message."""
    school = letters.school
    rows = []
    quiet: list[str] = []
    joined: list[str] = []
    late = [item for item in items if item.kind == "late"]
    reader = letters.staff(connection, items[0].staff_id, now) if items else None
    strangers = Strangers(connection, school, letters.post, reader, now)
    for item in items:
        if item.kind == "late":
            continue
        source = letters.source(connection, item.spool_id, now)
        received = moment_words(source.arrived, school.zone)
        if item.kind == "list":
            subject = without_codes(source.content.subject, CODE) or "No subject"
            line = item.detail.get("line")  # who was linked to whom, by an invite code
            shown = line or f"{source.claimed_address}: {subject}"
            listed = joined if line else quiet
            listed.append(f"{received}, {f'number {item.spool_id}' if bare else shown}")
            continue
        row = {
            "id": item.spool_id,
            "claims": ", ".join(dict.fromkeys((source.writer, source.claimed_address))),
            "received": received,
            "why": item.detail.get("why", ""),
            "unseen": "failed" not in item.detail and "doubt" not in item.detail,
            "raise_to": _raise_to(letters, item, now),
            **_hint_values(connection, letters, source, item, now),
            **values_of(strangers.known(source) if _is_held(item) else Known()),
            "subject": without_codes(source.content.subject, CODE),
            "text": without_codes(source.content.body_text[:_LOOKED_AT], CODE),
            "answer": item.detail.get("answer", ""),
            "attachments": source.attachment_names,
        }
        rows.append(row | _unshown_values(item.spool_id) if bare else row)
    lists = {
        "rows": rows,
        "quiet": quiet,
        "joined": joined,
        # The longest wait first; who was to answer is nobody's ranking (REQUIREMENTS T3).
        "late": [
            _late_values(connection, letters, item, now, bare=bare)
            for item in sorted(late, key=lambda item: (item.due, item.item_id))
        ],
    }
    return render("office-queue", contact_values(school) | lists)


def _late_values(
    connection: Connection, letters: Letters, item: Row[Any], now: datetime, *, bare: bool
) -> dict[str, Any]:
    """Return what the office needs to help a parent whose answer is late: no word of theirs."""
    source = letters.source(connection, item.spool_id, now)
    return {
        "id": item.spool_id,
        "class_name": "A class" if bare else source.class_name,
        "guardian": "not shown" if bare else source.writer,
        "pupils": () if bare else source.pupils,
        "received": moment_words(source.arrived, letters.school.zone),
        "due": moment_words(item.due, letters.school.zone),
    }


def _is_held(item: Row[Any]) -> bool:
    """Whether the message stands here because somebody must say who wrote it."""
    return item.kind == "queue" and "failed" not in item.detail and "doubt" not in item.detail


def _hint_values(
    connection: Connection, letters: Letters, source: Source, item: Row[Any], now: datetime
) -> dict[str, Any]:
    """Return whether the words stand behind a line, and what the labels let the reader do."""
    labels = journal.labels(connection, item.spool_id)

    def address(action: Action, *, offered: bool) -> str:
        token = letters.post.token_address
        return token(action, item.spool_id, item.staff_id, now) if offered else ""

    distress = "abusive" in labels
    known = source.verified and source.row.guardian_id is not None
    remind = "child_author" in labels and known
    return {
        "distress": distress,
        "report_to": address(Action.REPORT, offered=distress),
        "security_to": address(Action.SECURITY, offered=remind),
    }


def _unshown_values(spool_id: str) -> dict[str, Any]:
    return {
        "claims": "not shown",
        # The reason may quote a field of the message.
        "why": "something in it must not be sent on",
        "subject": "Not shown",
        "text": unshown(spool_id),
        "answer": "",
        "attachments": (),
        "distress": False,
        "known": (),  # it quotes the From field; the buttons stay
    }


def _raise_to(letters: Letters, item: Row[Any], now: datetime) -> str:
    """Return by which address the lead makes a case of what is perhaps one; "" for other rows."""
    if not item.detail.get("doubt"):
        return ""
    return letters.post.token_address(Action.RAISE, item.spool_id, item.staff_id, now)
