"""The rendering for the client (R23): what the bytes say, in words, and nothing that should not."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from kantoor.plan import EntryPoint, TaxAccount
from kantoor.sbr.facts import PaymentTerms
from kantoor.sbr.header import InstanceHeader
from kantoor.sbr.instance import Instance
from kantoor.sbr.payment import PaymentAdvice, advise_payment
from kantoor.sbr.rendering import Rendering
from kantoor.sbr.tables import entry_point_for
from kantoor.sbr.vat.calculation import read_vat_return
from kantoor.sbr.vat.instance import find_total, make_vat_instance, read_vat_instance
from kantoor.sbr.vat.payment import make_vat_reference
from kantoor.sbr.vat.rendering import render_vat_return
from kantoor.sbr.wording import format_euros, period_in_words

LAST_DAY = date(2026, 5, 31)
PAY = "1a,1500000,315000\n3b,25000,\n5b,,115000"
REFUND = "1a,100000,21000\n5b,,1221000"
NIL = "5b,,0"


@pytest.fixture(scope="module")
def instances(header: InstanceHeader, entry_points: tuple[EntryPoint, ...]) -> dict[str, Instance]:
    row = entry_point_for(entry_points, "omzetbelasting", 2026)
    april = replace(header, start=date(2026, 4, 1), end=date(2026, 4, 30))
    made = {}
    for name, rows in {"pay": PAY, "refund": REFUND, "nil": NIL}.items():
        vat_return = read_vat_return(
            f"rubriek,omzet_centen,btw_centen\n{rows}".encode(), "a.csv", None
        ).vat_return
        assert vat_return is not None
        made[name] = read_vat_instance(make_vat_instance(vat_return, april, row))
    return made


NOW = PaymentTerms(pay="now", last_day=LAST_DAY, transfer_by=date(2026, 5, 29))


def advice(instance: Instance, accounts: tuple[TaxAccount, ...], terms: PaymentTerms = NOW) -> PaymentAdvice:
    reference = make_vat_reference(instance.identifier, instance.start, instance.end)
    return advise_payment(find_total(instance), reference, terms, accounts)


def render(instance: Instance, payment: PaymentAdvice, relation: str = "A", office: str = "B") -> Rendering:
    return render_vat_return(instance, relation, office, payment)


@pytest.fixture(scope="module")
def shown(instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]) -> dict[str, tuple[str, str]]:
    """Each instance as text and as the visible text of the page."""

    def both(instance: Instance) -> tuple[str, str]:
        made = render(instance, advice(instance, accounts), "Bakkerij De Wit B.V.", "Kantoor Voorbeeld")
        page = html.fromstring(made.page)
        return plain(made.text), plain(str(page.find("body").text_content()))

    return {name: both(instance) for name, instance in instances.items()}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_both_forms_say_who_when_how_much_and_how_to_pay(shown: dict[str, tuple[str, str]]) -> None:
    wanted = [
        "Bakkerij De Wit B.V.",
        "pril 2026",
        "1 april 2026 tot en met 30 april 2026",
        "******782B01",
        "€ 2.000",
        "zondag 31 mei 2026",
        "vrijdag 29 mei 2026",
        "NL04 RABO 0200 1122 44",
        "Ten name van",
        "Belastingdienst",
        "RABONL2U",
        "Leveringen/diensten belast met hoog tarief",
        "15.000",
        "3.150",
        "1.150",
        "Totaal te betalen",
    ]
    for text in shown["pay"]:
        assert [part for part in wanted if part not in text] == []
        assert re.search(r"\d123 4567 8160 1040", text)


def test_both_forms_carry_the_digest_of_the_instance(
    shown: dict[str, tuple[str, str]], instances: dict[str, Instance]
) -> None:
    assert all(instances["pay"].sha256 in text for text in shown["pay"])


def test_the_ob_number_is_never_shown_whole(shown: dict[str, tuple[str, str]]) -> None:
    assert all("123456782" not in text for texts in shown.values() for text in texts)


def test_a_refund_asks_for_no_payment(shown: dict[str, tuple[str, str]]) -> None:
    for text in shown["refund"]:
        assert "€ 12.000" in text
        assert "Totaal terug te krijgen" in text
        assert "−12.000" in text
        assert "U hoeft niets te betalen." in text
        assert "RABO" not in text


def test_what_is_paid_after_an_assessment_says_to_wait_and_names_no_account(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    instance = instances["pay"]
    waiting = render(instance, advice(instance, accounts, replace(NOW, pay="after_assessment")))
    for text in (waiting.text, waiting.page):
        assert "Wacht met betalen tot u de aanslag ontvangt." in plain(text)
        assert "RABO" not in text


@pytest.mark.parametrize("name", ["pay", "refund", "nil"])
def test_where_the_template_says_nothing_about_paying_only_the_outcome_is_shown(
    name: str, instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    instance = instances[name]
    untold = render(instance, advice(instance, accounts, replace(NOW, pay="nothing")))
    for text in (untold.text, untold.page):
        assert format_euros(find_total(instance)) in text
        assert "betaalt" not in text
        assert "RABO" not in text


def test_a_nil_return_says_so(shown: dict[str, tuple[str, str]]) -> None:
    for text in shown["nil"]:
        assert "nihilaangifte" in text
        assert "U hoeft niets te betalen en krijgt niets terug." in text
        assert "Prestaties binnenland" not in text


def test_rubrieken_that_are_zero_are_left_out_and_it_is_said(shown: dict[str, tuple[str, str]]) -> None:
    for text in shown["pay"]:
        assert "Privégebruik" not in text
        assert "Rubrieken die hier niet staan, zijn nul." in text


def test_an_amount_that_the_form_does_not_know_is_shown_all_the_same(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    instance = instances["pay"]
    odd = replace(instance, amounts={**instance.amounts, "SmallEntrepreneurProvisionReduction": 77})
    text = render(odd, advice(odd, accounts)).text
    assert re.search(r"SmallEntrepreneurProvisionReduction +77", text)


def test_the_page_stands_by_itself_and_can_be_read_aloud(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    text = render(instances["pay"], advice(instances["pay"], accounts)).page
    page = html.fromstring(text)
    assert page.get("lang") == "nl"
    assert not page.xpath("//script | //link | //img | //iframe | //@src | //@href")
    assert "url(" not in text
    assert "@import" not in text
    assert [node.tag for node in page.xpath("//h1 | //h2 | //h3")][:1] == ["h1"]
    assert all(cell.get("scope") for cell in page.xpath("//th"))
    assert page.xpath("//table/caption")


def test_the_same_input_gives_the_same_rendering(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    arguments = (instances["pay"], advice(instances["pay"], accounts))
    assert render(*arguments) == render(*arguments)


@given(st.text(max_size=60))
def test_a_name_is_shown_as_text_whatever_stands_in_it(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...], name: str
) -> None:
    name = "".join(character for character in name if character.isprintable())
    hostile = f"<script>alert(1)</script> & {name}"
    text = render(instances["pay"], advice(instances["pay"], accounts), hostile).page
    page = html.fromstring(text)
    assert not page.xpath("//script")
    assert " ".join(hostile.split()) in str(page.text_content())


@pytest.mark.parametrize("relation", ["A", "Stichting tot behoud van het oude " * 6, "x" * 200])
def test_no_line_of_the_text_is_longer_than_78_characters(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...], relation: str
) -> None:
    quarter = replace(instances["pay"], start=date(2026, 4, 1), end=date(2026, 6, 30))
    text = render(quarter, advice(quarter, accounts), relation, "Kantoor " * 20).text
    assert max(len(line) for line in text.splitlines()) <= 78


def test_an_advice_about_another_amount_is_refused(
    instances: dict[str, Instance], accounts: tuple[TaxAccount, ...]
) -> None:
    with pytest.raises(ValueError, match="another amount"):
        render(instances["pay"], advice(instances["refund"], accounts))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), "januari 2026"),
        (date(2026, 1, 1), date(2026, 3, 31), "het eerste kwartaal van 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 11, 1), date(2027, 1, 31), "1 november 2026 tot en met 31 januari 2027"),
    ],
)
def test_a_period_is_told_in_words(start: date, end: date, words: str) -> None:
    assert period_in_words(start, end) == words


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "€\u00a00"), (999, "€\u00a0999"), (1234567, "€\u00a01.234.567"), (-1500, "€\u00a0\u22121.500")],
)
def test_euros_are_written_as_dutch_people_do(amount: int, text: str) -> None:
    assert format_euros(amount) == text
