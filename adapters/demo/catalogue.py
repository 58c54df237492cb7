"""What the demo's shops have in the window: the same seed makes the same pieces."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from adapters.rates.simulated import GRAM_OF_PURE_GOLD


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of piece: its category, weights in grams, and what the work costs in per cent of the metal."""

    category: str
    designs: tuple[str, ...]
    lightest: str
    heaviest: str
    making: tuple[int, int]
    often: int


@dataclass(frozen=True, slots=True)
class Coin:
    """Counted goods of fixed weight; the work is an amount per piece, in major units."""

    sku: str
    name: str
    category: str
    weight: str
    fineness: str
    making: str
    quantity: int
    low_at: int


@dataclass(frozen=True, slots=True)
class Window:
    """Everything one shop sells, and when. `finenesses` with how often each is found, `rate` per gram of fine gold.

    `busy`: how the days of a week compare, from Monday on; between the hours `opens` and `closes`.
    """

    sorts: tuple[Sort, ...]
    coins: tuple[Coin, ...]
    finenesses: tuple[tuple[str, int], ...]
    crafts: tuple[str, ...]
    stones: tuple[str, ...]
    prefix: str
    rate: Decimal
    opens: int
    closes: int
    busy: tuple[float, ...]
    customers: tuple[str, ...]
    language: str
    why_it_came_back: str


@dataclass(frozen=True, slots=True)
class Made:
    """One piece, as somebody would type it in."""

    sku: str
    name: str
    category: str
    craft: str
    fineness: str
    gross: str
    net: str
    making: str
    stones: tuple[tuple[str, str, str], ...]


def pieces(window: Window, number: int, seed: int) -> Iterator[Made]:
    """So many pieces, one of a kind each."""
    dice = random.Random(seed)  # noqa: S311 - a shop window, not a secret
    for count in range(1, number + 1):
        sort = dice.choices(window.sorts, [one.often for one in window.sorts])[0]
        fineness = dice.choices(*zip(*window.finenesses, strict=True))[0]
        lightest, heaviest = (int(Decimal(grams) * 1000) for grams in (sort.lightest, sort.heaviest))
        net = int(lightest * (heaviest / lightest) ** dice.random())
        stones = _stones(window, dice) if dice.random() < 0.2 else ()
        set_mg = sum(int(Decimal(carats) * 200) for _name, carats, _value in stones)
        yield Made(
            sku=f"{window.prefix}-{count:05d}",
            name=dice.choice(sort.designs),
            category=sort.category,
            craft=dice.choice(window.crafts),
            fineness=fineness,
            gross=f"{(net + set_mg) / 1000:.3f}",
            net=f"{net / 1000:.3f}",
            making=str(dice.randint(*sort.making)),
            stones=stones,
        )


