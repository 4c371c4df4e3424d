"""Rows of our own families and staff files as the records of a roster."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.roster.families import FamilyRow
from gateway.roster.records import (
    ContactRecord,
    EnrolmentRecord,
    LinkRecord,
    PupilRecord,
    Roster,
    StaffRecord,
    Where,
)
from gateway.roster.staff import StaffRow
from gateway.roster.stricter import stricter


def family_records(rows: Iterable[FamilyRow], file: str = "families") -> Roster:
    """Return the roster that these rows make."""
    pupils: dict[str, PupilRecord] = {}
    contacts: dict[str, ContactRecord] = {}
    links: dict[tuple[str, str], LinkRecord] = {}
    for row in rows:
        where = Where(file, row.line)
        pupils[row.pupil_ref] = PupilRecord(
            row.pupil_ref,
            row.given_name,
            row.family_name,
            where,
            row.pupil_address,
            (EnrolmentRecord(row.class_name),),
        )
        contacts[row.guardian_ref] = _contact(row, where, contacts.get(row.guardian_ref))
        link = LinkRecord(
            row.guardian_ref,
            row.pupil_ref,
            where,
            parental_responsibility=_said(row, "parental_responsibility"),
            may_message=_said(row, "may_message"),
            may_receive=_said(row, "may_receive"),
            barred=_said(row, "barred"),
            restricted_reason=row.restricted_reason or None,
        )
        place = (row.guardian_ref, row.pupil_ref)
        links[place] = stricter(links[place], link)[0] if place in links else link
    return Roster(
        "families", tuple(pupils.values()), tuple(contacts.values()), tuple(links.values())
    )


def _said(row: FamilyRow, flag: str) -> bool | None:
    return bool(getattr(row, flag)) if flag in row.given else None


def staff_records(rows: Iterable[StaffRow], file: str = "staff") -> tuple[StaffRecord, ...]:
    """Return the staff whom these rows name."""
    return tuple(
        StaffRecord(
            row.name,
            row.address,
            Where(file, row.line),
            row.roles,
            row.class_names if row.says_classes else None,
            row.rank,
        )
        for row in rows
    )


def _contact(row: FamilyRow, where: Where, known: ContactRecord | None) -> ContactRecord:
    addresses = known.addresses if known else ()
    language = row.home_language if "home_language" in row.given else None
    return ContactRecord(
        row.guardian_ref,
        row.guardian_name,
        where,
        tuple(dict.fromkeys((*addresses, row.guardian_address))),
        language or (known.home_language if known else None),
    )
