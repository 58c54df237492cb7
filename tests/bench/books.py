"""The trial balance over HTTP, with a long past in the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from psycopg import sql

from tests.bench.floor import Recorder, floor
from tests.bench.installation import Installation, Web, say
from tests.bench.load import Shot
from tests.bench.measure import load, report, spread
from tests.bench.shops import Shop

CLIENTS = (1, 16)
DAYS = 730
BATCH = 5_000

_POST = """
    SELECT count(*) FROM generate_series({first}, {last}) AS g (n) CROSS JOIN LATERAL shop.post_journal(
        'sale', uuidv7(), g.n::text, '', NULL, date {begin} + (g.n * {days} / {journals})::integer, now(),
        ARRAY['paid.cash', 'revenue.metal', 'revenue.making', 'cost_of_goods', 'inventory', 'metal.sold', 'inventory'],
        ARRAY['AED', 'AED', 'AED', 'AED', 'AED', 'XAU', 'XAU'],
        ARRAY[500 + g.n % 97, -400, -100 - g.n % 97, 380, -380, 31875000, -31875000]::bigint[]
    )
"""


def measure(
    house: Installation, web: Web, recorder: Recorder, shops: Sequence[Shop], journals: int, seconds: float
) -> None:
    shop = shops[-1]
    begin = datetime.now(UTC).date() - timedelta(days=DAYS)
    entries = _post(house, shop, journals, begin.isoformat())
    asked = {
        "a month": (begin + timedelta(days=400), begin + timedelta(days=430)),
        "all": (begin, begin + timedelta(days=DAYS)),
    }
    for days, (since, until) in asked.items():
        address = f"/api/v1/trial-balance?since={since}&until={until}"
        magazine = [Shot("GET", address, shop.headers(recorder.cookie))]
        captured = [recorder.statements_of(magazine[0])]
        for clients in CLIENTS:
            say(f"Trial balance of {days}, {clients} clients ...")
            found = load(house, web, spread(magazine, clients), clients, seconds)
            below = floor(house, captured, clients, seconds)
            report(
                "trial_balance",
                days=days,
                entries=entries,
                **found,
                round_trips=len(captured[0]),
                floor=below,
                ratio_p50=round(found["p50_ms"] / below["p50_ms"], 2),
            )


def _post(house: Installation, shop: Shop, journals: int, begin: str) -> int:
    """Through the function that posts everything, as the application's role; what is there already stays."""
    with house.superuser() as admin:
        admin.execute("SET ROLE goldsmith_app")
        admin.execute("SELECT set_config('app.current_tenant', %s, false)", [str(shop.id)])
        (there,) = admin.execute("SELECT coalesce(max(number), 0) FROM shop.journals").fetchone() or (0,)
        if there < journals:
            say(f"Posting {journals} journals ...")
            admin.execute("SET synchronous_commit = off")
        for first in range(there + 1, journals + 1, BATCH):
            last = min(first + BATCH - 1, journals)
            admin.execute(
                sql.SQL(_POST).format(first=first, last=last, begin=sql.Literal(begin), days=DAYS, journals=journals)
            )
        admin.execute("RESET ROLE")
        admin.execute("VACUUM (ANALYZE) shop.journals, shop.entries, shop.account_days")
        (entries,) = admin.execute("SELECT count(*) FROM shop.entries WHERE tenant_id = %s", [shop.id]).fetchone() or (
            0,
        )
    return int(entries)
