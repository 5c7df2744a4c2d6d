"""A report that is nobody's: a levy on packaging, by KvK number, made of kilos; kantoor does not know it."""

import re
from pathlib import Path

from kantoor.sbr.facts import Facts
from kantoor.sbr.findings import Finding, ReportError, error, warning
from kantoor.sbr.header import make_header
from kantoor.sbr.instance import (
    Instance,
    InstanceForm,
    check_identifier,
    check_period,
    read_instance,
    write_instance,
)
from kantoor.sbr.payment import PaymentAdvice, advise_payment
from kantoor.sbr.rendering import Frame, Rendering, render
from kantoor.sbr.report import FiguresExample, MadeInstance
from kantoor.sbr.tables import EntryPoint, entry_point_for

SCHEME = "http://www.kvk.nl/kvk-id"
EUROS_A_KILO = {"PlasticKilos": 3, "GlassKilos": 1}
LEVY = "LevyToBePaid"
DIGITS = {**dict.fromkeys(EUROS_A_KILO, 6), LEVY: 7}
REFERENCE = "MessageReferenceSupplierPackaging"
FORM = InstanceForm(scheme=SCHEME, amounts=DIGITS, reference_item=REFERENCE)
LABELS = {"PlasticKilos": "Kunststof", "GlassKilos": "Glas"}


class PackagingReport:
    """Figures are lines of a material and its kilos: `Kunststof 120`."""

    id = "verpakkingen"
    message_kind = "Verpakkingen"
    identity_type = "KvK"
    identity_needs = ("kvk",)
    example = FiguresExample("Een regel per materiaal, met zijn kilo's.", "kilos.txt", "Kunststof 120\n")

    def make_instance(self, figures: bytes, filename: str, facts: Facts) -> MadeInstance:
        assert facts.identity.kvk_number
        kilos, wrong = {}, []
        items = {label: item for item, label in LABELS.items()}
        for number, line in enumerate(figures.decode().splitlines(), 1):
            row = re.fullmatch(r"(\w+) (\d+)", line)
            if row and row[1] in items:
                kilos[items[row[1]]] = int(row[2])
            else:
                wrong.append(error("line", "figures", "Schrijf een materiaal en zijn kilo's.", number, 1))
        if wrong:
            raise ReportError(*wrong)
        header = make_header(facts, facts.identity.kvk_number, "VP", REFERENCE, figures)
        amounts = [*kilos.items(), (LEVY, levy_on(kilos))]
        odd = (
            () if kilos.get("GlassKilos") else (warning("no-glass", "figures", "Er is geen glas opgegeven."),)
        )
        return MadeInstance(write_instance(header, SCHEME, amounts, self._entry_point(facts)), odd)

    def check_instance(self, content: bytes, facts: Facts) -> list[Finding]:
        instance = self._read(content)
        found = check_identifier(instance, SCHEME, facts.identity.kvk_number, "KvK-nummer")
        found += check_period(instance, self._entry_point(facts), facts.period.start, facts.period.end)
        kilos = {item: kilos for item, kilos in instance.amounts.items() if item != LEVY}
        if instance.amounts[LEVY] != levy_on(kilos):
            found.append(error("levy", LEVY, "De heffing volgt niet uit de kilo's."))
        return found

    def identify(self, content: bytes) -> str:
        return self._read(content).identifier

    def advise_payment(self, content: bytes, facts: Facts) -> PaymentAdvice:
        total = self._read(content).amounts[LEVY]
        return advise_payment(total, "5000056789012345", facts.terms, facts.law.tax_accounts)

    def list_figures(self, content: bytes) -> tuple[tuple[str, int], ...]:
        return (("Heffing", self._read(content).amounts[LEVY]),)

    def render(self, content: bytes, facts: Facts) -> Rendering:
        instance = self._read(content)
        frame = Frame(
            title="Opgave verpakkingen",
            relation=facts.relation,
            office=facts.office,
            authority="de Milieudienst",
            start=instance.start,
            end=instance.end,
            details=(("KvK-nummer", instance.identifier),),
            total=instance.amounts[LEVY],
            payment=self.advise_payment(content, facts),
            sha256=instance.sha256,
        )
        lines = [(LABELS[item], kilos) for item, kilos in instance.amounts.items() if item in LABELS]
        return render(Path(__file__).parent / "templates", "levy", frame, lines=lines)

    def _read(self, content: bytes) -> Instance:
        return read_instance(content, FORM)

    def _entry_point(self, facts: Facts) -> EntryPoint:
        return entry_point_for(facts.law.entry_points, self.id, facts.period.start.year)


def levy_on(kilos: dict[str, int]) -> int:
    return sum(EUROS_A_KILO[item] * amount for item, amount in kilos.items())
