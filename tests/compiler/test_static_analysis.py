"""The plan as a state machine, its dates, its people and its texts: what can never work is told where it "
"is."""

import pytest

from .conftest import SmallOffice, codes
from .test_ways import INFORM, OFFERS, codes_of, compile_text, outcomes, phase, template

FOREIGN = outcomes(
    "id: gewoon, title: Gewoon, if: not product.foreign",
    "id: weg, title: Weg, then: archief, if: product.foreign",
)


def test_a_phase_is_never_come_to_when_conditions_on_the_way_exclude_its_own(office: SmallOffice) -> None:
    text = template(
        "", phase("lezen", FOREIGN), phase("wegen", "    if: product.foreign\n"), phase("archief")
    )
    (found,) = compile_text(office, text).diagnostics
    assert (found.code.id, [related.note for related in found.related]) == ("K380", ["passes over it"])
    assert (
        codes_of(
            office, text.replace("if: product.foreign\n  - id: archief", "if: product.kor\n  - id: archief")
        )
        == []
    )


def test_an_outcome_that_the_way_to_its_phase_excludes_cannot_be_chosen(office: SmallOffice) -> None:
    choice = outcomes("id: ja, title: Ja", "id: nee, title: Nee, if: product.foreign")
    assert codes_of(
        office, template("", phase("lezen", FOREIGN), phase("wegen", choice), phase("archief"))
    ) == ["K382"]


def test_what_is_corrected_later_is_no_reason_to_say_never(office: SmallOffice) -> None:
    """The choice differs per filing; both ways are there."""
    facts = (
        "facts:\n  - id: klasse\n    title: Klasse\n    type: choice\n    set_in: lezen\n"
        "    options: [{ id: micro, title: Micro }, { id: klein, title: Klein }]\n"
    )
    body = (
        phase("lezen"),
        phase("wegen", "    if: facts.klasse == 'micro'\n"),
        phase("boeken", "    if: facts.klasse == 'klein'\n"),
    )
    assert codes_of(office, template(facts, *body)) == []


def test_an_outcome_by_a_fact_that_is_corrected_on_the_way_can_be_chosen(office: SmallOffice) -> None:
    facts = "facts:\n  - { id: saldo, title: Saldo, type: money, set_in: [lezen, wegen] }\n"
    large = outcomes(
        "id: groot, title: Groot, if: facts.saldo > 1000",
        "id: klein, title: Klein, if: not facts.saldo > 1000, then: archief",
    )
    again = outcomes(
        "id: ja, title: Ja", "id: toch, title: Toch klein, if: facts.saldo <= 1000, then: archief"
    )
    body = (phase("lezen", large), phase("wegen", again), phase("boeken"), phase("archief"))
    assert codes_of(office, template(facts, *body)) == []


def test_phases_side_by_side_that_wait_for_each_other_are_both_shown(office: SmallOffice) -> None:
    def beside(name: str, other: str) -> str:
        return (
            f"      - id: {name}\n        title: {name}\n        role: administratie\n"
            f"        not_before: {{ after: phases.{other}, days: 1 }}\n"
        )

    text = template("", "  - together:\n" + beside("lezen", "wegen") + beside("wegen", "lezen"))
    found = compile_text(office, text).diagnostics
    assert [one.code.id for one in found] == ["K520", "K520"]
    assert [related.note for one in found for related in one.related] == ["ends later", "ends later"]


