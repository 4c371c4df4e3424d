"""Every pack says what it must catch and what it must leave alone; here it is held to that."""

from pathlib import Path

import pytest

from gateway.topicpacks import TopicPackFaults, load_matcher, load_packs
from rules.topic_packs import TOPICS, compile_packs
from rules.topics import understand

PACKS = load_packs()
MATCHER = compile_packs(PACKS)
HELPED = load_matcher(second_reader=True)
EXAMPLES = [
    pytest.param(pack.topic, example, wanted, id=f"{pack.name}-{verb}-{number}")
    for pack in PACKS
    for verb, wanted, examples in (
        ("must", True, pack.must_match),
        ("must-not", False, pack.must_not_match),
    )
    for number, example in enumerate(examples, 1)
]


@pytest.mark.parametrize(("topic", "example", "wanted"), EXAMPLES)
def test_each_example_is_understood_as_its_pack_says(topic, example, wanted):
    matcher = HELPED if wanted else MATCHER
    found = understand(matcher, subject=example.subject, own_text=example.text)
    held = found.labels | found.extra | ({"urgent"} if found.urgent else set())
    assert (topic in held) is wanted, found


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_pack_carries_examples_of_both_kinds_and_says_what_it_is_about(pack):
    assert pack.topic in TOPICS
    assert pack.must_match
    assert pack.must_not_match


LANGUAGES = (
    "en",
    "pl",
    "ro",
    "ur",
    "ur-Latn",
    "ar",
    "uk",
    "pt",
    "es",
    "fr",
    "bn",
    "pa",
    "so",
    "cy",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_absence_appointment_safeguarding_and_urgency_are_heard_in_every_language(language):
    topics = {pack.topic for pack in PACKS if pack.language == language}
    assert {"attendance", "appointment", "safeguarding", "urgent"} <= topics


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_school_can_add_phrases_of_its_own(tmp_path):
    write(
        tmp_path,
        "attendance.en-x-ours.toml",
        '[[rule]]\nname = "minibus"\nphrases = ["missed the moor bus"]\n',
    )
    text = "She missed the Moor bus."
    assert "attendance" not in understand(MATCHER, subject="", own_text=text).labels
    found = understand(load_matcher(tmp_path), subject="", own_text=text)
    assert found.labels == {"attendance"}
    assert found.evidence[0].rule == "attendance.en-x-ours/minibus"


def test_all_faults_are_reported_at_once_each_with_its_file_and_key(tmp_path):
    write(tmp_path, "attendance.en-x-a.toml", '[[rule]]\nname = "a"\nphrases = ["off ~99"]\n')
    write(tmp_path, "send.en-x-b.toml", '[[rule]]\nname = "b"\nwieght = 2\nphrases = ["x"]\n')
    write(tmp_path, "weather.en.toml", '[[rule]]\nname = "c"\nphrases = ["{nowhere} rain"]\n')
    write(tmp_path, "abusive.en-x-d.toml", "not toml")
    write(tmp_path, "urgent.toml", "")
    with pytest.raises(TopicPackFaults) as refused:
        load_packs(tmp_path)
    faults = "\n".join(refused.value.faults)
    assert "attendance.en-x-a.toml: rule a: phrases: '~99' must be" in faults
    assert "send.en-x-b.toml: rule 1 (b): wieght: unknown key" in faults
    assert "weather.en.toml: topic: 'weather' is none of" in faults
    assert "weather.en.toml: rule c: phrases: there is no list {nowhere}" in faults
    assert "abusive.en-x-d.toml: is not TOML" in faults
    assert "urgent.toml: must be named" in faults


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(TopicPackFaults, match="is not a folder"):
        load_packs(tmp_path / "none")


def test_a_pack_of_the_schools_replaces_the_built_in_pack_of_its_name(tmp_path):
    write(tmp_path, "send.en.toml", '[[rule]]\nname = "only"\nphrases = ["support base"]\n')
    matcher = load_matcher(tmp_path)
    assert "send" not in understand(matcher, subject="", own_text="he uses Makaton").labels
    assert "send" in understand(matcher, subject="", own_text="the support base").labels
