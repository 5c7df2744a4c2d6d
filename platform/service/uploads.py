"""Files that people send over the pages: which are taken, judged by what is in them, and under which name.

A name is only ever shown and given back, never a path; what a file is, its bytes say. Nothing is opened here
but the list of names in an archive of an office program; `macros` looks further.
"""

import unicodedata
import zipfile
from collections.abc import Callable
from email.parser import BytesHeaderParser
from io import BytesIO

from ..plan import Model
from ..unseen import is_unseen
from .macros import OLE, UnreadableError, holds_macros
from .results import Refusal

MOST_BYTES = 20_000_000
"""Of one file."""
MOST_FILES = 20
"""That are sent at once."""
LONGEST_NAME = 120
_SIGNS_OF_TEXT = bytes([9, 10, 11, 12, 13, 27, *range(32, 256)])

_RESERVED = '<>:"/\\|?*'
_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))
_DEVICES = {"con", "prn", "aux", "nul", *_PORTS}


class Upload(Model):
    """A file that is taken: a name that is safe to show and to save under, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def check_upload(name: str, content: bytes, *, figures: bool = False) -> Upload | Refusal:
    """Return a file as it is kept, or why it is not taken; the sentence names the file and what to do.

    With `figures` it is taken where it is a file of figures (docs/figures.md), and nothing else is.
    """
    safe = make_safe_name(name)
    if not content:
        return _refuse("empty_file", f"'{safe}' is leeg. Kies het bestand opnieuw.")
    if len(content) > MOST_BYTES:
        text = f"'{safe}' is groter dan 20 MB. Stuur het in delen, of maak een scan kleiner."
        return _refuse("large_file", text)
    ending = safe.rpartition(".")[2].lower() if "." in safe else ""
    known = (_FIGURES if figures else _KINDS).get(ending)
    if known is None:
        taken = "een bestand met cijfers (csv of yaml)" if figures else _TAKEN
        return _refuse("wrong_sort", f"'{safe}' is van een soort die wij niet aannemen. Stuur {taken}.")
    media_type, holds = known
    try:
        if holds(content) and holds_macros(content):
            text = (
                f"'{safe}' bevat macro's, en die nemen wij niet aan. Bewaar het zonder macro's, of als pdf."
            )
            return _refuse("macros", text)
        readable = holds(content)
    except UnreadableError:
        readable = False
    if not readable:
        kind = "csv" if figures else "pdf"
        text = (
            f"'{safe}' is geen leesbaar {ending}-bestand: de inhoud is iets anders dan de naam zegt. "
            f"Open het zelf en bewaar het opnieuw, bijvoorbeeld als {kind}."
        )
        return _refuse("wrong_content", text)
    return Upload(name=safe, media_type=media_type, content=content)


def make_safe_name(name: str) -> str:
    """Return a file's name without folders, control signs and what file systems reserve; never empty."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Control signs include those that turn the direction of writing, by which exe.pdf is read as pdf.exe.
    signs = [one for one in plain if not unicodedata.category(one).startswith("C") and not is_unseen(one)]
    shown = " ".join("".join("_" if one in _RESERVED else one for one in signs).split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if not dot:
        stem, ending = shown, ""
    if stem.casefold() in _DEVICES:
        stem = f"_{stem}"
    end = f".{ending[:20]}" if dot else ""
    return f"{stem[: LONGEST_NAME - len(end)]}{end}" if stem else f"bestand{end}"


def name_by_content(title: str, content: bytes) -> tuple[str, str]:
    """Return a name to save a document of ours under, with its media type, by what its bytes are."""
    for ending in ("pdf", "png", "jpg", "docx", "xlsx", "xml", "eml", "txt"):
        media_type, holds = _KINDS[ending]
        if holds(content):
            return make_safe_name(f"{title}.{ending}"), media_type
    return make_safe_name(f"{title}.bin"), "application/octet-stream"


def _refuse(code: str, text: str) -> Refusal:
    return Refusal(code=code, text=text)


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024] and content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-")


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    """Say whether it is text in UTF-8 or in one byte a sign, and no page of the web."""
    if content.translate(None, _SIGNS_OF_TEXT):
        return False
    begin = content[:2000].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    return not begin.startswith((b"<!doctype html", b"<html", b"<script", b"<svg", b"#!"))


def _is_xml(content: bytes) -> bool:
    return _is_text(content) and content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")


def _is_mail(content: bytes) -> bool:
    """Say whether it is a message as a mail program saves it: headers first, with from whom and when."""
    if not _is_text(content):
        return False
    headers = BytesHeaderParser().parsebytes(content.lstrip(b"\xef\xbb\xbf"))
    return not headers.defects and all(headers.get(one) for one in ("From", "Date"))


def _holds_part(*parts: str) -> Callable[[bytes], bool]:
    """Return what says whether an archive of an office program has these parts."""

    def holds(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return all(part in names for part in parts)

    return holds


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_OLE = _begins(OLE)
_JPEG = ("image/jpeg", _begins(b"\xff\xd8\xff"))
_TIFF = ("image/tiff", _begins(b"II*\0", b"MM\0*"))
_HEIC = ("image/heic", _is_heic)
_TEXT = ("text/plain", _is_text)
_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _is_pdf),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "tif": _TIFF,
    "tiff": _TIFF,
    "heic": _HEIC,
    "heif": _HEIC,
    "webp": ("image/webp", _is_webp),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _holds_part("[Content_Types].xml", "word/document.xml")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _holds_part("[Content_Types].xml", "xl/workbook.xml")),
    "odt": (f"{_OPEN}.text", _holds_part("mimetype", "content.xml")),
    "ods": (f"{_OPEN}.spreadsheet", _holds_part("mimetype", "content.xml")),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "msg": ("application/vnd.ms-outlook", _OLE),
    "eml": ("message/rfc822", _is_mail),
    "xml": ("application/xml", _is_xml),
    "xaf": ("application/xml", _is_xml),
    "xbrl": ("application/xml", _is_xml),
    "csv": ("text/csv", _is_text),
    "txt": _TEXT,
    "940": _TEXT,
    "sta": _TEXT,
}
"""What is taken, by the ending of its name: its media type, and whether bytes are that."""

_TAKEN = "een pdf, foto, opgeslagen e-mail (eml of msg), tekst-, Word- of Excelbestand"
_YAML = ("application/yaml", _is_text)
_FIGURES = {"csv": _KINDS["csv"], "yaml": _YAML, "yml": _YAML}


def find_ending(media_type: str) -> str:
    """Return how the name of a kept file ends, by its media type; `bin` where that is none that is taken."""
    return next((ending for ending, (known, _) in _KINDS.items() if known == media_type), "bin")


ACCEPTED = ",".join(f".{ending}" for ending in _KINDS)
"""What a field for files offers to choose from."""
