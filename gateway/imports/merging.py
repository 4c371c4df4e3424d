"""Two contacts of the records that are one person: taken as one once somebody has said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.imports.planning import Planning, guardian_words
from gateway.imports.sheet import Row
from gateway.roster.records import ContactRecord, LinkRecord, Merge, Roster
from gateway.roster.stricter import stricter


def merged(roster: Roster, merges: Iterable[Merge]) -> Roster:
    """Return the roster with one contact for each pair; of their links the stricter stands."""
    kept_for = {merge.merged: merge.kept for merge in merges}
    if not kept_for:
        return roster

    def person(reference: str) -> str:
        seen = {reference}
        while reference in kept_for and kept_for[reference] not in seen:
            reference = kept_for[reference]
            seen.add(reference)
        return reference

    contacts: dict[str, ContactRecord] = {}
    # Whoever is kept comes first: the name is theirs.
    for contact in sorted(roster.contacts, key=lambda one: one.reference in kept_for):
        reference = person(contact.reference)
        known = contacts.get(reference)
        if known is None:
            contacts[reference] = replace(contact, reference=reference)
            continue
        addresses = tuple(dict.fromkeys((*known.addresses, *contact.addresses)))
        language = known.home_language or contact.home_language
        contacts[reference] = replace(known, addresses=addresses, home_language=language)
    links: dict[tuple[str, str], LinkRecord] = {}
    for link in roster.links:
        one = replace(link, contact=person(link.contact))
        place = (one.contact, one.pupil)
        links[place] = stricter(links[place], one)[0] if place in links else one
    return replace(roster, contacts=tuple(contacts.values()), links=tuple(links.values()))


def plan_merges(plan: Planning, merges: Iterable[Merge]) -> None:
    """Remember under which other references somebody is known, and bring together what is theirs.

    Comes after the contacts, so that whoever is kept is there, and before the links.
    """
    known = plan.known
    for merge in merges:
        kept = known.guardian(merge.kept)
        if kept is None or merge.merged in known.references or merge.merged == kept["reference"]:
            continue
        other = known.guardians.get(merge.merged)
        known.references[merge.merged] = plan.add(
            "guardian_references",
            {
                "school_id": known.school_id,
                "reference": merge.merged,
                "guardian_id": kept["guardian_id"],
            },
        )
        plan.tell("contacts merged", f"{guardian_words(kept)}: also {merge.merged}")
        if other is not None:
            _bring_together(plan, kept, other)


def _bring_together(plan: Planning, kept: Row, other: Row) -> None:
    """Move the addresses and links of a contact that was imported as a person of its own."""
    known = plan.known
    _keep_removed(plan, kept, other)
    mine = known.addresses[kept["guardian_id"]]
    for address, row in list(known.addresses[other["guardian_id"]].items()):
        plan.sheet.drop("guardian_addresses", known.addresses[other["guardian_id"]].pop(address))
        if address not in mine:
            moved = row | {"guardian_id": kept["guardian_id"]}
            mine[address] = plan.add("guardian_addresses", moved)
    for pupil_id in sorted(known.children[other["guardian_id"]]):
        links = known.links[pupil_id]
        row = links[other["guardian_id"]]
        own = links.get(kept["guardian_id"])
        if own is None:
            moved = row | {"guardian_id": kept["guardian_id"]}
            links[kept["guardian_id"]] = plan.add("links", moved)
            known.children[kept["guardian_id"]].add(pupil_id)
        elif row["barred"]:
            # One person: a bar on either is a bar.
            reason = own["restricted_reason"] or row["restricted_reason"]
            plan.change("links", own, {"barred": True, "restricted_reason": reason})
        if row["ends"] is None or row["ends"] >= plan.today:
            plan.change("links", row, {"ends": plan.yesterday})


def _keep_removed(plan: Planning, kept: Row, other: Row) -> None:
    """Let a removal by the leadership hold for the one person: a merge lets nobody back."""
    begins, ends = other["removed_from"], other["removed_until"]
    if begins is None or (ends is not None and ends < plan.today):
        return
    own_ends = kept["removed_until"]
    if kept["removed_from"] is None or (own_ends is not None and (ends is None or own_ends < ends)):
        plan.change("guardians", kept, {"removed_from": begins, "removed_until": ends})
