"""How a template and its values become a subject, a text part and an HTML part.

Text from outside is only ever a value. Each value is written as one line, so that a
name cannot fake a line of ours; the few that are whole texts say so in the template
with a filter (`indented`, `whole`, `paragraphs`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from gateway.mail.clean import clean_line, clean_lines
from gateway.mail.mailto import mailto
from gateway.resources import MissingResource, resource_path
from rules.instruction import PRESS_SEND
from rules.wording import listed

_VALUE_LIMIT = 300  # characters of one value on one line
_SUBJECT_OF_TWO = 120  # characters
_INDENT = "    "
_SHORT = 3_000  # characters of one message in a list of many
_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|aw|sv|odp|fw|fwd)\s*:\s*)+", re.IGNORECASE)


class RenderFault(Exception):
    """A template does not give a usable mail: an error of ours, never of a parent's message."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail as a person reads it; text and HTML carry the same facts."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Above:
    """The same mail in another language, to stand above the English.

    `text` may hold isolates of direction (UAX 9), each closed on its own line.
    """

    name: str  # of the language, in its own script
    subject: str
    text: str
    html: Markup


class _Whole(str):
    """Text that a filter has made fit to stand on lines of its own."""

    __slots__ = ()


class _Templates(BaseLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        try:
            path = resource_path("templates", *template.split("/"))
        except MissingResource as absent:
            raise TemplateNotFound(template) from absent
        return path.read_text("utf-8"), str(path), None


def render(kind: str, values: Mapping[str, Any], above: Above | None = None) -> Rendered:
    """Return the mail of template `kind` (a folder of `templates/`) filled with `values`.

    `above` says the same in another language, and stands first in both parts.

    Raises:
        RenderFault: the subject is empty or has a line break.
        jinja2.UndefinedError: a value the template needs is missing.
    """
    subject = subject_line(
        _environment(html=False).get_template(f"{kind}/subject.txt").render(values)
    )
    text = _environment(html=False).get_template(f"{kind}/body.txt").render(values)
    text = text.strip("\n") + "\n"
    template = _environment(html=True).get_template(f"{kind}/body.html")
    if above is None:
        return Rendered(subject, text, template.render(values, mail_subject=subject))
    html = template.render(values, mail_subject=subject, above=above.html)
    text = f"{above.name}\n\n{above.text}\n\nEnglish\n\n{text}"
    return Rendered(_both_subjects(above.subject, subject), text, html)


def fill_text(name: str, values: Mapping[str, Any]) -> str:
    """Return the text of template `name`, a file of `templates/`, filled with `values`."""
    return _environment(html=False).get_template(name).render(values).strip("\n") + "\n"


def fill_page(name: str, values: Mapping[str, Any]) -> Markup:
    """Return the HTML of template `name`, a file of `templates/`, filled with `values`."""
    page = _environment(html=True).get_template(name).render(values)
    return Markup(page)  # noqa: S704 - each value in it was escaped


def _both_subjects(above: str, english: str) -> str:
    # Phones show the first 40 characters or so: whoever reads English still sees who wrote.
    both = subject_line(f"{above} | {english}")
    return both if len(both) <= _SUBJECT_OF_TWO else subject_line(above)


def subject_line(written: str) -> str:
    """Return what a subject template wrote, if it is one line with words in it.

    Raises:
        RenderFault: it is empty or has a line break.
    """
    subject = written.strip()
    if len(subject.splitlines()) != 1:
        raise RenderFault("a subject must be one line")
    return clean_line(subject)


@cache
def _environment(*, html: bool) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Templates(),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_one_line,
    )
    environment.filters |= {
        "answering": _answering,
        "indented": _indented,
        "is_cut": lambda text: len(text) > _SHORT,
        "listed": listed,
        "mailto": mailto_link,
        "paragraphs": _paragraphs,
        "shortened": lambda text: text[:_SHORT],
        "unbroken": _unbroken,
        "whole": _whole,
    }
    environment.globals["press_send"] = PRESS_SEND
    return environment


def _one_line(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, (_Whole, Markup)):
        return clean_line(value, _VALUE_LIMIT)
    return value


def _indented(text: str) -> str:
    """Set somebody's words four spaces in, where no line of ours ever stands.

    Spaces, not ">": a screen reader says "greater than" at every line.
    """
    lines = clean_lines(text).strip("\n").split("\n")
    return _Whole("\n".join(_INDENT + line if line.strip() else "" for line in lines))


def _whole(text: str) -> str:
    return _Whole(clean_lines(text).strip("\n"))


def _paragraphs(text: str) -> Markup:
    # Outlook knows no `white-space: pre-wrap`, so every line end is an element.
    return Markup("<br>\n").join(map(escape, clean_lines(text).strip("\n").split("\n")))


def _unbroken(text: str) -> str:
    return _Whole(clean_line(text).replace(" ", "\N{NO-BREAK SPACE}"))


def _answering(subject: str) -> str:
    return f"Re: {_REPLY_PREFIX.sub('', clean_line(subject)) or 'your message'}"


def mailto_link(address: str, subject: str = "", body: str = "") -> Markup:
    """Return `mailto` ready for an attribute: percent-encoding leaves nothing but "&" to escape."""
    return escape(mailto(address, subject, body))
