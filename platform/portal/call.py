"""One call of a page: who asks, with what, and how it is answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import uuid4

from starlette.datastructures import FormData, QueryParams, UploadFile

from ..service.access import Visitor
from ..service.desk import Desk
from .acting import Acting
from .told import NOTHING, Told

WHOSE = "wie"
"""The field of every form that says whom it was shown to."""
KEY = "concept"
"""In an address, and in the forms of its page: which opened form it is."""
UNKEPT = "onbewaard"
"""The field of a form that names those of its fields of which nothing is kept, as its page marks them."""
_RANDOM = re.compile(r"[0-9a-f]{32}")


class NotThereError(Exception):
    """There is no such page for this visitor: foreign and absent are told alike."""


@dataclass(frozen=True)
class Call:
    """What a page is given. `visitor` is None on pages for anybody; `typed` is empty unless a form was sent,
    or the address names one that is not done yet.

    `origin` is the network address that the call came from, `pattern` the route that it took, `address` our
    own path that was asked for.
    """

    desk: Desk
    acting: Acting
    pattern: str
    path: Mapping[str, str]
    query: QueryParams
    typed: FormData
    token: str = field(repr=False)
    origin: str = field(repr=False)
    visitor: Visitor | None = None
    shown: str = ""
    looks: bool = False
    """Whether a page that is open already looks if it has changed: nobody reads the answer."""
    address: str = ""
    sent: bool = False
    """Whether a form was sent: what it is answered with is not loaded again by itself."""
    told: Told = NOTHING
    """What is said of the form that its address names."""

    @property
    def me(self) -> Visitor:
        """Return who is signed in; a page that asks for it is for nobody else."""
        assert self.visitor is not None, f"{self.pattern} is open to anybody"
        return self.visitor

    @property
    def key(self) -> str:
        """Return the key of the opened form, of the address or sent along; nothing where it has none."""
        given = self.read_text(KEY) or self.query.get(KEY, "")
        return given if _RANDOM.fullmatch(given) else ""

    @property
    def asked_key(self) -> str:
        """Return what the address of a page of the same opened form ends with."""
        return f"?{KEY}={self.key}" if self.key else ""

    def read_text(self, name: str) -> str:
        """Return what was typed in a field of the form, without white space around it; empty when nothing."""
        value = self.typed.get(name, "")
        return value.replace("\0", "").strip() if isinstance(value, str) else ""

    def read_texts(self, name: str) -> tuple[str, ...]:
        """Return all that was chosen in a field that takes several."""
        return tuple(one.replace("\0", "") for one in self.typed.getlist(name) if isinstance(one, str))

    def read_file(self, name: str) -> UploadFile | None:
        """Return the file that was chosen in a field, or None."""
        value = self.typed.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    @property
    def typed_texts(self) -> list[tuple[str, str]]:
        """Return all that was typed, for the next page to hold too; files cannot be."""
        return [(name, value) for name, value in self.typed.multi_items() if isinstance(value, str)]

    @property
    def is_anothers(self) -> bool:
        """Say whether a form was shown to, and so filled in by, somebody else than who is signed in now."""
        return self.visitor is not None and any(one != self.visitor.id for one in self.read_texts(WHOSE))

    @property
    def unkept(self) -> tuple[str, ...]:
        """Return the fields of the form in which somebody looks for something, or tells who somebody is."""
        return tuple(name for text in self.read_texts(UNKEPT) for name in text.split())

    @property
    def chose_files(self) -> bool:
        """Say whether files were chosen."""
        return any(isinstance(value, UploadFile) and value.filename for value in self.typed.values())

    @property
    def act_id(self) -> str:
        """Return the id that the form carries: pressed twice, its act happens once.

        What no form of ours holds is another id: ids go into the database and to the server.
        """
        given = self.read_text("act")
        return given if _RANDOM.fullmatch(given) else uuid4().hex


def not_there() -> NoReturn:
    """Answer that there is no such page."""
    raise NotThereError
