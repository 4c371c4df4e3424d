"""Our own sentences, sent back to us, mean nothing about a child."""

import textwrap

import pytest

from gateway.mail.render import render
from gateway.topicpacks import load_matcher
from gateway.work.own_sentences import without_own_sentences
from rules.effects import NoticeKind
from rules.message import TextView
from rules.topics import understand
from tests.samples import SAMPLES, SCHOOL

EMERGENCY = str(SCHOOL["emergency"])
MATCHER = load_matcher()


def concerns(text, kind="quoted"):
    view = TextView(kind, without_own_sentences(text, EMERGENCY))
    found = understand(MATCHER, subject="Re: PE kit", own_text="Thank you!", readable=(view,))
    return found.labels & {"safeguarding"}


OURS = f"If a child may be at risk, tell the safeguarding lead at once. {EMERGENCY}"
NOTICES = [(kind, n) for kind in NoticeKind for n in range(len(SAMPLES[kind]))]


@pytest.mark.parametrize(("kind", "number"), NOTICES)
def test_no_notice_of_ours_raises_a_concern_when_it_comes_back(kind, number):
    assert not concerns(render(kind, {**SCHOOL, **SAMPLES[kind][number]}).text, "plain")


@pytest.mark.parametrize("kind", ["quoted", "plain", "html"])
def test_our_footer_quoted_below_an_answer_raises_no_concern(kind):
    marked = "\n".join(f"> {line}" for line in textwrap.wrap(OURS, 50))
    assert not concerns(OURS, kind)
    assert not concerns(marked, kind)


def test_a_concern_beside_our_footer_is_still_raised():
    assert concerns(f"> {OURS}\n> He says his uncle hits him and he is scared to go home.")


def test_blanking_keeps_every_other_character_in_its_place():
    text = f"Before. {OURS} After."
    blanked = without_own_sentences(text, EMERGENCY)
    assert len(blanked) == len(text)
    assert blanked.startswith("Before. ")
    assert blanked.endswith(" After.")
    assert "safeguarding" not in blanked
