"""Sheets of what a relation takes: a new product, or a stretch over which one is agreed (R25, R64)."""

from dataclasses import dataclass
from datetime import date

from ....office.database.tables import BEGINNING, ONE_SUB_NUMBER, relation_products
from ....office.exchange import Edit, Entry
from ....office.relations.relation import RelationProduct, products_of
from ....plan import Product
from ....words import FREQUENCY_WORDS, WAY_WORDS, say_id
from .sheets import (
    LABELS,
    YES_NO,
    At,
    Away,
    Draft,
    Field,
    Sheet,
    Typed,
    as_typed,
    keep_present,
    take,
)

_AGREED = ("frequency", "first_period", "until", "foreign", "kor", "fiscal_unit", "way", "recipient")
_CHANGES = (
    "Wat per datum verandert, wordt met zijn datum bewaard: kies een andere frequentie en de eerste periode "
    "waarvoor die geldt, dan eindigt de oude afspraak op de dag ervoor. Neemt de klant het niet meer af, vul "
    "dan de laatste dag in."
)

_NO_PRODUCTS = "Het kantoor heeft nog geen producten."


@dataclass(frozen=True)
class ProductSheet:
    """A product as agreed from a day on (None: nobody wrote it down); `product` is '' for a new one."""

    product: str = ""
    sub_number: str = ONE_SUB_NUMBER
    since: date | None = None

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None where it is not agreed."""
        known = self._find(at)
        if known is None and self.product:
            return None
        offered = [one for one in at.office.products if self.product in ("", one.id)]
        title = next((one.title for one in offered), self.product)
        sub = f" {known.sub_number}" if known and known.sub_number != ONE_SUB_NUMBER else ""
        return Sheet(
            relation=at.relation,
            title=f"{title}{sub} wijzigen" if known else "Product toevoegen",
            fields=(*(() if known else _choose_product(at)), *_list_agreed(at, known, offered)),
            version=0,
            notes=(_CHANGES,) if known else () if offered else (_NO_PRODUCTS,),
        )

    def draft(self, at: At, typed: Typed) -> Draft | Away:
        """Return the change."""
        known = self._find(at)
        if self.product and known is None:
            key = (self.product, self.sub_number, (self.since or BEGINNING).isoformat())
            return Away(relation_products.name, "/".join(key))
        cells = take(typed, ("product", "sub_number", *_AGREED))
        if self.product:
            cells |= {"product": self.product, "sub_number": self.sub_number}
        if not cells["frequency"]:
            cells["frequency"] = _find_only_frequency(at, cells["product"])
        entry = Entry("products.csv", {"relation": at.relation.number, **cells}, LABELS)
        adds = None if self.product else (relation_products, "product")
        return Draft(Edit(at.relation.number, [entry], adds=adds))

    def _find(self, at: At) -> RelationProduct | None:
        at_all = (self.product, self.sub_number, self.since)
        taken = products_of(at.connection, at.relation.number) if self.product else ()
        return next((one for one in taken if (one.product, one.sub_number, one.since) == at_all), None)


def _find_only_frequency(at: At, product: str) -> str:
    """Return how often a product is done that is done in one way alone; nothing of any other."""
    often = next((one.frequencies for one in at.office.products if one.id == product), ())
    return str(often[0]) if len(often) == 1 else ""


def _choose_product(at: At) -> tuple[Field, ...]:
    titles = tuple((one.id, one.title) for one in at.office.products)
    return (
        Field(
            name="product",
            label=LABELS["product"],
            kind="choice",
            value=as_typed(None),
            options=(("", "kies"), *titles),
        ),
        Field(
            name="sub_number",
            label=LABELS["sub_number"],
            hint="Alleen als de klant het product onder meer nummers afneemt, zoals B01 en B02.",
        ),
    )


def _list_agreed(at: At, known: RelationProduct | None, offered: list[Product]) -> tuple[Field, ...]:
    often = dict.fromkeys(kind for one in offered for kind in one.frequencies)
    frequencies = tuple((str(kind), f"per {FREQUENCY_WORDS[kind]}") for kind in often)
    ways = (("", "volgt het werkproces"), *WAY_WORDS.items())
    functions = ((one, say_id(one)) for one in at.office.functions)
    recipients = (("", "volgt het werkproces"), ("primary_contact", "eerste contactpersoon"), *functions)
    if known:
        frequencies = keep_present(frequencies, as_typed(known.frequency))
        recipients = keep_present(recipients, as_typed(known.recipient))
    first = known.first_period.code if known and known.first_period else None
    switches = (
        Field(
            name=name,
            label=LABELS[name],
            kind="yes_no",
            value=as_typed(bool(known and getattr(known, name))),
            options=YES_NO,
        )
        for name in ("foreign", "kor", "fiscal_unit")
    )
    return (
        Field(
            name="frequency",
            label=LABELS["frequency"],
            kind="choice",
            value=as_typed(known.frequency if known else None),
            options=frequencies if known else (("", "kies"), *frequencies),
            hint="" if known else "Een product dat maar op één manier kan, zoals per keer, hoeft geen keuze.",
        ),
        Field(
            name="first_period",
            label=LABELS["first_period"],
            value=as_typed(first),
            hint="De eerste periode die wij zo doen: 2026-01 (maand), 2026-Q1 (kwartaal), 2026 (jaar) "
            "of 2025-07..2026-06 (boekjaar).",
        ),
        Field(
            name="until",
            label=LABELS["until"],
            kind="date",
            value=as_typed(known.until if known else None),
            hint="De laatste dag; leeg: tot nader order.",
        ),
        *switches,
        Field(
            name="way",
            label=LABELS["way"],
            kind="choice",
            value=as_typed(known.way if known else None),
            options=ways,
        ),
        Field(
            name="recipient",
            label=LABELS["recipient"],
            kind="choice",
            value=as_typed(known.recipient if known else None),
            options=recipients,
        ),
    )
