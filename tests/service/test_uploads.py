"""Files that people send: taken by what is in them, kept under a name that is safe to show and save under."""

import zipfile
from io import BytesIO

import pytest

from kantoor.service import macros
from kantoor.service.results import Refusal
from kantoor.service.uploads import (
    LONGEST_NAME,
    MOST_BYTES,
    Upload,
    check_upload,
    make_safe_name,
    name_by_content,
)

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
MAIL = b"From: Els <els@jansen.example>\r\nDate: Mon, 2 Feb 2026 09:00:00 +0100\r\n\r\nAkkoord.\r\n"
EXE = b"MZ\x90\x00" + bytes(60)


def archive(*parts: str, **holding: bytes | str) -> bytes:
    """Return an archive of parts; `types`, `refs` and `extra`: what its list of kinds and two parts hold."""
    names = {"types": "[Content_Types].xml", "refs": "xl/_rels/workbook.xml.rels", "extra": "xl/code.bin"}
    content = dict.fromkeys(parts, b"x") | {names[name]: holds for name, holds in holding.items()}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for part, held in content.items():
            made.writestr(zipfile.ZipInfo(part), held)  # with no time of writing, which tests are named by
    return packed.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
MACROS = "_VBA_PROJECT".encode("utf-16-le")
WORD_PARTS, EXCEL_PARTS = (
    ("[Content_Types].xml", "word/document.xml"),
    ("[Content_Types].xml", "xl/workbook.xml"),
)
OPEN_PARTS = ("mimetype", "content.xml")
WORD, EXCEL = archive(*WORD_PARTS), archive(*EXCEL_PARTS)
MACRO_SHEET = b"\x85\0\x0e\0\0\x10\0\0\0\x01\x06\0Macro1"
SHEET = MACRO_SHEET.replace(b"\0\x01\x06", b"\0\0\x06")
KIND = '<Override PartName="/xl/code.bin" ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("foto.png", PNG),
        ("foto.jpeg", JPEG),
        ("foto.heic", b"\0\0\0\x18ftypheic" + bytes(8)),
        ("foto.webp", b"RIFF\x10\0\0\0WEBPVP8 "),
        ("scan.tiff", b"II*\0" + bytes(8)),
        ("brief.docx", WORD),
        ("omzet.xlsx", EXCEL),
        ("oud.xls", OLE),
        ("oud.doc", OLE + b"T\0" + MACROS),  # words in it, and no name in its directory
        ("oud.xls", OLE + SHEET),
        ("omzet.ods", archive(*OPEN_PARTS, "Configurations2/menubar/a.xml")),
        ("grafiek.xlsx", archive(*EXCEL_PARTS, extra=OLE)),
        ("bank.csv", b"datum;bedrag\r\n2026-01-31;12,50\r\n"),
        ("akkoord.eml", MAIL),
        ("bank.txt", "één rekening".encode("latin-1")),
        ("audit.xaf", b"\xef\xbb\xbf<?xml version='1.0'?><auditfile/>"),
    ],
)
def test_what_is_what_its_name_says_is_taken_as_it_is(name: str, content: bytes) -> None:
    found = check_upload(name, content)
    assert isinstance(found, Upload), found
    assert (found.name, found.content) == (name, content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("factuur.pdf", EXE, "wrong_content"),
        ("factuur.pdf", b"<html><script>alert(1)</script>", "wrong_content"),
        ("factuur.pdf", b"see %PDF-1.7", "wrong_content"),
        ("factuur.pdf.exe", PDF, "wrong_sort"),
        ("factuur.exe", EXE, "wrong_sort"),
        ("pagina.html", b"<html>", "wrong_sort"),
        ("plaatje.svg", b"<svg onload='x()'/>", "wrong_sort"),
        ("bank.csv", b"<!DOCTYPE html><html>", "wrong_content"),
        ("bank.csv", b"a;b\0c", "wrong_content"),
        ("akkoord.eml", b"Akkoord.\r\n\r\nEls\r\n", "wrong_content"),
        ("akkoord.eml", MAIL.partition(b"Date")[0] + b"\r\n", "wrong_content"),
        ("akkoord.eml", b"<html>" + MAIL, "wrong_content"),
        ("brief.docx", EXCEL, "wrong_content"),
        ("bont.xlsx", archive(*EXCEL_PARTS, types="<!DOCTYPE a [<!ENTITY b 'vba'>]>"), "wrong_content"),
        ("brief.docx", b"PK\x03\x04 broken", "wrong_content"),
        ("foto.png", JPEG, "wrong_content"),
        ("zonder", PDF, "wrong_sort"),
        (".pdf", PDF, "wrong_sort"),
        ("leeg.pdf", b"", "empty_file"),
        ("groot.pdf", PDF + bytes(MOST_BYTES), "large_file"),
    ],
)
def test_anything_else_is_refused_with_a_sentence_that_names_the_file(
    name: str, content: bytes, code: str
) -> None:
    found = check_upload(name, content)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert make_safe_name(name) in found.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.docx", archive(*WORD_PARTS, "word/vbaProject.bin")),
        ("omzet.xlsx", archive(*EXCEL_PARTS, "xl/macrosheets/sheet1.xml")),
        ("omzet.xlsx", archive(*EXCEL_PARTS, types=KIND)),
        ("omzet.xlsx", archive(*EXCEL_PARTS, types=KIND.encode("utf-16"))),
        ("omzet.xlsx", archive(*EXCEL_PARTS, types=KIND.replace("vba", "&#118;b&#x61;"))),
        ("omzet.xlsx", archive(*EXCEL_PARTS, refs='<Relationship Type="http://x/xlMacrosheet"/>')),
        ("omzet.xlsx", archive(*EXCEL_PARTS, extra=OLE + MACROS)),
        ("omzet.xlsx", archive(*EXCEL_PARTS, extra=archive(*WORD_PARTS, "word/vbaProject.bin"))),
        ("omzet.ods", archive(*OPEN_PARTS, "Basic/Standard/Module1.xml")),
        ("brief.odt", archive(*OPEN_PARTS, "Scripts/python/evil.py")),
        ("oud.xls", OLE + MACROS),
        ("oud.xls", OLE + "_vba_project_cur".encode("utf-16-le")),
        ("oud.doc", OLE + "Vba\0".encode("utf-16-le")),
        ("oud.xls", OLE + MACRO_SHEET),
    ],
)
def test_macros_are_refused_by_that_word_wherever_they_are_in_a_file(name: str, content: bytes) -> None:
    found = check_upload(name, content)
    assert isinstance(found, Refusal)
    assert found.code == "macros"
    assert f"'{name}' bevat macro's" in found.text