def test_templates_that_start_each_other_at_once_are_told_once(office: SmallOffice) -> None:
    start = "    automations:\n      - { id: s, at: entered, start: { template: T } }\n"
    other = template("", phase("lezen", start.replace("T", "btw-aangifte"))).replace(
        "title: ", "title: Ander ", 1
    )
    first = template("", phase("lezen", start.replace("T", "dossier")))
    (found,) = compile_text(office, first, ("workflows/dossier.yaml", other)).diagnostics
    assert (found.code.id, found.message) == (
        "K381",
        "these filings start each other for ever: btw-aangifte → dossier → btw-aangifte",
    )
    assert [related.span.path for related in found.related] == ["workflows/dossier.yaml"]
    waits = other.replace("at: entered", "at: completed")
    over_the_next = waits.replace("template: btw-aangifte", "template: btw-aangifte, period: next")
    assert codes_of(office, first, ("workflows/dossier.yaml", over_the_next)) == []
    assert codes_of(office, first, ("workflows/dossier.yaml", waits)) == ["K381"]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("at: completed, start: { template: btw-aangifte }", ["K381"]),
        ("at: completed, if: relation.natural_person, start: { template: btw-aangifte }", ["K381"]),
        ("at: completed, if: facts.saldo > 1000, start: { template: btw-aangifte }", []),
        ("at: completed, start: { template: btw-aangifte, period: next }", []),
        ("at: completed, start: { template: btw-aangifte, of: holding }", []),
    ],
)
def test_a_filing_starts_itself_over_its_period_only_where_a_fact_decides_it(
    office: SmallOffice, start: str, found: list[str]
) -> None:
    facts = "facts:\n  - id: saldo\n    title: Saldo\n    type: money\n    set_in: lezen\n"
    text = template(facts, phase("lezen", f"    automations:\n      - {{ id: s, {start} }}\n"))
    assert codes_of(office, text) == found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("after: period.end, days: 27", ["K581"]),  # before the 28th day in every month
        ("after: period.end, months: 1", ["K581"]),  # only after January, when February is short
        ("after: period.end, days: 29", []),
    ],
)
def test_a_date_before_its_phase_is_found_in_the_one_month_where_it_is(
    office: SmallOffice, rule: str, found: list[str]
) -> None:
    lines = (
        "    not_before: { after: period.end, days: 29 }\n",
        f"    automations:\n      - {{ id: bel, at: {{ {rule} }}, task: {{ title: Bel }} }}\n",
    )
    assert codes_of(office, template("", phase("lezen", *lines))) == found


def test_an_offer_shows_where_the_message_without_a_link_is_sent(office: SmallOffice) -> None:
    body = "title: Brief\nchannels: [email]\ntexts:\n  nl: { subject: Brief, body: Uw brief }\n"
    text = template(OFFERS.replace("ter-accordering", "brief"), phase("schrijven"), phase("bieden", INFORM))
    (found,) = [
        d
        for d in compile_text(office, text, ("messages/brief.yaml", body)).diagnostics
        if d.code.id != "K230"
    ]
    assert (found.code.id, found.span.path) == ("K682", "messages/brief.yaml")
    assert found.related[0].span.path == "workflows/btw-aangifte.yaml"


@pytest.mark.parametrize(("offered_if", "found"), [("product.foreign", []), ("not product.kor", ["K682"])])
def test_a_link_in_a_condition_is_missed_only_where_the_offer_goes_out_without_it(
    office: SmallOffice, offered_if: str, found: list[str]
) -> None:
    body = (
        "title: Brief\nchannels: [email]\ntexts:\n  nl:\n    subject: Brief\n"
        "    body: Uw brief {% if product.foreign %}{{ filing.link }}{% endif %}\n"
    )
    offers = phase("bieden", f"    if: {offered_if}\n", INFORM)
    text = template(OFFERS.replace("ter-accordering", "brief"), phase("schrijven"), offers)
    compilation = compile_text(office, text, ("messages/brief.yaml", body))
    told = [one.code.id for one in compilation.diagnostics if one.span.path == "messages/brief.yaml"]
    assert told == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("{% if product.foreign %}A{% elif product.kor %}B{% endif %}", ["K683"]),
        ("{% if product.foreign %}A{% elif product.kor %}B{% else %}C{% endif %}", []),
        ("{% if product.foreign %}{% if product.kor %}A{% endif %}{% else %}C{% endif %}", ["K683"]),
        ("{{ period.words }}{% if product.foreign %}A{% endif %}", []),
        ("{% if product.foreign %}A{% endif %}{% if not product.foreign %}B{% endif %}", []),
        ("{% if period.kind != 'month' %}A{% endif %}{% if period.month == 12 %}B{% endif %}", ["K683"]),
    ],
)
def test_a_text_is_empty_when_some_case_leaves_nothing(
    office: SmallOffice, body: str, found: list[str]
) -> None:
    text = f'texts:\n  nl:\n    subject: S\n    body: "{body}"\n'
    compilation = office.with_piece(text, "messages/ter-accordering.yaml")
    assert [code for code in codes(compilation) if code != "K682"] == found


