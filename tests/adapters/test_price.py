"""`goldsmith price`: a price explained at a terminal is the price that the till asks."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from adapters.cli.price import command
from plugins.pricing import public as pricing

RING = (
    *("--market", "IR", "--on", "2025-11-20", "--weight", "4.5", "--stones-weight", "0.3", "--fineness", "18k"),
    *("--rate", "7000000", "--making", "18%", "--wastage", "3", "--stone", "ruby=0.5ct@1000000"),
    *("--extra", "box=50000", "--discount", "5%", "--old", "2.1@750"),
)


def price(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def test_a_price_is_explained_step_by_step():
    assert price(*RING).output == (
        "Iran, 2025-11-20\n"
        "Rate: 7,000,000 IRT per gram at 750 (manual, 2025-11-20 00:00 UTC)\n"
        "Rounding: lines to 1 half_up, taxes to 1 half_up, total to 1000 half_up, reckoned with rounded values\n"
        "\n"
        "  Metal          4.200 g of 750 × 7,000,000 per gram                29,400,000\n"
        "  Wastage        3% of 29,400,000                                      882,000\n"
        "  Making charge  18% of 29,400,000                                   5,292,000\n"
        "  Stones         ruby 0.5 ct × 1,000,000                               500,000\n"
        "  Extras         box 50,000                                             50,000\n"
        "  Profit         7% of 35,574,000                                    2,490,180\n"
        "  Discount       5% of 38,614,180                                   -1,930,709\n"
        "  VAT            10% of 5,851,471                                      585,147  (585,147.1)\n"
        "  Total                                                             37,268,618\n"
        "  Old metal      2.100 g of 750 × 7,000,000 per gram × 740/750     -14,504,000\n"
        "  Rounding                                                                 382\n"
        "  Due                                                           22,765,000 IRT\n"
    )


def test_programs_get_the_record_that_a_sale_would_keep():
    told = json.loads(price(*RING, "--json").output)
    again = pricing.replay(told["record"])
    assert isinstance(again, pricing.PricedCart)
    assert (told["due"], told["rounding"], told["taxes"]) == (again.due.amount, 382, {"VAT": 585_147})
    assert [step["step"] for step in told["steps"]] == [
        *("metal", "wastage", "making", "stones", "extras", "profit", "discount", "tax", "total", "old_metal")
    ]


def test_the_rounding_policy_is_the_askers():
    plain = ("--market", "AE", "--on", "2025-11-20", "--weight", "4.5", "--fineness", "916", "--rate", "300")
    assert json.loads(price(*plain, "--json").output)["due"] == 129_973
    to_a_dirham = price(*plain, "--json", "--total-step", "1", "--total-mode", "floor")
    assert json.loads(to_a_dirham.output)["due"] == 129_900


def test_persian_digits_are_understood():
    persian = price("--market", "IR", "--on", "2025-11-20", "--weight", "۴٫۵", "--fineness", "۷۵۰", "--rate", "۷۰۰۰۰۰۰")
    latin = price("--market", "IR", "--on", "2025-11-20", "--weight", "4.5", "--fineness", "750", "--rate", "7000000")
    assert persian.output == latin.output != ""


def test_what_is_not_understood_is_said_with_an_example():
    refused = price("--market", "IR", "--weight", "heavy")
    assert refused.exit_code == 2
    assert "'heavy' is not understood; write it like 4.250" in refused.output
