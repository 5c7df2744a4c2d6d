"""What people wrote in a filing is not in its view as its row keeps it."""

from typing import Any

import msgspec.inspect

from kantoor.filing.view import View
from kantoor.office.filings.words import leave_words_out

WRITTEN = frozenset(("reason", "text", "value"))
SECRET = "verhuisd naar een blijf-van-mijn-lijfhuis"


def fill(kind: msgspec.inspect.Type) -> Any:
    """Return plain data of a type, one of everything, with the secret wherever people write."""
    if isinstance(kind, msgspec.inspect.StructType):
        return {f.name: SECRET if f.name in WRITTEN else fill(f.type) for f in kind.fields}
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return [fill(kind.item_type)]
    if isinstance(kind, msgspec.inspect.UnionType):
        return fill(next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType)))
    return None


def test_no_field_of_a_view_in_which_people_write_keeps_its_words() -> None:
    view = fill(msgspec.inspect.type_info(View))
    assert str(view).count(SECRET) >= 6
    assert SECRET not in str(leave_words_out(view))
