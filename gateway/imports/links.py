"""What do a school's files change about the links, and how does each stand afterwards?

Records never lift a bar except by an explicit "no", and never raise what somebody refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gateway.imports.planning import Planning, guardian_words, pupil_words
from gateway.imports.sheet import Row
from gateway.roster.records import LinkRecord
from rules.links import USUAL_NUMBER, Because, LinkOnRecord, LinkStanding, standings

_WHY = {
    Because.RESTRICTED: "a restriction is on record, and the records name no bar",
    Because.NOT_RESPONSIBLE: "no parental responsibility (G4)",
    Because.MORE_THAN_TWO: "two others are linked already (G5)",
    Because.NOT_SAID: "the records do not say who has parental responsibility",
    Because.NOT_INVITED: "waits for its code",
}


def plan_links(
    plan: Planning, records: Iterable[LinkRecord], *, no_flags: bool, invited: bool
) -> frozenset[tuple[str, str]]:
    """Add or change links and say how each stands; return those named, by guardian and pupil."""
    touched: dict[str, dict[str, _Named]] = defaultdict(dict)
    names: dict[str, Row] = {}
    for record in records:
        guardian = plan.known.guardian(record.contact)
        pupil = plan.known.pupils.get(record.pupil)
        if guardian is None or pupil is None:
            continue  # its reader has said so
        names[pupil["pupil_id"]] = pupil
        named = _link(plan, record, guardian, pupil, no_flags=no_flags)
        touched[pupil["pupil_id"]][guardian["guardian_id"]] = named
    for pupil_id, theirs in touched.items():
        _stand(plan, names[pupil_id], theirs, invited=invited)
    return frozenset((one, pupil_id) for pupil_id, theirs in touched.items() for one in theirs)


class _Named:
    """A link that the file names: its row, what is said of responsibility, how it came."""

    __slots__ = ("is_new", "responsible", "returns", "row")

    def __init__(self, row: Row, responsible: bool | None, *, is_new: bool, returns: bool) -> None:
        self.row = row
        self.responsible = responsible
        self.is_new = is_new
        self.returns = returns


def _link(
    plan: Planning, record: LinkRecord, guardian: Row, pupil: Row, *, no_flags: bool
) -> _Named:
    guardian_id, pupil_id = guardian["guardian_id"], pupil["pupil_id"]
    row = plan.known.links[pupil_id].get(guardian_id)
    said = record.parental_responsibility
    if row is None:
        responsible = said if said is not None else (None if no_flags else True)
        row = plan.add(
            "links",
            {
                "guardian_id": guardian_id,
                "pupil_id": pupil_id,
                "kind": record.kind,
                "parental_responsibility": bool(responsible),
                "may_message": record.may_message is not False,
                "may_receive": record.may_receive is not False,
                "barred": bool(record.barred),
                "restricted_reason": record.restricted_reason or None,
                "standing": str(LinkStanding.WAITING),
                "priority": record.priority,
                "came_by": "import",
                "approved_until": None,
                "begins": record.begins,
                "ends": record.ends,
            },
        )
        plan.known.links[pupil_id][guardian_id] = row
        plan.known.children[guardian_id].add(pupil_id)
        plan.tell("links added", _words(guardian, pupil))
        return _Named(row, responsible, is_new=True, returns=False)
    responsible = said
    if said is None and row["standing"] != LinkStanding.UNVERIFIED:
        responsible = row["parental_responsibility"]
    returns = row["ends"] is not None and row["ends"] < plan.today
    if plan.change("links", row, _said(plan, record, row)):
        plan.tell("links changed", _words(guardian, pupil))
    return _Named(row, responsible, is_new=False, returns=returns)


def _said(plan: Planning, record: LinkRecord, row: Row) -> Row:
    """Return the columns of which the record says something."""
    values: Row = {
        "parental_responsibility": record.parental_responsibility,
        "may_message": record.may_message,
        "may_receive": record.may_receive,
        "barred": record.barred,
        "restricted_reason": record.restricted_reason or None,
        "priority": record.priority,
        "begins": record.begins,
        "ends": record.ends,
    }
    values = {name: value for name, value in values.items() if value is not None}
    if record.kind != "guardian":
        values["kind"] = record.kind
    if record.barred is False and not record.restricted_reason:
        # The reason goes with the bar. One that stayed behind would shut the link by itself.
        values["restricted_reason"] = None
    ended = row["ends"] is not None and row["ends"] < plan.today
    if ended and record.ends is None and row["standing"] != LinkStanding.REFUSED:
        values["ends"] = None  # the records name it again
    if record.begins is not None and record.ends is None:
        values.setdefault("ends", None if row["standing"] != LinkStanding.REFUSED else row["ends"])
    return values


def _stand(plan: Planning, pupil: Row, named: Mapping[str, _Named], *, invited: bool) -> None:
    """Write down how each named link of one child stands."""
    links = []
    rows = plan.known.links[pupil["pupil_id"]]
    for guardian_id, row in rows.items():
        one = named.get(guardian_id)
        standing = _standing(plan, row)
        if one is None and standing is not LinkStanding.ACTIVE:
            continue
        links.append(
            LinkOnRecord(
                guardian_id,
                None if one and one.is_new else standing,
                one.responsible if one else True,
                row["barred"],
                bool(row["restricted_reason"]) and one is not None,
                row["approved_until"] is not None and row["approved_until"] >= plan.today,
                row["priority"],
                row["begins"],
                row["ends"],
                returns=one is not None and one.returns,
            )
        )
    found = standings(links, plan.today, invited=invited)
    for guardian_id, one in named.items():
        stands = found[guardian_id]
        was = None if one.is_new else _standing(plan, one.row)
        if one.is_new:
            one.row["standing"] = str(stands.standing)
        else:
            plan.change("links", one.row, _stored(plan, one.row, stands.standing))
        if was is stands.standing and not one.is_new:
            continue
        words = _words(plan.known.guardians_by_id[guardian_id], pupil)
        if stands.because in _WHY:
            plan.tell(f"links {stands.standing}", f"{words}: {_WHY[stands.because]}")
        elif stands.standing is LinkStanding.ACTIVE and was is not None:
            plan.tell("links opened", words)


def _stored(plan: Planning, row: Row, standing: LinkStanding) -> Row:
    """Return the columns that say so. An approval that has lapsed would shut an open link."""
    until = row["approved_until"]
    lapsed = until is not None and until < plan.today
    return {"standing": str(standing), "approved_until": None if lapsed else until}


def _standing(plan: Planning, row: Row) -> LinkStanding:
    lapsed = row["approved_until"] is not None and row["approved_until"] < plan.today
    if lapsed and row["standing"] == LinkStanding.ACTIVE:
        return LinkStanding.WAITING
    return LinkStanding(row["standing"])


def more_than_two(plan: Planning) -> None:
    """Tell which children have more active links than the usual, none of them approved."""
    by_id = {row["pupil_id"]: row for row in plan.known.pupils.values()}
    for pupil_id, links in plan.known.links.items():
        active = [
            row
            for row in links.values()
            if _standing(plan, row) is LinkStanding.ACTIVE
            and row["approved_until"] is None
            and not row["barred"]
            and (row["ends"] is None or row["ends"] >= plan.today)
        ]
        if len(active) > USUAL_NUMBER and pupil_id in by_id:
            plan.tell(
                "more than two linked", f"{pupil_words(by_id[pupil_id])}: {len(active)} active"
            )


def _words(guardian: Row, pupil: Row) -> str:
    return f"{guardian_words(guardian)} and {pupil_words(pupil)}"
