"""Reads Microsoft School Data Sync's CSV format 2.1: users.csv, roles.csv, relationships.csv."""

from __future__ import annotations

from datetime import date

from gateway.roster import cells
from gateway.roster.faults import RosterFaults
from gateway.roster.gathering import Gathering, Named
from gateway.roster.known import Known, Member, gather_members
from gateway.roster.link_flags import gather_link_flags
from gateway.roster.records import LinkRecord
from gateway.roster.sds_words import has_left, one_address, relationship
from gateway.roster.sections import Section, Sections, place
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, Row, read_table
from gateway.roster.terms import read_terms

_NEEDED = ("users.csv", "roles.csv", "classes.csv", "enrollments.csv")
_TEACHERS = frozenset({"teacher", "professor", "faculty", "lecturer", "instructor"})


def gather_sds2(source: Source, into: Gathering, today: date | None) -> None:
    """Take the good rows of an export, and report the others.

    Raises:
        RosterFaults: a file is missing or unreadable, or it is of several schools.
    """
    missing = [name for name in _NEEDED if not source.has(name)]
    if missing:
        raise RosterFaults([f"{source.path.name}: School Data Sync v2.1 without {missing}"])
    known = Known(into, "users.csv")
    roles = _roles(source, into)
    guardians, relationships = _relationships(source, into)
    _users(source, into, known, roles, guardians)
    for link in relationships:
        try:
            if known.pupil(link.pupil) and known.contact(link.contact):
                into.link(link)
            else:
                into.spare(link.pupil, link.contact)
        except BadRow as fault:
            into.flaw(link.where, str(fault), link.pupil, link.contact)
    sections = Sections(into, "classes.csv")
    _classes(source, into, sections)
    _enrolments(source, into, known, sections)
    gather_members(known.members.values(), into, today)
    gather_link_flags(source, into)


def _roles(source: Source, into: Gathering) -> dict[str, set[str]]:
    table = read_table(source, "roles.csv")
    table.need("userSourcedId", "role")
    found: dict[str, set[str]] = {}
    for row in table:
        user = row["usersourcedid"]
        try:
            role = cells.needed(row["role"], "role").casefold()
            found.setdefault(cells.reference(user, "userSourcedId"), set()).add(role)
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
    into.close(table)
    return found


def _relationships(source: Source, into: Gathering) -> tuple[set[str], list[LinkRecord]]:
    """Return who is somebody's contact, and the links; it is the only place that says so."""
    guardians: set[str] = set()
    links: list[LinkRecord] = []
    if not source.has("relationships.csv"):
        return guardians, links
    table = read_table(source, "relationships.csv")
    table.need("userSourcedId", "relationshipUserSourcedId", "relationshipRole")
    for row in table:
        pupil, contact = row["usersourcedid"], row["relationshipusersourcedid"]
        try:
            cells.reference(pupil, "userSourcedId")
            cells.reference(contact, "relationshipUserSourcedId")
            kind = relationship(row["relationshiprole"])
            if kind is None:
                words = f"{row['relationshiprole']} of {pupil} is no guardian: no link"
                into.note(row.where, words)
                continue
            guardians.add(contact)
            links.append(LinkRecord(contact, pupil, row.where, kind=kind))
        except BadRow as fault:
            into.flaw(row.where, str(fault), pupil, contact)
            guardians.add(contact)  # so that the user's own row is not taken for a mistake
    into.close(table)
    return guardians, links


def _users(
    source: Source,
    into: Gathering,
    known: Known,
    roles: dict[str, set[str]],
    guardians: set[str],
) -> None:
    table = read_table(source, "users.csv")
    table.need("sourcedId", "username")
    for row in table:
        user = ""
        try:
            user = cells.reference(row["sourcedid"], "sourcedId")
            if has_left(row["status"]):
                known.left.add(user)
                continue
            known.once(user, row.where, row["givenname"], row["familyname"], row["username"])
            _take(row, user, roles.get(user, set()), user in guardians, into, known)
        except BadRow as fault:
            known.refused.add(user)
            into.flaw(row.where, str(fault), user)
    into.close(table)


def _take(
    row: Row, user: str, held: set[str], is_guardian: bool, into: Gathering, known: Known
) -> None:
    given, family = cells.one_line(row["givenname"]), cells.one_line(row["familyname"])
    if "student" in held:
        if is_guardian:
            raise BadRow(f"{user} is a student and somebody's guardian; one cannot be both")
        address = one_address(row, "email", "activedirectorymatchid", "username")
        cells.needed(given, "givenName")
        into.pupil(row.where, user, given, cells.needed(family, "familyName"), address)
        known.pupils.add(user)
    if is_guardian:
        # A guardian's user name may be the school's invention: only `email` is theirs.
        addresses = []
        try:
            addresses = [cells.address(row["email"], "email")] if row["email"] else []
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
        name = cells.needed(cells.one_line(given, family), "familyName")
        into.contact(row.where, user, Named(name, given, family), addresses)
        known.contacts.add(user)
    if held - {"student"}:
        own = one_address(row, "activedirectorymatchid", "username", "email")
        name = cells.one_line(given, family) or user
        if own is None:
            raise BadRow(f"{name} is staff and has no address; nobody could write to them")
        known.members[user] = Member(name, own, row.where, bool(held & _TEACHERS))
    if not held and not is_guardian:
        into.note(row.where, f"{user} has no role and is nobody's guardian: left out")


def _classes(source: Source, into: Gathering, sections: Sections) -> None:
    terms = read_terms(source, into, has_left, end_is_excluded=False)
    table = read_table(source, "classes.csv")
    table.need("sourcedId", "title")
    for row in table:
        class_id = ""
        try:
            class_id = cells.reference(row["sourcedid"], "sourcedId")
            if has_left(row["status"]):
                sections.left.add(class_id)
                continue
            title = cells.one_line(cells.needed(row["title"], "title"))
            begins, ends = terms.of(row["sessionsourcedids"] or row["sessionsourcedid"])
            sections.add(Section(class_id, title, row.where, begins, ends), row["orgsourcedid"])
        except BadRow as fault:
            into.flaw(row.where, str(fault), class_id)
            sections.refuse(class_id)
    into.close(table)
    orgs = read_table(source, "orgs.csv") if source.has("orgs.csv") else ()
    sections.one_school({row["sourcedid"]: row["name"] for row in orgs})


def _enrolments(source: Source, into: Gathering, known: Known, sections: Sections) -> None:
    table = read_table(source, "enrollments.csv")
    table.need("classSourcedId", "userSourcedId", "role")
    for row in table:
        user = ""
        try:
            user = cells.needed(row["usersourcedid"], "userSourcedId")
            class_id = cells.needed(row["classsourcedid"], "classSourcedId")
            role = cells.needed(row["role"], "role").casefold()
            if role == "student" or role in _TEACHERS:
                is_staff = role != "student"
                place(known, sections, into, row.where, user, class_id, as_staff=is_staff)
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
    into.close(table)
