"""A school week in one piece: 500 parents' mails at any hour, and who was given what, when."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from gateway.store import schema as t
from tests.installation import DOMAIN, authenticated
from tests.shared import DATA
from tests.staged import staged

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer
LONDON = ZoneInfo("Europe/London")
SATURDAY = datetime(2026, 11, 7, tzinfo=LONDON)
LAST_MAIL = datetime(2026, 11, 13, 16, 30, tzinfo=LONDON)
AFTER_THE_LAST_WINDOW = datetime(2026, 11, 13, 17, 0, tzinfo=LONDON)
MAILS, FAMILIES = 500, 60
MON, TUE, WED, THU, FRI = range(5)
EARLY, LATE = (time(8), time(8, 30)), (time(15, 30), time(17))
KHAN, PRICE, REED = (f"{name}@oakfield.example" for name in ("khan", "price", "reed"))
# Who may be given mail when: the sample policy's windows, less what POLICY takes out of them.
WINDOWS = {
    KHAN: dict.fromkeys(range(5), (EARLY, LATE)),
    PRICE: dict.fromkeys((MON, TUE, THU, FRI), (EARLY, LATE)) | {WED: (EARLY,)},
    REED: dict.fromkeys((MON, WED, THU, FRI), (LATE,)) | {TUE: ((time(16, 15), time(17)),)},
}
STAFF = [
    ("Miss Khan", KHAN, "teacher", "3A", 0),
    ("Mr Price", PRICE, "teacher", "3B", 0),
    ("Ms Reed", REED, "teacher", "3C", 0),
]
POLICY = (
    f"""
[[hours.training]]
every = "wed"
hours = "15:30-17:00"
why = "choir"
staff = "{PRICE}"
"""
    + "".join(
        f"""
[[hours.training]]
every = "{day}"
hours = "08:00-08:30"
why = "breakfast club"
staff = "{REED}"
"""
        for day in ("mon", "tue", "wed", "thu", "fri")
    )
    + f"""
