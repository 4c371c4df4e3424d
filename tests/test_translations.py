"""The notices in the families' own languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from jinja2 import meta

from gateway.mail.bilingual import FIRST_STRONG_ISOLATE, POP_ISOLATE, Facts, MissingFact, above
from gateway.mail.languages import read_language
from gateway.mail.outlines import OUTLINES, SENTENCES
from gateway.mail.render import _environment
from gateway.resources import resource_path
from gateway.work.notice_words import notice_words
from gateway.work.phrases import Waiting
from rules.effects import NoticeKind
from tests.readability import read_html
from tests.translated import CODES, NOW, TO_GUARDIANS, parts_in, samples, school

EVERY_LANGUAGE = pytest.mark.parametrize("code", CODES)
FROM_THE_RIGHT = [code for code in CODES if read_language(code).direction == "rtl"]
# Facts of the English templates by another name in the translations.
SAME = {
    "emergency": "emergency_number",
    "office_open": None,
    "summary": None,
    "s": None,
    "old_answers_by": None,
    "rooms": "class_addresses",
}
_ISOLATED = re.compile(f"{FIRST_STRONG_ISOLATE}[^{POP_ISOLATE}]*{POP_ISOLATE}")
_SENTENCE_END = re.compile(r"[.?!।۔؟](?=\s|$)")


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence; a word is what stands between spaces."""
    plain = re.sub(f"[{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]", "", text)
    plain = re.sub(r"\b(Ms|Mrs|Mr)\.", r"\1", plain)
    found = [one.split() for line in plain.split("\n") for one in _SENTENCE_END.split(line)]
    return [words for words in found if any(any(map(str.isalnum, word)) for word in words)]


def direction(text: str) -> str:
    """Return the direction that a mail program gives a line of text (UAX 9, P2)."""
    kinds = [unicodedata.bidirectional(character) for character in _ISOLATED.sub("", text)]
    strong = [kind for kind in kinds if kind in {"L", "R", "AL"}]
    return "ltr" if strong[:1] == ["L"] else "rtl" if strong else ""


def test_there_are_twelve_languages_and_every_one_says_whether_a_speaker_has_read_it():
    assert CODES == ["ar", "bn", "cy", "es", "fr", "pa", "pl", "pt", "ro", "so", "uk", "ur"]
    for code in CODES:
        language = read_language(code)
        assert language.draft or language.reviewed_by
        assert language.name != language.code


@EVERY_LANGUAGE
def test_every_notice_to_a_guardian_has_a_translation_in_short_sentences(code):
    assert OUTLINES.keys() == set(TO_GUARDIANS)
    for name, part in parts_in(code):
        lengths = [len(words) for words in sentences(f"{part.subject}.\n{part.text}")]
        assert sum(lengths) / len(lengths) <= 15, name
        assert max(lengths) <= 25, name


@EVERY_LANGUAGE
def test_every_translated_notice_names_somebody_to_ring(code):
    for name, part in parts_in(code):
        assert "01632 960 123" in part.text, name
        assert "999" in part.text, name


@EVERY_LANGUAGE
def test_text_and_html_of_a_translation_carry_the_same_facts(code):
    for name, part in parts_in(code):
        blocks, _links, _attributes = read_html(str(part.html))
        shown = " ".join(" ".join(blocks).replace("\N{NO-BREAK SPACE}", " ").split())
        plain = re.sub(f"[{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]", "", part.text)
        written = " ".join(f"{part.name} {part.subject} {plain}".split())
        assert "".join(shown.split()) == "".join(written.split()), name
        assert f'lang="{code}" dir="{read_language(code).direction}"' in part.html


@pytest.mark.parametrize("kind", TO_GUARDIANS)
def test_a_translation_tells_the_facts_that_the_english_tells(kind):
    needed = set()
    for name in ("subject.txt", "body.txt"):
        source = resource_path("templates", kind, name).read_text("utf-8")
        needed |= meta.find_undeclared_variables(_environment(html=False).parse(source))
    english = {SAME.get(fact, fact) for fact in needed} - {None, "office_address", "school_name"}
    named = {f"{kind}.subject"} | {
        name for paragraph in OUTLINES[kind] for name in paragraph.sentences if name != "reason"
    }
    held = set().union(*(SENTENCES[name] for name in named)) - {"office_address", "school_name"}
    if any("reason" in paragraph.sentences for paragraph in OUTLINES[kind]):
        held.add("reason")
    if kind == NoticeKind.SENIOR:
        held.remove("helpline")  # stands in the English as it is
    if kind in (NoticeKind.HELP, NoticeKind.LINKED):  # the English has them in its summary
        held -= {"windows", "within_days", "within_hours", "acknowledge_hours", "office_topics"}
    assert held == english


SCRIPTS = {
    "Latn": "LATIN",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Guru": "GURMUKHI",
}


@EVERY_LANGUAGE
def test_a_language_is_written_in_its_own_script(code):
    language = read_language(code)
    own = SCRIPTS[language.script]
    texts = {**language.sentences, **{f"topics.{key}": one for key, one in language.topics.items()}}
    for name, text in texts.items():
        # Names of things here, such as SEND and NSPCC, stay as they stand on the letters.
        letters = re.sub(r"\{[a-z_]+\}|\b[A-Z]{4,5}\b", "", text)
        foreign = [one for one in letters if one.isalpha() and own not in unicodedata.name(one)]
        assert foreign == [], name


@EVERY_LANGUAGE
def test_no_fact_is_lost_in_any_language(code):
    language = read_language(code)
    for name, needs in SENTENCES.items():
        marks = {fact: f"«{fact}»" for fact in needs}
        text = language.sentences[name]
        for fact, mark in marks.items():
            text = text.replace(f"{{{fact}}}", mark)
        assert all(mark in text for mark in marks.values()), name
        assert not re.search(r"\d", re.sub("«.*?»", "", text)), name  # figures are always facts


@pytest.mark.parametrize("code", FROM_THE_RIGHT)
def test_a_language_from_the_right_is_laid_out_from_the_right(code):
    for name, part in parts_in(code):
        for line in part.text.split("\n"):
            assert not line or direction(line) == "rtl", (name, line)
            bare = _ISOLATED.sub("", line)
            assert not re.search(r"[0-9@]", bare), (name, line)
            assert FIRST_STRONG_ISOLATE not in bare
            assert POP_ISOLATE not in bare
        ends = [unicodedata.bidirectional(part.subject[place]) for place in (0, -1)]
        assert set(ends) <= {"R", "AL"}, part.subject
        assert "border-left:4px" not in part.html


def test_a_fact_that_is_missing_is_an_error_and_no_gap_in_a_sentence():
    with pytest.raises(MissingFact):
        above("received", read_language("pl"), Facts({"office_phone": "01632 960 123"}))


@EVERY_LANGUAGE
def test_what_senior_staff_get_is_answered_with_the_same_bytes_whatever_was_found(code):
    first, second = samples(NoticeKind.SENIOR)
    third = replace(second, waiting=Waiting("weekend"), class_name="", teacher="", due=None)
    assert (
        notice_words(school(), first, code, NOW)
        == notice_words(school(), second, code, NOW)
        == notice_words(school(), third, code, NOW)
    )
