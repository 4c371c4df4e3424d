"""Does a text speak of school staff in another language than English?

What is alleged of staff is recognised in English alone. A concern in another language that has
one of these words may be about the very teacher who would be told of it.
"""

from __future__ import annotations

import re
import unicodedata

MOST_TEXT = 50_000  # characters looked through
# Beginnings of words, without their accents; the languages that the packs read.
_STEMS = " ".join(
    (
        "nauczyciel wychowawc dyrektor pedagog",
        "invatato profesor dirigint educatoare director",
        "maestr professor diretor",
        "maitresse instituteur institutrice professeur enseignant directeur directrice animateur",
        "lehrer erzieher schulleit tanar tanito igazgato mokytoj direktor aukletoj",
        "вчител учител виховател директор",
        "ustad ustani macallin maamule athraw pennaeth prifathr",
    )
).split()
# In these letters an article or a preposition may stand before the word, as one with it. Of the
# Arabic for a teacher, one is a school with one more letter, one is how a parent greets her.
_ANYWHERE = " ".join(
    (
        r"معلم(?!تي) مدرس(?![ةهہ]) استاذ مدير ٹیچر استاد استانی پرنسپل",
        "ਅਧਿਆਪ ਟੀਚਰ ਪ੍ਰਿੰਸੀਪਲ শিক্ষক শিক্ষিকা টিচার ম্যাডাম",
    )
).split()
_LATIN_URDU = r"(?:teacher|miss|sir|madam|head|principal)\s(?:ne|nay|nein|ko|se)\b"


def _bare(text: str) -> str:
    """Return `text` in small letters without accents and vowel signs of Arabic."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if unicodedata.category(one) != "Mn")


_STAFF = re.compile(
    rf"(?:\b(?:{'|'.join(map(_bare, _STEMS))})|{'|'.join(map(_bare, _ANYWHERE))}|\b{_LATIN_URDU})"
    r"\w*+(?![ \t]*+[,!:;،\n])"  # "Hola maestra," is whom it is written to
)


def speaks_of_staff(text: str) -> bool:
    """Tell whether `text` has a word for a teacher or a head teacher that is not an English one."""
    return _STAFF.search(_bare(text[:MOST_TEXT])) is not None