[[hours.training]]
every = "tue"
hours = "15:30-16:15"
why = "swimming"
staff = "{REED}"
"""
)
CLASSES = ("3A", "3B", "3C")
ROWS = [
    (f"P{n}", f"Child{n}", "Oak", CLASSES[n % 3], f"Parent {n}", f"parent{n}@home.example")
    for n in range(FAMILIES)
]


def mails():
    chance = random.Random(20261107)
    words = [
        json.loads(line)
        for line in (DATA / "parent-emails-dev.jsonl").read_text("utf-8").splitlines()
    ]
    span = (LAST_MAIL - SATURDAY).total_seconds()
    for number, seconds in enumerate(sorted(chance.uniform(0, span) for _ in range(MAILS))):
        family, text = chance.randrange(FAMILIES), chance.choice(words)
        writer, room = f"parent{family}@home.example", CLASSES[family % 3].lower()
        head = (
            f"From: Parent {family} <{writer}>\r\nTo: {room}@{DOMAIN}\r\n"
            f"Subject: {number}\r\nMessage-ID: <{number}.week@home.example>\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        )
        # The mark stands first: what a parent quotes below is not shown in a digest.
        body = "\r\n".join([f"wk{number}end", *text["body"].splitlines()])
        octets = authenticated("home.example") + (head + body + "\r\n").encode()
        yield SATURDAY + timedelta(seconds=seconds), writer, f"{room}@{DOMAIN}", octets


@contextmanager
def a_week(folder):
    with staged(folder, SATURDAY, STAFF, ROWS, policy=POLICY) as gateway:
        for at, writer, recipient, octets in mails():
            gateway.stage.advance_to(at)
            gateway.stage.submit(writer, [recipient], octets)
        gateway.stage.advance_to(AFTER_THE_LAST_WINDOW)
        gateway.stage.settle()
        yield gateway


def no_teacher_is_given_anything_outside_their_own_windows(week):
    outside, given = [], Counter()
    for mail in week.taken:
        if mail.recipient not in WINDOWS:
            continue
        given[mail.recipient] += 1
        local = mail.at.astimezone(LONDON)
        windows = WINDOWS[mail.recipient].get(local.weekday(), ())
        if not any(opens <= local.time() < closes for opens, closes in windows):
            outside.append((mail.recipient, local))
    assert outside == []
    assert all(given[teacher] > 5 for teacher in WINDOWS), "or the week proves nothing"


def every_mail_of_the_week_is_accounted_for(week):
    audit = week.audit()
    assert audit.is_whole, audit.faults
    assert audit.accepted == sum(audit.endings.values()) == MAILS
    assert audit.endings["delivered"] > 100
    assert audit.endings["redirected"] > 50


def no_family_gets_more_notices_than_the_policy_allows(week):
    notices = [mail for mail in week.taken if mail.recipient.endswith("@home.example")]
    assert len(notices) > 100
    a_day = Counter((mail.recipient, mail.at.astimezone(LONDON).date()) for mail in notices)
    assert max(a_day.values()) <= 3
    with week.store.read() as connection:
        told = connection.execute(select(t.notices)).all()
    assert len(told) == len(notices)
    assert len({row.key for row in told}) == len(told)
    same = Counter((mail.recipient, mail.at.date(), mail.text) for mail in notices)
    assert [key[:2] for key, count in same.items() if count > 1] == []


def every_item_is_in_exactly_one_digest_and_no_mail_leaves_twice(week):
    with week.store.read() as connection:
        items = connection.execute(select(t.digest_items)).all()
        entries = connection.execute(select(func.sum(t.digests.c.entries))).scalar()
        numbers = dict(
            connection.execute(select(t.messages.c.spool_id, t.messages.c.message_id)).all()
        )
    assert len({item.key for item in items}) == len(items)
    # Nobody answers in this week. Who is told that only after the week is still to be told.
    assert {item.kind for item in items if item.digest_id is None} <= {"overdue", "late"}
    given = [item for item in items if item.digest_id]
    assert len(given) == entries
    for_teachers = [item.spool_id for item in given if item.kind in ("message", "overdue")]
    assert max(Counter((item.spool_id, item.kind) for item in items).values()) == 1
    shown = Counter(
        mark
        for mail in week.taken
        if mail.recipient in WINDOWS
        for mark in re.findall(r"wk(\d+)end", mail.text)
    )
    wanted = Counter(re.match(r"<(\d+)\.", numbers[spool_id])[1] for spool_id in for_teachers)
    assert shown == wanted
    assert max(Counter(mail.message_id for mail in week.taken).values()) == 1


def nothing_waits_after_the_last_window(week):
    assert "waiting" not in week.audit().endings
    with week.store.read() as connection:
        left = connection.execute(
            select(func.count()).where(t.outbox.c.state.in_(("waiting", "leased")))
        ).scalar()
        held = connection.execute(
            select(t.digest_items.c.kind).where(
                t.digest_items.c.digest_id.is_(None),
                t.digest_items.c.kind.not_in(("overdue", "late")),
            )
        ).all()
    assert left == 0
    assert held == []


def what_left_is_clean_and_shows_no_family_another_ones_address(week):
    for mail in week.taken:
        assert mail.is_clean
        if mail.recipient.endswith("@home.example"):
            assert mail.octets.count(b"@home.example") == mail.octets.count(
                mail.recipient.encode()
            ) + mail.octets.count(b".week@home.example")


PROMISES = (
    no_teacher_is_given_anything_outside_their_own_windows,
    every_mail_of_the_week_is_accounted_for,
    no_family_gets_more_notices_than_the_policy_allows,
    every_item_is_in_exactly_one_digest_and_no_mail_leaves_twice,
    nothing_waits_after_the_last_window,
    what_left_is_clean_and_shows_no_family_another_ones_address,
)


def test_a_week_of_five_hundred_mails_keeps_every_promise(tmp_path):
    # One test, so that the week is lived through once, however many workers share the tests.
    with a_week(tmp_path) as week:
        for promise in PROMISES:
            promise(week)
