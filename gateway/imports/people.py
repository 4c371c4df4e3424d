"""What do a school's files change about its pupils and their contacts?"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.imports.enrolments import plan_enrolments
from gateway.imports.planning import CALLED_OTHERWISE, Planning, guardian_words, pupil_words
from gateway.imports.sheet import Row
from gateway.roster.records import ContactRecord, PupilRecord
from gateway.roster.same_person import share_a_name


def plan_pupils(plan: Planning, records: Iterable[PupilRecord]) -> None:
    """Add or change pupils and the classes they are in.

    Where neither name is as it was, the number may have been given to another child.
    """
    known = plan.known
    for record in records:
        values: Row = {"given_name": record.given_name, "family_name": record.family_name}
        if record.address is not None:
            values["address"] = record.address
        row = known.pupils.get(record.reference)
        if row is None:
            row = known.pupils[record.reference] = plan.add(
                "pupils",
                {
                    "pupil_id": next(plan.ids),
                    "school_id": known.school_id,
                    "reference": record.reference,
                    "address": None,
                    **values,
                },
            )
            plan.tell("pupils added", pupil_words(row))
        else:
            was = pupil_words(row)
            if not share_a_name(_name(row), _name(values)):
                plan.strangers.add(row["pupil_id"])
            if plan.change("pupils", row, values):
                plan.tell("pupils changed", pupil_words(row))
            if row["pupil_id"] in plan.strangers:
                plan.tell(CALLED_OTHERWISE, f"{was}, now {_name(row)}")
        if record.enrolments:
            plan_enrolments(plan, row, record.enrolments)


def _name(row: Row) -> str:
    return f"{row['given_name']} {row['family_name']}"


def plan_contacts(
    plan: Planning, records: Iterable[ContactRecord], *, is_whole: bool = False
) -> None:
    """Add or change contacts and their addresses.

    In whole records, an address that an earlier import brought and that is named no longer goes.
    One that a person wrote down here stays, and so do all where the records name none, or where a
    row about the contact was not taken.
    """
    known, spared = plan.known, plan.spared_guardians()
    for record in records:
        row = known.guardian(record.reference)
        if row is None:
            row = _new(plan, record)
        else:
            # Under another of their references the records may write the name otherwise.
            values: Row = {"name": record.name} if row["reference"] == record.reference else {}
            if record.home_language is not None:
                values["home_language"] = record.home_language
            if plan.change("guardians", row, values):
                plan.tell("contacts changed", guardian_words(row))
        have = known.addresses[row["guardian_id"]]
        for position, address in enumerate(record.addresses):
            if address in have:
                plan.change("guardian_addresses", have[address], {"position": position})
            else:
                have[address] = plan.add(
                    "guardian_addresses",
                    {
                        "guardian_id": row["guardian_id"],
                        "address": address,
                        "school_id": known.school_id,
                        "came_by": "import",
                        "position": position,
                    },
                )
                plan.tell("addresses added", f"{guardian_words(row)}: {address}")
        if is_whole and record.addresses and row["guardian_id"] not in spared:
            _end_addresses(plan, row, have, set(record.addresses))


def _new(plan: Planning, record: ContactRecord) -> Row:
    known = plan.known
    row = plan.add(
        "guardians",
        {
            "guardian_id": next(plan.ids),
            "school_id": known.school_id,
            "reference": record.reference,
            "name": record.name,
            "home_language": record.home_language or "en",
        },
    )
    known.guardians[record.reference] = known.guardians_by_id[row["guardian_id"]] = row
    plan.tell("contacts added", guardian_words(row))
    return row


def _end_addresses(plan: Planning, guardian: Row, have: dict[str, Row], named: set[str]) -> None:
    for address, row in list(have.items()):
        if address not in named and row["came_by"] == "import":
            plan.sheet.drop("guardian_addresses", have.pop(address))
            plan.tell("addresses ended", f"{guardian_words(guardian)}: {address}")
