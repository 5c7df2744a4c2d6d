"""Search attributes, by which the Temporal server finds filings: not encrypted, so without personal data."""

from datetime import UTC, date, datetime

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from ..filing.deadlines import first_due
from ..filing.events import FilingKey
from ..filing.turn import Reader

TEMPLATE = SearchAttributeKey.for_keyword("KantoorTemplate")
RELATION = SearchAttributeKey.for_keyword("KantoorRelation")
PERIOD = SearchAttributeKey.for_keyword("KantoorPeriod")
PLAN = SearchAttributeKey.for_keyword("KantoorPlan")
PHASE = SearchAttributeKey.for_keyword_list("KantoorPhase")
DUE = SearchAttributeKey.for_datetime("KantoorDue")

_TYPES = {
    TEMPLATE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    RELATION.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    PERIOD.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    PLAN.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    PHASE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
    DUE.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


def make_search_attributes(key: FilingKey, plan_digest: str) -> TypedSearchAttributes:
    """Return the search attributes of a new filing: template, relation, period and its plan's digest."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(TEMPLATE, key.template),
            SearchAttributePair(RELATION, key.relation),
            SearchAttributePair(PERIOD, key.period),
            SearchAttributePair(PLAN, plan_digest),
        ]
    )


Findable = tuple[tuple[str, ...], date | None]
"""The search attributes that change while a filing runs: active phases and the earliest open deadline."""


def read_search_attributes(reader: Reader) -> Findable:
    """Return the search attributes that a filing has now."""
    active = (phase.id for phase in reader.plan.phases if reader.is_active(phase.id))
    return tuple(active), first_due(reader)


async def register(client: Client) -> None:
    """Register the search attributes that the client's namespace does not know yet.

    Without it the first workflow that sets one hangs for ever. Raises temporalio.service.RPCError.
    """
    missing = dict(_TYPES)
    try:
        listing = ListSearchAttributesRequest(namespace=client.namespace)
        there = await client.operator_service.list_search_attributes(listing)
        missing = {name: kind for name, kind in _TYPES.items() if name not in there.custom_attributes}
    except RPCError as error:
        if error.status != RPCStatusCode.UNIMPLEMENTED:  # the time-skipping server lists nothing
            raise
    if not missing:
        return
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:  # another process was first
            raise


def midnight(day: date) -> datetime:
    """Return a day as the server stores it; only the day means something."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
