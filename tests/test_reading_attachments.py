"""Attachments are listed under safe names, found again, and held when they are dangerous."""

import io
import zipfile

import pytest

from gateway.mail.attachments import attachment_octets, safe_name
from gateway.mail.read import read_message
from tests.mail_samples import TEXT, file, message, multipart, part


def only_attachment(octets: bytes):
    (found,) = read_message(octets).attachments
    return found


def with_file(
    name: str, octets: bytes, media_type: str = "application/octet-stream", **more
) -> bytes:
    return multipart("mixed", part("See.", TEXT), file(name, media_type, octets), **more)


def zipped(*names: str, encrypted: bool = False) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    octets = bytearray(whole.getvalue())
    if encrypted:
        octets[octets.index(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


def test_an_attachment_is_found_again_octet_for_octet():
    octets = bytes(range(256)) * 100
    whole = with_file("form.pdf", octets, "application/pdf")
    found = only_attachment(whole)
    assert (found.name, found.size_bytes, found.dangerous) == ("form.pdf", len(octets), "")
    assert attachment_octets(whole, found.part) == octets
    with pytest.raises(KeyError):
        attachment_octets(whole, 99)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''Zettel%20f%C3%BCr%20Mia.pdf", "Zettel für Mia.pdf"),
        ('attachment; filename*0="letter "; filename*1="to us.pdf"', "letter to us.pdf"),
        ("attachment; filename=\"=?utf-8?q?Zo=C3=AB=2Epdf?=\"", "Zoë.pdf"),
        ("attachment; filename=\"../../etc/passwd\"", "passwd"),
        ("attachment; filename=\"C:\\\\Users\\\\mum\\\\a.pdf\"", "a.pdf"),
        ("attachment; filename=\"a\u202efdp.exe\"", "afdp.exe"),
        ("attachment; filename=unquoted name.pdf", "unquoted name.pdf"),
        ("attachment; filename=\"con.txt\"", "_con.txt"),
        ("attachment", "part-2.pdf"),
    ],
)  # fmt: skip
def test_names_are_decoded_and_safe(disposition, name):
    attached = part("x", "Content-Type: application/pdf", f"Content-Disposition: {disposition}")
    assert only_attachment(multipart("mixed", part("See.", TEXT), attached)).name == name


@pytest.mark.parametrize("name", ["", "..", "a" * 500 + ".pdf", "\x00", "///", "a\r\nBcc: x.pdf"])
def test_no_name_escapes_its_folder(name):
    safe = safe_name(name)
    assert len(safe) <= 120
    assert not set(safe) & set("/\\\r\n\x00")
    assert not safe.startswith(".")


@pytest.mark.parametrize(
    ("name", "octets", "reason"),
    [
        ("letter.exe", b"x", "program"),
        ("letter.pdf", b"MZ\x90\x00", "program"),
        ("letter.exe.pdf", b"x", "program"),
        ("letter.pdf.scr ", b"x", "program"),
        ("letter.js", b"x", "script"),
        ("letter.txt", b"#!/bin/sh", "script"),
        ("letter.lnk", b"x", "script"),
        ("marks.xlsm", b"x", "document with macros"),
        ("marks.xlsx", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "document with macros"),
        ("page.html", b"x", "web page"),
        ("picture.jpg", b"<html><script>", "web page"),
        ("picture.svg", b"<svg>", "web page"),
        ("all.zip", zipped("secret.txt", encrypted=True), "encrypted archive"),
        ("all.zip", zipped("photos/run.exe"), "program"),
        ("all.rar", b"Rar!\x1a\x07\x01\x00", "archive that cannot be checked"),
        ("disk.iso", b"x", "disk image or installer"),
        ("winmail.dat", b"x", ""),
    ],
)
def test_dangerous_attachments_are_held_with_a_reason(name, octets, reason):
    assert only_attachment(with_file(name, octets)).dangerous == reason


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
        ("form.pdf", b"%PDF-1.7"),
        ("essay.docx", zipped("[Content_Types].xml", "word/document.xml", "_rels/.rels")),
        ("photos.zip", zipped("a.jpg", "b.jpg")),
        ("booking.com.pdf", b"%PDF-1.7"),
        ("note.txt", b"Mia may go home alone."),
        ("invite.ics", b"BEGIN:VCALENDAR"),
    ],
)
def test_ordinary_attachments_may_travel(name, octets):
    assert only_attachment(with_file(name, octets)).dangerous == ""


def test_a_message_inside_is_as_dangerous_as_what_is_attached_to_it():
    inner = with_file("run.exe", b"MZ", boundary="inner")
    attached = part(inner, "Content-Type: message/rfc822")
    assert only_attachment(multipart("mixed", part("See.", TEXT), attached)).dangerous == "program"
    harmless = part(message("<p>hello", "Content-Type: text/html"), "Content-Type: message/rfc822")
    assert only_attachment(multipart("mixed", part("See.", TEXT), harmless)).dangerous == ""


def test_a_tnef_file_is_held_since_it_may_hold_anything():
    found = only_attachment(with_file("winmail.dat", b'x\x9f>"', "application/ms-tnef"))
    assert found.dangerous == "archive that cannot be checked"
