import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from kantoor.filing.events import Calendars, FilingKey
from kantoor.filing.state import Origin
from kantoor.period import Period
from kantoor.plan import FactDefinition, FactType, Message, OfficeText, Option, Scalar, Text
from kantoor.runtime.activities.message_texts import Person, TextError, render_message, values

from ..shipped import compile_shipped

DEFINITIONS = Path(__file__).parents[2] / "definitions"
OFFICE = OfficeText(name="De Linde", phone="020 123", email="info@linde.example")
READER = Person(name="Els Jansen", salutation="Beste mevrouw Jansen")
SENDER = Person(name="Carla Blauw", phone="020 3", email="carla@linde.example")


def known(
    language: str = "nl",
    today: date = date(2026, 2, 10),
    offered_as: str = "approval",
    due: date | None = date(2026, 2, 28),
    facts: tuple[tuple[FactDefinition, Scalar], ...] = (),
    reader: Person = READER,
    period: str = "2026-01",
    **origin: object,
) -> dict[str, object]:
    start = {
        "filing": FilingKey(template="btw-aangifte", relation="1001", period="2026-01", sub_number="-"),
        "period": Period.parse(period),
        "start_date": date(2025, 12, 31),
        "relation": {
            "number": "1001",
            "name": "Bakkerij Jansen",
            "legal_form": "bv",
            "natural_person": False,
        },
        "product": {"id": "aangifte-btw", "frequency": "month"},
        "calendars": Calendars(),
        "opening_hour": 8,
    }
    return values(
        msgspec.convert(start | origin, Origin),
        OFFICE,
        "Aangifte BTW",
        due,
        "https://mijn.linde.example/in/geheim",
        offered_as=offered_as,
        today=today,
        reader=reader,
        sender=SENDER,
        language=language,
        facts=facts,
        object_until=date(2026, 3, 3),
    )


def message(body: str, subject: str = "Onderwerp", **other: str) -> Message:
    texts = {"nl": Text(subject=subject, body=body)}
    texts |= {language: Text(subject=subject, body=text) for language, text in other.items()}
    return Message(id="bericht", title="Bericht", channels=("email",), texts=texts)


def test_every_shipped_message_can_be_written_in_each_of_its_languages() -> None:
    plans = compile_shipped().plans.values()
    assert plans
    for shipped, of in ((message, plan.facts) for plan in plans for message in plan.messages):
        facts = tuple((fact, None) for fact in of)
        for language in shipped.texts:
            made = render_message(shipped, language, known(language, facts=facts))
            assert made.language == language
            assert "{{" not in made.body


_CODE = re.compile(r"\b\d{4}-(\d\d|[QHP]\d)")
_OTHERS = {"en": re.compile(r"\b(Beste|januari|kwartaal|boekjaar|halfjaar)\b"), "nl": re.compile(r"\bDear\b")}


@pytest.mark.parametrize(
    ("period", "dutch", "english"),
    [
        ("2026-01", "januari 2026", "January 2026"),
        ("2026-Q1", "het eerste kwartaal van 2026", "the first quarter of 2026"),
        ("2026-H2", "het tweede halfjaar van 2026", "the second half of 2026"),
        ("2026", "2026", "2026"),
        ("2026-P03", "periode 3 (vier weken) van 2026", "period 3 (four weeks) of 2026"),
        ("2026-01..2026-12", "boekjaar 2026", "financial year 2026"),
        (
            "2026-07..2027-06",
            "boekjaar 2026/2027 (juli tot en met juni)",
            "financial year 2026/2027 (July to June)",
        ),
        ("2026-03-01..2026-04-15", "1 maart 2026 tot en met 15 april 2026", "1 March 2026 to 15 April 2026"),
        ("2026-03-01", "1 maart 2026", "1 March 2026"),
    ],
)
def test_no_shipped_message_has_a_code_or_words_of_another_language(
    period: str, dutch: str, english: str
) -> None:
    reader = Person(name="Els Jansen")
    shipped_all = compile_shipped()
    assert shipped_all.office
    written = [(plan.messages, plan.facts) for plan in shipped_all.plans.values()]
    for messages, asked in (*written, (shipped_all.office.messages, ())):
        facts = tuple((fact, None) for fact in asked)
        for shipped in messages:
            for language in shipped.texts:
                said = render_message(
                    shipped, language, known(language, facts=facts, reader=reader, period=period)
                )
                text = f"{said.subject}\n{said.body}"
                assert not _CODE.search(text), text
                assert not _OTHERS[language].search(text), text
    words = message(
        "{{ contact.salutation }}: {{ period.words }}", en="{{ contact.salutation }}: {{ period.words }}"
    )
    for language, said in (("nl", f"Beste Els Jansen: {dutch}"), ("en", f"Dear Els Jansen: {english}")):
        assert render_message(words, language, known(language, reader=reader, period=period)).body == said


def test_a_day_reads_as_people_write_it_in_the_language_of_the_text() -> None:
    said = message("Uiterlijk {{ filing.due }}", en="By {{ filing.due }}")
    assert render_message(said, "nl", known()).body == "Uiterlijk 28 februari 2026"
    assert render_message(said, "en", known("en")).body == "By 28 February 2026"


