"""How does one mail say the same in a family's own language, above the English?

Every fact set into a sentence is isolated from the direction of the words around it (UAX 9):
`<bdi>` in HTML, FSI and PDI in the text of languages that are written from the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import escape

from gateway.mail.clean import clean_line
from gateway.mail.language_file import PLACEHOLDER, Language
from gateway.mail.outlines import OUTLINES, SENTENCES, Paragraph
from gateway.mail.render import Above, fill_page

# U+2068 and U+2069: where text of either direction begins and ends.
FIRST_STRONG_ISOLATE = "\N{FIRST STRONG ISOLATE}"
POP_ISOLATE = "\N{POP DIRECTIONAL ISOLATE}"
_LOOKS = {
    "reads": "time",
    "answers_by": "time",
    "new_answers_by": "time",
    "acknowledges_by": "time",
    "office_opens": "time",
    "office_phone": "number",
    "helpline": "number",
    "emergency_number": "number",
    "office_address": "address",
    "link_address": "address",
    "class_addresses": "address",
}

Fact = str | tuple[str, ...]  # one, or the members of a list


class MissingFact(Exception):
    """A sentence needs a fact that was not handed in: an error of ours."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one notice says, in the reader's language. An empty fact leaves its sentence out."""

    facts: Mapping[str, Fact]
    reason: str = ""  # one of outlines.REASONS, or none
    office_open: bool = True


def above(kind: str, language: Language, facts: Facts) -> Above:
    """Return notice `kind` in `language`, ready to stand above the English.

    Raises:
        MissingFact: a sentence of it needs one that `facts` does not have.
    """
    paragraphs = [
        (paragraph.look, sentences)
        for paragraph in OUTLINES[kind]
        if (sentences := tuple(_standing(paragraph, facts)))
    ]
    if language.draft:
        paragraphs.append(("p", ("shared.draft",)))
    subject = _as_text(language, f"{kind}.subject", facts, isolated=False)
    text = "\n\n".join(
        "\n".join(
            _as_text(language, name, facts, isolated=language.direction == "rtl")
            for name in sentences
        )
        for _look, sentences in paragraphs
    )
    html = fill_page(
        "languages/above.html",
        {
            "code": language.code,
            "direction": language.direction,
            "language": language.name,
            "subject": _for_page(language, f"{kind}.subject", facts),
            "paragraphs": [
                (look, [_for_page(language, name, facts) for name in sentences])
                for look, sentences in paragraphs
            ],
        },
    )
    return Above(language.name, subject, text, html)


def _standing(paragraph: Paragraph, facts: Facts) -> Iterator[str]:
    if paragraph.office_open not in (None, facts.office_open):
        return
    for name in paragraph.sentences:
        if name == "reason" and not facts.reason:
            continue
        found = f"reasons.{facts.reason}" if name == "reason" else name
        if all(_fact(facts, needed) for needed in SENTENCES[found]):
            yield found


def _fact(facts: Facts, name: str) -> tuple[str, ...]:
    try:
        found = facts.facts[name]
    except KeyError as error:
        raise MissingFact(name) from error
    members = (found,) if isinstance(found, str) else found
    return tuple(clean_line(member) for member in members if member)


def _pieces(language: Language, name: str, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield a sentence as ("", words of ours) and (name of a fact, the fact)."""
    text, end = language.sentences[name], 0
    for place in PLACEHOLDER.finditer(text):
        yield "", text[end : place.start()]
        for number, member in enumerate(_fact(facts, place[1])):
            if number:
                yield "", language.dates["comma"]
            yield place[1], member
        end = place.end()
    yield "", text[end:]


def _as_text(language: Language, name: str, facts: Facts, *, isolated: bool) -> str:
    begin, end = (FIRST_STRONG_ISOLATE, POP_ISOLATE) if isolated else ("", "")
    return "".join(
        f"{begin}{piece}{end}" if fact else piece for fact, piece in _pieces(language, name, facts)
    )


def _for_page(language: Language, name: str, facts: Facts) -> list[tuple[str, str]]:
    """Return what a template sets out: our own words as they stand, each fact by its look."""
    return [
        (_LOOKS.get(fact, "fact"), piece) if fact else ("", escape(piece))
        for fact, piece in _pieces(language, name, facts)
    ]
