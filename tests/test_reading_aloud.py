"""The digest by ear, by hand and in the dark: headings, links that make sense alone, contrast."""

from __future__ import annotations

import re

import pytest

from gateway.mail.digest import render_digest
from gateway.resources import resource_path
from tests.readability import read_html
from tests.samples import HELD_ENTRY, sample_digest, sample_entry

WCAG_AA = 4.5
ENTRIES = tuple(map(sample_entry, range(7)))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def styles(name: str, style: str) -> dict[str, tuple[str, str]]:
    """Return the colours of words and of ground, "" where there are none, of each style."""
    found = {}
    for label, text in re.findall(style, resource_path("templates", name).read_text("utf-8")):
        word = re.search(r"(?<![-\w])color: ?(#[0-9a-f]{6})", text)
        ground = re.search(r"background: ?(#[0-9a-f]{6})", text)
        found[label] = (word[1] if word else "", ground[1] if ground else "")
    return found


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("styles.html", r'set (\w+) = "([^"]*)"'),  # by day
        ("layout.html", r"(?m)^  \.([a-z-]+) \{([^}]*)\}"),  # in the dark
    ],
)
def test_words_stand_out_from_their_ground_by_day_and_in_the_dark(name, style):
    found = styles(name, style)
    grounds = {found[one][1] for one in ("page", "card", "facts", "alarm")}
    assert "" not in grounds
    page_words = found["page"][0]
    for word, ground in found.values():
        for behind in {ground} if ground else grounds:
            assert contrast(word or page_words, behind) >= WCAG_AA, (word, behind)


def test_each_conversation_has_a_heading_and_its_choices_are_a_list():
    (mail,) = render_digest(sample_digest(*ENTRIES, HELD_ENTRY))
    assert mail.html.count("<h1 ") == 1
    assert mail.html.count("<h2 ") == len(ENTRIES)
    lists = re.findall(r"<ul.*?</ul>", mail.html, re.DOTALL)
    assert len([one for one in lists if "No answer needed" in one]) == len(ENTRIES)


def test_every_link_makes_sense_when_it_is_heard_alone():
    (mail,) = render_digest(sample_digest(*ENTRIES))
    links = re.findall(r"<a ([^>]*)>(.*?)</a>", mail.html, re.DOTALL)
    heard = []
    for attributes, words in links:
        label = re.search(r'aria-label="([^"]*)"', attributes)
        heard.append(label[1] if label else words)
        # Who speaks to a link says what stands on it (WCAG 2.5.3).
        assert words in heard[-1]
    replies = [one for one in heard if one.startswith("Reply to ")]
    others = [one for one in heard if not one.startswith("Reply to ")]
    assert len(set(others)) == len(others)
    assert len(replies) == len(ENTRIES)


def test_the_one_button_of_an_entry_is_the_reply():
    (mail,) = render_digest(sample_digest(*ENTRIES))
    _blocks, _links, attributes = read_html(mail.html)
    buttons = [value for _tag, name, value in attributes if name == "class" and "button" in value]
    assert buttons == ["main-button"] * len(ENTRIES)
