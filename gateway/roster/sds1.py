"""Reads Microsoft School Data Sync's first CSV format: student.csv, section.csv and the others.

Contacts are known by their address alone: guardianrelationship.csv has no other key.
"""

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
from gateway.roster.tables import BadRow, Row, Table, read_table

_NEEDED = ("student.csv", "section.csv", "studentenrollment.csv")


def gather_sds1(source: Source, into: Gathering, today: date | None) -> None:
    """Take the good rows of an export, and report the others.

    Raises:
        RosterFaults: a file is missing or unreadable, or it is of several schools.
    """
    missing = [name for name in _NEEDED if not source.has(name)]
    if missing:
        raise RosterFaults([f"{source.path.name}: School Data Sync v1 without {missing}"])
    known = Known(into, source.shown("student.csv"))
    _people(source, "student.csv", into, known)
    staff = Known(into, source.shown("teacher.csv"))
    if source.has("teacher.csv"):
        _people(source, "teacher.csv", into, staff)
    sections = Sections(into, source.shown("section.csv"))
    _sections(source, into, sections)
    _rows_of_classes(source, "studentenrollment.csv", into, known, sections, as_staff=False)
    if source.has("teacherroster.csv"):
        _rows_of_classes(source, "teacherroster.csv", into, staff, sections, as_staff=True)
    gather_members(staff.members.values(), into, today)
    if source.has("guardianrelationship.csv"):
        _guardians(source, into, known)
    gather_link_flags(source, into)


def _id(table: Table) -> str:
    """Return the key of the id's column, which the British variant calls ID."""
    if not table.says("sisid") and table.says("id"):
        return "id"
    table.need("SIS ID")
    return "sisid"


def _people(source: Source, file: str, into: Gathering, known: Known) -> None:
    table = read_table(source, file)
    key = _id(table)
    for row in table:
        user = ""
        try:
            user = cells.reference(row[key], "SIS ID")
            if has_left(row["status"]):
                known.left.add(user)
                continue
            given, family = cells.one_line(row["firstname"]), cells.one_line(row["lastname"])
            known.once(user, row.where, given, family, row["username"])
            if file == "teacher.csv":
                known.members[user] = _member(row, given, family)
                continue
            into.pupil(
                row.where,
                user,
                cells.needed(given, "First Name"),
                cells.needed(family, "Last Name"),
                one_address(row, "email", "username"),
            )
            known.pupils.add(user)
        except BadRow as fault:
            known.refused.add(user)
            into.flaw(row.where, str(fault), user)
    into.close(table)


def _member(row: Row, given: str, family: str) -> Member:
    address = one_address(row, "email", "username", "secondaryemail")
    if address is None:
        raise BadRow("Username is no address; add the domain, or a column Email")
    name = cells.one_line(row["title"], given, family) or address
    return Member(name, address, row.where, is_teacher=True)


def _sections(source: Source, into: Gathering, sections: Sections) -> None:
    table = read_table(source, "section.csv")
    key = _id(table)
    table.need("Section Name")
    for row in table:
        class_id = ""
        try:
            class_id = cells.reference(row[key], "SIS ID")
            if has_left(row["status"]):
                sections.left.add(class_id)
                continue
            name = cells.one_line(cells.needed(row["sectionname"], "Section Name"))
            begins = cells.day(row["termstartdate"], "Term StartDate")
            ends = cells.day(row["termenddate"], "Term EndDate")
            school = row["schoolsisid"] or row["schooldfenumber"]
            sections.add(Section(class_id, name, row.where, begins, ends), school)
        except BadRow as fault:
            into.flaw(row.where, str(fault), class_id)
            sections.refuse(class_id)
    into.close(table)
    sections.one_school(_school_names(source))


def _school_names(source: Source) -> dict[str, str]:
    if not source.has("school.csv"):
        return {}
    table = read_table(source, "school.csv")
    return {row["sisid"] or row["schooldfenumber"] or row["id"]: row["name"] for row in table}


def _rows_of_classes(
    source: Source,
    file: str,
    into: Gathering,
    known: Known,
    sections: Sections,
    *,
    as_staff: bool,
) -> None:
    table = read_table(source, file)
    key = _id(table)
    section = "sectionsisid" if table.says("sectionsisid") else "sectionid"
    if section == "sectionid":
        table.need("Section ID" if table.says("sectionid") else "Section SIS ID")
    for row in table:
        user = ""
        try:
            user = cells.needed(row[key], "SIS ID")
            if not has_left(row["status"]):
                class_id = cells.needed(row[section], "Section SIS ID")
                place(known, sections, into, row.where, user, class_id, as_staff=as_staff)
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
    into.close(table)


def _guardians(source: Source, into: Gathering, known: Known) -> None:
    """Take who stands in both files: user.csv has the names, the other whose they are."""
    named: set[str] = set()
    refused: set[str] = set()
    if not source.has("user.csv"):
        raise RosterFaults([f"{source.path.name}: has guardianrelationship.csv and no user.csv"])
    table = read_table(source, "user.csv")
    table.need("Email", "First Name", "Last Name")
    for row in table:
        address = row["email"].casefold()
        try:
            address = cells.address(row["email"], "Email")
            given, family = cells.one_line(row["firstname"]), cells.one_line(row["lastname"])
            name = cells.needed(cells.one_line(given, family), "Last Name")
            reference = cells.short(address, "Email")
            into.contact(row.where, reference, Named(name, given, family), [address])
            named.add(reference)
        except BadRow as fault:
            into.flaw(row.where, str(fault), address)
            refused.add(address)
    into.close(table)
    table = read_table(source, "guardianrelationship.csv")
    table.need("SIS ID", "Email", "Role")
    for row in table:
        pupil, address = row["sisid"], row["email"].casefold()
        try:
            if address in refused:
                into.spare(pupil, address)
                continue
            address = cells.address(row["email"], "Email")
            if address not in named:
                raise BadRow(f"{address} is not in {source.shown('user.csv')}")
            kind = relationship(row["role"])
            if kind is None:
                into.note(row.where, f"{row['role']} of {pupil} is no guardian: no link")
            elif known.pupil(cells.reference(pupil, "SIS ID")):
                into.link(LinkRecord(address, pupil, row.where, kind=kind))
            else:
                into.spare(address)
        except BadRow as fault:
            into.flaw(row.where, str(fault), pupil, address)
    into.close(table)
