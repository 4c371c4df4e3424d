"""Reads a OneRoster export in CSV, version 1.1 or 1.2, from a zip or a folder.

The format has no word for parental responsibility, bars or the order of contacts: they come
from `metadata.` columns on the guardian, from link-flags.csv beside the others, or not at all.
"""

from __future__ import annotations

from datetime import date

from gateway.roster import cells
from gateway.roster.faults import RosterFaults
from gateway.roster.gathering import Gathering
from gateway.roster.known import Known, gather_members
from gateway.roster.link_flags import gather_link_flags
from gateway.roster.oneroster_users import gather_users, has_left
from gateway.roster.records import Where
from gateway.roster.sections import Section, Sections, place
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, read_table
from gateway.roster.terms import last_day, read_terms

_NEEDED = ("users.csv", "classes.csv", "enrollments.csv")
_STAFF = ("teacher", "administrator", "aide", "proctor")


def gather_oneroster(source: Source, into: Gathering, today: date | None) -> str:
    """Take the good rows of an export, report the others; return its version, "1.1" or "1.2".

    Raises:
        RosterFaults: a file is missing or unreadable, it is a delta, or of several schools.
    """
    version = _version(source, into)
    missing = [name for name in _NEEDED if not source.has(name)]
    if version == "1.2" and not source.has("roles.csv"):
        missing.append("roles.csv")
    if missing:
        raise RosterFaults([f"{source.path.name}: OneRoster {version} without {missing}"])
    known = Known(into, "users.csv")
    gather_users(source, into, known, version)
    sections = Sections(into, "classes.csv")
    _classes(source, into, sections)
    _enrolments(source, into, known, sections)
    gather_members(known.members.values(), into, today)
    gather_link_flags(source, into)
    return version


def _version(source: Source, into: Gathering) -> str:
    guessed = "1.2" if source.has("roles.csv") else "1.1"
    if not source.has("manifest.csv"):
        name = source.path.name
        into.note(Where(name, 1), f"has no manifest.csv; read as OneRoster {guessed}")
        return guessed
    table = read_table(source, "manifest.csv")
    table.need("propertyName", "value")
    says = {row["propertyname"].casefold(): (row.where, row["value"]) for row in table}
    faults = []
    for name, (where, value) in says.items():
        if not name.startswith("file."):
            continue
        if value.casefold() == "delta":
            words = "a delta says only what has changed; export all of it (bulk)"
            faults.append(f"{where}: {name}: {words}")
        elif value.casefold() == "bulk" and not source.has(f"{name.removeprefix('file.')}.csv"):
            faults.append(f"{where}: promises {name.removeprefix('file.')}.csv, which is not there")
    where, version = says.get("oneroster.version", (Where("manifest.csv", 1), ""))
    if version not in ("1.1", "1.2"):
        faults.append(f"{where}: oneroster.version is {version!r}; 1.1 and 1.2 can be read")
    if faults:
        raise RosterFaults(faults)
    return version


def _classes(source: Source, into: Gathering, sections: Sections) -> None:
    terms = read_terms(source, into, has_left, end_is_excluded=True)
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
            begins, ends = terms.of(row["termsourcedids"] or row["termsourcedid"])
            sections.add(Section(class_id, title, row.where, begins, ends), row["schoolsourcedid"])
        except BadRow as fault:
            into.flaw(row.where, str(fault), class_id)
            sections.refuse(class_id)
    into.close(table)
    sections.one_school(_school_names(source))


def _school_names(source: Source) -> dict[str, str]:
    if not source.has("orgs.csv"):
        return {}
    return {row["sourcedid"]: row["name"] for row in read_table(source, "orgs.csv")}


def _enrolments(source: Source, into: Gathering, known: Known, sections: Sections) -> None:
    table = read_table(source, "enrollments.csv")
    table.need("classSourcedId", "userSourcedId", "role")
    for row in table:
        user = ""
        try:
            user = cells.needed(row["usersourcedid"], "userSourcedId")
            if has_left(row["status"]):
                continue
            role = row["role"].casefold()
            if role != "student" and role not in _STAFF:
                raise BadRow(f"role {row['role']!r} is not one of student, {', '.join(_STAFF)}")
            if role in _STAFF[1:]:
                continue  # in the class, but not somebody to whom its parents write
            place(
                known,
                sections,
                into,
                row.where,
                user,
                cells.needed(row["classsourcedid"], "classSourcedId"),
                as_staff=role == "teacher",
                begins=cells.day(row["begindate"], "beginDate"),
                ends=last_day(cells.day(row["enddate"], "endDate"), is_excluded=True),
            )
        except BadRow as fault:
            into.flaw(row.where, str(fault), user)
    into.close(table)
