"""A form as it comes in: read only after it was judged whose it is, and no more of it than its page takes."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

MOST_FIELDS = 2000
MOST_FILES = 2000
"""File fields of a form, empty ones counted, as browsers send those too: a list of a hundred things that each
takes what its field does (`service/uploads.py`). How much is read, its bytes bound."""
LONGEST_TEXT = 1_000_000
"""Bytes of a form without files, and of what is kept for who has to sign in first."""
LONGEST_FILES = 30_000_000
"""Bytes of a form with its files."""
LONGEST_LIST = 100_000_000
"""Bytes of a form in which files are chosen for many things at once."""


class UnreadFormError(Exception):
    """A form is not read: it is longer than its page takes (status 413), or no form (400).

    `files`: it has more of them than a form may.
    """

    def __init__(self, status: int, *, files: bool = False) -> None:
        super().__init__(f"a form was not read: {status}")
        self.status, self.files = status, files


async def read_form(request: Request, most: int, *, files: bool) -> FormData:
    """Return what a form of at most so many bytes holds. Raises UnreadFormError."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise UnreadFormError(413)
    had = 0

    async def receive_some() -> Message:
        nonlocal had
        message = await request.receive()
        had += len(message.get("body", b""))
        if had > most:
            raise UnreadFormError(413)
        return message

    try:
        counted = Request(request.scope, receive_some)
        return await counted.form(max_fields=MOST_FIELDS, max_files=MOST_FILES if files else 0)
    except HTTPException as error:
        if files and error.detail.startswith("Too many files"):
            raise UnreadFormError(413, files=True) from None
        raise UnreadFormError(error.status_code) from None
    except ClientDisconnect:
        raise UnreadFormError(400) from None
