"""A small invented school as values, for tests that put values in and take a decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.automatic import AutomaticVerdict
from rules.calendar import SchoolCalendar
from rules.decide import decide
from rules.effects import Decision, Effect
from rules.facts import Facts
from rules.instruction import Action, Instruction, Item
from rules.message import Authenticity, Content, Envelope, Inbound, Originator
from rules.people import Directory, Guardian, Link, Role, SchoolClass, Staff
from rules.policy import ClosedDays, Contacts, Hours, Policy, Promise, Span
from rules.topics import Evidence, Understanding

LONDON = ZoneInfo("Europe/London")
DAY = (Span(time(8), time(17)),)
READING = (Span(time(8), time(8, 30)), Span(time(15, 30), time(17)))
HOURS = Hours(
    working=(DAY,) * 5 + ((),) * 2,
    windows=(READING,) * 5 + ((),) * 2,
    office=(DAY,) * 5 + ((),) * 2,
    closed=(ClosedDays(date(2026, 12, 19), date(2027, 1, 3), "Christmas holiday"),),
)
POLICY = Policy(
    version="test 1",
    school_name="Oakfield Primary School",
    zone="Europe/London",
    reviewed=date(2026, 9, 1),
    next_review=date(2027, 9, 1),
    owners=("head@oakfield.example",),
    hours=HOURS,
    promise=Promise(),
    contacts=Contacts("01632 960123", "office@oakfield.example"),
)
KHAN = Staff("khan", "Miss Khan", "khan@oakfield.example", frozenset({Role.TEACHER}))
LLOYD = Staff("lloyd", "Mr Lloyd", "lloyd@oakfield.example", frozenset({Role.TEACHER}))
OFFICE = Staff("office", "School office", "office@oakfield.example", frozenset({Role.OFFICE}))
DSL = Staff("dsl", "Mrs Adeyemi", "adeyemi@oakfield.example", frozenset({Role.DSL}))
DEPUTY = Staff("deputy", "Mr Osei", "osei@oakfield.example", frozenset({Role.DEPUTY_DSL}))
HEAD = Staff("head", "Mrs Castellan", "head@oakfield.example", frozenset({Role.HEAD, Role.SLT}))
LEADS = (OFFICE, DSL, DEPUTY, HEAD)
ROOM_3B = SchoolClass("3b", "3B", "3b@class.oakfield.example", (KHAN,))
ROOM_5A = SchoolClass("5a", "5A", "5a@class.oakfield.example", (LLOYD,))
BEN = Link("ben", "Ben Okoro", ("3b",))
ZOE = Link("zoe", "Zoe Okoro", ("5a",))
AMINA = Guardian("amina", "Amina Okoro", (BEN,))
ADDRESS = "amina@parent.example"
TUESDAY_MORNING = datetime(2026, 11, 24, 9, 10, tzinfo=LONDON)


def understood(
    *labels: str, urgent: bool = False, extra: tuple[str, ...] = (), perhaps: tuple[str, ...] = ()
) -> Understanding:
    """Return an understanding with these labels, each with one word of evidence."""
    evidence = tuple(Evidence(one, 0, 4, f"the {one} words", "test") for one in labels + extra)
    return Understanding(
        frozenset(labels or ("classroom",)), urgent, frozenset(extra), frozenset(perhaps), evidence
    )


def inbound(
    *,
    arrived: datetime = TUESDAY_MORNING,
    originator: Originator | None = None,
    authenticity: Authenticity = Authenticity.VERIFIED,
    recipient: str = ROOM_3B.address,
) -> Inbound:
    """Return a message from Amina to 3B, but for what is named."""
    written_by = originator or Originator("single", ADDRESS, "Amina Okoro")
    content = Content(written_by, "A question", "Hello", "Hello")
    envelope = Envelope("0000000000000001", arrived, ADDRESS, recipient)
    return Inbound(envelope, content, authenticity)


def directory(**changes: object) -> Directory:
    """Return what the roster says of Amina and 3B, but for what is named."""
    usual = Directory(
        "Oakfield Primary School",
        addressed_class=ROOM_3B,
        classes=(ROOM_3B, ROOM_5A),
        guardians=(AMINA,),
        leads=LEADS,
        in_post=(*LEADS, KHAN, LLOYD),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # the tests name real fields


def facts(**changes: object) -> Facts:
    """Return the facts of an ordinary class message, but for what is named."""
    usual = Facts(
        directory=directory(),
        policy=POLICY,
        calendar=SchoolCalendar.of(POLICY),
        understanding=understood(),
        verdict=AutomaticVerdict("human"),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # the tests name real fields


def when(message: Inbound | None = None, **changes: object) -> Decision:
    """Decide about `message` (Amina's, by default) with the usual facts, but for what is named."""
    return decide(message or inbound(), facts(**changes))


def of(decision: Decision, kind: type[Effect]) -> list[Effect]:
    """Return the effects of one kind."""
    return [effect for effect in decision.effects if isinstance(effect, kind)]


def asks(action: Action, staff: Staff, state: str = "valid", **changes: object) -> Instruction:
    """Return an instruction by `staff` about an earlier message of Amina's to 3B."""
    item = Item("0000000000000009", "amina", ADDRESS, "3b", pupil_ids=("ben",))
    item = replace(item, **changes)  # type: ignore[arg-type]  # the tests name real fields
    return Instruction(action, state, staff, item)  # type: ignore[arg-type]


def later(hours: int) -> datetime:
    """Return so many hours after the usual arrival."""
    return TUESDAY_MORNING + timedelta(hours=hours)
