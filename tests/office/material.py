"""A small office to test with: its definitions, a plan, and CSV files of three relations."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from kantoor.filters import Filter, Reading, read_filter
from kantoor.office.database.engine import Database
from kantoor.office.exchange import IdentityGiven, IdentityRemark, IdentityVerdict
from kantoor.office.filings.filing import Filing, NewFiling, create_filing
from kantoor.office.plans import InForce, PublishedPlan
from kantoor.plan import (
    Chase,
    ClosingDays,
    DateRule,
    Deadline,
    Deliver,
    Document,
    DueChoice,
    Escalate,
    Message,
    Offer,
    Office,
    OfficeText,
    Phase,
    Plan,
    Product,
    RelationField,
    Role,
    Text,
    To,
    WhenClosed,
    Work,
    digest,
    plan_bytes,
)
from kantoor.sbr.registry import ReportNeeds

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
VAT = "aangifte-btw"

NEEDS = ReportNeeds(
    {"omzetbelasting": ("ob_number", "legal_form", "bsn_or_rsin"), "opgave": ("btw_id", "kvk")}
)

ROLES = (
    Role(id="relatiebeheerder", title="Relatiebeheerder"),
    Role(id="accountant", title="Accountant"),
    Role(id="administratie", title="Administratie", fallback="relatiebeheerder"),
    Role(id="fiscaal", title="Fiscaal", fallback="accountant"),
)
TEXT = OfficeText(name="De Linde", phone="088", email="post@linde.example")

OFFICE = Office(
    tax_consultant_number="123456",
    software_vendor_number="SWO12345",
    format=2,
    closing_days=ClosingDays(),
    text=TEXT,
    functions=("directeur", "vennoot"),
    fields=(
        RelationField(id="dga", title="DGA", type="yes_no"),
        RelationField(id="medewerkers", title="Medewerkers", type="number"),
        RelationField(id="klant_sinds", title="Klant sinds", type="date"),
        RelationField(id="branche", title="Branche", type="text"),
    ),
    products=(
        Product(id=VAT, title="Aangifte BTW", frequencies=("month", "quarter", "year")),
        Product(id="jaarrekening", title="Jaarrekening", frequencies=("year",)),
    ),
    roles=ROLES,
)


def vat_plan(offer: Offer | None = None, title: str = "Aangifte BTW") -> Plan:
    """A plan that collects, offers for approval and delivers."""
    offered = offer or Offer(
        documents=("aangifte",),
        on_behalf_of="relatiebeheerder",
        to=To(),
        message="akkoord",
        chase=Chase(escalate=Escalate(on=DateRule(anchor="deadlines.aangifte", days=-4), role="accountant")),
    )
    end = DateRule(anchor="period.end", months=1, day="last")
    return Plan(
        format=2,
        when_closed=WhenClosed(),
        template="btw-aangifte",
        title=title,
        products=(VAT,),
        period="by_product",
        created=DateRule(anchor="period.start", days=-1),
        start="at_creation",
        office=TEXT,
        documents=(Document(id="aangifte", title="Aangifte", made_in="opstellen", report="omzetbelasting"),),
        deadlines=(Deadline(id="aangifte", title="Indienen", law="AWR", due=(DueChoice(rule=end),)),),
        phases=(
            Phase(id="opstellen", title="Opstellen", role="administratie", block=Work()),
            Phase(
                id="aanbieden", title="Aanbieden", role="relatiebeheerder", back_to="opstellen", block=offered
            ),
            Phase(
                id="indienen",
                title="Indienen",
                role="fiscaal",
                back_to="opstellen",
                block=Deliver(document="aangifte", deadline="aangifte", on_behalf_of="relatiebeheerder"),
            ),
        ),
        roles=ROLES,
        messages=(
            Message(
                id="akkoord",
                title="Akkoord",
                channels=("email",),
                texts={"nl": Text(subject="Akkoord?", body="…")},
            ),
        ),
    )


PLAN = vat_plan()

FILES = {
    "relations.csv": """\
number;name;legal_form;ob_number;rsin;bsn;sbr_enabled;dga;medewerkers;klant_sinds;branche
1001;Bakkerij De Korenaar B.V.;bv;001234560B01;001234560;;ja;ja;12;2019-04-01;horeca
1002;Schilder Jansen;eenmanszaak;111222333B01;;111222333;ja;;;;
1003;VOF De Twee;vof;;;;nee;nee;;;
""",
    "contacts.csv": """\
