"""Every notice to a guardian in every language, as the program writes it, with invented values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.mail.bilingual import Facts, above
from gateway.mail.language_file import Language
from gateway.mail.languages import read_language
from gateway.mail.render import Above, Rendered
from gateway.policypage import summary
from gateway.resources import resource_path
from gateway.school import School
from gateway.work.notice_words import Told, facts_in, notice_words
from gateway.work.phrases import Waiting
from rules.calendar import SchoolCalendar
from rules.effects import NoticeKind
from rules.policy import Contacts, Promise
from tests.policy_world import POLICY

LONDON = ZoneInfo("Europe/London")
CODES = sorted(path.stem for path in resource_path("templates", "languages").glob("*.toml"))
TO_STAFF = (NoticeKind.ACTION_REFUSED, NoticeKind.HELP_STAFF)
# The answer to a code that does not work is the same to everybody, whoever they may be.
TO_GUARDIANS = [kind for kind in NoticeKind if kind not in (*TO_STAFF, NoticeKind.CODE_REFUSED)]


def at(text: str) -> datetime:
    """Return an instant by London's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


NOW = at("2026-11-24 09:10")  # a Tuesday
DRAFTS = replace(
    POLICY,
    draft_translations=True,
    promise=Promise(acknowledge_hours=24),
    contacts=Contacts(
        "01632 960 123", "office@oakfield.example", "If someone is in danger, ring 999."
    ),
)
ELAPSED = replace(DRAFTS, promise=Promise("elapsed", hours=48))


def school(policy=DRAFTS) -> School:
    """Return an invented school that sends drafts, unless its policy says otherwise."""
    return School.of("oakfield", "class.oakfield.example", policy)


_CLASS = Told(
    NoticeKind.HELD,
    class_name="3B",
    teacher="Ms Lane",
    reads_at=at("2026-11-24 15:30"),
    due=at("2026-11-25 08:30"),
    waiting=Waiting("school_day"),
)
_LATER = replace(
    _CLASS,
    teacher="Mrs Whitmore",
    reads_at=at("2027-01-04 08:00"),
    due=at("2027-01-04 17:00"),
    acknowledge_by=at("2027-01-04 12:00"),
    old_reads_at=at("2026-12-18 15:30"),
    waiting=Waiting("closed", "Christmas holiday"),
    office_open=False,
    office_opens_at=at("2027-01-04 08:00"),
    link_address="link@class.oakfield.example",
)


def samples(kind: NoticeKind) -> tuple[Told, ...]:
    """Return what one kind of notice may tell: the shortest, the longest, and the other reasons."""
    more = ()
    if kind is NoticeKind.HELP:
        words = summary(DRAFTS, SchoolCalendar.of(DRAFTS), date(2026, 11, 24))
        more = (("summary", words),)
    told = [replace(one, kind=kind, more=more) for one in (_CLASS, _LATER)]
    if kind is NoticeKind.LINKED:
        return linked_samples(told[0])
    told[0] = replace(told[0], old_reads_at=at("2026-11-23 15:30"))
    if kind is NoticeKind.HELD:
        reasons = ("in_window", "weekend", "outside_hours")
        told += [replace(told[0], waiting=Waiting(reason)) for reason in reasons]
    if kind is NoticeKind.MOVED:
        told += [replace(told[0], waiting=Waiting(one)) for one in ("", "hours_changed")]
        only_the_answer = replace(told[0], reads_at=None, old_reads_at=None)
        told.append(replace(only_the_answer, old_due=at("2026-11-24 08:30")))
    return tuple(told)


def linked_samples(told: Told) -> tuple[Told, ...]:
    """Return what somebody is told who sent codes: for one child, and for several."""
    words = summary(DRAFTS, SchoolCalendar.of(DRAFTS), date(2026, 11, 24))[1:-1]
    one = (("Poppy", "3B", "3b@class.oakfield.example"),)
    two = (*one, ("Max", "1A", "1a@class.oakfield.example"))
    return tuple(
        replace(
            told,
            class_addresses=tuple(address for _child, _room, address in rooms),
            waiting_for=waiting,
            more=(("rooms", rooms), ("summary", words)),
        )
        for rooms, waiting in ((one, ()), (two, ("Ben",)), ((), ("Ben", "Zoe")))
    )


def part_in(code: str, told: Told, policy=DRAFTS) -> Above:
    """Return what stands above the English."""
    language = read_language(code)
    facts = facts_in(language, school(policy), told, NOW)
    return above(
        str(told.kind), language, Facts(facts, told.waiting.kind, office_open=told.office_open)
    )


def parts_in(code: str) -> list[tuple[str, Above]]:
    """Return every sample in one language, with a name for it."""
    found = [
        (f"{kind}-{number}", part_in(code, told))
        for kind in TO_GUARDIANS
        for number, told in enumerate(samples(kind), 1)
    ]
    return [*found, ("help-elapsed", part_in(code, samples(NoticeKind.HELP)[0], ELAPSED))]


def bilingual_mails() -> dict[str, Rendered]:
    """Return whole mails to look at, by a short name: every kind in every language."""
    return {
        f"{kind}-{number}-{code}": notice_words(school(), told, code, NOW)
        for code in CODES
        for kind in TO_GUARDIANS
        for number, told in enumerate(samples(kind)[:2], 1)
    }


def languages() -> list[Language]:
    """Return all languages."""
    return [read_language(code) for code in CODES]