@pytest.mark.parametrize(
    ("sent_if", "body", "found"),
    [
        ("product.foreign", "{% if product.foreign %}A{% endif %}", []),
        ("product.foreign or product.kor", "{% if product.foreign %}A{% elif product.kor %}B{% endif %}", []),
        ("product.foreign or product.kor", "{% if product.foreign %}A{% endif %}", ["K683"]),
        ("product.foreign", "A{% if not product.foreign %}B{% endif %}", ["K688"]),
        ("product.foreign", "A{% if product.kor %}B{% endif %}", []),
        ("facts.spoed", "{% if facts.spoed %}A{% endif %}", []),
        ("facts.spoed", "A{% if not facts.spoed %}B{% endif %}", ["K688"]),
        # Only a foreign business is asked whether it hurries.
        ("facts.spoed", "{% if product.foreign %}A{% endif %}", []),
        ("not facts.spoed", "{% if product.foreign %}A{% endif %}", ["K683"]),
    ],
)
@pytest.mark.parametrize("owner", ["phase", "automation"])
def test_a_text_is_judged_by_when_it_is_sent(
    office: SmallOffice, owner: str, sent_if: str, body: str, found: list[str]
) -> None:
    mine, its = (f"if: {sent_if}", "") if owner == "phase" else ("", f", if: {sent_if}")
    lines = (
        f"    {mine or 'back_to: lezen'}\n",
        f"    automations: [{{ id: a, at: entered{its}, send: {{ message: brief }} }}]\n",
    )
    assert _tell_of_letter(office, body, phase("boeken", *lines)) == found


@pytest.mark.parametrize(("remind", "found"), [("", ["K688"]), ("chase", [])])
def test_a_fact_may_be_corrected_before_a_reminder(
    office: SmallOffice, remind: str, found: list[str]
) -> None:
    task = "task: { title: T }, chase: { remind: { every_days: 3, message: brief } }"
    what = task if remind else "send: { message: brief }"
    lines = f"    if: facts.spoed\n    automations: [{{ id: a, at: entered, {what} }}]\n"
    body = "Kijk op {{ filing.link }}.{% if not facts.spoed %}B{% endif %}"
    assert _tell_of_letter(office, body, phase("boeken", lines)) == found


@pytest.mark.parametrize(
    ("noted_if", "body", "found"),
    [
        ("", "A{% if not product.foreign %}B{% endif %}", []),
        ("product.foreign", "A{% if not product.foreign %}B{% endif %}", ["K688"]),
        ("", "{% if product.foreign %}A{% endif %}", ["K683"]),
        ("product.foreign", "{% if product.foreign %}A{% endif %}", []),
    ],
)
@pytest.mark.parametrize("owner", ["automation", "outcome"])
def test_a_text_that_is_sent_and_is_a_note_too_is_judged_as_both(
    office: SmallOffice, owner: str, noted_if: str, body: str, found: list[str]
) -> None:
    note = "note: { for: btw-aangifte, text: brief }"
    its = f"if: {noted_if}, " if noted_if else ""
    lines = [
        "    automations:\n      - { id: a, at: entered, if: product.foreign, send: { message: brief } }\n",
        f"      - {{ id: b, at: entered, {its}{note} }}\n" if owner == "automation" else "",
        outcomes(f"id: goed, title: G, {its}{note}", "id: niet, title: N") if owner == "outcome" else "",
    ]
    assert _tell_of_letter(office, body, phase("boeken", *lines)) == found


@pytest.mark.parametrize(
    ("weighed_if", "more", "found"),
    [
        ("facts.groot", "", ["K683"]),
        ("facts.groot", ", closes_with_phase: true", []),
        ("product.foreign and facts.groot", "", ["K683"]),
    ],
)
def test_what_a_phase_asked_may_be_corrected_since_a_fact_was_recorded_in_it(
    office: SmallOffice, weighed_if: str, more: str, found: list[str]
) -> None:
    sends = "    automations: [{ id: a, at: entered, if: facts.spoed, send: { message: brief } }]\n"
    fact = f"  - {{ id: groot, title: Groot, type: yes_no, set_in: lezen{more} }}\n"
    boeken = phase("boeken", sends)
    body = "{% if facts.groot %}A{% endif %}"
    assert _tell_of_letter(office, body, boeken, weighed_if=weighed_if, more=fact) == found
    body = "{% if product.foreign %}A{% endif %}"
    if "foreign" in weighed_if:
        assert _tell_of_letter(office, body, boeken, weighed_if=weighed_if, more=fact) == []


