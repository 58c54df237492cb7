"""Today over HTTP: the first page of a shop with a long past and a full window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from adapters.container import Container
from kernel.uow import Database
from plugins.inventory.actions.add_up import add_up
from tests.bench.floor import Recorder, floor
from tests.bench.installation import Installation, Web, say
from tests.bench.load import Shot
from tests.bench.measure import load, report, spread
from tests.bench.shops import FILLER, Shop

CLIENTS = (1, 16)
DAYS = 730
#: Beyond the numbers of everything that was really sold.
FIRST_NUMBER = 1_000_000_000

_SELL = """
    INSERT INTO shop.sales (tenant_id, id, number, at, branch_id, terminal_id, seller, language, customer_name,
        customer_phone, customer_tax_number, currency, total, exchanged, rounding, due)
    SELECT t.tenant_id, uuidv7(), %(first)s + g.n, now() - interval '1 hour'
        - g.n * interval '1 day' * %(days)s::integer / %(sales)s::integer, t.branch_id, t.id, 'Sara',
        'en', '', '', '', 'AED', 50000 + g.n %% 9973, 0, 0, 50000 + g.n %% 9973
    FROM (SELECT * FROM shop.terminals WHERE tenant_id = %(shop)s LIMIT 1) AS t,
        generate_series(%(from)s::integer, %(sales)s::integer) AS g (n)
"""
_COUNT = """
    INSERT INTO shop.sale_hours (tenant_id, day, hour, branch_id, currency, sales, sold, refunds, refunded, voids,
        voided, pieces, gold, revenue, cost, cash)
    SELECT tenant_id, (at AT TIME ZONE 'Asia/Dubai')::date, extract(hour FROM at AT TIME ZONE 'Asia/Dubai'), branch_id,
        currency, count(*), sum(total), 0, 0, 0, 0, count(*), count(*) * 30000000, sum(total), sum(total) * 4 / 5, 0
    FROM shop.sales WHERE tenant_id = %(shop)s GROUP BY 1, 2, 3, 4, 5
"""


def measure(
    house: Installation, web: Web, recorder: Recorder, shops: Sequence[Shop], sales: int, items: int, seconds: float
) -> None:
    """Twice, so that one sees whether it grows with the past."""
    shop = shops[-1]
    _add_up_stock(house, shop)
    for past in dict.fromkeys((max(sales // 100, 1), sales)):
        _sell(house, shop, past)
        magazine = [Shot("GET", "/", shop.headers(recorder.cookie))]
        # The first look fills what is kept with the shop.
        recorder.statements_of(magazine[0])
        captured = [recorder.statements_of(magazine[0])]
        for clients in CLIENTS:
            say(f"Today with {past} sales, {clients} clients ...")
            found = load(house, web, spread(magazine, clients), clients, seconds)
            below = floor(house, captured, clients, seconds)
            report(
                "dashboard",
                sales=past,
                items=items,
                **found,
                round_trips=len(captured[0]),
                floor=below,
                ratio_p50=round(found["p50_ms"] / below["p50_ms"], 2),
            )


def _add_up_stock(house: Installation, shop: Shop) -> None:
    """As every night does."""
    database: Database = Container(config=house.config).database()
    try:
        with database.for_shop(shop.id, FILLER) as uow:
            add_up(uow, settled=timedelta(0))
    finally:
        database.close()


def _sell(house: Installation, shop: Shop, sales: int) -> None:
    """A past that was never lived, but stands in the tables as it would."""
    with house.superuser() as admin:
        (there,) = admin.execute(
            "SELECT count(*) FROM shop.sales WHERE tenant_id = %s AND number > %s", [shop.id, FIRST_NUMBER]
        ).fetchone() or (0,)
        if there >= sales:
            return
        say(f"Selling {sales} times ...")
        values = {"shop": shop.id, "first": FIRST_NUMBER, "from": there + 1, "sales": sales, "days": DAYS}
        with admin.transaction():
            admin.execute("SET LOCAL session_replication_role = replica")
            admin.execute("SET LOCAL synchronous_commit = off")
            admin.execute(_SELL, values)
            admin.execute("DELETE FROM shop.sale_hours WHERE tenant_id = %(shop)s", values)
            admin.execute(_COUNT, values)
        admin.execute("VACUUM (ANALYZE) shop.sales, shop.sale_hours, shop.stock_totals")
