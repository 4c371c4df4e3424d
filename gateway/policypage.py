"""What does the policy in force say, as plain English that a school can publish?

Everything is taken from the frozen policy and calendar that run: what is published is what
happens. Nothing of a single member of staff is in it, and no staff address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.policydays import dated, last_day_told, next_closing, rows_without_reading
from gateway.work.phrases import topic_words, topics_away
from rules.calendar import SchoolCalendar
from rules.concern import SENIOR_MARKS
from rules.policy import Policy, Promise, Week
from rules.routing import OFFICE_TOPICS
from rules.wording import DAYS, listed, span_words

_WHERE_WORDS = {
    "teacher": "the class teacher",
    "office": "the school office",
    "senco": "the special needs lead (SENCo)",
    "dsl": "the safeguarding lead",
    "head": "the head teacher",
}
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NOT_COUNTED = "Nights, weekends and holidays do not count."
_CONDUCT = ("G13", "G14", "G15", "P3", "P4", "P5", "T6")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: a heading, sentences, and rows of what and how."""

    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """The policy as a page."""

    school_name: str
    version: str
    on: date  # the day it was written for: closed days before it are left out
    parts: tuple[Part, ...]


def policy_page(policy: Policy, calendar: SchoolCalendar, today: date) -> PolicyPage:
    """Return the page of the policy in force on `today`, a date at the school."""
    return PolicyPage(
        policy.school_name,
        policy.version,
        today,
        tuple(part for part in _parts(policy, calendar, today) if part.sentences or part.rows),
    )


def summary(policy: Policy, calendar: SchoolCalendar, today: date) -> tuple[str, ...]:
    """Return the policy for families in a few paragraphs, each of short sentences."""
    return (
        "Write to the mail address of your child’s class. "
        "Use the address that the school has for you.",
        f"{' '.join(_reading(calendar))} At other times your message waits.",
        " ".join(_answer(policy.promise)),
        f"Please write to {policy.contacts.office_address} about "
        f"{listed(topic_words(topics_away(policy)))}.",
        "If you are worried about a child, write or ring at any time. "
        "Senior staff are told at once.",
        *next_closing(calendar, today),
        "Children have no access. Please make sure that nobody writes in your name.",
        f"This policy was last reviewed on {dated(policy.reviewed)}.",
    )


def staff_summary(policy: Policy, *, teaches: bool) -> tuple[str, ...]:
    """Return what the policy promises families, for whoever keeps the promise."""
    promise = policy.promise
    by_day = promise.clock == "working_day"
    within = _count(promise.days, "working day") if by_day else _count(promise.hours, "hour")
    sentences = [f"We promise families an answer within {within}."]
    if by_day:
        sentences.append(_NOT_COUNTED)
    if promise.acknowledge_hours:
        hours = _count(promise.acknowledge_hours, "hour")
        sentences.append(f"We tell them within {hours} that their message was read.")
    if not teaches:
        return (" ".join(sentences), "Teachers get their messages in reading hours only.")
    waits = "What you write at other times leaves when your hours begin."
    if policy.send_now:
        waits += " To send it at once, put “send now” in the first line."
    return (" ".join(sentences), waits)


def _parts(policy: Policy, calendar: SchoolCalendar, today: date) -> Iterator[Part]:
    hours, contacts = calendar.hours, policy.contacts
    yield Part(
        "When teachers read messages",
        (
            *_reading(calendar),
            "At other times your message waits. You are told when it is read.",
            "Nobody expects staff to read or answer at other times.",
        ),
        (
            *_week_rows("Staff work", hours.working),
            *_week_rows("The office is open", hours.office),
        ),
    )
    yield Part(
        "Days and times without reading",
        ("In these times nothing is read. Your message waits until teachers read again.",),
        tuple(rows_without_reading(calendar, today, last_day_told(policy, today))),
    )
    yield Part("When you get an answer", tuple(_answer(policy.promise)))
    yield Part(
        "What to write to whom",
        ("Questions about the class go to the class teacher. These go to somebody else:",),
        tuple(_elsewhere(policy)),
    )
    yield Part(
        "If it cannot wait",
        (f"Ring the school office on {contacts.office_phone}.", contacts.emergency),
    )
    yield Part(
        "If a child may be at risk",
        (
            "What may mean a child at risk goes to senior staff at once, at any hour.",
            "If nobody has taken it up in "
            f"{int(policy.escalate_after.total_seconds() // 60)} minutes, the next person is told.",
        ),
    )
    conduct = tuple(policy.clauses[clause] for clause in _CONDUCT if clause in policy.clauses)
    yield Part("How we use messages", conduct)
    yield Part(
        "How to reach us",
        (),
        (
            ("School office, by phone", contacts.office_phone),
            ("School office, by mail", contacts.office_address),
        ),
    )
    yield Part("About this policy", tuple(_about(policy, today)))
    yield Part("The policy in the school’s own words", (), tuple(policy.clauses.items()))


def _reading(calendar: SchoolCalendar) -> Iterator[str]:
    """Yield sentences with the reading windows of a usual week."""
    for days, words in _grouped(calendar.hours.windows):
        yield f"Teachers read messages from {words} {days}."


def _grouped(week: Week) -> Iterator[tuple[str, str]]:
    """Yield ("on school days", "8am to 8.30am"), or such a pair for each group of like days."""
    groups: dict[str, list[int]] = {}
    for number, spans in enumerate(week):
        if spans:
            words = " and ".join(span_words(span.opens, span.closes) for span in spans)
            groups.setdefault(words, []).append(number)
    for words, days in groups.items():
        if days == [0, 1, 2, 3, 4]:
            yield "on school days", words
        else:
            yield f"on {listed([DAYS[number] for number in days])}", words


def _week_rows(what: str, week: Week) -> Iterator[tuple[str, str]]:
    for days, words in _grouped(week):
        yield f"{what} {days}", words


def _elsewhere(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each topic that does not go to the teacher, as `rules.routing` sends it."""
    for topic in (*OFFICE_TOPICS, *SENIOR_MARKS):
        where = policy.where.get(topic, "office")
        if where != "teacher":
            yield topic_words((topic,))[0], _WHERE_WORDS[where]
        elif topic in SENIOR_MARKS:
            yield topic_words((topic,))[0], _WHERE_WORDS["office"]


def _answer(promise: Promise) -> Iterator[str]:
    if promise.acknowledge_hours:
        hours = _count(promise.acknowledge_hours, "hour")
        yield f"You hear within {hours} that your message was read."
    if promise.clock == "working_day":
        yield f"You get an answer within {_count(promise.days, 'working day')}."
        yield _NOT_COUNTED
    else:
        yield f"You get an answer within {_count(promise.hours, 'hour')}."
        yield "It comes in the hours in which teachers read."


def _count(number: int, unit: str) -> str:
    words = _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else str(number)
    return f"{words} {unit}" if number == 1 else f"{words} {unit}s"


def _about(policy: Policy, today: date) -> Iterator[str]:
    yield f"This is version “{policy.version}”."
    yield f"It was last reviewed on {dated(policy.reviewed)}."
    if policy.next_review < today:
        yield f"The next review was due on {dated(policy.next_review)} and is late."
    else:
        yield f"The next review is due by {dated(policy.next_review)}."
    count = len(policy.owners)
    yield (
        f"{_count(count, 'named person').replace('persons', 'people').capitalize()} at the school "
        + ("reviews it." if count == 1 else "review it.")
    )
