"""What stands in a letter with an invite code, and which names in it cannot be printed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.invites.issuing import Invitation
from gateway.mail.render import fill_text
from gateway.policypage import summary
from gateway.school import LINK, School
from gateway.work.phrases import contact_values
from rules.codes import grouped
from rules.wording import day_words

TEMPLATE = "letter/letter.txt"


@dataclass(frozen=True, slots=True)
class LetterText:
    """One letter before it is set: its lines, and the names that the fonts lack."""

    lines: tuple[str, ...]
    unprintable: tuple[str, ...]


def letter_text(
    school: School, invitation: Invitation, now: datetime, can_print: Callable[[str], bool]
) -> LetterText:
    """Return the letter of one invitation, for a page of its own.

    Where a name cannot be printed, the child's reference stands in its place: a page of empty
    boxes would tell nobody whose it is.
    """
    child, link = invitation.child, invitation.contact.link
    names = {"guardian": link.guardian_name, "child": child.name, "given_name": child.given_name}
    instead = {
        "guardian": f"the parent or carer of the pupil with the number {child.reference}",
        "child": f"the pupil with the number {child.reference}",
        "given_name": "your child",
    }
    missing = {key for key, name in names.items() if not can_print(name)}
    shown = {key: instead[key] if key in missing else name for key, name in names.items()}
    today = school.today(now)
    values = {
        "today": f"{day_words(today)} {today.year}",
        "class_name": child.class_name,
        "code": grouped(invitation.code),
        "last_day": f"{day_words(invitation.last_day)} {invitation.last_day.year}",
        "link_address": school.address(LINK),
        # Its first sentence is about the address on record, its last about the review.
        "summary": summary(school.policy, school.calendar, today)[1:-1],
        "policy_version": school.policy.version,
    }
    text = fill_text(TEMPLATE, contact_values(school) | values | shown)
    return LetterText(
        tuple(line for line in text.split("\n") if line.strip()),
        tuple(sorted(names[key] for key in missing - {"given_name"})),
    )


def all_texts(letters: Sequence[LetterText]) -> list[str]:
    """Return every line of every letter: what the fonts must have."""
    return [line for letter in letters for line in letter.lines]
