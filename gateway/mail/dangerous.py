"""Says why an attachment must be held for the office: by its name, its type and its first octets.

Nothing is opened or unpacked. Of a ZIP only the list of names at its end is
read, as octets. The reason is a fixed phrase a person can act on.
"""

from __future__ import annotations

import struct
import unicodedata

_PROGRAM = "program"
_SCRIPT = "script"
_MACRO = "document with macros"
_HTML = "web page"
_ENCRYPTED = "encrypted archive"
_UNCHECKED = "archive that cannot be checked"
_INSTALLER = "disk image or installer"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EXTENSIONS: dict[str, frozenset[str]] = {
    _PROGRAM: _words(
        """exe com scr pif cpl dll sys drv ocx msi msp mst msix msixbundle appx appxbundle
        appinstaller application gadget jar class apk ipa app deb rpm run bin elf so dylib xll
        xpi crx air ade adp mde"""
    ),
    _SCRIPT: _words(
        """bat cmd vbs vbe vb js jse mjs ws wsf wsh wsc sct hta ps1 ps1xml ps2 psc1 psc2 psd1
        psm1 msh msh1 msh2 sh bash csh zsh ksh py pyc pyw pyz pl rb php phar lnk url website
        desktop inf reg scf shb shs job msc chm hlp library-ms search-ms settingcontent-ms
        theme themepack diagcab appref-ms scpt command workflow action osax terminal iqy slk
        rdp one onepkg xbap cer crt der"""
    ),
    _MACRO: _words(
        """docm dotm xlsm xltm xlam xlsb xla pptm potm ppam ppsm sldm ppa wll accde accdb mdb
        mda mdw mdz pub vsdm vstm vssm"""
    ),
    _HTML: _words("html htm xhtml xht shtml shtm mht mhtml svg svgz xml xsl xslt hta"),
    _INSTALLER: _words("iso img vhd vhdx dmg pkg mpkg udf vmdk wim cdr toast"),
    _UNCHECKED: _words("rar r00 ace arj cab lzh lha 7z xz zst lz lzma arc uue uu z"),
}
_REASON_OF = {name: reason for reason, names in _EXTENSIONS.items() for name in names}
# Telling before another ending: "letter.exe.pdf". Not "booking.com.pdf".
_DISGUISED = _words("exe scr bat cmd vbs js ps1 jar msi hta pif lnk wsf dll")

_TYPES: dict[str, str] = {
    "application/x-msdownload": _PROGRAM,
    "application/x-msdos-program": _PROGRAM,
    "application/x-dosexec": _PROGRAM,
    "application/x-executable": _PROGRAM,
    "application/x-mach-binary": _PROGRAM,
    "application/vnd.microsoft.portable-executable": _PROGRAM,
    "application/java-archive": _PROGRAM,
    "application/x-java-archive": _PROGRAM,
    "application/vnd.android.package-archive": _PROGRAM,
    "application/x-msi": _PROGRAM,
    "application/javascript": _SCRIPT,
    "application/x-javascript": _SCRIPT,
    "text/javascript": _SCRIPT,
    "application/x-sh": _SCRIPT,
    "text/x-shellscript": _SCRIPT,
    "text/x-python": _SCRIPT,
    "application/x-vbscript": _SCRIPT,
    "text/vbscript": _SCRIPT,
    "application/hta": _SCRIPT,
    "application/x-ms-shortcut": _SCRIPT,
    "text/html": _HTML,
    "application/xhtml+xml": _HTML,
    "image/svg+xml": _HTML,
    "application/x-iso9660-image": _INSTALLER,
    "application/x-apple-diskimage": _INSTALLER,
    "application/x-rar-compressed": _UNCHECKED,
    "application/vnd.rar": _UNCHECKED,
    "application/x-7z-compressed": _UNCHECKED,
    "application/vnd.ms-cab-compressed": _UNCHECKED,
    "application/ms-tnef": _UNCHECKED,
    "application/vnd.ms-tnef": _UNCHECKED,
}

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xfe\xed\xfa\xce", _PROGRAM),
    (b"\xfe\xed\xfa\xcf", _PROGRAM),
    (b"\xce\xfa\xed\xfe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"dex\n", _PROGRAM),
    (b"!<arch>", _PROGRAM),
    (b"\xed\xab\xee\xdb", _PROGRAM),
    (b"#!", _SCRIPT),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", _SCRIPT),
    (b"ITSF", _SCRIPT),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", _SCRIPT),
    (b"[InternetShortcut]", _SCRIPT),
    (b"Rar!\x1a\x07", _UNCHECKED),
    (b"7z\xbc\xaf\x27\x1c", _UNCHECKED),
    (b"MSCF", _UNCHECKED),
    (b"\xfd7zXZ\x00", _UNCHECKED),
    (b"\x28\xb5\x2f\xfd", _UNCHECKED),
    (b"\x60\xea", _UNCHECKED),
    (b"\x78\x9f\x3e\x22", _UNCHECKED),
    (b"conectix", _INSTALLER),
    (b"vhdxfile", _INSTALLER),
    (b"koly", _INSTALLER),
    (b"xar!", _INSTALLER),
)
_TEXT_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", _HTML),
    (b"<html", _HTML),
    (b"<script", _HTML),
    (b"<head", _HTML),
    (b"<body", _HTML),
    (b"<svg", _HTML),
    (b"<hta:", _SCRIPT),
    (b"<job", _SCRIPT),
    (b"@echo off", _SCRIPT),
    (b"wscript.", _SCRIPT),
    (b"powershell", _SCRIPT),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), b"_VBA_PROJECT", "Macros".encode("utf-16-le"))
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP_END = b"PK\x05\x06"
_ZIP_ENTRY = b"PK\x01\x02"
_ZIP_LOCAL = b"PK\x03\x04"
_MOST_ENTRIES = 10_000


