"""What hangs above the door of the demo's shops, and what stands on their receipts and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.labels import jobs as labels
from plugins.labels.forms import LabelsForm
from plugins.pos.domain.choices import FOOTINGS
from plugins.shop.actions.introduce import introduce
from plugins.shop.actions.put_up_logo import put_up_logo
from plugins.shop.forms import ShopForm

LOGOS = Path(__file__).parent / "logos"


@dataclass(frozen=True, slots=True)
class Signboard:
    """Texts by language; `phones` one on each line."""

    logo: str
    names: Mapping[str, str]
    headings: Mapping[str, str]
    addresses: Mapping[str, str]
    hours: Mapping[str, str]
    footings: Mapping[str, str]
    phones: str
    website: str
    tax_number: str


#: By the language of the shop.
SIGNBOARDS = {
    "fa": Signboard(
        logo="star.png",
        names={"en": "Mehr Gold"},
        headings={"fa": "طلا و جواهر از سال ۱۳۴۲", "en": "Gold and jewellery since 1963"},
        addresses={
            "fa": "تهران، بازار بزرگ، سرای امیر، پلاک ۱۱۲",
            "en": "No. 112, Amir Arcade, Grand Bazaar, Tehran",
        },
        hours={"fa": "شنبه تا پنجشنبه، ۱۰ تا ۲۰", "en": "Saturday to Thursday, 10–20"},
        footings={
            "fa": "تعویض تا ۷ روز، با ارائهٔ فاکتور. از خرید شما سپاسگزاریم.",
            "en": "Exchange within 7 days, with this receipt. Thank you.",
        },
        phones="021-55620112\n0912-5550112",
        website="mehr-gold.example",
        tax_number="411398765432",
    ),
    "en": Signboard(
        logo="ring.png",
        names={"fa": "طلا و جواهر کریک"},
        headings={"en": "Hallmarked gold and diamonds", "fa": "طلای عیاردار و برلیان"},
        addresses={"en": "Shop 14, Gold Souk, Deira, Dubai", "fa": "دبی، دیره، بازار طلا، مغازهٔ ۱۴"},
        hours={"en": "Daily 10–22, Friday from 16", "fa": "هر روز ۱۰ تا ۲۲، جمعه از ۱۶"},
        footings={"en": "Exchange within 14 days, with this receipt. Thank you.", "fa": "تعویض تا ۱۴ روز، با فاکتور."},
        phones="+971 4 555 0114",
        website="creek-gold.example",
        tax_number="100234567800003",
    ),
}


def put_up(uow: UnitOfWork, pieces: Sequence[UUID]) -> None:
    """The logo, the texts, and labels for these pieces, ready to be printed."""
    board = SIGNBOARDS[uow.shop.language]
    bound = uow.plugins.bound
    bound(put_up_logo)(uow, (LOGOS / board.logo).read_bytes())
    introduce(
        uow,
        ShopForm(
            name=uow.shop.name,
            language=uow.shop.language,
            calendar=uow.shop.calendar,
            zone=uow.shop.zone,
            names=dict(board.names),
            headings=dict(board.headings),
            addresses=dict(board.addresses),
            hours=dict(board.hours),
            phones=board.phones,
            website=board.website,
            tax_number=board.tax_number,
        ),
    )
    uow.choose(FOOTINGS, dict(board.footings))
    asked = LabelsForm(item=tuple(pieces), layout="a4-3x8")
    bound(labels.print_many)(uow, file=str(new_id()), asked=asked.plain)
