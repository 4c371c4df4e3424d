"""Which family is sent which language: drafts, tags of the roster, files with faults."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from gateway.mail.bilingual import Facts, above
from gateway.mail.language_file import LanguageFault, language_from
from gateway.mail.languages import language_for, read_language
from gateway.resources import resource_path
from gateway.work.notice_words import notice_words
from rules.effects import NoticeKind
from tests.translated import NOW, samples, school


def test_a_translation_that_no_speaker_read_is_sent_only_where_the_school_sends_drafts():
    told = samples(NoticeKind.HELD)[0]
    cautious = school(replace(school().policy, draft_translations=False))
    assert notice_words(cautious, told, "pl", NOW) == notice_words(cautious, told, "en", NOW)
    mail = notice_words(school(), told, "pl", NOW)
    assert mail.subject == "Mamy wiadomość do klasy 3B | We have your message to 3B"
    assert mail.text.startswith("Polski\n\nMs Lane – następne czytanie wiadomości: dzisiaj, 15:30.")
    assert "\n\nEnglish\n\nMs Lane reads messages next at 3.30pm today and will" in mail.text
    assert mail.text.index("Rozstrzyga tekst angielski") < mail.text.index("English")
    assert mail.html.index('<div lang="pl" dir="ltr"') < mail.html.index("reads messages next")


def test_a_reviewed_translation_is_sent_and_says_nothing_of_a_draft(tmp_path):
    written = resource_path("templates", "languages", "pl.toml").read_text("utf-8")
    reviewed = written.replace("draft = true", "draft = false", 1)
    reviewed = reviewed.replace('reviewed_by = ""', 'reviewed_by = "Ola Nowak, 2026-12-01"')
    (tmp_path / "pl.toml").write_text(reviewed, "utf-8")
    language = language_for("pl-PL", drafts=False, folder=tmp_path)
    assert language is not None
    facts = Facts({"office_phone": "01632 960 123", "emergency_number": "999"})
    assert "Rozstrzyga" not in above("received", language, facts).text


@pytest.mark.parametrize("tag", ["en", "en-GB", "", "xx", "pa-Arab", "../pl", "Polish!", "zh_Hans"])
def test_whoever_reads_no_language_of_ours_gets_english_alone(tag):
    told = samples(NoticeKind.HELD)[0]
    assert notice_words(school(), told, tag, NOW) == notice_words(school(), told, "en", NOW)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('office = "', 'offices = "'),
        ("{answers_by}", "jutro"),
        ("{answers_by}", "{answers_by} {teacher}"),
        ("{answers_by}", "{answer_by}"),
        ("{reads}", "{reads!r}"),
        ('clock = "HH:mm"', 'clock = "HH:jj"'),
        ('day = "EEEE', 'day = "EEEEEEEEE'),
        ('day = "EEEE, d MMMM"', 'day = "d"'),
        ('direction = "ltr"', 'direction = "left"'),
        ("draft = true", "draft = false"),
        ("draft = true", "draft = "),
    ],
)
def test_a_broken_translation_is_not_sent_and_the_parent_reads_english(tmp_path, line, instead):
    written = resource_path("templates", "languages", "pl.toml").read_text("utf-8")
    assert line in written
    (tmp_path / "pl.toml").write_text(written.replace(line, instead, 1), "utf-8")
    assert language_for("pl", drafts=True, folder=tmp_path) is None
    with pytest.raises(LanguageFault):
        read_language("pl", tmp_path)


def test_a_language_whose_months_nobody_knows_is_not_sent(tmp_path):
    written = resource_path("templates", "languages", "pl.toml").read_text("utf-8")
    (tmp_path / "qaa.toml").write_text(written, "utf-8")
    assert language_for("qaa", drafts=True, folder=tmp_path) is None


def test_the_faults_of_a_translation_are_named_all_at_once():
    written = tomllib.loads(resource_path("templates", "languages", "cy.toml").read_text("utf-8"))
    del written["held"]["subject"]
    written["dates"]["today"] = "heddiw"
    with pytest.raises(LanguageFault) as broken:
        language_from("cy", written)
    assert broken.value.faults == (
        "cy.toml: dates.today: must hold each of ['clock'] once, and holds []",
        "cy.toml: held.subject: is missing",
    )
