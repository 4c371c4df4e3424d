"""The letters: one page each, every name as the family writes it, and the code to be read."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.invites.fonts import Fonts, NoFonts
from gateway.invites.letter import letter_text
from gateway.invites.letter_pdf import write_pdf
from gateway.store import schema as t
from rules.codes import codes_in, grouped
from tests.invited import LINK, WORKED, inviting
from tests.settled import run

NOW = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
NAMES = ("Łukasz Żak", "Zoë Brontë", "محمد بن سلمان", "ਹਰਪ੍ਰੀਤ ਸਿੰਘ", "Nguyễn Thị Đào", "ফরিদা বেগম")
NO_FONT_HAS = "明 李"
MANY_NAMES = tuple(
    (f"P{number}", *name.split(" ", 1), "3B", name, f"g{number}@parent.example")
    for number, name in enumerate((*NAMES, NO_FONT_HAS))
)


def pages(octets: bytes) -> list[bytes]:
    """Return what is drawn on each page of a PDF that fpdf2 has written."""
    streams = re.findall(
        rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", octets, re.DOTALL
    )
    texts = []
    for stream in streams:
        try:
            texts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return [text for text in texts if b" Tf" in text and b"BT" in text]


def pages_declared(octets: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", octets))


@dataclass(frozen=True)
class Printed:
    """One print of letters: the PDF, the codes in it, and the names that could not be printed."""

    pdf: bytes
    codes: list[str]
    missing: list[str]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The letters of all families: to cut the fonts to size takes seconds, so it is done once."""
    fonts = Fonts.found()
    with inviting(tmp_path_factory.mktemp("school"), MANY_NAMES) as school:
        issued = [one for row in MANY_NAMES for one in school.invite(row[0])[0]]
        ours = school.gateway.stage.program.school
    texts = [letter_text(ours, one, NOW, fonts.can_print) for one in issued]
    missing = [name for text in texts for name in text.unprintable]
    return Printed(write_pdf(texts, fonts, NOW), [grouped(one.code) for one in issued], missing)


def test_every_child_has_a_page_and_every_page_its_own_code(printed: Printed):
    drawn = pages(printed.pdf)
    assert pages_declared(printed.pdf) == len(drawn) == len(MANY_NAMES)
    for page, code in zip(drawn, printed.codes, strict=True):
        assert [one for one in printed.codes if one.encode() in page] == [code]


def test_the_names_of_all_families_are_printed(printed: Printed):
    assert printed.missing == [NO_FONT_HAS] * 2  # the child, and the parent of one name
    for font in (b"NotoSansArabic", b"NotoSansGurmukhi", b"NotoSansBengali"):
        assert font in printed.pdf


def test_a_name_that_no_font_has_is_told_and_the_pupils_number_stands_for_it(tmp_path: Path):
    with inviting(tmp_path, (("P9", "明", "李", "3B", "Wei Li", "wei@parent.example"),)) as school:
        (invitation,), _ = school.invite("P9")
        ours = school.gateway.stage.program.school
        text = letter_text(ours, invitation, NOW, Fonts.found().can_print)
    assert text.unprintable == (NO_FONT_HAS,)
    assert "About the pupil with the number P9, class 3B" in text.lines
    assert "To Wei Li" in text.lines


def test_a_letter_says_what_to_do_with_it(tmp_path: Path):
    with inviting(tmp_path) as school:
        (invitation,), _ = school.invite("P2")
        ours = school.gateway.stage.program.school
        said = "\n".join(letter_text(ours, invitation, NOW, lambda _name: True).lines)
    for words in (
        "Oakfield Primary School",
        "About Poppy Hill, class 3B",
        LINK,
        "until Thursday 24 December 2026",
        "from 8am to 8.30am and 3.30pm to 5pm",
        "within one working day",
        "You need no email",
        "01632 960123",
    ):
        assert words in said


def test_a_class_is_one_command_and_only_the_pdf_has_the_codes(tmp_path: Path):
    with inviting(tmp_path) as school:
        pdf = tmp_path / "letters.pdf"
        done = run(tmp_path, "invite", "issue", "--class", "3b", "--letters", str(pdf), "--json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.output)
        assert [one["pupil"] for one in told["issued"]] == ["P3", "P2", "P1"]
        assert not codes_in(done.output)
        assert pages_declared(pdf.read_bytes()) == 3
        assert pdf.stat().st_mode & 0o077 == 0
        listed = json.loads(run(tmp_path, "invite", "list", "--json").output)
        assert [one["state"] for one in listed] == ["open"] * 3
        number = listed[0]["invite"]
        assert "does nothing any more" in run(tmp_path, "invite", "revoke", number).output
        assert "revoked already" in run(tmp_path, "invite", "revoke", number).output
        assert run(tmp_path, "invite", "revoke", "nobody").exit_code == 1
        assert school.gateway.audit().is_whole


def test_a_code_by_mail_goes_to_the_address_on_record_and_an_answer_uses_it(tmp_path: Path):
    with inviting(tmp_path) as school:
        done = run(tmp_path, "invite", "issue", "--pupil", "P2", "--mail")
        assert "1 code given out by mail" in done.output
        school.at(school.gateway.clock.now().replace(day=26))
        (mail,) = school.mail_for("dana.hill@parent.example")
        (code,) = codes_in(mail.text).codes
        quoted = "".join(f"> {line}\n" for line in mail.text.splitlines())
        school.write("dana.hill@parent.example", LINK, f"Yes please\n\n{quoted}", answering=mail)
        answer = school.mail_for("dana.hill@parent.example")[-1]
        assert answer.message["Subject"] == WORKED
        kept = [row.octets for row in school.rows(t.outbox) if row.kind == "invite"]
        assert kept == [b""]
        assert code not in str([tuple(row) for row in school.rows(t.invites)])


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--class", "9Z", "--mail"), "nobody in 9Z"),
        (("--pupil", "P404", "--mail"), "nobody in the roster as P404"),
        (("--pupil", "P1"), "name --letters FILE or --mail"),
        (("--mail",), "name --class or --pupil"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(
    tmp_path: Path, words: tuple[str, ...], fault: str
):
    with inviting(tmp_path):
        done = run(tmp_path, "invite", "issue", *words)
        assert done.exit_code != 0
        assert fault in done.output


def test_a_file_that_is_no_font_is_told(tmp_path: Path):
    (tmp_path / "not.ttf").write_bytes(b"not a font")
    with pytest.raises(NoFonts, match="not a font"):
        Fonts.found((tmp_path / "not.ttf",)).can_print("明")
