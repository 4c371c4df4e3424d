"""Uses invite codes up: the link, the address, the acceptance, and who is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.invites.issuing import Child, children_of
from gateway.invites.on_record import OnRecord, active_besides, contacts_of
from gateway.policypage import summary
from gateway.school import LINK
from gateway.store import digests, invites, journal, links
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.new_address import put_on_record
from gateway.work.notice_words import Told, notice_words
from gateway.work.office_queue import next_holder
from gateway.work.post import Letter
from gateway.work.reachable import whose_hours
from gateway.work.source import Source
from rules.effects import NoticeKind
from rules.inviting import standing_by_code
from rules.line_effects import LinkByCodes
from rules.links import LinkStanding


@dataclass(frozen=True, slots=True)
class _Linked:
    """One code that was used."""

    contact: OnRecord
    children: tuple[Child, ...]  # the one child, or none when it is in no class today
    standing: LinkStanding

    @property
    def given_name(self) -> str:
        """The child's, or the full name where no class is known."""
        found = next((one.given_name for one in self.children), "")
        return found or self.contact.link.pupil_name

    @property
    def is_active(self) -> bool:
        """Whether the guardian may write now."""
        return self.standing is LinkStanding.ACTIVE


def link_by_codes(
    connection: Connection, letters: Letters, source: Source, effect: LinkByCodes, now: datetime
) -> None:
    """Link every child whose code came, and tell the guardian and the office. Once is enough."""
    found = [
        linked
        for invite_id in effect.invite_ids
        if (linked := _use(connection, letters, source, invite_id, effect.address, now))
    ]
    if not found:
        return
    _tell_office(connection, letters, source, found, effect.address, now)
    _tell_guardian(connection, letters, source, found, effect.address, now)


def _use(
    connection: Connection,
    letters: Letters,
    source: Source,
    invite_id: str,
    address: str,
    now: datetime,
) -> _Linked | None:
    school = letters.school
    row = invites.find(connection, school.school_id, invite_id)
    if row is None:
        return None
    # As it was decided: by the day on which the code came, though midnight may have passed.
    today = school.today(source.arrived)
    contacts = contacts_of(connection, row.pupil_id, today)
    contact = next((one for one in contacts if one.link.guardian_id == row.guardian_id), None)
    if contact is None or not invites.spend(connection, invite_id, address, source.spool_id, now):
        return None
    # Asked again: another code of the same mail may have taken the last place.
    others = active_besides(contacts, row.guardian_id)
    standing = standing_by_code(contact.as_contact(others))
    if standing is not contact.link.standing:
        links.set_standing(connection, row.guardian_id, row.pupil_id, standing)
    if address not in contact.addresses:
        put_on_record(
            connection,
            letters,
            row.guardian_id,
            address,
            now,
            key=invite_id,
            spool_id=source.spool_id,
        )
    version = school.policy.version
    invites.accept(connection, row.guardian_id, version, source.spool_id, now)
    journal.record(
        connection,
        school_id=school.school_id,
        spool_id=source.spool_id,
        event="linked-by-code",
        key=f"linked-by-code/{invite_id}",
        at=now,
        detail={
            "invite_id": invite_id,
            "guardian_id": row.guardian_id,
            "pupil_id": row.pupil_id,
            "standing": str(standing),
            "new_address": address not in contact.addresses,
        },
        policy_version=version,
    )
    reference = contact.link.pupil_reference
    return _Linked(contact, children_of(connection, school, today, reference=reference), standing)


def _tell_office(
    connection: Connection,
    letters: Letters,
    source: Source,
    found: list[_Linked],
    address: str,
    now: datetime,
) -> None:
    """Put one line on the office's next list."""
    school = letters.school
    reader = next_holder(school.staffing(connection, now))
    if reader is None:
        return
    # A morning on which a class brings its letters home is a list, not thirty mails.
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    said = []
    for one in found:
        link = one.contact.link
        how = "linked to" if one.is_active else "waits for an approval to be linked to"
        new = "" if address in one.contact.addresses else ", a new address of theirs"
        said.append(f"{link.guardian_name} is {how} {link.pupil_name} by code, from {address}{new}")
    digests.add_item(
        connection,
        key=f"{source.spool_id}/{reader.staff_id}/linked",
        spool_id=source.spool_id,
        staff_id=reader.staff_id,
        kind="list",
        reads_at=school.calendar.next_office_opening(next_hour) or next_hour,
        detail={"why": "an invite code was used", "line": "; ".join(said)},
        now=now,
    )


def _tell_guardian(
    connection: Connection,
    letters: Letters,
    source: Source,
    found: list[_Linked],
    address: str,
    now: datetime,
) -> None:
    """Confirm to the address that was linked, in the language of that home too."""
    school = letters.school
    active = [child for one in found if one.is_active for child in one.children]
    told = Told(
        NoticeKind.LINKED,
        class_addresses=tuple(dict.fromkeys(child.class_address for child in active)),
        waiting_for=tuple(one.given_name for one in found if not one.is_active),
        more=(
            ("rooms", tuple((one.given_name, one.class_name, one.class_address) for one in active)),
            ("summary", summary(school.policy, school.calendar, school.today(now))[1:-1]),
        ),
    )
    letter = Letter(
        key=f"linked/{source.spool_id}",
        kind=f"notice-{NoticeKind.LINKED}",
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=school.address(LINK),
        recipient=address,
        words=notice_words(school, told, found[0].contact.home_language, now),
        about=source.spool_id,
        in_reply_to=source.content.message_id,
        references=source.content.references,
        auto_submitted="auto-replied",
        hours_of=whose_hours(school.staffing(connection, now), address),
    )
    letters.post.send(connection, letter, now)