def _tell_of_letter(
    office: SmallOffice, body: str, *phases: str, weighed_if: str = "product.foreign", more: str = ""
) -> list[str]:
    """Return what is told of a letter that a phase sends, after one in which hurry is recorded."""
    facts = f"facts:\n  - {{ id: spoed, title: Spoed, type: yes_no, set_in: wegen }}\n{more}"
    text = template(facts, phase("lezen"), phase("wegen", f"    if: {weighed_if}\n"), *phases)
    letter = f'title: Brief\nchannels: [email]\ntexts:\n  nl:\n    subject: S\n    body: "{body}"\n'
    told = compile_text(office, text, ("messages/brief.yaml", letter)).diagnostics
    return [one.code.id for one in told if one.span.path == "messages/brief.yaml"]


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ("    if: [product.foreign]\n", "{% if product.foreign %}A{% endif %}"),
        ("    if: product.foreigner\n", "{% if product.foreign %}A{% endif %}"),
        ("    if: not product.foreign\n", "A{% if product.foreign %}B{% endif %}"),
    ],
)
def test_what_hangs_on_a_sending_that_is_wrong_itself_is_not_told_beside_it(
    office: SmallOffice, wrong: str, body: str
) -> None:
    sends = "    automations: [{ id: a, at: entered, send: { message: brief } }]\n"
    broken = phase("weg", "    automations: [{ id: b, at: entered, send: [brief] }]\n")
    assert _tell_of_letter(office, body, phase("boeken", wrong, sends), broken) == []


def test_of_a_text_with_very_many_conditions_nothing_is_claimed(office: SmallOffice) -> None:
    for count, found in ((20, ["K688"]), (200, [])):
        more = "".join(f"{{% elif period.year == {2000 + n % 100} %}}A" for n in range(count))
        body = f"A{{% if period.month > 12 %}}B{more}{{% endif %}}"
        lines = "    automations: [{ id: a, at: entered, send: { message: brief } }]\n"
        assert _tell_of_letter(office, body, phase("boeken", lines)) == found


@pytest.mark.parametrize(("templates", "asked"), [(20, "month"), (150, "month"), (1, "year")])
def test_that_a_link_can_lack_is_told_however_many_templates_and_conditions_there_are(
    office: SmallOffice, templates: int, asked: str
) -> None:
    values = range(1, 12) if asked == "month" else range(2000, 2300)
    chain = "{% if period.month == 12 %}A" + "".join(f"{{% elif period.{asked} == {n} %}}A" for n in values)
    body = f"Uw brief. {chain}{{% endif %}}{{% if period.last_of_year %}}{{{{ filing.link }}}}{{% endif %}}"
    letter = f'title: Brief\ntexts:\n  nl:\n    subject: S\n    body: "{body}"\nchannels: [email]\n'
    text = template(OFFERS.replace("ter-accordering", "brief"), phase("schrijven"), phase("bieden", INFORM))
    copies = [(f"workflows/kopie-{n}.yaml", text) for n in range(templates - 1)]
    told = compile_text(office, text, ("messages/brief.yaml", letter), *copies).diagnostics
    assert [one.code.id for one in told if one.span.path == "messages/brief.yaml"].count("K682") == 1


def test_a_text_that_nests_too_deep_is_told_once(office: SmallOffice) -> None:
    body = "{% if product.foreign %}" * 11 + "{% if period.month > 12 %}A{% endif %}" + "{% endif %}" * 11
    text = f'texts:\n  nl:\n    subject: S\n    body: "{{{{ filing.link }}}}{body}"\n'
    assert codes(office.with_piece(text, "messages/ter-accordering.yaml")) == ["K607"]


def test_a_phase_beside_one_that_begins_later_keeps_its_own_first_day(office: SmallOffice) -> None:
    def beside(name: str, days: int) -> str:
        return (
            f"      - id: {name}\n        title: {name}\n        role: administratie\n"
            f"        not_before: {{ after: period.end, days: {days} }}\n"
            "        automations:\n"
            "          - { id: bel, at: { after: period.end, days: 9 }, task: { title: B } }\n"
        )

    side = "  - together:\n" + beside("lezen", 1) + beside("wegen", 5)
    assert codes_of(office, template("", side)) == []
    assert codes_of(
        office, template("", side, phase("boeken", "    not_before: { after: period.end, days: 3 }\n", AT_4))
    ) == ["K581"]


