"""Reads link-flags.csv: what the school knows of a link and the format has no column for."""

from __future__ import annotations

from gateway.roster import cells
from gateway.roster.gathering import Gathering
from gateway.roster.records import LinkRecord
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, read_table

FILE = "link-flags.csv"


def gather_link_flags(source: Source, into: Gathering) -> None:
    """Add the flags to links that are known already; a row about another is a flaw.

    Raises:
        RosterFaults: the file is there and cannot be read.
    """
    if not source.has(FILE):
        return
    table = read_table(source, FILE)
    table.need("contact_ref", "pupil_ref")
    for row in table:
        contact = pupil = ""
        try:
            contact = cells.reference(row["contactref"], "contact_ref")
            pupil = cells.reference(row["pupilref"], "pupil_ref")
            if not into.has_link(contact, pupil):
                raise BadRow(f"the other files do not link {contact} to {pupil}")
            into.link(
                LinkRecord(
                    contact,
                    pupil,
                    row.where,
                    kind=cells.short(row["relationship"].casefold() or "guardian", "relationship"),
                    parental_responsibility=cells.flag(
                        row["parentalresponsibility"], "parental_responsibility"
                    ),
                    may_message=cells.flag(row["maymessage"], "may_message"),
                    may_receive=cells.flag(row["mayreceive"], "may_receive"),
                    barred=cells.flag(row["barred"], "barred"),
                    restricted_reason=row["restrictedreason"] or None,
                    priority=cells.whole_number(row["priority"], "priority"),
                    begins=cells.day(row["begins"], "begins"),
                    ends=cells.day(row["ends"], "ends"),
                )
            )
        except BadRow as fault:
            into.flaw(row.where, str(fault), contact, pupil)
    into.close(table)
