"""Every mail of ours in plain words: no jargon, and times that nobody can take for others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.mail.render import Rendered
from gateway.work.notice_words import notice_words
from tests.look import sample_mails
from tests.readability import own_sentences, readability, syllables
from tests.translated import NOW, TO_GUARDIANS, samples, school

# What the program says in English, with the values that it has.
NOTICES = {
    f"{kind}-{number}": notice_words(school(), told, "en", NOW)
    for kind in TO_GUARDIANS
    for number, told in enumerate(samples(kind), 1)
}
EVERY_NOTICE = pytest.mark.parametrize("mail", NOTICES.values(), ids=NOTICES.keys())
ALL = sample_mails() | NOTICES
EVERY_MAIL = pytest.mark.parametrize("mail", ALL.values(), ids=ALL.keys())

JARGON = re.compile(
    r"\b(smtp|dsn|bounced?|token|spool|outbox|envelope|header|recipient|originator|redirect(ed)?|"
    r"database|server|gateway|html|mime|url|https?|utf|null|error|invalid|"
    r"automated|acknowledg\w*|notification|in order to|regarding|prior to|commence|utili[sz]e|"
    r"pursuant|hereby|aforementioned|dsl|slt)\b",
    re.IGNORECASE,
)
MONTH = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
WEEKDAY = r"(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
SYLLABLES = Path(__file__).parent / "data" / "syllables.txt"


def ours(mail: Rendered) -> str:
    """Return the subject and the sentences that we wrote: nobody else's words."""
    lines = [line for line in mail.text.split("\n") if not line.startswith("    ")]
    return "\n".join([mail.subject, *lines])


@EVERY_NOTICE
def test_every_notice_is_easy_to_read_with_the_longest_names_and_dates(mail):
    figures = readability(mail.text)
    assert figures.grade <= 6
    assert figures.mean <= 15
    assert figures.longest <= 25


@EVERY_NOTICE
def test_every_notice_names_somebody_to_ring(mail):
    for part in (mail.text, mail.html.replace("\N{NO-BREAK SPACE}", " ")):
        assert "01632 960 123" in part
        assert "999" in part


@EVERY_MAIL
def test_no_mail_speaks_as_machines_do(mail):
    sentences = " ".join([mail.subject, *own_sentences(mail.text)])
    assert JARGON.findall(re.sub(r"\S+@\S+", "", sentences)) == []


@EVERY_MAIL
def test_times_and_dates_are_said_in_one_way(mail):
    text = re.sub(r"\S+@\S+", "", ours(mail))
    assert not re.search(r"\d\d?:\d\d", text)  # 3.30pm, never 15:30
    assert not re.search(r"\d ?(AM|PM|a\.m|p\.m)|\d (am|pm)\b", text)
    assert not re.search(r"\d{4}-\d\d-\d\d|\b\d\d?/\d\d?\b|\d(st|nd|rd|th)\b", text)
    for date in re.finditer(rf"\b\d\d? {MONTH}\b", text):
        assert re.search(rf"{WEEKDAY} $", text[: date.start()]), date[0]


def test_syllables_are_counted_as_a_dictionary_counts_them():
    """All words of our mails that are in the CMU Pronouncing Dictionary, with its counts."""
    lines = SYLLABLES.read_text("utf-8").splitlines()
    counts = {word: int(count) for word, count in map(str.split, lines)}
    assert len(counts) > 280
    counted = {word: syllables(word) for word in counts}
    wrong = {word: counted[word] for word in counts if counted[word] != counts[word]}
    assert len(wrong) <= 0.04 * len(counts), wrong
    # Never fewer in sum: the grade must not look better than it is.
    assert sum(counted.values()) >= 0.995 * sum(counts.values())