@pytest.mark.parametrize("limit", ["_MOST_PARTS", "_MOST_UNPACKED"])
def test_an_archive_with_too_much_in_it_is_not_looked_through(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(macros, limit, 2)
    found = check_upload("vol.xlsx", archive(*EXCEL_PARTS, extra=OLE))
    assert isinstance(found, Refusal)
    assert found.code == "wrong_content"


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\stukken\\bank.pdf", "bank.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("regel\r\nSet-Cookie: x.pdf", "regelSet-Cookie_ x.pdf"),
        ('naam";filename="x.pdf', "naam_;filename=_x.pdf"),
        ("<script>.pdf", "_script_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...", "bestand"),
        ("", "bestand"),
        ("  veel   ruimte .pdf", "veel ruimte .pdf"),
        ("jaaropgave é.pdf", "jaaropgave é.pdf"),
    ],
)
def test_a_hostile_name_becomes_a_safe_one(written: str, safe: str) -> None:
    assert make_safe_name(written) == safe


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    made = make_safe_name("x" * 10_000 + ".pdf")
    assert len(made) == LONGEST_NAME
    assert made.endswith("x.pdf")


@pytest.mark.parametrize(
    ("content", "ending"), [(PDF, "pdf"), (WORD, "docx"), (b"<xbrl/>", "xml"), (EXE, "bin")]
)
def test_a_document_of_ours_is_saved_by_what_it_is(content: bytes, ending: str) -> None:
    assert name_by_content("Jaarrekening", content)[0] == f"Jaarrekening.{ending}"
