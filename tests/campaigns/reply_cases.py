"""Which replies the campaign writes: a teacher's words in each program, language and place."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from tests.campaigns.reply_families import Family
from tests.campaigns.reply_languages import LANGUAGES, Language
from tests.campaigns.reply_styles import Own, Sent, Style, Written
from tests.campaigns.reply_styles_more import MAY_ANSWER_BELOW, MAY_ANSWER_BETWEEN

_LINE = SMTP.clone(max_line_length=998)
_SIGNATURE = "\n\nMiss R Khan\nClass 3B teacher\n01632 960123 | khan@oakfield.example"
# `{}` is the child's first name. A teacher's answers as they are: short, ordinary, to the point.
ANSWERS = (
    "Thank you for letting me know. {} can bring it on Thursday.",
    "Hi,\n\nYes, that is fine. {} will need a packed lunch and a coat.",
    "Dear {guardian},\n\n{} has settled well this week. We are working on number bonds to 20 and "
    "I will send a sheet home on Friday.\n\nKind regards\nMiss Khan",
    "PE is on Tuesday and Friday. Please send {} in kit.",
    "I have looked and cannot find it. I will ask the lunchtime staff and write again tomorrow.",
    "Yes.",
    "No problem at all.",
    "Thanks",
    "Good question! We do the times tables with songs: https://tables.example/songs may help.",
    "I will speak to {} tomorrow and let you know how it goes.\n\nMiss Khan",
    "Hello {guardian},\nthe reading book should come back on Mondays.\n\nBest wishes,\nR. Khan",
    "{} was a star today: helped a friend in the playground and read a whole page aloud.",
    "It is £4.50 for the trip, please pay by 4 December. Coach leaves at 9.15am sharp.",
    "Could you come in at 3.45pm on Wednesday? If not, ring the office on 01632 960000.",
    "Spelling list this week: because, beautiful, people, water, again.\nTest on Friday.",
    "That sounds hard for {}. Shall we talk about it at parents' evening?",
    "1. Water bottle: named please\n2. Jumper: in lost property\n3. Homework: page 12",
    "Of course. I have moved {} nearer to the board.",
    "We found the jumper! It was on the wrong peg.",
    "Dear {guardian}\n\nThank you very much for your kind message. It means a lot.\n\nMiss Khan",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One reply: its octets, the family it is for, and what is to become of it."""

    name: str
    family: Family
    octets: bytes
    own: str  # the teacher's own words, signatures apart
    kind: Literal["answer", "pasted"]


def cases(
    count: int,
    seed: int,
    styles: Mapping[str, Style],
    people: Sequence[Family],
    sent: Sent,
    addresses: Mapping[int, str],
) -> Iterator[Case]:
    """Yield `count` replies to `sent`, whose families are answered at `addresses`."""
    picker = random.Random(seed)
    names = list(styles)
    for number in range(count):
        family = people[number % len(people)]
        name = names[number % len(names)]
        # Every other reply comes from a program that speaks English.
        language = LANGUAGES[0] if number % 2 else picker.choice(LANGUAGES[1:])
        pasted = number % 17 == 5
        own, words = _own(name, family, language, picker)
        if pasted:
            other = picker.choice([one for one in people if one is not family])
            own = Own(f"{words}\n{_pasted(other, picker)}")
        written = styles[name](own, sent, language, picker)
        octets = _message(number, written, addresses[family.number], sent)
        label = f"{number} {name}, {language.code}, to {family.guardian}"
        yield Case(label, family, octets, words, "pasted" if pasted else "answer")


def _own(style: str, family: Family, language: Language, picker: random.Random) -> tuple[Own, str]:
    answers = language.answers if language.answers and picker.random() < 0.5 else ANSWERS
    text = picker.choice(answers)
    words = text.format(family.given, guardian=family.guardian.split()[0])
    place = picker.random()
    if place < 0.4 and style in MAY_ANSWER_BETWEEN:
        return Own(top=words, between="That one is on Monday."), f"{words}\nThat one is on Monday."
    if place < 0.6 and style in MAY_ANSWER_BELOW:
        return Own(bottom=words), words
    ending = picker.random()
    if ending < 0.15:
        return Own(top=words + _SIGNATURE), words
    if ending < 0.3:
        return Own(top=f"{words}\n\n{language.greeting}\n\n{language.secret}"), words
    if ending < 0.4:
        return Own(top=f"{words}\n\n{picker.choice(language.footers)}"), words
    return Own(top=words), words


def _pasted(other: Family, picker: random.Random) -> str:
    """Return another family's words as a teacher might paste them by mistake."""
    text = other.text
    betraying = next(line for line in text.split("\n") if other.canary in line)
    return picker.choice(
        (
            text,
            betraying.upper(),
            betraying.replace(" ", "  \n"),
            betraying.replace("a", "а"),  # Cyrillic
            f"As {other.guardian} said, we should wait.",
            betraying.replace(" ", "\u00a0"),
        )
    )


def _message(number: int, written: Written, address: str, sent: Sent) -> bytes:
    message = EmailMessage(policy=_LINE)
    message["From"] = "Miss Khan <khan@oakfield.example>"
    message["To"] = address
    message["Subject"] = f"Re: {sent.subject}"
    message["Date"] = f"Tue, 24 Nov 2026 15:{32 + number % 25}:{number % 60:02} +0000"
    message["Message-ID"] = f"<reply-{number}@oakfield.example>"
    if written.text:
        message.set_content(written.text, cte="quoted-printable")
        if written.flowed:
            message.set_param("format", "flowed")
        if written.html:
            message.add_alternative(written.html, subtype="html", cte="base64")
    else:
        message.set_content(written.html, subtype="html", cte="base64")
    return bytes(message)