AT_4 = "    automations:\n      - { id: bel, at: { after: period.end, days: 4 }, task: { title: B } }\n"


def test_dates_before_a_first_day_that_is_wrong_itself_are_not_told_beside_it(office: SmallOffice) -> None:
    first = "    not_before: { after: period.end, days: 20 }\n    due: { after: period.end, days: 10 }\n"
    assert codes_of(office, template("", phase("lezen", first, AT_4))) == ["K508"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Stukken ({{ filing.offered_as }})", ["K614"]),
        ("Stukken{% if filing.offered_as == 'approval' %} ({{ filing.offered_as }}){% endif %}", []),
    ],
)
def test_how_something_was_offered_is_printed_after_it_was_offered(
    office: SmallOffice, body: str, code: list[str]
) -> None:
    office.with_piece("title: Aangifte btw\n")
    sent = "    not_before: { after: period.end, days: 1 }\n"
    automation = "    automations: [{ id: a, at: entered, send: { message: bericht } }]\n"
    workflow = office.folder / "workflows" / "btw-aangifte.yaml"
    workflow.write_text(workflow.read_text("utf-8").replace(sent, sent + automation), "utf-8")
    texts = f"texts:\n  nl:\n    subject: S\n    body: |\n      {body}\n"
    message = f"title: B\nchannels: [email]\n{texts}"
    (office.folder / "messages" / "bericht.yaml").write_text(message, "utf-8")
    assert codes(office.compile()) == code


@pytest.mark.parametrize("title", ["'Voor {{ relation.name }}'", "'Voor { relation.name }'", "'{% if a %}'"])
@pytest.mark.parametrize("path", ["workflows/btw-aangifte.yaml", "forms/vragen.yaml"])
def test_a_variable_in_a_title_is_told_where_it_is(office: SmallOffice, title: str, path: str) -> None:
    form = "title: Vragen\nitems:\n  - { id: bank, title: Bank, required: true }\n"
    office.with_piece("title: Aangifte btw\n")
    (office.folder / "forms").mkdir(exist_ok=True)
    (office.folder / "forms" / "vragen.yaml").write_text(form, "utf-8")
    file = office.folder / path
    old = "title: Bank" if path.startswith("forms") else "title: Controle"
    file.write_text(file.read_text("utf-8").replace(old, f"title: {title}"), "utf-8")
    [found] = [one for one in office.compile().diagnostics if not one.code.last]
    line, column = office.place(title, path)
    assert (found.code.id, found.span.line, found.span.column) == ("K613", line, column)


@pytest.mark.parametrize(("second", "found"), [("not product.foreign", []), ("product.kor", ["K232"])])
def test_one_title_is_told_of_items_that_one_filing_can_show(
    office: SmallOffice, second: str, found: list[str]
) -> None:
    items = "".join(
        f"      - {{ id: {name}, title: De bank sluit aan, if: {condition} }}\n"
        for name, condition in (("een", "product.foreign"), ("twee", second))
    )
    compilation = compile_text(office, template("", phase("lezen", "    checkpoints:\n", items)))
    assert [one.code.id for one in compilation.diagnostics if one.code.id == "K232"] == found


@pytest.mark.parametrize(("of", "found"), [("", ["K357"]), (", of: primary_contact", [])])
def test_who_each_decide_are_asked_for_documents_of_their_own_once(
    office: SmallOffice, of: str, found: list[str]
) -> None:
    facts = (
        f"documents:\n  - {{ id: brief, title: Brief, made_in: schrijven{of} }}\n"
        "  - { id: nota, title: Nota, made_in: schrijven }\n"
        "sbr: { message: ter-accordering, to: { function: directeur, decide: each } }\n"
    )
    second = INFORM.replace("brief", "nota")
    text = template(facts, phase("schrijven"), phase("bieden", INFORM), phase("tonen", second))
    own = "name: Kantoor\nphone: 010-1234567\nemail: post@kantoor.example\nfunctions: [directeur]\n"
    assert codes_of(office, text, ("office.yaml", own)) == found
