"""Words that insult or threaten stand behind a line; nothing is done about them but by a person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from rules.instruction import PRESS_SEND
from tests.installation import HEAD, OFFICE
from tests.readability import read_html
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on

INSULT = "You are a useless cow and I will make you pay for this. Stupid woman."
ABSENT = "Ben is off sick today. You useless stupid cow, I hate you, you are a disgrace."
LINE = "May distress."


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 11), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def html_of(mail):
    for part in mail.message.walk():
        if part.get_content_type() == "text/html":
            return part.get_payload(decode=True).decode()
    raise AssertionError("there is no HTML part")


def parts(mail):
    """Return the text part, and the HTML part as text, each as one line."""
    blocks, _links, _attributes = read_html(html_of(mail))
    return " ".join(mail.text.split()), " ".join(" ".join(blocks).split())


def digest_after(talk, *letters):
    for sender, text in letters:
        talk.write(sender, ROOM, text, subject="You stupid woman" if text == INSULT else "A book")
    talk.at(on(24, 15, 31))
    return talk.mail_for(KHAN)[-1]


@pytest.mark.parametrize("beside", [(), ((OMAR, "Which book should Kai bring?"),)])
def test_in_a_digest_the_words_stand_below_a_line_and_the_report_above_it(talk, beside):
    digest = digest_after(talk, (AMINA, INSULT), *beside)
    for text in parts(digest):
        above, line, below = text.partition(LINE)
        assert line
        assert "useless cow" not in above
        assert "You stupid woman" not in above
        assert "may distress" in above
        assert "Report it to senior leaders" in above
        assert "useless cow" in below
        assert "Subject: You stupid woman" in below
    assert "stupid" not in str(digest.message["Subject"])


def test_other_messages_of_the_digest_stand_where_they_always_do(talk):
    digest = digest_after(talk, (AMINA, INSULT), (OMAR, "Which book should Kai bring?"))
    for text in parts(digest):
        above, _line, below = text.partition(LINE)
        assert "Which book should Kai bring?" in above
        assert "Which book" not in below


def test_in_the_offices_mail_the_words_stand_below_a_line_and_the_card_above_it(talk):
    talk.write(AMINA, ROOM, ABSENT, subject="You stupid woman")
    [mail] = talk.mail_for(OFFICE)
    for text in parts(mail):
        above, _line, below = text.partition(LINE)
        assert "What: absent" in above
        assert "stupid" not in above
        assert "Report it to senior leaders" in above
        assert "useless stupid cow" in below


def test_in_the_offices_list_the_words_stand_below_a_line(talk):
    talk.write("stranger@elsewhere.example", ROOM, INSULT, subject="You stupid woman")
    talk.at(on(24, 11, 31))
    [mail] = talk.mail_for(OFFICE)
    for text in parts(mail):
        above, _line, below = text.partition(LINE)
        assert "stupid" not in above.lower()
        assert "Report it to senior leaders" in above
        assert "useless cow" in below


def test_nothing_is_reported_unless_a_person_reports_it(talk):
    digest = digest_after(talk, (AMINA, INSULT))
    assert talk.mail_for(HEAD) == []
    with talk.gateway.store.read() as connection:
        assert connection.execute(select(t.register)).all() == []
    talk.write(KHAN, talk.action(digest, "Report it to senior leaders"), PRESS_SEND)
    [report] = talk.mail_for(HEAD)
    assert "useless cow" in report.text


def test_the_office_can_report_it_too(talk):
    talk.write(AMINA, ROOM, ABSENT)
    [mail] = talk.mail_for(OFFICE)
    talk.write(OFFICE, talk.action(mail, "Report it to senior leaders"), PRESS_SEND)
    assert "useless stupid cow" in talk.mail_for(HEAD)[-1].text
