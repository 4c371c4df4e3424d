"""The author's text is found whatever the mail program did to it, and every other text is seen."""

import pytest

from gateway.mail.read import read_message
from tests.mail_samples import FROM, HTML, TEXT, file, joined, message, multipart, nested, part


def views_of(octets: bytes, kind: str) -> str:
    return "\n".join(view.text for view in read_message(octets).views if view.kind == kind)


def test_plain_text_is_the_body_and_html_a_second_view():
    octets = multipart(
        "alternative", part("Ben is ill.", TEXT), part("<p>Ben is <b>ill</b>!", HTML)
    )
    found = read_message(octets)
    assert found.body_text == "Ben is ill."
    assert views_of(octets, "html") == "Ben is ill!"
    assert found.attachments == ()


def test_html_stands_in_for_a_blank_text_part():
    octets = multipart("alternative", part(" \n\n", TEXT), part("<p>Ben is ill.</p>", HTML))
    assert read_message(octets).body_text == "Ben is ill."


def test_texts_around_a_picture_are_joined_in_order():
    picture = file("a.jpg", "image/jpeg", b"\xff\xd8picture").replace(b"attachment;", b"inline;")
    octets = multipart("mixed", part("First.", TEXT), picture, part("Second.", TEXT))
    found = read_message(octets)
    assert found.body_text.split() == ["First.", "Second."]
    assert [(each.name, each.inline) for each in found.attachments] == [("a.jpg", True)]


def test_an_attached_message_is_never_the_authors_words():
    inner = message(
        "I will take her.", "Subject: you know", TEXT, start="From: x@parent.example\r\n"
    )
    attached = part(inner, "Content-Type: message/rfc822")
    octets = multipart("mixed", part("Please see this.", TEXT), attached)
    found = read_message(octets)
    assert found.own_text == found.body_text == "Please see this."
    assert "I will take her." in views_of(octets, "attached")
    assert "you know" in views_of(octets, "attached")
    assert [each.media_type for each in found.attachments] == ["message/rfc822"]


def test_an_attached_message_in_base64_is_still_read():
    inner = message("I will take her.", TEXT, start="From: x@parent.example\r\n")
    octets = multipart("mixed", part("See.", TEXT), file("x.eml", "message/rfc822", inner))
    assert "I will take her." in views_of(octets, "attached")


@pytest.mark.parametrize(
    ("label", "octets", "text"),
    [
        ("iso-8859-1", "Ben’s “cold”".encode("cp1252"), "Ben’s “cold”"),
        ("us-ascii", "Zoë".encode("cp1252"), "Zoë"),
        ("gb2312", "你好，學校".encode("gbk"), "你好，學校"),
        ("gb2312", "Łukasz źle się czuje od wczoraj, gorączka".encode(), "Łukasz źle"),
        ("iso-8859-1", "Zoë is ill".encode(), "Zoë is ill"),
        ("no-such-charset", "Zoë".encode(), "Zoë"),
        ("windows-1250", "źle się czuje".encode("cp1250"), "źle się czuje"),
        ("iso-2022-jp", "こんにちは".encode("iso2022_jp"), "こんにちは"),
        ("ks_c_5601-1987", "안녕하세요".encode("cp949"), "안녕하세요"),
        ("zlib_codec", b"plain", "plain"),
        ("idna", b"plain \xff", "plain ÿ"),
        ("utf-8", b"Zo\xeb", "Zoë"),
        ("unicode_escape", rb"\u0041", r"\u0041"),
    ],
)
def test_a_text_is_decoded_whatever_its_label_says(label, octets, text):
    found = read_message(message(octets, f"Content-Type: text/plain; charset={label}"))
    assert text in found.body_text


def test_flowed_lines_are_joined():
    octets = message("Ben is \nill today.\n-- \nAmina", "Content-Type: text/plain; format=flowed")
    assert read_message(octets).body_text == "Ben is ill today.\n-- \nAmina"


