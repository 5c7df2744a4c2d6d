"""Our schema of the interface: what it takes, and that the published one takes the same."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from lxml import etree

from kantoor.sbr.digipoort.names import KV
from kantoor.sbr.digipoort.schema import SchemaError, validate

from .reference import reference

_IDENTITY = "<nummer>001000044B37</nummer><type>BTW</type>"
_ABOUT = f"<identiteitBelanghebbende>{_IDENTITY}</identiteitBelanghebbende>"
_RECEIVER = f"<identiteitOntvanger>{_IDENTITY}</identiteitOntvanger>"
_FAULT = "<foutcode>VAS500</foutcode><foutbeschrijving>fout</foutbeschrijving>"
_FILE = "<mimeType>application/xml</mimeType><bestandsnaam>a.xbrl</bestandsnaam><inhoud>PHgvPg==</inhoud>"
_ADDRESS = "<autorisatieAdres>http://geenausp.nl</autorisatieAdres>"
_WINDOW = (
    f"{_ADDRESS}<tijdstempelVanaf>2026-02-01T00:00:00Z</tijdstempelVanaf>"
    "<tijdstempelTot>2026-02-02T00:00:00+01:00</tijdstempelTot>"
)
_STATUS_END = (
    "<statusomschrijving>Validatie niet gelukt.</statusomschrijving>"
    f"<statusFoutcode>{_FAULT}</statusFoutcode><statusdetails>meer</statusdetails>"
)
_STATUS = (
    f"<StatusResultaat><kenmerk>k</kenmerk>{_ABOUT}<statuscode>311</statuscode>"
    f"<tijdstempelStatus>2026-02-01T10:00:00.123Z</tijdstempelStatus>{_STATUS_END}</StatusResultaat>"
)
_PROCESS = (
    f"<ProcesResultaat><kenmerk>k</kenmerk><berichtsoort>ICP</berichtsoort>{_ABOUT}{_RECEIVER}"
    "</ProcesResultaat>"
)
_KENMERKEN = (
    "<berichtsoort>Omzetbelasting</berichtsoort><aanleverkenmerk>a</aanleverkenmerk>"
    "<eerderAanleverkenmerk>b</eerderAanleverkenmerk>"
)

FULL = {
    "aanleverRequest": (
        f"<kenmerk>k</kenmerk>{_KENMERKEN}{_ABOUT}<rolBelanghebbende>Bedrijf</rolBelanghebbende>"
        f"{_RECEIVER}<rolOntvanger>r</rolOntvanger><berichtInhoud>{_FILE}</berichtInhoud>"
        f"<berichtBijlagen><bijlage>{_FILE}</bijlage><bijlage>{_FILE}</bijlage></berichtBijlagen>{_ADDRESS}"
    ),
    "aanleverResponse": (
        f"<kenmerk>k</kenmerk>{_KENMERKEN}"
        f"<tijdstempelAangeleverd>2026-02-01T10:00:00Z</tijdstempelAangeleverd>{_ABOUT}"
        f"<rolBelanghebbende>Bedrijf</rolBelanghebbende>{_RECEIVER}<rolOntvanger>r</rolOntvanger>{_ADDRESS}"
        "<statuscode>100</statuscode><tijdstempelStatus>2026-02-01T10:00:00Z</tijdstempelStatus>"
        f"{_STATUS_END}"
    ),
    "aanleverFault": _FAULT,
    "statusinformatieFault": _FAULT,
    "getStatussenProcesRequest": f"<kenmerk>k</kenmerk>{_WINDOW}",
    "getNieuweStatussenProcesRequest": f"<kenmerk>k</kenmerk>{_WINDOW}",
    "getNieuweStatussenRequest": f"<berichtsoort>ICP</berichtsoort>{_ABOUT}{_WINDOW}",
    "getProcessenRequest": f"<berichtsoort>ICP</berichtsoort>{_ABOUT}{_ADDRESS}",
    "getBerichtsoortenRequest": f"{_ABOUT}{_ADDRESS}",
    "getStatussenProcesResponse": f"<getStatussenProcesReturn>{_STATUS * 2}</getStatussenProcesReturn>",
    "getNieuweStatussenProcesResponse": (
        f"<getNieuweStatussenProcesReturn>{_STATUS}</getNieuweStatussenProcesReturn>"
    ),
    "getNieuweStatussenResponse": f"<getNieuweStatussenReturn>{_STATUS}</getNieuweStatussenReturn>",
    "getProcessenResponse": f"<getProcessenReturn>{_PROCESS * 2}</getProcessenReturn>",
    "getBerichtsoortenResponse": (
        "<getBerichtsoortenReturn><berichtsoort>ICP</berichtsoort></getBerichtsoortenReturn>"
    ),
}
"""Every payload of the two services with everything it may hold."""

names = pytest.mark.parametrize("name", FULL)


def _full(name: str) -> etree._Element:
    return etree.fromstring(f'<{name} xmlns="{KV}">{FULL[name]}</{name}>')


def _valid(payload: etree._Element) -> bool:
    try:
        validate(payload)
    except SchemaError:
        return False
    return True


@names
def test_a_payload_with_everything_is_valid(name: str) -> None:
    assert _valid(_full(name))


@names
def test_the_published_schema_takes_and_refuses_the_same(name: str) -> None:
    published = etree.XMLSchema(etree.parse(reference("digipoort-koppelvlak-1.2.xsd")))
    verdicts = [
        (change, _valid(document), published.validate(document)) for change, document in _changed(name)
    ]
    assert [change for change, ours, theirs in verdicts if ours != theirs] == []
    assert {ours for _, ours, _ in verdicts} == {True, False}


def _changed(name: str) -> Iterator[tuple[str, etree._Element]]:
    """The full payload, and it with one thing changed everywhere that this can be done."""
    yield "nothing", _full(name)
    for number in range(len(list(_full(name).iter()))):
        for change in (*_STRUCTURE, *_TEXTS):
            document = _full(name)
            element = list(document.iter())[number]
            if (change in _TEXTS and len(element)) or (change in _STRUCTURE and element is document):
                continue
            (_STRUCTURE | _TEXTS)[change](element)
            yield f"{change} {etree.QName(element).localname} ({number})", document


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _double(element: etree._Element) -> None:
    element.addnext(deepcopy(element))


def _swap(element: etree._Element) -> None:
    following = element.getnext()
    if following is not None:
        following.addnext(element)


def _rename(element: etree._Element) -> None:
    element.tag = f"{{{KV}}}iets"


def _other_namespace(element: etree._Element) -> None:
    element.tag = f"{{urn:other}}{etree.QName(element).localname}"


def _attribute(element: etree._Element) -> None:
    element.set("x", "1")


def _child(element: etree._Element) -> None:
    etree.SubElement(element, f"{{{KV}}}iets")


def _tail(element: etree._Element) -> None:
    element.tail = "tekst"


def _empty(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


_STRUCTURE = {
    function.__name__: function
    for function in (_drop, _double, _swap, _rename, _other_namespace, _attribute, _child, _tail, _empty)
}
_LENGTHS = (20, 21, 35, 36, 40, 41, 80, 81, 255, 256)
_TEXTS = {
    f"text {label}": lambda element, text=text: setattr(element, "text", text)
    for label, text in {
        **{f"of {length}": "x" * length for length in _LENGTHS},
        "with spaces around 40": f"  {'x' * 40}  ",
        "on two lines": "een\n  twee",
        "that is a date": "2026-02-01",
        "that is a time without a zone": "2026-02-01T10:00:00",
        "that is a time after midnight": "2026-02-01T24:00:00Z",
        "that is not a time": "2026-02-30T10:00:00Z",
        "that is base64": "AAEC",
        "that is half base64": "AAE",
        "that is an address": "https://voorbeeld.nl/a?b=c#d",
        "with a letter beyond Latin": "ŝ€😀",
    }.items()
}


@pytest.mark.parametrize("length", [1_048_576, 1_048_577])
@pytest.mark.parametrize("name", ["foutbeschrijving", "statusdetails"])
def test_long_texts_end_where_the_published_schema_ends_them(name: str, length: int) -> None:
    published = etree.XMLSchema(etree.parse(reference("digipoort-koppelvlak-1.2.xsd")))
    document = _full("aanleverResponse")
    element = document.find(f".//{{{KV}}}{name}")
    assert element is not None
    element.text = "x" * length
    assert _valid(document) == published.validate(document) == (length == 1_048_576)


def test_a_refusal_names_the_element_and_not_its_value() -> None:
    document = _full("getProcessenRequest")
    number = document.find(f".//{{{KV}}}nummer")
    assert number is not None
    number.text = "001000044B37" * 4
    with pytest.raises(SchemaError, match="nummer") as refused:
        validate(document)
    assert "001000044B37" not in str(refused.value)


def test_an_unknown_payload_is_refused() -> None:
    with pytest.raises(SchemaError, match="iets does not fit the interface"):
        validate(etree.Element(f"{{{KV}}}iets"))
