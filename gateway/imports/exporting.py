"""What do our own two files say of the people on record, and what have they no column for?

Read again, the files open nothing that is shut here: of the flags only the stricter value is
written, and a link that would come in open is left out and named. So an old export that is
imported by mistake lifts no bar that was set since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.imports.known import Known
from gateway.imports.planning import guardian_words, pupil_words
from gateway.imports.sheet import Row
from gateway.roster.families import FAMILY_COLUMNS, FAMILY_OPTIONAL
from gateway.roster.staff import STAFF_COLUMNS, STAFF_OPTIONAL
from rules.links import USUAL_NUMBER, LinkStanding

FAMILIES_HEADER = (*FAMILY_COLUMNS, *FAMILY_OPTIONAL)
STAFF_HEADER = (*STAFF_COLUMNS, *STAFF_OPTIONAL)

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """The rows of both files without their headers, and what stands in neither."""

    families: tuple[Line, ...]
    staff: tuple[Line, ...]
    left_out: tuple[str, ...]


def export_of(known: Known, today: date) -> Export:
    """Return what the files hold of the people on record `today`, the school's date."""
    left_out: list[str] = []
    rooms = {row["class_id"]: str(row["name"]) for row in known.classes.values()}
    families = tuple(_families(known, rooms, today, left_out))
    return Export(families, tuple(_staff(known, rooms, today, left_out)), tuple(left_out))


def _families(
    known: Known, rooms: dict[str, str], today: date, left_out: list[str]
) -> Iterator[Line]:
    for pupil in sorted(known.pupils.values(), key=lambda row: str(row["reference"])):
        words = pupil_words(pupil)
        held = [row for row in known.enrolments[pupil["pupil_id"]] if _holds(row, today)]
        names = sorted(rooms[row["class_id"]] for row in held)
        if not names:
            continue  # has left, or has not come yet
        if len(names) > 1:
            left_out.append(f"{words}: also in {', '.join(names[1:])}")
        lines = list(_contacts(known, pupil, names[0], today, left_out))
        if not lines:
            left_out.append(f"{words}: no contact with an address")
        yield from lines


def _contacts(
    known: Known, pupil: Row, room: str, today: date, left_out: list[str]
) -> Iterator[Line]:
    links = [row for row in known.links[pupil["pupil_id"]].values() if not _is_over(row, today)]
    links.sort(key=lambda row: (not _is_active(row, today), row["priority"] or 0, _who(known, row)))
    active = 0
    for link in links:
        guardian = known.guardians_by_id[link["guardian_id"]]
        words = f"{guardian_words(guardian)} and {pupil_words(pupil)}"
        addresses = sorted(known.addresses[link["guardian_id"]])
        is_active = _is_active(link, today)
        stays_shut = (
            link["barred"] or link["restricted_reason"] or not link["parental_responsibility"]
        )
        if not addresses:
            left_out.append(f"{words}: the contact has no address")
            continue
        if not (is_active or stays_shut or active >= USUAL_NUMBER):
            left_out.append(f"{words}: the link is {link['standing']}, and would come in open")
            continue
        if link["approved_until"] is not None and is_active:
            left_out.append(f"{words}: the approval until {link['approved_until']}")
        active += is_active
        removed = _is_removed(guardian, today)
        if removed:
            left_out.append(f"{words}: the removal; written as one who may not write or receive")
        for address in addresses:
            yield _family_line(pupil, room, guardian, address, link, removed=removed)


def _family_line(
    pupil: Row, room: str, guardian: Row, address: str, link: Row, *, removed: bool
) -> Line:
    cells = {
        "pupil_ref": pupil["reference"],
        "given_name": pupil["given_name"],
        "family_name": pupil["family_name"],
        "class": room,
        "pupil_email": pupil["address"] or "",
        "guardian_ref": guardian["reference"],
        "guardian_name": guardian["name"],
        "guardian_email": address,
        "home_language": guardian["home_language"],
        "parental_responsibility": "" if link["parental_responsibility"] else "no",
        "may_message": "no" if removed or not link["may_message"] else "",
        "may_receive": "no" if removed or not link["may_receive"] else "",
        "barred": "yes" if link["barred"] else "",
        "restricted_reason": link["restricted_reason"] or "",
    }
    return tuple(str(cells[name]) for name in FAMILIES_HEADER)


def _staff(known: Known, rooms: dict[str, str], today: date, left_out: list[str]) -> Iterator[Line]:
    roles: dict[str, list[Row]] = defaultdict(list)
    for row in known.roles.values():
        roles[row["staff_id"]].append(row)
    for address, person in sorted(known.staff.items()):
        if person["ends"] is not None and person["ends"] < today:
            continue
        posts = known.class_staff[person["staff_id"]].values()
        reads = [row for row in posts if _holds(row, today)]
        held = roles[person["staff_id"]]
        ranks = {row["rank"] for row in held} | {row["position"] for row in reads}
        if len(ranks) > 1:
            left_out.append(f"{person['name']}, {address}: ranks that differ; the first is written")
        if person["ends"] is not None:
            left_out.append(f"{person['name']}, {address}: the last day, {person['ends']}")
        cells = {
            "name": person["name"],
            "email": address,
            "roles": ";".join(sorted(row["role"] for row in held)),
            "classes": ";".join(sorted(rooms[row["class_id"]] for row in reads)),
            "rank": min(ranks, default=0),
        }
        yield tuple(str(cells[name]) for name in STAFF_HEADER)


def _who(known: Known, link: Row) -> str:
    return str(known.guardians_by_id[link["guardian_id"]]["reference"])


def _holds(row: Row, today: date) -> bool:
    begun = row["begins"] is None or row["begins"] <= today
    return begun and not _is_over(row, today)


def _is_over(row: Row, today: date) -> bool:
    return row["ends"] is not None and row["ends"] < today


def _is_active(link: Row, today: date) -> bool:
    lapsed = link["approved_until"] is not None and link["approved_until"] < today
    return link["standing"] == LinkStanding.ACTIVE and not link["barred"] and not lapsed


def _is_removed(guardian: Row, today: date) -> bool:
    begins, ends = guardian["removed_from"], guardian["removed_until"]
    return begins is not None and (ends is None or ends >= today)