def test_hidden_html_is_not_shown_and_is_still_seen():
    html = (
        '<p>Hello</p><span style="display: NONE">he hits me</span><div hidden>help</div>'
        '<p style="color:#ffffff">white words</p><img alt="alt words"><!-- no text -->'
    )
    octets = message(html, HTML)
    assert read_message(octets).body_text == "Hello"
    hidden = views_of(octets, "hidden")
    assert all(words in hidden for words in ("he hits me", "help", "white words", "alt words"))
    assert "no text" not in hidden


def test_what_html_marks_as_quoted_is_a_view_of_its_own():
    html = (
        "<div>Ben is much better.</div><div class=gmail_quote>On Monday you wrote: old words</div>"
    )
    octets = message(html, HTML)
    found = read_message(octets)
    assert found.own_text == "Ben is much better."
    assert "old words" in found.body_text
    assert "old words" in views_of(octets, "quoted")


def test_an_invitation_is_plain_lines():
    calendar = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Dentist\\, Mia\nDTSTART;TZID=Europe/London:"
        "20260112T093000\nLOCATION:High Street\nEND:VEVENT\nEND:VCALENDAR"
    )
    octets = message(calendar, "Content-Type: text/calendar; method=REQUEST")
    seen = views_of(octets, "attached")
    assert "What: Dentist, Mia" in seen
    assert "When: 12/01/2026 09:30" in seen


AMBIGUOUS = {
    "two types": message("<p>the phrase</p>", "Content-Type: image/png", HTML),
    "two boundaries": message(
        joined(part("the phrase", TEXT), boundary="b"),
        'Content-Type: multipart/mixed; boundary="a"; boundary="b"',
    ),
    "another boundary": message(
        joined(part("the phrase", TEXT), boundary="b"),
        'Content-Type: multipart/mixed; boundary="a"',
    ),
    "before the first part": message(
        b"the phrase\r\n" + joined(part("hello", TEXT), boundary="b"),
        'Content-Type: multipart/mixed; boundary="b"',
    ),
    "after the last part": message(
        joined(part("hello", TEXT), boundary="b") + b"the phrase",
        'Content-Type: multipart/mixed; boundary="b"',
    ),
    "false base64": message("the phrase, it is plain", TEXT, "Content-Transfer-Encoding: base64"),
    "two encodings": message(
        "dGhlIHBocmFzZQ==", TEXT, "Content-Transfer-Encoding: 7bit",
        "Content-Transfer-Encoding: base64",
    ),
    "no boundary": message("--b\n\nthe phrase\n--b--", "Content-Type: multipart/mixed"),
    "text as a file": multipart("mixed", file("a.txt", "text/plain", b"the phrase")),
    "a name": multipart("mixed", file("the phrase.pdf", "application/pdf", b"x")),
    "third in an alternative": multipart(
        "alternative", part("hi", TEXT), part("<p>hi", HTML), part("the phrase", TEXT)
    ),
    "in html only": multipart("alternative", part("hi", TEXT), part("the <i>phrase</i>", HTML)),
    "nested": multipart("mixed", nested("alternative", part("the phrase", HTML))),
    "a broken header": b"this is no header\r\n" + FROM.encode() + b"\r\nthe phrase",
    "deep html": message("<div>" * 400 + "the phrase", HTML),
}  # fmt: skip


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_phrase_in_any_reading_of_the_message_is_seen(name):
    texts = [" ".join(view.text.split()) for view in read_message(AMBIGUOUS[name]).views]
    assert any("the phrase" in text for text in texts), texts


def test_a_quote_inside_a_quote_is_seen_once():
    inner = "<blockquote class=gmail_quote>old words</blockquote>"
    octets = message(f"<p>Ben is better.</p><div class=gmail_quote>You wrote: {inner}</div>", HTML)
    assert views_of(octets, "quoted").count("old words") == 1
