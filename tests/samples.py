"""Invented values for every template, as the program would hand them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.mail.digest_entry import Digest, DigestEntry, Later
from gateway.policypage import staff_summary, summary
from gateway.work.help import OFFICES_LINES, TEACHERS_LINES
from rules.calendar import SchoolCalendar
from tests.policy_world import POLICY
from tests.samples_for_staff import LATE_LISTS, SAMPLES_FOR_STAFF
from tests.samples_of_hours import HOURS_SAMPLES
from tests.samples_of_invites import INVITE_SAMPLES
from tests.samples_of_people import PEOPLE_SAMPLES

SCHOOL = {
    "school_name": "Oakfield Primary School",
    "office_phone": "01632 960 123",
    "office_address": "office@oakfield.example",
    "emergency": "In an emergency, ring 999.",
}
_HELD = {
    "class_name": "3B",
    "teacher": "Ms Lane",
    "reads": "3.30pm today",
    "answers_by": "8.30am tomorrow",
    "acknowledges_by": "",
}
_OFFICE = {
    "office_topics": ("attendance", "appointments", "special needs (SEND)"),
    "office_open": True,
    "office_opens": "",
}
_CLOSED = {**_OFFICE, "office_open": False, "office_opens": "8am on Monday 30 November"}
_MESSAGE = {
    "guardian": "Priya Patel",
    "originator": "priya.patel@mail.example",
    "verified": True,
    "class_name": "3B",
    "pupils": ("Amina",),
    "received": "Friday 27 November, 9.10am",
    "subject": "Amina is ill",
    "text": "Hello,\n\nAmina has a high fever and will not be in today.\n\nThank you\nPriya",
    "attachments": (),
    "can_reply": True,
    "distress": False,
    "report_to": "",
    "security_to": "",
}
_CARD = {
    "child": "Amina Patel (3B), named in the message",
    "what": "absent",
    "days": ["“today”: Friday 27 November", "“back Monday”: Monday 30 November (perhaps)"],
    "times": ["not stated"],
    "reason": "Amina has a high fever and will not be in today.",
    "sentence": "",
}
_EMPTY_CARD = {
    "child": "Amina Patel (3B) or Zoe Patel (3B), which one is not said",
    "what": "not stated",
    "days": ["not stated"],
    "times": ["leaves: “11.20”, 11.20am"],
    "reason": "",
    "sentence": "Завтра буде.",
}
_UNPROVEN = {**_MESSAGE, "verified": False, "can_reply": False, "pupils": ("Amina", "Zoe")}

SAMPLES: dict[str, tuple[Mapping[str, Any], ...]] = {
    "held": (
        {**_HELD, "reason": "In the school day, teachers teach and do not read messages."},
        {
            **_HELD,
            "reads": "3.30pm on Monday 30 November",
            "answers_by": "3.45pm on Tuesday 1 December",
            "acknowledges_by": "8.30am on Tuesday 1 December",
            "reason": "School is closed at the weekend.",
        },
    ),
    "redirected": ({**_OFFICE, "class_name": "3B"}, {**_CLOSED, "class_name": "3B"}),
    "divided": ({**_HELD, **_OFFICE}, {**_HELD, **_CLOSED}),
    "urgent": (_OFFICE, _CLOSED),
    "moved": (
        {
            **_HELD,
            "old_reads": "3.30pm today",
            "old_answers_by": "",
            "new_answers_by": "",
            "reads": "8am tomorrow",
            "answers_by": "5pm on Wednesday 2 December",
            "reason": "The school is closed: snow.",
        },
        {
            **_HELD,
            "old_reads": "3.30pm today",
            "old_answers_by": "",
            "new_answers_by": "",
            "reads": "8am on Monday 30 November",
            "answers_by": "5pm on Monday 30 November",
            "acknowledges_by": "8.30am on Tuesday 1 December",
            "reason": "",
        },
        {
            **_HELD,
            "old_reads": "",
            "reads": "",
            "old_answers_by": "8.30am tomorrow",
            "new_answers_by": "8.30am on Wednesday 2 December",
            "answers_by": "8.30am on Wednesday 2 December",
            "acknowledges_by": "",
            "reason": "The school is closed: snow.",
        },
    ),
    "help": ({"summary": summary(POLICY, SchoolCalendar.of(POLICY), date(2026, 11, 24))},),
    "help-staff": (
        {
            "teaches": True,
            "own_windows": ("Monday 30 November: 8am to 8.30am and 3.30pm to 5pm",),
            "summary": staff_summary(POLICY, teaches=True),
            "hours_address": "hours@class.oakfield.example",
            "lines": TEACHERS_LINES,
        },
        {
            "teaches": False,
            "own_windows": (),
            "summary": staff_summary(POLICY, teaches=False),
            "hours_address": "hours@class.oakfield.example",
            "lines": OFFICES_LINES,
        },
    ),
    "senior": ({},),
    "received": ({},),
    "security": ({},),
    "not-linked": ({"link_address": "link@oakfield.example"}, {"link_address": ""}),
    "action-refused": (
        {
            "action": "release a message to the class teacher",
            "why": "The link in your mail is too old. Links last for 14 school days.",
            "what_next": "Ask the school office to do it for you.",
        },
    ),
    "refused": (
        {
            "guardian": "Priya Patel",
            "why": "Your answer still holds words from another family's message.",
            "what_next": "Open the first mail again, press Reply, and write only your own words.",
            "text": "Of course, Amina can bring her kit on Monday.",
        },
    ),
    "files-left": (
        {
            "guardian": "Priya Patel",
            "files": ("class film.mov (too large)", "list.exe (program)"),
        },
    ),
    "office": (
        {
            **_MESSAGE,
            "urgent": False,
            "topics": ("attendance",),
            "teacher": "Ms Lane",
            "teacher_told": False,
            "parent_told": "The office has your message and will deal with it.",
            "card": _CARD,
            "hints": ("perhaps safeguarding",),
            "senior": False,
            "received_day": "Friday 27 November",
            "answer_by": "",
            "give_to": "a+5t8r1w2m9v3x4kzq7@oakfield.example",
        },
        {
            **_MESSAGE,
            "urgent": False,
            "topics": ("attendance",),
            "teacher": "Ms Lane",
            "teacher_told": False,
            "parent_told": "",
            "card": _EMPTY_CARD,
            "hints": (),
            "senior": False,
            "received_day": "Friday 27 November",
            "answer_by": "",
            "give_to": "",
        },
        {
            **_UNPROVEN,
            "card": None,
            "urgent": True,
            "topics": ("attendance", "appointments"),
            "teacher": "Ms Lane",
            "teacher_told": True,
            "parent_told": "",
            "attachments": ("dentist letter.pdf",),
            "hints": (),
            "senior": False,
            "received_day": "Friday 27 November",
            "answer_by": "",
            "give_to": "",
        },
        {
            **_MESSAGE,
            "card": None,
            "urgent": False,
            "topics": ("a complaint", "a request for records"),
            "teacher": "Ms Lane",
            "teacher_told": False,
            "parent_told": "a senior member of staff will see your message.",
            "hints": (),
            "senior": True,
            "received_day": "Monday 23 November",
            "answer_by": "Wednesday 23 December",
            "give_to": "",
        },
        {
            **_MESSAGE,
            "card": _CARD | {"reason": "See below the line."},
            "urgent": False,
            "topics": ("attendance",),
            "teacher": "Ms Lane",
            "teacher_told": False,
            "parent_told": "",
            "hints": ("may distress", "a child may have written this: “my mum”"),
            "senior": False,
            "received_day": "Friday 27 November",
            "answer_by": "",
            "give_to": "",
            "distress": True,
            "report_to": "a+m9v3t8r1w5b6nkzq7x2@oakfield.example",
            "security_to": "a+9v3t8r1w5b6nkzq7x2m@oakfield.example",
        },
    ),
    "office-queue": (
        {
            "rows": (
                {
                    "id": "k3v9t2m4xa",
                    "claims": "Priya Patel <priya@mail.example>",
                    "received": "Friday 27 November, 9.10am",
                    "why": "We could not prove who sent it.",
                    "unseen": True,
                    "raise_to": "",
                    "known": ("The mail host proved that it came from this address",),
                    "links": (
                        {
                            "words": "It is Priya Patel, on record for Maya Patel (3B)",
                            "to": "a+v3t8r1w5b6nkzq7x2m9@oakfield.example",
                        },
                    ),
                    "ask_code_to": "a+3t8r1w5b6nkzq7x2m9v@oakfield.example",
                    "drop_to": "a+t8r1w5b6nkzq7x2m9v3@oakfield.example",
                    "distress": False,
                    "report_to": "",
                    "security_to": "",
                    "subject": "Trip money",
                    "text": "Can I still pay for the trip?",
                    "answer": "Yes, until Friday. Please send it with Maya.",
                    "attachments": ("form.pdf",),
                },
                {
                    "id": "k3v9t2m4xb",
                    "claims": "nobody we know",
                    "received": "Friday 27 November, 9.40am",
                    "why": "This mail address is not linked to a class.",
                    "unseen": False,
                    "raise_to": "",
                    "known": (),
                    "links": (),
                    "ask_code_to": "",
                    "drop_to": "",
                    "distress": True,
                    "report_to": "a+m9v3t8r1w5b6nkzq7x2@oakfield.example",
                    "security_to": "a+9v3t8r1w5b6nkzq7x2m@oakfield.example",
                    "subject": "",
                    "text": "Who do I ask about lunch? " * 200,
                    "answer": "",
                    "attachments": (),
                },
            ),
            "joined": ("9.20am, Dana Hill is linked to Poppy Hill by code",),
            "quiet": ("9.12am: an out of office note to 3B", "9.30am: a mail could not be sent"),
            "late": (),
        },
        {
            "rows": (
                {
                    "id": "k3v9t2m4xa",
                    "claims": "Priya Patel <priya@mail.example>",
                    "received": "Friday 27 November, 9.10am",
                    "why": "We could not prove who sent it.",
                    "unseen": True,
                    "raise_to": "",
                    "known": (),
                    "links": (),
                    "ask_code_to": "",
                    "drop_to": "",
                    "distress": False,
                    "report_to": "",
                    "security_to": "",
                    "subject": "Trip money",
                    "text": "Can I still pay for the trip?",
                    "answer": "",
                    "attachments": (),
                },
            ),
            "joined": (),
            "quiet": (),
            "late": (
                {
                    "id": "k3v9t2m4xc",
                    "class_name": "3B",
                    "guardian": "Jo Marsh",
                    "pupils": ("Tom",),
                    "received": "Wednesday 25 November, 9.10am",
                    "due": "Thursday 26 November, 8.30am",
                },
            ),
        },
        {
            "rows": (
                {
                    "id": "k3v9t2m4xd",
                    "claims": "Jo Marsh, jo@mail.example",
                    "received": "Friday 27 November, 9.10am",
                    "why": "perhaps safeguarding: the words “will not eat”",
                    "unseen": False,
                    "raise_to": "a+8r1w4kzq7x2m9v3t@oakfield.example",
                    "known": (),
                    "links": (),
                    "ask_code_to": "",
                    "drop_to": "",
                    "distress": False,
                    "report_to": "",
                    "security_to": "",
                    "subject": "Tom",
                    "text": "Tom will not eat and cries at night.",
                    "answer": "",
                    "attachments": (),
                },
            ),
            "joined": (),
            "quiet": (),
            "late": (),
        },
        {"rows": (), "joined": (), "quiet": ("9.12am: an out of office note to 3B",), "late": ()},
        {"rows": (), "joined": ("9.20am, Dana Hill is linked",), "quiet": (), "late": ()},
        *LATE_LISTS,
    ),
    "safeguarding": (
        {
            **_MESSAGE,
            "since": "Friday 27 November, 9.14pm",
            "subject": "Please help",
            "text": "Amina says that a man waits for her at the gate.\nShe is afraid to go home.",
            "marks": ("not from a known device",),
            "kept_from": (),
            "subject_known": True,
            "answer": "Thank you. I will look for his coat.",
            "decided": ("The words: afraid to go home",),
            "told_before": ("Mrs Khan was told at 8.59pm and has not said that she has it.",),
            "told_next": ("If you do not press I have it, Mr Shah is told at 9.29pm.",),
            "acknowledge": "a+4kzq7x2m9v3t8r1w@oakfield.example",
            "release": "a+8r1w4kzq7x2m9v3t@oakfield.example",
            "keep": "a+2m9v3t8r1w4kzq7x@oakfield.example",
            "can_reply": True,
        },
        {
            **_UNPROVEN,
            "since": "Friday 27 November, 9.14pm",
            "class_name": "",
            "pupils": (),
            "marks": ("says something about a member of staff",),
            "kept_from": ("Mr Lloyd", "Miss Khan"),
            "subject_known": False,
            "answer": "",
            "decided": ("It could not be read as text.",),
            "told_before": (),
            "told_next": (),
            "acknowledge": "a+4kzq7x2m9v3t8r1w@oakfield.example",
            "release": "",
            "keep": "",
            "attachments": ("photo.jpg",),
        },
    ),
    "report": (
        {
            **_MESSAGE,
            "teacher": "Ms Lane",
            "reported": "Friday 27 November, 3.42pm",
            "subject": "This is not good enough",
            "text": "You are useless and I will make sure that all the parents know it.",
            "comment": "This is the third one this week.",
            "remove_to": "a+1w5b6nkzq7x2m9v3t8r@oakfield.example",
            "history": ("Thursday 26 November: one reminder to be kind",),
        },
        {
            **_UNPROVEN,
            "teacher": "Ms Lane",
            "reported": "Friday 27 November, 3.42pm",
            "comment": "",
            "remove_to": "",
            "history": (),
            "attachments": ("photo.jpg",),
        },
    ),
    "passed": (
        {
            **_MESSAGE,
            "teacher": "Ms Lane",
            "comment": "Could you find out about the bus?",
            "parent_told": "the office has your message, and how to reach the office.",
            "messages": (
                {
                    "received": "Friday 27 November, 9.10am",
                    "subject": "Bus",
                    "text": "Is there a bus on Monday?",
                    "attachments": ("ticket.pdf",),
                },
                {
                    "received": "Friday 27 November, 4.10pm",
                    "subject": "Re: Bus",
                    "text": "Sorry to ask again.",
                    "attachments": (),
                },
            ),
        },
        {
            **_MESSAGE,
            "teacher": "Ms Lane",
            "comment": "",
            "parent_told": "",
            "pupils": (),
            "messages": (
                {
                    "received": "Friday 27 November, 9.10am",
                    "subject": "",
                    "text": "Is there a bus on Monday?",
                    "attachments": (),
                },
            ),
        },
    ),
    "whole": (
        {
            **_MESSAGE,
            "attachments": ("party photo.jpg",),
            "withheld": ("game.exe (held: a program)",),
            "too_big": ("film.mp4",),
            "reply_to": "r+4kzq7x2m9v3t8r1w@oakfield.example",
        },
        {
            **_MESSAGE,
            "withheld": (),
            "too_big": (),
            "reply_to": "r+4kzq7x2m9v3t8r1w@oakfield.example",
        },
    ),
    "answer": (
        {
            "teacher": "Ms Lane",
            "class_name": "3B",
            "subject": "RE: PE kit",
            "text": "Hello Priya,\n\nYes, she can bring her kit on Monday.\n\nMaria Lane",
            "windows": "8am to 8.30am and 3.30pm to 5pm on school days",
        },
    ),
    "office-answer": (
        {
            "voice": "The school office",
            "subject": "Dentist",
            "text": "Thank you. We have noted it for Tuesday.",
        },
    ),
    **SAMPLES_FOR_STAFF,
    **HOURS_SAMPLES,
    **INVITE_SAMPLES,
    **PEOPLE_SAMPLES,
}

_TEXTS = (
    (
        "PE kit",
        "Hello Ms Lane,\n\nCan Amina bring her PE kit on Monday? Hers is still wet.\n\nPriya",
    ),
    ("Reading book", "Tom has lost his reading book. Where can we get a new one?\n\nThanks, Jo"),
    ("خوش آمدید", "السلام علیکم، کیا زویا کل کتاب لا سکتی ہے؟ شکریہ"),
    (
        "Birthday cake",
        "We would like to bring a cake for the class on Thursday. It has no nuts in it, but there "
        "is milk and egg.\n\nIs that all right? How many children are there?\n\nMany thanks\nSam",
    ),
    ("Maths homework", "Question 4 made no sense to us. Could you explain it again?"),
)
_PEOPLE = (
    ("Priya Patel", ("Amina",)),
    ("Jo Marsh", ("Tom",)),
    ("Sana Iqbal", ("Zoya", "Bilal")),
    ("Samantha Fotheringham-Worthington", ("Maximilian",)),
    ("Ola Nowak", ()),
)


def sample_entry(number: int) -> DigestEntry:
    """Return the `number`-th invented entry; a few have notes, hints, files or a passed promise."""
    subject, text = _TEXTS[number % len(_TEXTS)]
    guardian, pupils = _PEOPLE[number % len(_PEOPLE)]
    kind = number % 5
    again = Later("Friday 27 November, 4.20pm", "Sorry to ask again. Is there any news?")
    once_more = Later("Sunday 29 November, 9.05pm", "One more thing: which page?", "Page")
    return DigestEntry(
        guardian=guardian,
        class_name="3B",
        received="Friday 27 November, 3.45pm",
        due="Monday 30 November, 3.45pm" if number else "Friday 27 November, 3.30pm",
        due_at=datetime(2026, 11, 27, 15, 30, tzinfo=UTC) + timedelta(hours=number),
        pupils=pupils,
        subject=subject,
        text=text,
        more=(again, once_more)[: kind % 3],
        late=number == 0,
        again=number == 6,
        asked_before="Wednesday 25 November, 7.40pm" if number == 4 else "",
        acknowledge_by="Monday 30 November, 5pm" if number == 2 else "",
        breach="No reading time allowed an answer within a day." if number == 5 else "",
        moved="We told the parent this would be read on Friday 27 November, 3.30pm. "
        "The school was closed: snow."
        if number == 5
        else "",
        kept_back="Yes, the red book. See you on Monday." if number == 7 else "",
        note="The attendance part is already with the office." if kind == 1 else "",
        attachments=("cake recipe.pdf",) if kind == 3 else (),
        on_request=("party photo.jpg",) if kind == 3 else (),
        withheld=("game.exe (held: a program)",) if number == 8 else (),
        hints=("may distress",)
        if number == 8
        else ("a child may have written this: “my mum”",)
        if kind == 4
        else (),
        security_to=f"a+{number:04}9v3t8r1w5b6nkzq7x2m@oakfield.example" if kind == 4 else "",
        reply_to=f"r+{number:04}kzq7x2m9v3t8r1w5b6n@oakfield.example",
        done_to=f"a+{number:04}b6nkzq7x2m9v3t8r1w5@oakfield.example",
        pass_to=f"a+{number:04}x2m9v3t8r1w5b6nkzq7@oakfield.example",
        snooze_to=f"a+{number:04}m9v3t8r1w5b6nkzq7x2@oakfield.example",
        snooze_day="Tuesday 1 December",
        report_to=f"a+{number:04}w5b6nkzq7x2m9v3t8r1@oakfield.example",
        raise_to=f"a+{number:04}v3t8r1w5b6nkzq7x2m9@oakfield.example",
        whole_to=f"a+{number:04}t8r1w5b6nkzq7x2m9v3@oakfield.example",
    )


HELD_ENTRY = DigestEntry(
    guardian="Dee Brown",
    class_name="3B",
    received="Thursday 26 November, 9.14pm",
    due_at=datetime(2026, 11, 26, 21, 14, tzinfo=UTC),
    kind="with-dsl",
)


def sample_digest(*entries: DigestEntry) -> Digest:
    """Return a digest of `entries` for an invented teacher."""
    return Digest(
        teacher="Ms Lane",
        reading_time="Monday 30 November, 8am",
        own_windows=(
            "Monday, Tuesday, Thursday and Friday: 8am to 8.30am and 3.30pm to 5pm",
            "Wednesday 2 December: 8am to 8.30am only (staff training)",
        ),
        entries=entries,
        **SCHOOL,
    )
