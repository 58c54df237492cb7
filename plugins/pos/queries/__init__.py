"""Reading what happened at the till."""

from plugins.pos.queries.documents import Kind, Place, documents_after
from plugins.pos.queries.held import held_carts
from plugins.pos.queries.refunds import given_back, refund, refund_for, refunds_by_id, refunds_of
from plugins.pos.queries.sales import (
    SaleRow,
    Wanted,
    latest,
    newest,
    request_hash,
    sale,
    sale_numbered,
    sales_by_id,
)
from plugins.pos.queries.takings import Past, first_day, past, takings, wrong_hours

__all__ = [
    "Kind", "Past", "Place", "SaleRow", "Wanted", "documents_after", "first_day", "given_back", "held_carts", "latest",
    "newest", "past", "refund", "refund_for", "refunds_by_id", "refunds_of", "request_hash", "sale", "sale_numbered",
    "sales_by_id", "takings", "wrong_hours",
]  # fmt: skip
