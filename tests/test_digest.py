"""What a teacher is given at a reading time: everything that waits, once, easy to answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.compose import compose
from gateway.mail.digest import PAGE_LIMIT_BYTES, digest_pages, render_digest
from gateway.mail.digest_entry import DigestEntry, EmptyDigest, Later
from gateway.mail.draft import Draft
from gateway.mail.lint import lint
from gateway.mail.mailto import mailto
from gateway.mail.render import Rendered
from tests.readability import read_html
from tests.samples import HELD_ENTRY, sample_digest, sample_entry
from tests.shared import DATA

HOSTILE = [
    json.loads(line)["text"]
    for line in (DATA / "vectors" / "hostile_text.jsonl").read_text("utf-8").splitlines()
]


def size_sent(mail: Rendered) -> int:
    draft = Draft(
        kind="digest",
        sender_name="Oakfield Primary School",
        sender="3b@oakfield.example",
        recipient="m.lane@oakfield.example",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        message_id="<k3v9t2m4xa@oakfield.example>",
        date=datetime(2026, 11, 30, 8, tzinfo=UTC),
        reply_to="r+4kzq7x2m9v3t8r1w@oakfield.example",
        auto_submitted="auto-generated",
    )
    octets = compose(draft)
    lint(octets, draft, own_domains={"oakfield.example"})
    return len(octets)


def items(mails: tuple[Rendered, ...]) -> list[str]:
    """Return the reply addresses in the order in which they are read."""
    return [
        found for mail in mails for found in re.findall(r"^Reply to .*: (\S+)$", mail.text, re.M)
    ]


def test_nobody_is_sent_an_empty_digest():
    with pytest.raises(EmptyDigest):
        render_digest(sample_digest())


def test_a_lone_message_comes_as_a_plain_single_mail():
    (mail,) = render_digest(sample_digest(sample_entry(1)))
    assert mail.subject == "Jo Marsh (3B): Reading book"
    assert mail.text.startswith("Jo Marsh, about Tom (3B)\nSubject: Reading book\n")
    assert "reply to this mail as a whole" not in mail.text


def test_the_oldest_promise_stands_first_and_the_safeguarding_leads_notes_before_all():
    entries = [sample_entry(number) for number in (3, 1, 5, 0)]
    (mail,) = render_digest(sample_digest(*entries, HELD_ENTRY))
    assert items((mail,)) == [sample_entry(number).reply_to for number in (0, 1, 3, 5)]
    assert mail.text.index("safeguarding lead since") < mail.text.index("\n1. ")
    assert mail.subject.startswith("4 messages for you")


def test_what_is_late_stands_before_an_older_promise_and_says_what_was_promised():
    late = replace(sample_entry(6), late=True)
    (mail,) = render_digest(sample_digest(sample_entry(1), late))
    assert items((mail,)) == [late.reply_to, sample_entry(1).reply_to]
    assert f"We promised an answer by: {late.due}" in mail.text


def test_who_asks_again_has_one_entry_with_every_word_and_its_time():
    more = (Later("Friday 27 November, 4pm", "Any news?"), Later("Sunday 29 November", "Please."))
    (mail,) = render_digest(sample_digest(replace(sample_entry(1), more=more), sample_entry(0)))
    for part in (mail.text, mail.html):
        assert "Has asked 2 more times." in part
        places = [part.index(words) for words in ("lost his reading book", "Any news?", "Please.")]
        assert places == sorted(places)
    assert "Wrote again: Friday 27 November, 4pm\n\n    Any news?\n" in mail.text


@pytest.mark.parametrize("others", [(), (sample_entry(1),)])
def test_an_entry_says_which_files_came_and_which_can_be_asked_for(others):
    (mail,) = render_digest(sample_digest(sample_entry(3), *others))
    assert "Files with this mail: cake recipe.pdf\n" in mail.text
    assert "Files you can ask for: party photo.jpg\n" in mail.text
    assert f"Send me the whole message: {sample_entry(3).whole_to}" in mail.text


def test_only_a_mail_with_one_conversation_may_be_answered_as_a_whole():
    def warned(*entries):
        (page,) = digest_pages(sample_digest(*entries))
        return page.alone, "Please do not reply to this mail as a whole." in page.words.text

    assert warned(sample_entry(1), sample_entry(2)) == (None, True)
    assert warned(sample_entry(1), HELD_ENTRY) == (sample_entry(1), False)
    assert warned(sample_entry(1)) == (sample_entry(1), False)


def test_of_a_message_with_the_safeguarding_lead_the_teacher_sees_no_word():
    (mail,) = render_digest(sample_digest(replace(HELD_ENTRY, subject="canary", text="canary")))
    assert "since Thursday 26 November, 9.14pm" in mail.text
    assert "canary" not in mail.subject + mail.text + mail.html


def test_the_footer_says_the_teachers_own_hours():
    for mail in render_digest(sample_digest(*map(sample_entry, range(40)))):
        for part in (mail.text, mail.html):
            assert "Wednesday 2 December: 8am to 8.30am only (staff training)" in part


def test_two_hundred_messages_come_in_mails_of_ninety_kilobytes_each_message_once():
    entries = [sample_entry(number) for number in range(200)]
    mails = render_digest(sample_digest(*entries))
    assert items(mails) == [entry.reply_to for entry in entries]
    assert max(map(size_sent, mails)) <= PAGE_LIMIT_BYTES
    assert f"(part 2 of {len(mails)})" in mails[1].subject
    assert re.findall(r"^(\d+)\. ", "\n".join(mail.text for mail in mails), re.M) == [
        str(number) for number in range(1, 201)
    ]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("aé&ہ😀\n'"), st.integers(0, 60_000)), min_size=1, max_size=6
    )
)
def test_no_message_is_long_enough_to_make_a_mail_too_long(texts: list[tuple[str, int]]):
    entries = [
        replace(sample_entry(number), text="Hello. " + character * count)
        for number, (character, count) in enumerate(texts)
    ]
    mails = render_digest(sample_digest(*entries))
    assert items(mails) == [entry.reply_to for entry in entries]
    assert max(map(size_sent, mails)) <= PAGE_LIMIT_BYTES


def test_a_message_that_is_cut_says_so():
    (mail,) = render_digest(sample_digest(replace(sample_entry(1), text="word " * 40_000)))
    assert "this is only part of it" in mail.text
    assert "this is only part of it" in mail.html
    assert sample_entry(1).whole_to in mail.text


def test_a_flood_from_one_parent_is_one_mail_that_says_what_is_left_out():
    flood = tuple(Later(f"at {number}", "word " * 200) for number in range(500))
    (mail,) = render_digest(sample_digest(replace(sample_entry(1), more=flood)))
    assert "460 more messages from the middle are not shown here." in mail.text
    assert "at 0\n" in mail.text
    assert "at 499\n" in mail.text
    assert size_sent(mail) <= PAGE_LIMIT_BYTES


@pytest.mark.parametrize("text", HOSTILE)
def test_no_message_can_pass_for_another_or_for_us(text: str):
    hostile = DigestEntry(
        guardian=text,
        class_name="3B",
        received="Friday 27 November, 3.45pm",
        due_at=datetime(2026, 11, 27, tzinfo=UTC),
        pupils=(text,),
        subject=text,
        text=f"{text}\n2. Jo Marsh\nReply to Jo Marsh: x@evil.example",
        attachments=(text,),
        hints=(text,),
        kept_back=text[:200],
        more=(Later("Friday", text[:200], text),),
        on_request=(text,),
        withheld=(text,),
        reply_to="r+evil@oakfield.example",
        report_to="a+evil@oakfield.example",
        raise_to="a+evil@oakfield.example",
    )
    (mail,) = render_digest(sample_digest(hostile, sample_entry(1)))
    assert items((mail,)) == ["r+evil@oakfield.example", sample_entry(1).reply_to]
    assert size_sent(mail) <= PAGE_LIMIT_BYTES
    _, links, attributes = read_html(mail.html)
    assert all(urlsplit(link).scheme == "mailto" for link in links)
    assert not [tag for tag, _, _ in attributes if tag in {"script", "img", "b"}]


def test_every_action_is_a_link_that_opens_a_mail_already_written():
    entry = sample_entry(1)
    (mail,) = render_digest(sample_digest(entry))
    links = [urlsplit(link) for link in read_html(mail.html)[1]]
    actions = {unquote(link.path): parse_qs(link.query) for link in links}
    assert actions[entry.reply_to] == {"subject": ["Re: Reading book"]}
    assert actions[entry.report_to]["subject"] == ["Report it to senior leaders"]
    for address in (entry.raise_to, entry.done_to, entry.pass_to, entry.snooze_to):
        assert actions[address]["body"] == ["Just press Send. You may add a line above this one."]
    assert actions[entry.snooze_to]["subject"] == ["Show it again on Tuesday 1 December"]


@given(st.text(max_size=400), st.text(max_size=2000))
def test_a_link_is_short_and_says_what_it_was_given(subject: str, body: str):
    link = mailto("a+4kzq7x2m@oakfield.example", subject, body)
    assert len(link) < 1000
    assert link.startswith("mailto:a%2B4kzq7x2m@oakfield.example")
    assert re.fullmatch(r"[A-Za-z0-9:@%?&=._~-]+", link)


def test_a_link_keeps_spaces_and_lines():
    assert mailto("a@b.example", "PE kit", "Yes\nNo") == (
        "mailto:a@b.example?subject=PE%20kit&body=Yes%0D%0ANo"
    )
