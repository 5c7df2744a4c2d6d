"""Files in and out: what somebody chose is judged by what is in it, what is given is a download."""

from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import Response

from ..service.results import Refusal
from ..service.uploads import MOST_BYTES, MOST_FILES, Upload, check_upload
from .call import Call
from .safety import DOCUMENT_HEADERS

NO_FILE = Refusal(code="no_file", text="Kies eerst een bestand.")


def read_uploads(call: Call, field: str, *, figures: bool = False) -> tuple[Upload, ...] | Refusal:
    """Return the files that were chosen in a field, none where none was, or why not all are taken: then none.

    With `figures` those that are a file of figures.
    """
    chosen = [one for one in call.typed.getlist(field) if isinstance(one, UploadFile) and one.filename]
    if len(chosen) > MOST_FILES:
        return Refusal(code="many_files", text=f"Stuur hoogstens {MOST_FILES} bestanden tegelijk.")
    found = [_check(one, figures=figures) for one in chosen]
    refused = [one.text for one in found if isinstance(one, Refusal)]
    if refused:
        return Refusal(code="wrong_file", text=" ".join(refused))
    return tuple(one for one in found if isinstance(one, Upload))


def read_upload(call: Call, field: str, *, figures: bool = False) -> Upload | Refusal | None:
    """Return the one file of a field, None where none was chosen, or why it is not taken."""
    chosen = call.read_file(field)
    return None if chosen is None else _check(chosen, figures=figures)


def answer_rendering(content: bytes) -> Response:
    """Return a document as it was stored, unchanged: to be shown in a frame of ours, or to be printed."""
    return Response(content, media_type="text/html; charset=utf-8", headers=dict(DOCUMENT_HEADERS))


def _check(chosen: UploadFile, *, figures: bool) -> Upload | Refusal:
    return check_upload(chosen.filename or "", chosen.file.read(MOST_BYTES + 1), figures=figures)


def answer_file(name: str, content: bytes, media_type: str = "application/octet-stream") -> Response:
    """Return bytes to be saved under a name; no browser shows them: what is in them may be of others."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in name)
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": said, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=media_type, headers=headers)