contact;name;salutation;email;relation;functions;primary
c1;Anna Bakker;Beste mevrouw Bakker;Anna@Korenaar.example;1001;directeur;ja
c1;Anna Bakker;Beste mevrouw Bakker;anna@korenaar.example;1003;vennoot;nee
c2;Bert Bakker;;bert@korenaar.example;1001;directeur;nee
c3;Piet Jansen;Beste Piet;piet@jansen.example;1002;;ja
""",
    "authorities.csv": """\
contact;relation;product;may;jointly;since;until;proof
c1;1001;aangifte-btw;see approve;;2025-01-01;;uittreksel KvK
c2;1001;;see approve sign;approve sign;2025-01-01;2025-12-31;volmacht
c3;1002;;see answer approve sign;;2025-01-01;;opdrachtbevestiging
""",
    "standing_authorities.csv": """\
relation;product;since;until;proof
1002;aangifte-btw;2025-07-01;2026-06-30;machtiging 7
""",
    "team.csv": """\
member;name;email;phone;qualifications;active
ans;Ans de Wit;ans@linde.example;088 1;AA;ja
bas;Bas Groen;bas@linde.example;088 2;;ja
cor;Cor Zwart;cor@linde.example;;RB;nee
""",
    "roles.csv": """\
relation;role;member
1001;relatiebeheerder;ans
1001;accountant;bas
1002;relatiebeheerder;bas
1002;accountant;bas
1002;administratie;ans
1003;relatiebeheerder;cor
""",
    "products.csv": """\
relation;product;frequency;sub_number;first_period;until;foreign;way;recipient
1001;aangifte-btw;month;;2026-01;;nee;;
1002;aangifte-btw;quarter;B01;2026-Q1;;nee;information;
1003;aangifte-btw;month;;;;nee;;directeur
1003;jaarrekening;year;;;2025-12-31;nee;;
""",
}


def have_in_force(*plans: Plan) -> InForce:
    """Return these plans as those of everyone, whatever is published."""
    return InForce(
        tuple(
            PublishedPlan(
                digest=digest(one),
                template=one.template,
                text=plan_bytes(one).decode(),
                revision="",
                author="",
                published_at=NOW,
                active=True,
            )
            for one in plans
        ),
        {},
    )


def folder_of(place: Path, **changed: str | None) -> Path:
    """Write the CSV files into a folder; a keyword without .csv replaces one, or leaves it out."""
    place.mkdir(parents=True, exist_ok=True)
    for name, cells in FILES.items():
        cells = changed.get(name.removesuffix(".csv"), cells)
        if cells is not None:
            (place / name).write_text(cells, encoding="utf-8")
    return place


def accepting(given: IdentityGiven) -> IdentityVerdict:
    """A checker that knows legal forms and refuses one number, without repeating it."""
    natural = given.legal_form in ("eenmanszaak", "natuurlijk_persoon") if given.legal_form else None
    wrong = (IdentityRemark(field="ob_number", text="Het OB-nummer voldoet niet aan de elfproef."),)
    errors = wrong if given.ob_number == "123456789B01" else ()
    return IdentityVerdict(identity=given, natural_person=natural, errors=errors)


def find_filter(text: str) -> Filter:
    """Return the filter that a text says."""
    reading = read_filter(text)
    assert isinstance(reading, Reading), reading
    return reading.filter


def start(connection: Connection, relation: str = "1001", period: str = "2026-01", **facts: object) -> Filing:
    """Write the row of a filing on PLAN."""
    sequence = facts.get("sequence", 1)
    values = {
        "id": f"filing/btw-aangifte/{relation}/{period}/-/{sequence}",
        "template": "btw-aangifte",
        "relation": relation,
        "period": period,
        "product": VAT,
        "plan": digest(PLAN),
        "title": "Aangifte BTW",
        "start_date": date(2025, 12, 31),
        **facts,
    }
    made = create_filing(connection, NewFiling.model_validate(values))
    assert isinstance(made, Filing)
    return made


def count_by_statistics(database: Database, table: str) -> int:
    """Return how many rows the statistics of the database give a table; 0 or less where they know none."""
    known = {
        "sqlite": "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = :table",
        "postgresql": "SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = :table",
    }
    with database.read() as connection:
        return connection.execute(text(known[database.dialect]), {"table": table}).scalar_one() or 0
