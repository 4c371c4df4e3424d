"""A school's own packs add to ours: none of them can make us deaf to a child at risk."""

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.cli.rules import rules
from gateway.topicpacks import TopicPackFaults, load_matcher, load_packs
from rules.topics import understand
from tests.installation import install

CONCERN = "Ben says his uncle hits him and he is scared to go home."
ALLEGED = "Mr Hughes slapped Ben in class today and he has a bruise."
RULE = '[[rule]]\nname = "{}"\nweight = {}\nphrases = ["{}"]\n'


@pytest.fixture
def school(tmp_path):
    def matcher(**files):
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{'.'.join(name.rsplit('_', 1))}.toml").write_bytes(data)
        return load_matcher(tmp_path)

    return matcher


def heard(matcher, text=CONCERN):
    found = understand(matcher, subject="", own_text=text)
    return found.labels | found.extra


@pytest.mark.parametrize("topic", ["safeguarding", "allegation"])
def test_a_pack_of_the_name_of_ours_stands_beside_it_and_not_in_its_place(school, topic):
    matcher = school(**{f"{topic}_en": RULE.format("pets", 1, "pet snake bit")})
    assert "safeguarding" in heard(matcher)
    assert {"safeguarding", "allegation"} <= heard(matcher, ALLEGED)


def test_what_a_school_adds_to_safeguarding_is_heard(school):
    matcher = school(safeguarding_en=RULE.format("den", 1, "the den by the railway"))
    assert "safeguarding" in heard(matcher, "They met in the den by the railway.")


def test_a_rule_of_the_same_name_as_ours_takes_nothing_from_it(school):
    ours = next(pack for pack in load_packs() if pack.name == "safeguarding.en")
    first = next(rule for rule in ours.rules if rule.weight > 0)
    matcher = school(safeguarding_en=RULE.format(first.name, 0.01, "uncle"))
    assert "safeguarding" in heard(matcher)


@pytest.mark.parametrize("topic", ["safeguarding", "allegation"])
def test_no_pack_of_a_school_takes_weight_from_a_concern(school, topic):
    with pytest.raises(TopicPackFaults, match=rf"{topic}.xx.*rule quiet.*weight.*never take"):
        school(**{f"{topic}_xx": RULE.format("quiet", -5, "uncle")})


def test_words_of_a_school_do_not_reach_the_lists_that_a_concern_is_heard_by(school):
    ours = {
        key: values for pack in load_packs() if pack.language == "en"
        for key, values in pack.words.items()
    }  # fmt: skip
    emptied = "[words]\n" + "".join(f'{key} = ["zzzz"]\n' for key in ours)
    assert "safeguarding" in heard(school(words_en=emptied))
    assert "safeguarding" in heard(school(safeguarding_en=emptied))
    assert {"safeguarding", "allegation"} <= heard(school(words_en=emptied), ALLEGED)


def test_no_other_topic_of_a_school_talks_over_a_concern(school):
    loud = {
        f"{topic}_en": RULE.format("loud", 5, "uncle")
        for topic in ("automatic", "classroom", "attendance", "child_author", "abusive")
    }
    assert "safeguarding" in heard(school(**loud))


@pytest.mark.parametrize(
    "text",
    [
        "about = " + "[" * 50_000,
        "about = " + "{a=" * 50_000,
        RULE.format("x", "9" * 5000, "a word"),
        RULE.format("x", "9" * 400, "a word"),
        RULE.format("x", "nan", "a word"),
        RULE.format("x", "-inf", "a word"),
        RULE.format("x", "2026-11-24", "a word"),
        b"\xef\xbb\xbf" + RULE.format("x", 1, "").encode(),
        b"\xff\xfe",
        b"\x00" * 100,
        RULE.format("x", 1, "{a}") + '[words]\na = ["{b}"]\nb = ["{a}"]\n',
        RULE.format("x", 1, "(" * 5000 + "word" + ")" * 5000),
    ],
)
def test_whatever_a_file_holds_its_fault_is_told_by_its_name(school, tmp_path, text):
    with pytest.raises(TopicPackFaults, match=r"attendance\.xx\.toml"):
        school(attendance_xx=text)
    done = CliRunner().invoke(rules, ["test", "--packs", str(tmp_path)])
    assert done.exit_code == 78
    assert "attendance.xx.toml" in done.stderr


def test_a_file_saved_with_a_byte_order_mark_is_read(school):
    text = b"\xef\xbb\xbf" + RULE.format("snake", 1, "pet snake").encode()
    assert "attendance" in heard(school(attendance_xx=text), "Our pet snake got out.")


def test_doctor_and_every_command_tell_of_a_pack_that_cannot_be_used(tmp_path):
    school = install(tmp_path, 2525)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "attendance.en.toml").write_text("about = [")
    with school.settings.open("a") as file:
        file.write('\n[topics]\nfolder = "packs"\n')
    told = CliRunner().invoke(main, ["doctor", "--settings", str(school.settings)])
    assert "a topic pack of the school's cannot be used: attendance.en.toml" in told.output
    for words in (["serve"], ["office", "absences"]):
        done = CliRunner().invoke(main, [*words, "--settings", str(school.settings)])
        assert done.exit_code == 78
        assert "attendance.en.toml: is not TOML" in done.output
