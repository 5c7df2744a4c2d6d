"""The instance: made deterministically, read back, and refused when the filing rules refuse it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kantoor.plan import EntryPoint
from kantoor.sbr.digipoort.messages import Delivery, Identity
from kantoor.sbr.digipoort.simulator.content import EARLIEST_DAYS, refuse
from kantoor.sbr.filing_rules import MAX_BYTES
from kantoor.sbr.findings import ReportError
from kantoor.sbr.header import InstanceHeader
from kantoor.sbr.instance import ASSOCIATION, Instance, check_period
from kantoor.sbr.tables import entry_point_for
from kantoor.sbr.vat.calculation import calculate_vat_return, read_vat_return
from kantoor.sbr.vat.figures import Amount, Figures
from kantoor.sbr.vat.instance import extract_vat_return, find_total, make_vat_instance, read_vat_instance
from kantoor.sbr.vat.rubrieken import AMOUNT_ITEMS, RUBRIEKEN
from kantoor.sbr.vat.vat_return import VatReturn

FIGURES = b"rubriek,omzet_centen,btw_centen\n1a,1500000,315000\n1b,100000,9000\n3b,25000,\n5b,,115000\n"


@pytest.fixture(scope="module")
def row(entry_points: tuple[EntryPoint, ...]) -> EntryPoint:
    return entry_point_for(entry_points, "omzetbelasting", 2026)


@pytest.fixture(scope="module")
def vat_return() -> VatReturn:
    made = read_vat_return(FIGURES, "a.csv", None).vat_return
    assert made is not None
    return made


@pytest.fixture(scope="module")
def content(vat_return: VatReturn, header: InstanceHeader, row: EntryPoint) -> bytes:
    return make_vat_instance(vat_return, header, row)


def refusal(content: bytes) -> set[str]:
    with pytest.raises(ReportError) as refused:
        read_vat_instance(content)
    assert str(refused.value)
    return {finding.code for finding in refused.value.findings}


def test_the_same_input_gives_the_same_bytes(
    content: bytes, vat_return: VatReturn, header: InstanceHeader, row: EntryPoint
) -> None:
    assert make_vat_instance(vat_return, replace(header), row) == content


def test_what_is_read_is_what_was_made(content: bytes, header: InstanceHeader, row: EntryPoint) -> None:
    instance = read_vat_instance(content)
    assert (instance.identifier, instance.start, instance.end) == (
        header.identifier,
        header.start,
        header.end,
    )
    assert (instance.entry_point, instance.namespace) == (row.entry_point, row.namespace)
    assert instance.texts["DateTimeCreation"] == "202602031005"
    assert instance.texts["ContactType"] == "INT"
    assert "ContactPrefix" not in instance.texts
    assert find_total(instance) == 2090
    assert check_period(instance, row, header.start, header.end) == []


def test_every_amount_of_the_form_is_written_zeros_too(content: bytes) -> None:
    assert tuple(read_vat_instance(content).amounts) == AMOUNT_ITEMS
    assert len(AMOUNT_ITEMS) == 21


def test_the_instance_has_the_form_that_the_authority_shows(content: bytes) -> None:
    root = etree.fromstring(content)
    spaces = {"x": "http://www.xbrl.org/2003/instance", "link": "http://www.xbrl.org/2003/linkbase"}
    assert content.startswith(b"<?xml")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"
    assert [node.get("id") for node in root.findall("x:context", spaces)] == ["Msg"]
    assert [node.get("id") for node in root.findall("x:unit", spaces)] == ["EUR"]
    assert len(root.findall("link:schemaRef", spaces)) == 1
    identifier = root.find(".//x:identifier", spaces)
    assert identifier is not None
    assert identifier.get("scheme") == "www.belastingdienst.nl/omzetbelastingnummer"


EUROS = st.integers(-999_999_99, 999_999_99)


@given(
    st.fixed_dictionaries({rubriek.id: EUROS for rubriek in RUBRIEKEN}),
    st.fixed_dictionaries({rubriek.id: EUROS for rubriek in RUBRIEKEN if rubriek.vat}),
    EUROS,
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]),
        min_size=1,
        max_size=200,
    ),
)
def test_figures_come_back_from_the_instance_as_the_return(
    header: InstanceHeader,
    row: EntryPoint,
    turnover: dict[str, int],
    vat: dict[str, int],
    input_vat: int,
    surname: str,
) -> None:
    def amounts(cents: dict[str, int]) -> dict[str, Amount]:
        return {rubriek: Amount(value, 1, 1) for rubriek, value in cents.items()}

    surname = surname.strip() or "x"
    made = calculate_vat_return(Figures(amounts(turnover), amounts(vat | {"5b": input_vat})), None).vat_return
    assert made is not None
    instance = read_vat_instance(make_vat_instance(made, replace(header, contact_surname=surname), row))
    assert extract_vat_return(instance).vat_return == made
    assert instance.texts["ContactSurname"] == surname


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identifier": "123456789B01"}, "ob-number-check-digit"),
        ({"identifier": "NL123456782B01"}, "ob-number-shape"),
        ({"contact_initials": "J.A.B.C.D.E."}, "header-too-long"),
        ({"contact_prefix": "van der van der"}, "header-too-long"),
        ({"contact_surname": ""}, "header-empty"),
        ({"contact_surname": "  "}, "header-empty"),
        ({"contact_surname": "Wałęsa"}, "header-characters"),
        ({"contact_surname": "de\nVries"}, "header-characters"),
        ({"contact_telephone": "+31 20 123 45 67"}, "header-too-long"),
        ({"reference": "x" * 21}, "header-too-long"),
        ({"software_name": "x" * 31}, "header-too-long"),
        ({"software_version": "x" * 21}, "header-too-long"),
        ({"vendor_number": "SWO123"}, "header-form"),
        ({"consultant_number": "12345"}, "header-form"),
        ({"consultant_number": None}, "header-missing"),
        ({"start": date(2025, 1, 1), "end": date(2025, 1, 31)}, "entry-point-year"),
        ({"end": date(2025, 12, 31)}, "period-order"),
    ],
)
def test_a_header_that_will_not_do_is_refused(
    vat_return: VatReturn, header: InstanceHeader, row: EntryPoint, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(ReportError) as refused:
        make_vat_instance(vat_return, replace(header, **changes), row)  # type: ignore[arg-type]
    assert [finding.code for finding in refused.value.findings] == [code]
    assert "12345678" not in str(refused.value)


def test_a_taxpayer_who_files_needs_no_consultant_number(
    vat_return: VatReturn, header: InstanceHeader, row: EntryPoint
) -> None:
    own = replace(header, contact_type="BPL", consultant_number=None, created=datetime(2026, 2, 1))
    assert read_vat_instance(make_vat_instance(vat_return, own, row)).texts["ContactType"] == "BPL"


EURO = 'contextRef="Msg" decimals="INF" unitRef="EUR"'
TUPLE = f"<bd-i:Some><bd-i:{ASSOCIATION} contextRef='Msg'>x</bd-i:{ASSOCIATION}></bd-i:Some>"
MEASURE = "<xbrli:measure>iso4217:EUR</xbrli:measure>"
ITEM = f"<bd-i:ValueAddedTaxOnInput {EURO}>1150</bd-i:ValueAddedTaxOnInput>"
SCHEMA_REF = '<link:schemaRef xlink:type="simple" xlink:href="http://x"/>'
FOOTNOTE = '<link:footnoteLink xlink:type="extended"/>'
CONTEXT = '<xbrli:context id="C2"><xbrli:entity/></xbrli:context>'


BREACHES = [
    ("<?xml", "\ufeff<?xml", "fr-nl-1.01"),
    ("de Vries", "de Vriеs", "fr-nl-1.02"),
    ("<xbrli:xbrl", "<!DOCTYPE x><xbrli:xbrl", "fr-nl-1.03"),
    ("de Vries", "de Vri&#1077;s", "fr-nl-1.04"),
    ("de Vries", "de Vri&#x435;s", "fr-nl-1.04"),
    ("de Vries", "de&nbsp;Vries", "fr-nl-1.04"),
    ("encoding='UTF-8'", "encoding='ISO-8859-1'", "fr-nl-1.05"),
    (' xml:lang="nl"', "", "fr-nl-2.03"),
    ("<link:schemaRef", SCHEMA_REF + "<link:schemaRef", "fr-nl-2.04"),
    ("<xbrli:unit", '<link:linkbaseRef xlink:type="simple"/><xbrli:unit', "fr-nl-2.05"),
    ("de Vries", "<![CDATA[de Vries]]>", "fr-nl-2.06"),
    (
        ">de Vries",
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">de Vries',
        "fr-nl-2.07",
    ),
    ("2026-01-31<", "2026-01-31T00:00:00<", "fr-nl-3.01"),
    ("2026-01-31<", "2026-01-32<", "fr-nl-3.01"),
    ("2026-01-31<", "2026-01-3<!-- x -->1<", "fr-nl-3.01"),
    ("<xbrli:unit", CONTEXT + "<xbrli:unit", "fr-nl-3.03"),
    (
        "<xbrli:unit",
        '<xbrli:unit id="U2"><xbrli:measure>iso4217:EUR</xbrli:measure></xbrli:unit><xbrli:unit',
        "fr-nl-4.01",
    ),
    (
        "<xbrli:unit",
        '<xbrli:unit id="U2"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit><xbrli:unit',
        "fr-nl-4.02",
    ),
    (ITEM, ITEM + ITEM, "fr-nl-5.01"),
    ("de Vries", "", "fr-nl-5.03"),
    ("de Vries", "<!-- hidden -->", "fr-nl-5.03"),
    ('decimals="INF" unitRef="EUR">1150', 'precision="INF" unitRef="EUR">1150', "fr-nl-5.06"),
    ("<xbrli:unit", FOOTNOTE + "<xbrli:unit", "fr-nl-6.01"),
    ("iso4217:EUR", "iso4217:USD", "unit"),
    ("iso4217:EUR", "xbrli:EUR", "unit"),
    (">1150<", ">1150.00<", "amount-form"),
    (">1150<", ">+1150<", "amount-form"),
    (">1150<", ">11500000000<", "amount-form"),
    (">3150<", ">3150000000<", "amount-form"),
    ('decimals="INF" unitRef="EUR">1150', 'decimals="0" unitRef="EUR">1150', "decimals"),
    ("2026-01-31<", "2025-12-31<", "period-order"),
    ('unitRef="EUR">1150', 'unitRef="USD">1150', "reference"),
    (
        'contextRef="Msg" decimals="INF" unitRef="EUR">1150',
        'decimals="INF" unitRef="EUR">1150',
        "amount-place",
    ),
    ("SWO00000", "SWO0", "header-form"),
    ("202602031005", "202602301005", "header-form"),
    ("202602031005", "202602032460", "header-form"),
    ("</xbrli:xbrl>", '<bd-i:Else contextRef="Msg">x</bd-i:Else></xbrli:xbrl>', "item-unknown"),
    ("</xbrli:xbrl>", f"<bd-i:Else {EURO}>0</bd-i:Else></xbrli:xbrl>", "item-unknown"),
    ("</xbrli:xbrl>", TUPLE + "</xbrli:xbrl>", "item-unknown"),
    (
        "</xbrli:xbrl>",
        f"<bd-i:SmallEntrepreneurProvisionReduction {EURO}>0</bd-i:SmallEntrepreneurProvisionReduction>"
        "</xbrli:xbrl>",
        "item-unknown",
    ),
    ('ContactInitials contextRef="Msg"', f"ContactInitials {EURO}", "unit"),
    (MEASURE, MEASURE + MEASURE, "unit"),
    (MEASURE, "", "unit"),
    (
        MEASURE,
        f"<xbrli:divide><xbrli:unitNumerator>{MEASURE}</xbrli:unitNumerator><xbrli:unitDenominator>"
        "<xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unitDenominator></xbrli:divide>",
        "unit",
    ),
    ("www.belastingdienst.nl/", "http://www.belastingdienst.nl/", "instance-scheme"),
    ("</xbrli:entity>", "<xbrli:segment/></xbrli:entity>", "context-form"),
    (
        "</xbrli:xbrl>",
        '<o:Other xmlns:o="http://other" contextRef="Msg">x</o:Other></xbrli:xbrl>',
        "namespaces",
    ),
    ("</xbrli:xbrl>", "", "xml"),
]
"""What is written instead of what in an instance, and the rule that it breaks."""


@pytest.mark.parametrize(("old", "new", "code"), BREACHES)
def test_an_instance_that_breaks_a_rule_is_refused(content: bytes, old: str, new: str, code: str) -> None:
    text = content.decode()
    assert old in text
    assert code in refusal(text.replace(old, new, 1).encode())


BYTES_ALONE = {"fr-nl-1.01", "fr-nl-1.05", "fr-nl-2.06"}
"""Rules about how an instance is written down, which the simulator leaves: it reads what it says."""


def is_taken(whole: bytes, content: bytes) -> bool:
    """Say whether the simulator takes an instance for whoever a `whole` one is of."""
    going = Delivery(
        message_kind="Omzetbelasting",
        identity=Identity(read_vat_instance(whole).identifier, "BTW"),
        aanleverkenmerk="k",
        content=content,
        file_name="a.xbrl",
        role="Bedrijf",
    )
    return refuse(going, datetime(2026, 2, 24, 9), EARLIEST_DAYS) is None


@pytest.mark.parametrize(("old", "new", "code"), BREACHES)
def test_the_simulator_refuses_what_the_reader_refuses_but_how_it_is_written_down(
    content: bytes, old: str, new: str, code: str
) -> None:
    assert is_taken(content, content)
    assert is_taken(content, content.decode().replace(old, new, 1).encode()) is (code in BYTES_ALONE)


@pytest.mark.parametrize(
    "name", ["TaxedTurnoverSuppliesServicesGeneralTariff", "SuppliesToCountriesWithinTheEC"]
)
def test_an_amount_that_would_be_sent_and_not_shown_is_refused(content: bytes, name: str) -> None:
    whole = f"{name} {EURO}"
    assert refusal(content.decode().replace(whole, f'{name} contextRef="Msg"').encode()) == {"unit"}
    bare = content.decode().replace("</xbrli:xbrl>", f"<bd-i:{name}>99</bd-i:{name}></xbrli:xbrl>")
    assert refusal(bare.encode()) == {"fact-context"}


def test_a_part_about_somebody_else_is_refused(content: bytes) -> None:
    text = content.decode()
    start, end = text.index("<xbrli:context"), text.index("</xbrli:context>") + len("</xbrli:context>")
    other = text[start:end].replace('id="Msg"', 'id="Twin"').replace("123456782B01", "111222333B02")
    assert other != text[start:end].replace('id="Msg"', 'id="Twin"')
    used = text.replace('contextRef="Msg">J<', 'contextRef="Twin">J<')
    assert refusal((used[:end] + other + used[end:]).encode()) == {"identifiers", "contexts"}


@pytest.mark.parametrize(
    "period",
    [
        "<xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-01-31</xbrli:endDate>",
        "<xbrli:instant>2026-01-31</xbrli:instant>",
    ],
    ids=["another period", "a moment"],
)
def test_a_header_item_of_another_period_or_a_moment_is_refused(content: bytes, period: str) -> None:
    text = content.decode()
    start, end = text.index("<xbrli:context"), text.index("</xbrli:context>") + len("</xbrli:context>")
    before, _, after = text[start:end].partition("<xbrli:period>")
    other = before + "<xbrli:period>" + period + after[after.index("</xbrli:period>") :]
    used = text.replace('contextRef="Msg">J<', 'contextRef="Twin">J<')
    changed = used[:end] + other.replace('id="Msg"', 'id="Twin"') + used[end:]
    assert "contexts" in refusal(changed.encode())


def test_an_instance_without_a_header_is_refused(content: bytes) -> None:
    lines = [line for line in content.decode().splitlines() if "<bd-i:" not in line or "unitRef" in line]
    assert refusal("\n".join(lines).encode()) == {"header-missing"}


def test_a_reference_to_an_allowed_character_is_read(content: bytes) -> None:
    changed = content.replace(b"de Vries", b"d&#233; Vri&#xEB;s &amp; Zn")
    assert read_vat_instance(changed).texts["ContactSurname"] == "dé Vriës & Zn"


def test_an_unbounded_period_is_refused(content: bytes) -> None:
    text = content.decode()
    start, end = text.index("<xbrli:startDate"), text.index("</xbrli:period>")
    assert "fr-nl-3.02" in refusal((text[:start] + "<xbrli:forever/>" + text[end:]).encode())


def test_twice_the_same_context_is_refused(content: bytes) -> None:
    text = content.decode()
    start, end = text.index("<xbrli:context"), text.index("</xbrli:context>") + len("</xbrli:context>")
    twin = text[start:end].replace('"Msg"', '"Twin"')
    used = text.replace('contextRef="Msg">J<', 'contextRef="Twin">J<')
    assert "fr-nl-3.04" in refusal((used[:end] + twin + used[end:]).encode())


def test_amounts_over_two_periods_are_refused(content: bytes) -> None:
    text = content.decode()
    start, end = text.index("<xbrli:context"), text.index("</xbrli:context>") + len("</xbrli:context>")
    second = text[start:end].replace('"Msg"', '"Second"').replace("2026-01-31", "2026-02-28")
    moved = text.replace(ITEM, ITEM.replace('"Msg"', '"Second"'))
    assert refusal((moved[:end] + second + moved[end:]).encode()) == {"contexts"}


def test_an_instance_without_amounts_is_refused(content: bytes) -> None:
    lines = content.decode().splitlines()
    assert refusal(
        "\n".join(line for line in lines if "EUR" not in line and "unit>" not in line).encode()
    ) == {"amounts-missing"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml"),
        (b"geen xml", "xml"),
        (b"<a/>", "root"),
        ('<a b="é"/>'.encode("latin-1"), "fr-nl-1.05"),
        ("<a/>".encode("utf-16"), "fr-nl-1.05"),
        (b"<" + b"a" * MAX_BYTES + b"/>", "size"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "fr-nl-1.03"),
        (b'<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xml:lang="nl"/>', "fr-nl-2.04"),
        (b"<a>" * 5000, "xml"),
    ],
)
def test_what_is_no_instance_is_refused(content: bytes, code: str) -> None:
    assert code in refusal(content)


@given(st.data())
def test_a_damaged_instance_is_refused_or_read_but_never_a_crash(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 40))
    new = data.draw(
        st.one_of(st.binary(max_size=4), st.sampled_from([b"<", b">", b"&amp;", b"<a/>", b" x='1'"]))
    )
    with suppress(ReportError):
        assert isinstance(read_vat_instance(content[:place] + new + content[place + length :]), Instance)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            'ValueAddedTaxOwed contextRef="Msg" decimals="INF" unitRef="EUR">3240',
            'ValueAddedTaxOwed contextRef="Msg" decimals="INF" unitRef="EUR">3241',
            "total-5a",
        ),
        (">2090<", ">2091<", "total-5g"),
    ],
)
def test_totals_that_do_not_follow_and_unknown_amounts_are_errors(
    content: bytes, old: str, new: str, code: str | None
) -> None:
    text = content.decode()
    assert old in text
    result = extract_vat_return(read_vat_instance(text.replace(old, new).encode()))
    assert [finding.code for finding in result.findings] == ([code] if code else [])
    assert (result.vat_return is None) == (code is not None)


def test_an_instance_of_another_year_or_period_is_noticed(
    content: bytes, entry_points: tuple[EntryPoint, ...]
) -> None:
    other = entry_point_for(entry_points, "omzetbelasting", 2025)
    found = check_period(read_vat_instance(content), other, date(2026, 2, 1), date(2026, 2, 28))
    assert {finding.code for finding in found} == {"instance-entry-point", "instance-period"}


def test_the_reference_instance_of_2026_is_read(
    reference_file: Callable[[str], bytes], entry_points: tuple[EntryPoint, ...]
) -> None:
    instance = read_vat_instance(reference_file("ok.xbrl"))
    assert (instance.identifier, find_total(instance)) == ("001000044B37", 2000)
    assert (
        check_period(
            instance,
            entry_point_for(entry_points, "omzetbelasting", 2026),
            date(2026, 7, 1),
            date(2026, 9, 30),
        )
        == []
    )
    assert extract_vat_return(instance).findings == ()


def test_the_official_sample_return_of_2021_is_read(reference_file: Callable[[str], bytes]) -> None:
    instance = read_vat_instance(reference_file("VB-01_bd-rpt-ob-aangifte-2021.xbrl"))
    assert (find_total(instance), instance.start, instance.end) == (
        3240,
        date(2021, 10, 1),
        date(2021, 10, 31),
    )
    assert instance.texts["ContactPrefix"] == "Prefix"
    made = extract_vat_return(instance).vat_return
    assert made is not None
    assert made.box("3a").turnover == 4000


def test_an_instance_does_not_show_its_number_when_printed(content: bytes, header: InstanceHeader) -> None:
    assert header.identifier not in repr(read_vat_instance(content)) + repr(header)
