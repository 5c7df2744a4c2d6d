"""Validation of payloads against our own schema of the interface (schema.xsd beside this module)."""

from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from lxml import etree

_TURN = Lock()  # one schema object, whose error log is shared


class SchemaError(Exception):
    """A payload breaks the interface's schema; the sentence names elements, never their values."""


def validate(payload: etree._Element) -> None:
    """Hold a payload against the schema. Raises SchemaError."""
    schema = _schema()
    with _TURN:
        if not schema.validate(payload):
            raise SchemaError(_sentence(payload, schema.error_log))


@cache
def _schema() -> etree.XMLSchema:
    source = files(__package__).joinpath("schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(source))


def _sentence(payload: etree._Element, log: etree._ListErrorLog) -> str:
    # libxml2's own messages quote values, and a value may hold a BSN: only the place and the kind are told.
    places = dict.fromkeys(f"{_name_at(payload, entry.path)}: {entry.type_name}" for entry in log)
    return f"{etree.QName(payload).localname} does not fit the interface ({'; '.join(places)})"


def _name_at(payload: etree._Element, path: str | None) -> str:
    """The local name at a path of libxml2's, which writes `*` for a name in a default namespace."""
    try:
        found: Any = etree.ElementTree(payload).xpath(path or "/*")
        return str(etree.QName(found[0]).localname)
    except (etree.XPathEvalError, IndexError):  # a prefix of the document's own
        return (path or "").rpartition(":")[2]
