"""The people of a OneRoster export: users.csv, in 1.2 with roles.csv, and who is whose guardian."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from gateway.roster import cells
from gateway.roster.gathering import Gathering, Named, in_order
from gateway.roster.known import Known, Member
from gateway.roster.records import LinkRecord, Where
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, Row, Table, read_table
from gateway.roster.terms import last_day, listed

_GUARDIANS = frozenset({"guardian", "parent", "relative"})
_STAFF = frozenset(
    {"teacher", "administrator", "aide", "proctor", "counselor", "principal"}
    | {"districtadministrator", "siteadministrator", "systemadministrator"}
)
_METADATA = ("parentalresponsibility", "maymessage", "mayreceive", "barred")
_METADATA_TEXT = ("restrictedreason", "priority", "relationship")


def has_left(status: str) -> bool:
    """Return whether a row says of itself that it is to go.

    Raises:
        BadRow: the word is not OneRoster's.
    """
    word = status.casefold()
    if word in ("", "active"):
        return False
    if word in ("tobedeleted", "inactive"):  # 1.0 had "inactive"
        return True
    raise BadRow(f"status is {status!r}; it may be active or tobedeleted")


@dataclass(slots=True)
class _Roles:
    """The roles of one user and the days they hold."""

    days: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)


@dataclass(slots=True)
class _Agents:
    """Whom a user's row names as guardians, or as children, with the link's flags."""

    where: Where
    user: str
    named: tuple[str, ...]
    template: LinkRecord | None  # a guardian's: what metadata says of each of their links


def gather_users(source: Source, into: Gathering, known: Known, version: str) -> None:
    """Take pupils, guardians, staff and links.

    Raises:
        RosterFaults: a file cannot be read, or lacks a column.
    """
    roles = _roles_file(source, into) if version == "1.2" else None
    table = read_table(source, "users.csv")
    table.need("sourcedId", "givenName", "familyName", "email")
    if roles is None:
        table.need("role")
    metadata = _metadata(table)
    agents: list[_Agents] = []
    for row in table:
        user = ""
        try:
            user = cells.reference(row["sourcedid"], "sourcedId")
            if has_left(row["status"]) or cells.flag(row["enableduser"], "enabledUser") is False:
                known.left.add(user)
                continue
            known.once(user, row.where, row["givenname"], row["familyname"], row["role"])
            found = _roles_of(row, user, roles)
            agents += _take(row, user, found, into, known, metadata)
        except BadRow as fault:
            known.refused.add(user)
            into.flaw(row.where, str(fault), user)
    into.close(table)
    for one in agents:
        _link(one, into, known)


def _roles_of(row: Row, user: str, roles: dict[str, _Roles] | None) -> _Roles:
    if roles is None:
        return _Roles({_role(row["role"]): (None, None)})
    found = roles.get(user)
    if found is None:
        raise BadRow(f"{user} has no row in roles.csv")
    return found


def _role(word: str) -> str:
    role = cells.needed(word, "role").casefold()
    if role == "student" or role in _GUARDIANS or role in _STAFF or role.startswith("ext:"):
        return role
    raise BadRow(f"role {word!r} is not one of OneRoster's")


def _roles_file(source: Source, into: Gathering) -> dict[str, _Roles]:
    table = read_table(source, "roles.csv")
    table.need("userSourcedId", "role")
    found: dict[str, _Roles] = defaultdict(_Roles)
    for row in table:
        user = ""
        try:
            user = cells.reference(row["usersourcedid"], "userSourcedId")
            if has_left(row["status"]):
                continue
            begins = cells.day(row["begindate"], "beginDate")
            ends = last_day(cells.day(row["enddate"], "endDate"), is_excluded=True)
            in_order(begins, ends)
            found[user].days.setdefault(_role(row["role"]), (begins, ends))
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
    into.close(table)
    return found


def _take(
    row: Row,
    user: str,
    roles: _Roles,
    into: Gathering,
    known: Known,
    metadata: dict[str, str],
) -> list[_Agents]:
    held = set(roles.days)
    given, family = cells.one_line(row["givenname"]), cells.one_line(row["familyname"])
    agents = []
    try:
        address = cells.address(row["email"], "email") if row["email"] else None
    except BadRow as fault:
        if held - _GUARDIANS:
            raise
        # Without an address too: a bar in their links must not be lost with it.
        address = None
        into.flaw(row.where, str(fault), user)
    if "student" in held:
        if held & _GUARDIANS:
            raise BadRow(f"{user} is a student and a guardian; one person cannot be both")
        cells.needed(given, "givenName")
        into.pupil(row.where, user, given, cells.needed(family, "familyName"), address)
        known.pupils.add(user)
        agents.append(_Agents(row.where, user, listed(row["agentsourcedids"]), None))
    for kind in sorted(held & _GUARDIANS)[:1]:
        template = _template(row, user, kind, roles, metadata)
        name = cells.needed(cells.one_line(given, family), "familyName")
        into.contact(row.where, user, Named(name, given, family), [address] if address else [])
        known.contacts.add(user)
        agents.append(_Agents(row.where, user, listed(row["agentsourcedids"]), template))
    if held & _STAFF:
        name = cells.needed(cells.one_line(given, family), "familyName")
        found = Member(name, address or "", row.where, "teacher" in held)
        if not address:
            raise BadRow(f"{name} is staff and has no email; nobody could write to them")
        known.members[user] = found
    return agents


def _template(
    row: Row, user: str, kind: str, roles: _Roles, metadata: dict[str, str]
) -> LinkRecord:
    says = {name: row[key] for name, key in metadata.items()}
    flags = {name: cells.flag(says.get(name, ""), f"metadata {name}") for name in _METADATA}
    begins, ends = roles.days[kind]
    return LinkRecord(
        user,
        "",
        row.where,
        kind=cells.short(says.get("relationship", "").casefold() or kind, "relationship"),
        parental_responsibility=flags["parentalresponsibility"],
        may_message=flags["maymessage"],
        may_receive=flags["mayreceive"],
        # A program writes "false" for everybody; only a person lifts a bar.
        barred=flags["barred"] or None,
        restricted_reason=says.get("restrictedreason") or None,
        priority=cells.whole_number(says.get("priority", ""), "metadata priority"),
        begins=begins,
        ends=ends,
    )


def _metadata(table: Table) -> dict[str, str]:
    """Return the key of each metadata column we know, whatever prefix the program gives it."""
    return {
        name: key
        for key in table.columns
        for name in (*_METADATA, *_METADATA_TEXT)
        if key.startswith("metadata") and key.endswith(name)
    }


def _link(agents: _Agents, into: Gathering, known: Known) -> None:
    for other in agents.named:
        try:
            if agents.template is None:
                _link_pupil(agents, other, into, known)
            elif known.pupil(other):
                into.link(replace(agents.template, pupil=other))
            else:
                into.spare(agents.user)
        except BadRow as fault:
            why = f"agentSourcedIds: {fault}"
            into.flaw(agents.where, why, agents.user, other)


def _link_pupil(agents: _Agents, other: str, into: Gathering, known: Known) -> None:
    if other in known.members and other not in known.contacts:
        into.note(agents.where, f"{other} is staff to {agents.user}, and no guardian: no link")
    elif known.contact(other):
        into.link(LinkRecord(other, agents.user, agents.where))
