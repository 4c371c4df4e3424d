"""Turns octets into text whatever their label says, and never raises (RFC 2046 §4.1.2)."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What mail programs mean by a label is often its superset (WHATWG Encoding §4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
# Codecs that are no character sets of mail (zlib, rot13, idna, unicode_escape...)
# raise, loop or inflate, so only what is listed is ever used.
_ALLOWED_NAMES = """
    utf-8 utf-8-sig utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10
    iso8859-13 iso8859-14 iso8859-15 iso8859-16
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    cp437 cp850 cp852 cp855 cp858 cp866 cp874 cp932 cp949 cp950 koi8-r koi8-u koi8-t kz1048
    gb18030 hz big5hkscs euc_jp euc_jis_2004 shift_jis_2004 johab
    iso2022_jp_ext iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_kr
    mac-roman mac-latin2 mac-cyrillic mac-greek mac-turkish
"""
_ALLOWED = frozenset(_ALLOWED_NAMES.split())
_EXTRA_NAMES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "cp-850": "cp850",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "x-user-defined": "cp1252",
    "windows-874": "cp874",
    "ansi_x3.4-1968": "cp1252",
}
_ESCAPES = (b"\x1b$", b"\x1b(J", b"\x1b(I")
_META = re.compile(
    rb"<meta[^<>]{0,200}?charset[ \t]{0,3}=[ \t\"']{0,3}([A-Za-z0-9_.:-]{2,40})", re.I
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """Return the codec to use for a charset label, or None when it names none that is text."""
    # RFC 2231 §5 lets a language follow in encoded words: "utf-8*en".
    wanted = label.partition("*")[0].strip(" \t\"'<>;").lower()
    if not wanted or len(wanted) > 40 or not wanted.isascii() or "\x00" in wanted:
        return None
    wanted = _EXTRA_NAMES.get(wanted, wanted)
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError, UnicodeError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _ALLOWED else None


def decode(octets: bytes, label: str | None = None) -> tuple[str, bool]:
    """Return the text and whether it is doubtful (no charset fitted every octet).

    Order: octets that are UTF-8 beyond chance, the labelled charset, UTF-8,
    escape sequences of ISO-2022-JP, then Windows-1252 with replacements.
    """
    codec = codec_of(label) if label else None
    if octets.isascii():
        if b"\x1b" in octets and (codec is None or not codec.startswith(("iso2022", "hz"))):
            if any(mark in octets for mark in _ESCAPES):
                return _attempt(octets, "iso2022_jp_ext") or (octets.decode("ascii"), True)
        elif codec is None or not codec.startswith(("iso2022", "hz", "utf-16", "utf-32", "utf-7")):
            return octets.decode("ascii"), False
    for mark, name in _BOMS:
        if octets.startswith(mark) and (found := _attempt(octets[len(mark) :], name)):
            return found
    as_utf8 = _attempt(octets, "utf-8")
    if as_utf8 and codec != "utf-8" and (codec is None or _beyond_chance(octets, codec)):
        # Mail that says GB2312 or Latin-1 and is UTF-8 is common; the reverse never fits.
        return as_utf8
    if codec and (found := _attempt(octets, codec)):
        return found
    return as_utf8 or (octets.decode("cp1252", "replace"), codec is not None or b"\x81" in octets)


def label_in_html(octets: bytes) -> str | None:
    """Return the charset that an HTML document declares in its first 2,048 octets."""
    found = _META.search(octets, 0, 2048)
    return found[1].decode("ascii") if found else None


def _attempt(octets: bytes, codec: str) -> tuple[str, bool] | None:
    try:
        return octets.decode(codec).replace("\ufeff", ""), False
    except (UnicodeError, ValueError):
        return None


def _beyond_chance(octets: bytes, codec: str) -> bool:
    if codec.startswith(("iso2022", "hz", "utf-16", "utf-32", "utf-7")):
        return False
    high = sum(octets[:20_000].translate(_HIGH_AS_ONE))
    # Two-octet charsets can look like UTF-8 for a word; not for a sentence.
    return high >= (6 if codec in _TWO_OCTET else 1)


_TWO_OCTET = frozenset({"gb18030", "big5hkscs", "cp949", "cp950", "cp932", "euc_jp", "johab"})
_HIGH_AS_ONE = bytes(128) + b"\x01" * 128