def _stones(window: Window, dice: random.Random) -> tuple[tuple[str, str, str], ...]:
    carats = dice.randint(5, 120)
    value = window.rate * Decimal(carats) / Decimal(25)
    step = 1 if window.rate < 10_000 else 10_000
    return ((dice.choice(window.stones), f"{carats / 100:.2f}", str(int(value // step * step) or step)),)


TEHRAN = Window(
    sorts=(
        Sort(
            "انگشتر",
            ("انگشتر ساده", "انگشتر تک‌نگین", "حلقه ازدواج", "انگشتر ماری", "انگشتر فیوژن"),
            "1.4",
            "7.5",
            (14, 28),
            30,
        ),
        Sort("گردنبند", ("گردنبند پلاک‌دار", "گردنبند برگ", "گردنبند اسم", "گردنبند دانه‌ای"), "3", "18", (12, 26), 16),
        Sort(
            "دستبند", ("دستبند کارتیه", "دستبند آبشاری", "دستبند زنجیری", "دستبند چرم و طلا"), "2.5", "22", (10, 24), 18
        ),
        Sort("گوشواره", ("گوشواره حلقه‌ای", "گوشواره میخی", "گوشواره آویز", "گوشواره بخیه‌ای"), "0.9", "8", (15, 32), 22),
        Sort("النگو", ("النگو ساده", "النگو تراش", "النگو تک‌پوش"), "6", "24", (5, 12), 12),
        Sort("زنجیر", ("زنجیر کارتیه", "زنجیر طنابی", "زنجیر ونیزی"), "2", "30", (7, 15), 12),
        Sort("آویز", ("آویز قلب", "پلاک وان‌یکاد", "آویز پروانه"), "0.8", "5", (16, 30), 12),
        Sort("سرویس", ("سرویس عروس", "نیم‌ست ظریف", "نیم‌ست جواهر"), "14", "60", (18, 30), 5),
    ),
    coins=(
        Coin("SEKKE-TAMAM", "سکه تمام بهار آزادی", "سکه و شمش", "8.133", "900", "2500000", 40, 10),
        Coin("SEKKE-NIM", "نیم سکه بهار آزادی", "سکه و شمش", "4.066", "900", "2000000", 40, 10),
        Coin("SEKKE-ROB", "ربع سکه بهار آزادی", "سکه و شمش", "2.033", "900", "1800000", 60, 15),
        Coin("SHEMSH-1", "شمش یک گرمی", "سکه و شمش", "1.000", "995", "250000", 50, 20),
        Coin("SHEMSH-5", "شمش پنج گرمی", "سکه و شمش", "5.000", "995", "900000", 4, 5),
    ),
    finenesses=(("750", 92), ("705", 3), ("875", 5)),
    crafts=("ماشینی", "دست‌ساز", "ریخته‌گری", "تراش"),
    stones=("برلیان", "زمرد", "یاقوت", "فیروزه نیشابور"),
    prefix="TH",
    rate=Decimal(GRAM_OF_PURE_GOLD["IRT"]),
    opens=10,
    closes=21,
    busy=(0.8, 0.8, 1.0, 1.7, 0.4, 1.1, 0.9),
    customers=("مریم احمدی", "رضا کریمی", "سارا محمدی", "علی حسینی", "نرگس رحیمی", "حسن موسوی", "زهرا جعفری"),
    language="fa",
    why_it_came_back="اندازه نبود",
)

DUBAI = Window(
    sorts=(
        Sort(
            "Rings",
            ("Plain band", "Solitaire ring", "Twisted ring", "Signet ring", "Eternity ring"),
            "1.8",
            "9",
            (10, 25),
            28,
        ),
        Sort(
            "Necklaces", ("Pendant necklace", "Bead necklace", "Choker", "Long chain necklace"), "6", "45", (8, 20), 16
        ),
        Sort(
            "Bracelets", ("Link bracelet", "Charm bracelet", "Rope bracelet", "Tennis bracelet"), "4", "30", (9, 22), 18
        ),
        Sort(
            "Earrings",
            ("Hoop earrings", "Stud earrings", "Jhumka earrings", "Drop earrings"),
            "1.5",
            "14",
            (12, 28),
            22,
        ),
        Sort("Bangles", ("Plain bangle", "Carved bangle", "Kada bangle"), "8", "40", (5, 12), 14),
        Sort("Chains", ("Curb chain", "Figaro chain", "Box chain", "Franco chain"), "3", "50", (6, 14), 14),
        Sort("Pendants", ("Heart pendant", "Initial pendant", "Allah pendant"), "1", "8", (12, 25), 12),
        Sort("Sets", ("Bridal set", "Necklace and earrings set"), "25", "120", (12, 22), 5),
    ),
    coins=(
        Coin("BAR-001", "Gold bar 1 g", "Bars and coins", "1.000", "999.9", "18", 60, 20),
        Coin("BAR-010", "Gold bar 10 g", "Bars and coins", "10.000", "999.9", "60", 30, 10),
        Coin("BAR-100", "Gold bar 100 g", "Bars and coins", "100.000", "999.9", "220", 4, 5),
        Coin("SOV-22", "Gold sovereign", "Bars and coins", "7.988", "916.7", "95", 25, 8),
    ),
    finenesses=(("750", 30), ("875", 20), ("916", 45), ("585", 5)),
    crafts=("Machine made", "Handmade", "Cast", "Filigree"),
    stones=("Diamond", "Emerald", "Ruby", "Sapphire"),
    prefix="DX",
    rate=Decimal(GRAM_OF_PURE_GOLD["AED"]),
    opens=10,
    closes=22,
    busy=(0.8, 0.8, 0.9, 1.0, 1.3, 1.6, 1.2),
    customers=("Aisha Rahman", "Omar Haddad", "Fatima Noor", "James Porter", "Priya Menon", "Khalid Saeed"),
    language="en",
    why_it_came_back="Did not fit",
)
