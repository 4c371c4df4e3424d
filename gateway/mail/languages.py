"""In which language, besides English, may a family be written to?"""

from __future__ import annotations

import logging
import re
import tomllib
from functools import cache
from pathlib import Path

from gateway.mail.language_file import Language, LanguageFault, language_from
from gateway.resources import MissingResource, resource_path

log = logging.getLogger(__name__)

ENGLISH = "en"
_CODE = re.compile(r"[a-z]{2,3}")
_SCRIPT = re.compile(r"[A-Z][a-z]{3}")


def language_for(tag: str, *, drafts: bool, folder: Path | None = None) -> Language | None:
    """Return the language to put above the English for a reader of `tag`, if there is one to send.

    `tag` is a language tag from the roster (RFC 5646). None means English alone: the tag is
    English, names another script than ours, has no translation or a broken one, or the
    translation is a draft and the school does not send `drafts`. `folder` is where the
    translations are, if not with the program.
    """
    parts = tag.replace("_", "-").split("-")
    code = parts[0].strip().lower()
    if code == ENGLISH:
        return None
    if not _CODE.fullmatch(code):
        log.info("translation_missing", extra={"language": "not a language tag"})
        return None
    try:
        language = read_language(code, folder)
    except MissingResource:
        log.info("translation_missing", extra={"language": code})
        return None
    except LanguageFault as fault:
        log.warning("translation_unusable", extra={"language": code, "faults": len(fault.faults)})
        return None
    script = next((part.title() for part in parts[1:] if _SCRIPT.fullmatch(part.title())), None)
    if script is not None and script != language.script:
        return None
    return None if language.draft and not drafts else language


@cache
def read_language(code: str, folder: Path | None = None) -> Language:
    """Return the translation in `<folder>/<code>.toml`.

    Raises:
        MissingResource: there is none.
        LanguageFault: it cannot be used; every fault is named.
    """
    path = (folder or resource_path("templates", "languages")) / f"{code}.toml"
    try:
        return language_from(code, tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise MissingResource(f"no translation into {code}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageFault(f"{code}.toml is not TOML: {error}") from error
