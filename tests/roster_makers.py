"""Writes an invented school's people as any of the exports that can be read."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.roster_town import Adult, Town

STYLES = ("arbor-style", "sims-style", "oneroster-1.1", "oneroster-1.2", "sds-1", "sds-2.1")
Rows = Iterable[Sequence[object]]


def write(style: str, town: Town, folder: Path) -> Path:
    """Write the town in one style, and return what `read` is to be given."""
    if style.endswith("-style"):
        header, rows = (_arbor if style == "arbor-style" else _sims)(town)
        return write_csv(folder / f"{style}.csv", header, rows)
    files = {
        "oneroster-1.1": lambda: _oneroster(town, is_new=False),
        "oneroster-1.2": lambda: _oneroster(town, is_new=True),
        "sds-1": lambda: _sds1(town),
        "sds-2.1": lambda: _sds2(town),
    }[style]()
    place = folder / style
    place.mkdir(parents=True)
    for name, (header, rows) in files.items():
        write_csv(place / name, header.split(","), rows)
    return zipped(place) if style.startswith("oneroster") else place


def write_csv(path: Path, header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def zipped(folder: Path) -> Path:
    """Return a zip beside the folder that holds its files."""
    path = folder.with_suffix(folder.suffix + ".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    return path


def _yes(value: bool, words: tuple[str, str]) -> str:
    return words[0] if value else words[1]


def _sims(town: Town) -> tuple[Sequence[str], Rows]:
    header = (
        "Student ID,Forename,Surname,Class ID,Class Name,Parent ID,Contact Priority,"
        "Parental Responsibility,Lives With Pupil,Court Order,Relationship,Title,Forename,"
        "Surname,Home Email,Main Telephone,Primary Email,Mobile"
    )
    tf = ("T", "F")
    rows = []
    for t in town.ties:
        child, adult, emails = t.child, t.adult, (*t.adult.emails, "", "")
        pupil = (child.ref, child.given, child.family, "", child.room)
        tie = (adult.ref, t.priority, _yes(t.pr, tf), "T", _yes(t.barred, tf), t.kind)
        person = (adult.title, adult.given, adult.family)
        rows.append((*pupil, *tie, *person, emails[1], "01632 960000", emails[0]))
    return header.split(","), rows


def _arbor(town: Town) -> tuple[Sequence[str], Rows]:
    header = (
        "Arbor Student ID,Student First Name,Student Last Name,Student Email,Registration Form,"
        "Enrolment Start,Enrolment End,Guardian ID,Guardian Title,Guardian First Name,"
        "Guardian Last Name,Relationship,Primary Guardian,Legal Guardian,Default Email,"
        "Other Emails,Guardian Language"
    )
    yn = ("Yes", "No")
    rows = []
    for t in town.ties:
        child, adult, emails = t.child, t.adult, t.adult.emails
        room = (f"Year 3 / {child.room}", "01/09/2026", "")
        person = (adult.ref, adult.title, adult.given, adult.family, t.kind)
        tie = (_yes(t.receives, yn), _yes(t.pr, yn), "".join(emails[:1]), ", ".join(emails[1:]))
        rows.append((child.ref, child.given, child.family, child.email, *room, *person, *tie, "en"))
    return header.split(","), rows


Files = dict[str, tuple[str, Rows]]


def _oneroster(town: Town, *, is_new: bool) -> Files:
    """Links stand on the pupil, on the guardian, or on both, by turns."""
    on_pupil: dict[str, list[str]] = {}
    on_adult: dict[str, list[str]] = {}
    for number, t in enumerate(town.ties):
        if number % 3 != 1:
            on_pupil.setdefault(t.child.ref, []).append(t.adult.ref)
        if number % 3 != 0:
            on_adult.setdefault(t.adult.ref, []).append(t.child.ref)
    people = [
        *((c.ref, "student", c.given, c.family, c.email, on_pupil) for c in town.children),
        *((a.ref, "guardian", a.given, a.family, *a.emails[:1], on_adult) for a in town.adults),
        *((a.ref, "teacher", a.given, a.family, a.emails[0], {}) for a in town.teachers.values()),
    ]
    users, roles = [], []
    for ref, role, given, family, *rest in people:
        email, agents = (rest[0] if len(rest) > 1 else ""), ",".join(rest[-1].get(ref, ()))
        role = "parent" if role == "guardian" and ref.endswith("3") else role
        if is_new:
            users.append((ref, "", "", "TRUE", ref, "", given, family, "", email, agents, "org1"))
            roles.append((f"r{ref}", "", "", ref, "primary", role, "", "", "org1"))
        else:
            users.append((ref, "", "", "true", "org1", role, ref, "", given, family, email, agents))
    user_columns = (
        "sourcedId,status,dateLastModified,enabledUser,username,userMasterIdentifier,givenName,"
        "familyName,middleName,email,agentSourcedIds,primaryOrgSourcedId"
        if is_new
        else "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
        "givenName,familyName,email,agentSourcedIds"
    )
    manifest = [("oneroster.version", "1.2" if is_new else "1.1")]
    manifest += [(f"file.{name}", "bulk") for name in ("users", "classes", "enrollments", "orgs")]
    manifest.append(("file.demographics", "absent"))
    files: Files = {
        "manifest.csv": ("propertyName,value", manifest),
        "orgs.csv": ("sourcedId,status,name,type", [("org1", "", "Oakfield", "school")]),
        "academicSessions.csv": (
            "sourcedId,status,title,type,startDate,endDate",
            [("y26", "", "2026/27", "schoolYear", "2026-09-01", "2027-09-01")],
        ),
        "classes.csv": (
            "sourcedId,status,title,classCode,classType,schoolSourcedId,termSourcedIds",
            [(f"c{room}", "", room, "", "homeroom", "org1", "y26") for room in town.teachers],
        ),
        "users.csv": (user_columns, users),
        "enrollments.csv": (
            "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate",
            [
                *(
                    (f"e{c.ref}", "", f"c{c.room}", "org1", c.ref, "student", "", "")
                    for c in town.children
                ),
                *(
                    (f"e{a.ref}", "", f"c{room}", "org1", a.ref, "teacher", "", "")
                    for room, a in town.teachers.items()
                ),
            ],
        ),
    }
    if is_new:
        files["roles.csv"] = (
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
            "orgSourcedId",
            roles,
        )
    return files


def of_one_address(town: Town) -> dict[str, Adult]:
    """Return whom School Data Sync v1 can hold: one person for each address."""
    found: dict[str, Adult] = {}
    for adult in town.adults:
        if adult.emails:
            found.setdefault(adult.emails[0], adult)
    return found


def _sds1(town: Town) -> Files:
    held = of_one_address(town)
    return {
        "School.csv": ("SIS ID,Name", [("S1", "Oakfield")]),
        "Section.csv": (
            "SIS ID,School SIS ID,Section Name,Term StartDate,Term EndDate,Status",
            [(f"c{r}", "S1", r, "2026-09-01", "2027-08-31", "Active") for r in town.teachers],
        ),
        "Student.csv": (
            "SIS ID,School SIS ID,First Name,Last Name,Username",
            [(c.ref, "S1", c.given, c.family, c.email or c.ref) for c in town.children],
        ),
        "Teacher.csv": (
            "SIS ID,School SIS ID,First Name,Last Name,Username",
            [(a.ref, "S1", a.given, a.family, a.emails[0]) for a in town.teachers.values()],
        ),
        "StudentEnrollment.csv": (
            "Section SIS ID,SIS ID",
            [(f"c{c.room}", c.ref) for c in town.children],
        ),
        "TeacherRoster.csv": (
            "Section SIS ID,SIS ID",
            [(f"c{room}", a.ref) for room, a in town.teachers.items()],
        ),
        "User.csv": (
            "Email,First Name,Last Name,Phone,SIS ID",
            [(address, a.given, a.family, "", a.ref) for address, a in held.items()],
        ),
        "GuardianRelationship.csv": (
            "SIS ID,Email,Role",
            [(t.child.ref, t.adult.emails[0], "Parent") for t in town.ties if t.adult.emails],
        ),
    }


def _sds2(town: Town) -> Files:
    adults = [*town.adults, *town.teachers.values()]
    return {
        "orgs.csv": ("sourcedId,name,type", [("org1", "Oakfield", "school")]),
        "users.csv": (
            "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone",
            [
                *((c.ref, c.email or c.ref, c.given, c.family, "", "", "") for c in town.children),
                *(
                    (a.ref, (*a.emails, a.ref)[0], a.given, a.family, "", "", (*a.emails, "")[0])
                    for a in adults
                ),
            ],
        ),
        "roles.csv": (
            "userSourcedId,orgSourcedId,role",
            [
                *((c.ref, "org1", "student") for c in town.children),
                *((a.ref, "org1", "teacher") for a in town.teachers.values()),
            ],
        ),
        "academicSessions.csv": (
            "sourcedId,title,type,schoolYear,startDate,endDate",
            [("y26", "2026/27", "schoolYear", "2026", "2026-09-01", "2027-08-31")],
        ),
        "classes.csv": (
            "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId",
            [(f"c{room}", "org1", room, "y26", "") for room in town.teachers],
        ),
        "enrollments.csv": (
            "classSourcedId,userSourcedId,role",
            [
                *((f"c{c.room}", c.ref, "student") for c in town.children),
                *((f"c{room}", a.ref, "teacher") for room, a in town.teachers.items()),
            ],
        ),
        "relationships.csv": (
            "userSourcedId,relationshipUserSourcedId,relationshipRole",
            [(t.child.ref, t.adult.ref, "guardian") for t in town.ties],
        ),
    }
