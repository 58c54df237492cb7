"""A sale over HTTP: three lines of counted stock, one payment, stock moved, journal posted, a number without gaps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from adapters.container import Container
from kernel.uow import Database
from plugins.pos.actions.price import price
from plugins.pos.forms import CartForm, CartLineForm
from tests.bench.floor import Recorder, floor
from tests.bench.installation import Installation, Web, say
from tests.bench.load import Shot
from tests.bench.measure import load, report, spread
from tests.bench.shops import FILLER, Shop

CLIENTS = (1, 4, 16, 32)
HOT_CLIENTS = 32
#: Different baskets of each shop; a till does not sell the same three things all day.
BASKETS = 5


def measure(house: Installation, web: Web, recorder: Recorder, shops: Sequence[Shop], seconds: float) -> None:
    due = _due(house, shops[0])
    everywhere = _magazine(shops, recorder.cookie, due, BASKETS)
    before = _sold(house)
    captured = [recorder.statements_of(shot) for shot in _magazine(shops, recorder.cookie, due, 1)]
    answered = len(captured) * 2  # each is sent twice before it is written down
    for clients in CLIENTS:
        say(f"Sales over {len(shops)} shops, {clients} clients ...")
        found = load(house, web, spread(everywhere, clients), clients, seconds)
        answered += found["operations"] - found["errors"] + found["warm_up_operations"]
        below = floor(house, captured, clients, seconds)
        answered += below["operations"]
        _report("sale", f"over {len(shops)} shops", found, below, len(captured[0]))
    hot = _magazine(shops[:1], recorder.cookie, due, HOT_CLIENTS * 4)
    say(f"Sales in one hot shop, {HOT_CLIENTS} clients ...")
    found = load(house, web, spread(hot, HOT_CLIENTS), HOT_CLIENTS, seconds)
    captured = [recorder.statements_of(shot) for shot in hot[:HOT_CLIENTS]]
    below = floor(house, captured, HOT_CLIENTS, seconds)
    answered += found["operations"] - found["errors"] + found["warm_up_operations"] + len(captured) * 2
    answered += below["operations"]
    _report("sale", "in one hot shop", found, below, len(captured[0]))
    _verify(house, _sold(house) - before, answered)


def statements(recorder: Recorder, house: Installation, shops: Sequence[Shop]) -> None:
    """Every round trip of one sale."""
    shot = _magazine(shops[:1], recorder.cookie, _due(house, shops[0]), 1)[0]
    sent = recorder.statements_of(shot)
    report("statements", operation="sale", round_trips=len(sent), statements=[one.in_short for one in sent])


def _due(house: Installation, shop: Shop) -> str:
    """What a basket costs: every one the same, so that what is paid stands in the request from the start."""
    database: Database = Container(config=house.config).database()
    try:
        with database.for_shop(shop.id, FILLER, read_only=True) as uow:
            cart = price(uow, CartForm(lines=tuple(CartLineForm(item=item) for item in shop.basket(0))))
            return str(cart.due.decimal)
    finally:
        database.close()


def _magazine(shops: Sequence[Shop], cookie: str, due: str, baskets: int) -> list[Shot]:
    """Basket after basket, and in each from shop to shop."""
    return [
        Shot("POST", "/api/v1/sales", {**shop.headers(cookie), "Content-Type": "application/json"}, body)
        for number in range(baskets)
        for shop in shops
        for body in [_body(shop, number, due)]
    ]


def _body(shop: Shop, basket: int, due: str) -> str:
    return json.dumps(
        {
            "id": "{uuid}",
            "terminal": str(shop.till),
            "lines": [{"item": str(item), "quantity": 1} for item in shop.basket(basket)],
            "payments": [{"method": "card", "amount": due}],
        }
    )


def _report(metric: str, where: str, found: dict[str, Any], below: dict[str, Any], round_trips: int) -> None:
    ratio = round(found["p50_ms"] / below["p50_ms"], 2)
    report(metric, where=where, **found, round_trips=round_trips, floor=below, ratio_p50=ratio)


# What must be true afterwards, in every shop


def _sold(house: Installation) -> int:
    with house.superuser() as admin:
        (number,) = admin.execute("SELECT count(*) FROM shop.sales").fetchone() or (0,)
    return int(number)


_MUST_BE_NOTHING = {
    "numbers without gaps": """
        SELECT tenant_id FROM shop.sales GROUP BY tenant_id
        HAVING min(number) <> 1 OR max(number) <> count(*) OR count(DISTINCT number) <> count(*)""",
    "one journal for each sale": """
        SELECT tenant_id, s.id FROM shop.sales AS s FULL JOIN (
            SELECT tenant_id, document AS id, count(*) AS journals FROM shop.journals WHERE document_kind = 'sale'
            GROUP BY tenant_id, document
        ) AS j USING (tenant_id, id) WHERE s.number IS NULL OR journals IS DISTINCT FROM 1""",
    "balances equal entries": """
        SELECT 1 FROM (
            SELECT tenant_id, account, unit, sum(amount) AS total FROM shop.entries GROUP BY 1, 2, 3
        ) AS e FULL JOIN (
            SELECT DISTINCT ON (tenant_id, account, unit) tenant_id, account, unit, debit - credit AS kept
            FROM shop.account_days ORDER BY tenant_id, account, unit, day DESC
        ) AS d USING (tenant_id, account, unit) WHERE total IS DISTINCT FROM kept""",
    "journals balance": "SELECT 1 FROM shop.entries GROUP BY tenant_id, number, unit HAVING sum(amount) <> 0",
    "what was sold has left": """
        SELECT 1 FROM (
            SELECT tenant_id, sale_id, item_id, sum(quantity) AS sold FROM shop.sale_lines GROUP BY 1, 2, 3
        ) AS s FULL JOIN (
            SELECT tenant_id, document AS sale_id, item_id, -sum(quantity) AS moved FROM shop.stock_movements
            WHERE reason = 'sold' GROUP BY 1, 2, 3
        ) AS m USING (tenant_id, sale_id, item_id) WHERE sold IS DISTINCT FROM moved""",
    "stock is the sum of its movements": """
        SELECT 1 FROM shop.items AS i JOIN (
            SELECT tenant_id, item_id, sum(quantity) AS moved FROM shop.stock_movements GROUP BY 1, 2
        ) AS m ON m.tenant_id = i.tenant_id AND m.item_id = i.id WHERE i.on_hand <> m.moved""",
}


def _verify(house: Installation, added: int, answered: int) -> None:
    say("Checking what the sales left behind ...")
    with house.superuser() as admin:
        wrong = {what: len(admin.execute(query).fetchall()) for what, query in _MUST_BE_NOTHING.items()}
    wrong["every good answer is a sale"] = abs(added - answered)
    report("sale_checks", sales=added, wrong=wrong, good=not any(wrong.values()))