@pytest.mark.parametrize("name", ["btw-ter-accordering", "btw-accordering-herinnering", "btw-ingediend"])
@pytest.mark.parametrize(("language", "hurry"), [("nl", "vandaag nog"), ("en", "today")])
def test_a_message_after_the_last_day_asks_for_an_answer_now(name: str, language: str, hurry: str) -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    shipped = plan.message(name)
    on_the_day = render_message(shipped, language, known(language, date(2026, 2, 28))).body
    after = render_message(shipped, language, known(language, date(2026, 3, 1))).body
    assert hurry in after
    assert hurry not in on_the_day
    assert "{%" not in after + on_the_day
    assert "\n\n\n" not in after + on_the_day


@pytest.mark.parametrize(
    ("language", "approve", "sign"), [("nl", "akkoord", "onderteken"), ("en", "approve", "sign")]
)
def test_an_offer_asks_for_what_the_client_is_to_do_and_for_nothing_where_it_is_information(
    language: str, approve: str, sign: str
) -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    shipped = plan.message("btw-ter-accordering")
    said = {
        way: render_message(shipped, language, known(language, offered_as=way))
        for way in ("approval", "signature", "information")
    }
    nothing_without = "Zonder uw antwoord dienen" if language == "nl" else "We will not file"
    assert approve in said["approval"].body
    assert sign in said["signature"].subject
    assert sign in said["signature"].body
    assert nothing_without in said["approval"].body
    assert nothing_without in said["signature"].body
    assert nothing_without not in said["information"].body
    last_day = "3 maart 2026" if language == "nl" else "3 March 2026"
    assert last_day in said["information"].body
    assert len({text.subject for text in said.values()}) == 3
    assert not any("{%" in text.body or "  " in text.subject for text in said.values())


def test_the_message_that_it_was_filed_sends_nobody_to_an_empty_list() -> None:
    shipped = compile_shipped().plans["btw-aangifte"].message("btw-ingediend")
    for language in shipped.texts:
        assert "kantoor work" not in render_message(shipped, language, known(language)).body


def test_a_language_that_a_message_has_not_is_dutch() -> None:
    assert render_message(message("Goedendag"), "fr", known()).language == "nl"


def test_a_subject_is_one_line_whatever_it_is_made_of() -> None:
    origin = {"relation": {"name": "Jansen\r\nBcc: iedereen@example"}}
    made = render_message(message("", subject="Voor {{ relation.name }}"), "nl", known(**origin))
    assert made.subject == "Voor Jansen Bcc: iedereen@example"


@pytest.mark.parametrize(
    "body", ["{{ relation.geheim }}", "{{ onbekend }}", "{{ 1 / 0 }}", "{{ relation.__class__.mro() }}"]
)
def test_a_text_that_cannot_be_made_names_its_message_and_nothing_else(body: str) -> None:
    with pytest.raises(TextError, match=r"^De tekst van het bericht 'Bericht' kan niet worden ingevuld\.$"):
        render_message(message(body), "nl", known())


def fact(name: str, sort: FactType, value: Scalar) -> tuple[FactDefinition, Scalar]:
    options = (Option(id="micro", title="Micro"), Option(id="klein", title="Klein"))
    return FactDefinition(id=name, title=name, type=sort, set_in=("a",), options=options), value


FACTS = (
    fact("op", "date", "2026-03-10"),
    fact("saldo", "money", -123456),
    fact("aantal", "number", 12),
    fact("klasse", "choice", "micro"),
    fact("plicht", "yes_no", True),
    fact("open", "date", None),
    fact("bedrag", "money", None),
)


@pytest.mark.parametrize(
    ("body", "language", "text"),
    [
        (
            "{{ facts.op }}, {{ facts.saldo }}, {{ facts.aantal }}",
            "nl",
            "10 maart 2026, €\u00a0-1.234,56, 12",
        ),
        ("{{ facts.op }}, {{ facts.saldo }}", "en", "10 March 2026, €\u00a0-1,234.56"),
        ("{{ facts.klasse }} {{ facts.klasse|lower }}", "nl", "Micro micro"),
        ("{{ facts.open }} {{ facts.bedrag }}", "nl", "nog niet bekend nog niet bekend"),
        ("{{ facts.open }}", "en", "not known yet"),
        ("{% if facts.saldo|abs > 1234 and facts.saldo < -1234 %}ja{% endif %}", "nl", "ja"),
        ("{% if facts.saldo|abs <= 1234 %}ja{% else %}nee{% endif %}", "nl", "nee"),
        ("{% if facts.klasse in ['micro', 'klein'] and facts.plicht %}ja{% endif %}", "nl", "ja"),
        ("{% if facts.bedrag <= 0 or facts.bedrag > 0 or facts.bedrag == 0 %}ja{% endif %}", "nl", ""),
        ("{% if facts.open == none and facts.op != none %}ja{% endif %}", "nl", "ja"),
    ],
)
def test_a_text_prints_facts_as_people_write_them_and_compares_them_as_conditions_do(
    body: str, language: str, text: str
) -> None:
    made = render_message(message(body, en=body), language, known(language, facts=FACTS))
    assert made.body == text


def test_a_deadline_that_is_not_known_yet_says_so_in_a_text() -> None:
    said = known(due=None)
    body = "Uiterlijk {{ filing.due }}{% if filing.late %} te laat{% endif %}."
    assert render_message(message(body), "nl", said).body == "Uiterlijk nog niet bekend."
