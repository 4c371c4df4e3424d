"""Who is not in a whole roster any more? They end, with yesterday as the last day.

Nobody is deleted. Staff who hold an office of the school are only named: a file of teachers must
not leave the school without its safeguarding lead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gateway.imports.planning import Planning, guardian_words, pupil_words
from gateway.imports.sheet import Row
from gateway.roster.records import LinkRecord, Roster
from rules.links import LinkStanding
from rules.people import Role


def plan_leavers(plan: Planning, roster: Roster, named_links: Collection[tuple[str, str]]) -> None:
    """End the classes, links and posts of those whom the roster no longer names."""
    if roster.pupils:
        gone = _pupils(plan, {one.reference for one in roster.pupils} | roster.spared)
        # An export without contacts says nothing of who is linked to a child who is still there.
        of = None if roster.contacts else gone
        _links(plan, gone, named_links, of)
    if roster.staff and roster.has_staff:
        _staff(plan, {one.address for one in roster.staff} | roster.spared)


def plan_strangers(plan: Planning, records: Iterable[LinkRecord]) -> None:
    """End the links of a child whose number is another child's now, but for those named with it.

    Whether somebody here made them or not: they were to the child of before. Comes before the
    links of the records, which take their places.
    """
    named = {
        (guardian["guardian_id"], one.pupil)
        for one in records
        if plan.strangers and (guardian := plan.known.guardian(one.contact))
    }
    pupils = {row["pupil_id"]: row for row in plan.known.pupils.values()}
    for pupil_id in sorted(plan.strangers):
        for guardian_id, row in plan.known.links[pupil_id].items():
            is_over = row["ends"] is not None and row["ends"] < plan.today
            place = (guardian_id, pupils[pupil_id]["reference"])
            if place in named or row["barred"] or is_over:
                continue
            guardian = plan.known.guardians_by_id[guardian_id]
            plan.change("links", row, {"ends": plan.yesterday})
            words = f"{guardian_words(guardian)} and {pupil_words(pupils[pupil_id])}"
            plan.tell("links ended", words)


def _pupils(plan: Planning, named: Collection[str]) -> set[str]:
    gone = set()
    for reference, row in plan.known.pupils.items():
        if reference in named:
            continue
        gone.add(row["pupil_id"])
        ended = False
        have = plan.known.enrolments[row["pupil_id"]]
        for enrolment in list(have):
            if enrolment["begins"] > plan.today:
                plan.sheet.drop("enrolments", enrolment)
                have.remove(enrolment)
                ended = True
            elif enrolment["ends"] is None or enrolment["ends"] >= plan.today:
                ended |= plan.change("enrolments", enrolment, {"ends": plan.yesterday})
        if ended:
            plan.tell("pupils ended", pupil_words(row))
    return gone


def _links(
    plan: Planning,
    gone: Collection[str],
    named: Collection[tuple[str, str]],
    of: Collection[str] | None,
) -> None:
    """End the links that are not named, `of` these children where it is given."""
    spared = plan.spared_guardians() | {
        row["pupil_id"] for name, row in plan.known.pupils.items() if name in plan.spared
    }
    pupils = {row["pupil_id"]: row for row in plan.known.pupils.values()}
    for pupil_id, links in plan.known.links.items():
        for guardian_id, row in links.items():
            if of is not None and pupil_id not in of:
                continue
            if (guardian_id, pupil_id) in named or {guardian_id, pupil_id} & spared:
                continue
            if row["ends"] is not None and row["ends"] < plan.today:
                continue
            guardian = plan.known.guardians_by_id[guardian_id]
            words = f"{guardian_words(guardian)} and {pupil_words(pupils[pupil_id])}"
            if pupil_id not in gone and _is_ours(plan, row):
                plan.tell("links not in the records, kept", words)
                continue
            if row["barred"]:
                # A bar is no right that ends: whoever shares the mailbox must still hear nothing.
                continue
            plan.change("links", row, {"ends": plan.yesterday})
            plan.tell("links ended", words)


def _is_ours(plan: Planning, row: Row) -> bool:
    """Whether somebody here made the link, or an approval holds: the records cannot know it."""
    approved = row["approved_until"] is not None and row["approved_until"] >= plan.today
    return row["came_by"] == "person" or (approved and row["standing"] == LinkStanding.ACTIVE)


def _staff(plan: Planning, named: Collection[str]) -> None:
    offices = {staff_id for (staff_id, role) in plan.known.roles if role != Role.TEACHER}
    for address, row in plan.known.staff.items():
        has_left = row["ends"] is not None and row["ends"] < plan.today
        if address in named or has_left:
            continue
        words = f"{row['name']}, {address}"
        if row["staff_id"] in offices:
            plan.tell("staff not in the records, kept for their role", words)
            continue
        plan.change("staff", row, {"ends": plan.yesterday})
        plan.tell("staff ended", words)
