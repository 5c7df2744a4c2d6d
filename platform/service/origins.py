"""What a filing of a relation would start with that nobody has started: for its days by the plan."""

from datetime import date

from ..filing.events import Calendars, FilingKey
from ..filing.state import Origin
from ..office.calendars import calendars
from ..office.relations.relation import Relation, RelationProduct, product_values, relation_values
from ..period import Period
from ..plan import Office


def make_origin(
    office: Office, template: str, relation: Relation, taken: RelationProduct, period: Period, start: date
) -> Origin:
    """Return what a filing would start with on a day, of a relation's product over a period."""
    days = calendars(office.closing_days, min(start, period.start), date(period.end.year + 2, 12, 31))
    return Origin(
        filing=FilingKey(
            template=template, relation=relation.number, period=period.code, sub_number=taken.sub_number
        ),
        period=period,
        start_date=start,
        relation=relation_values(relation, office),
        product=product_values(taken, office),
        calendars=Calendars(office=days.office, law=days.law, bank=days.bank),
        opening_hour=office.opening_hour,
    )