def danger(name: str, media_type: str, octets: bytes) -> str:
    """Return why an attachment is held, or "" when it may travel."""
    return (
        _by_name(name) or _TYPES.get(media_type, "") or _by_beginning(octets) or _by_inside(octets)
    )


def _by_name(name: str) -> str:
    """Judge by every ending a mail program or system might obey: `a.exe .`, `a.exe:b.txt`."""
    plain = unicodedata.normalize("NFKC", name).lower()
    for stretch in plain.replace("\x00", ":").split(":"):
        # Systems drop trailing dots and spaces; "photo.jpg .exe" hides its end.
        words = [word.strip(" _") for word in stretch.strip(" .").split(".")]
        if len(words) > 1 and (reason := _REASON_OF.get(words[-1].split(" ")[-1])):
            return reason
        if len(words) > 2 and words[-2] in _DISGUISED:
            return _REASON_OF[words[-2]]
    return ""


def _by_beginning(octets: bytes) -> str:
    for mark, reason in _BEGINNINGS:
        if octets.startswith(mark):
            return reason
    text = octets[:2_048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"").lower()
    if text.startswith((b"<?xml", b"<!--")):
        text = text[text.find(b"<", 5) :]
        return _HTML if any(mark in text for mark in (b"<svg", b"<html", b"<script")) else ""
    for mark, reason in _TEXT_BEGINNINGS:
        if text.startswith(mark):
            return reason
    if octets[0x8001:0x8006] == b"CD001":
        return _INSTALLER
    return ""


def _by_inside(octets: bytes) -> str:
    if octets.startswith(_OLE):
        if any(mark in octets for mark in _OLE_MACROS):
            return _MACRO
        return _ENCRYPTED if _OLE_LOCKED in octets else ""
    if octets.lstrip()[:5] == b"{\\rtf" and (b"\\objdata" in octets or b"\\objupdate" in octets):
        return _MACRO
    if octets.startswith((_ZIP_LOCAL, _ZIP_END)) or _ZIP_END in octets[-66_000:]:
        return _zip(octets)
    return ""


def _zip(octets: bytes) -> str:
    """Judge a ZIP by its central directory (APPNOTE 4.3.12), or its local headers without one."""
    end = octets.rfind(_ZIP_END, max(0, len(octets) - 66_000))
    if end < 0 or len(octets) < end + 22:
        return _UNCHECKED
    size, start = struct.unpack_from("<II", octets, end + 12)
    at = start if octets.startswith(_ZIP_ENTRY, start) else end - size
    if size and (at < 0 or not octets.startswith(_ZIP_ENTRY, at)):
        return _UNCHECKED
    for _ in range(_MOST_ENTRIES):
        if not octets.startswith(_ZIP_ENTRY, at) or len(octets) < at + 46:
            return ""
        (flags,) = struct.unpack_from("<H", octets, at + 8)
        name_size, extra, comment = struct.unpack_from("<HHH", octets, at + 28)
        name = octets[at + 46 : at + 46 + name_size].decode("cp437").lower()
        if flags & 1:
            return _ENCRYPTED
        base = name.rpartition("/")[2]
        if base == "vbaproject.bin" or "/macrosheets/" in name:
            return _MACRO
        reason = _by_name(base)
        # An Office file is a ZIP full of XML; that is no web page.
        if (
            reason
            and not (reason == _HTML and base.endswith((".xml", ".rels")))
            and (reason != _PROGRAM or not base.endswith(".bin"))
        ):
            return reason
        at += 46 + name_size + extra + comment
    return _UNCHECKED
