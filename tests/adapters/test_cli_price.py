"""`goldsmith price`: the worked day at the terminal, and one sentence for what cannot be read."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from adapters.cli.price import command
from plugins.pricing.public import freeze, replay

DAY_ONE = ("--on", "2026-11-20", "--weight", "4.250", "--fineness", "18K", "--rate", "7000000", "--making", "18%")

CHARGE = "a making charge such as 18%, 500000/g, 2000000, 0.5g, 30milyem or none"
POLICY = "a policy such as line=1:floor,tax=1:ceil,total=1000,carry=exact"


def price(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_the_worked_day_is_explained_step_by_step():
    said = price(*DAY_ONE)
    assert said.exit_code == 0
    lines = [" ".join(line.split()) for line in said.output.splitlines()]
    assert lines[0] == "Iran, 20 Nov 2026"
    assert lines[1:3] == [
        "7,000,000 IRT per gram at 750 (manual, 20 Nov 2026, 00:00 UTC)",
        "Rounding: lines to 1 (nearest, halves up), taxes to 1 (nearest, halves up), the total to 1,000 "
        "(nearest, halves up); reckoned with rounded values",
    ]
    assert lines[4:] == [
        "Metal 4.250 g of 750 × 7,000,000 per gram 29,750,000",
        "Making charge 18% of 29,750,000 5,355,000",
        "Profit 7% of 35,105,000 2,457,350",
        "VAT 10% of 7,812,350 781,235",
        "Total 38,343,585",
        "Rounding 415",
        "To pay IRT 38,344,000",
    ]


def test_as_json_with_a_record_that_replays():
    said = json.loads(price(*DAY_ONE, "--old-gold", "2.000@750", "--json").output)
    assert (said["total"], said["exchanged"], said["rounding"], said["due"]) == (
        "38343585", "13813333", "-252", "24530000",
    )  # fmt: skip
    assert said["taxes"] == {"VAT": "781235"}
    assert [step["step"] for step in said["steps"]] == ["metal", "making", "profit", "tax", "total", "old_metal"]
    assert freeze(replay(said["record"])) == said["record"]


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (("--on", "1403/12/30"), "38265000"),  # 9 % on the last day of 1403
        (("--on", "۱۴۰۴/۰۱/۰۱"), "38344000"),
        (("--weight", "۴٫۲۵۰"), "38344000"),
        (
            ("--rate", "303226140", "--rate-unit", "mesghal", "--rate-fineness", "705", "--rate-currency", "IRR"),
            "38344000",
        ),
        (("--making", "0.765g@750"), "38344000"),
        (("--making", "1260000/g"), "38344000"),
        (("--making", "5355000"), "38344000"),
        (("--making", "135 milyem"), "38344000"),
        (("--profit", "0"), "35641000"),
        (("--wastage", "10"), "41548000"),
        (("--stone", "Ruby=0.5ct*2000000", "--extra", "Clasp=150000"), "39494000"),
        (("--taxed", "stones", "--stone", "Ruby=1000000"), "39444000"),
        (("--stones-weight", "0.250"), "36088000"),
        (("--discount", "812350"), "37450000"),
        (("--discount", "50%", "--discount-on", "making"), "35398000"),
        (("--cart-discount", "812350"), "37450000"),
        (("--quantity", "2"), "76687000"),
        (("--tax", "VAT=0"), "37562000"),
        (("--tax", "9"), "38265000"),
        (("--rounding", "total=1"), "38343585"),
        (("--rounding", "line=100:floor,tax=1000:ceil,total=1:half_even,carry=exact,making=ceil"), "38344300"),
        (("--fixed-price", "40000000"), "41025000"),
        (("--cost", "20000000", "--markup", "100"), "41025000"),
    ],
)
def test_every_option_counts(arguments: tuple[str, ...], due: str):
    said = price(*DAY_ONE, "--json", *arguments)
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["due"] == due


def test_other_markets():
    india = price("--market", "IN", "--on", "2026-11-20", "--weight", "20", "--fineness", "22K", "--rate", "13000",
                  "--making", "12%", "--old-gold", "8@916", "--json")  # fmt: skip
    britain = price("--market", "GB", "--fixed-price", "500", "--cost", "320", "--supply", "second_hand", "--json")
    assert json.loads(india.output)["due"] == "198016.00"
    assert json.loads(britain.output)["taxes"] == {"VAT": "30.00"}


def test_in_persian_digits():
    said = price(*DAY_ONE, "--lang", "fa")
    assert "۳۸٬۳۴۴٬۰۰۰" in said.output


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--weight", "4.2505", "“4.2505” is not a weight in grams with at most three decimals."),
        ("--weight", "-1", "“-1” is not a weight in grams with at most three decimals."),
        ("--fineness", "1001", "“1001” is not a fineness in thousandths such as 750 or 916.7, or a karat such as 18K."),
        ("--fineness", "25K", "“25K” is not a fineness in thousandths such as 750 or 916.7, or a karat such as 18K."),
        ("--rate", "0", "“0” is not a number above zero."),
        ("--rate", "1e6", "“1e6” is not a number above zero."),
        ("--metal", "brass", "'brass' is not one of 'gold', 'silver', 'platinum', 'palladium'."),
        ("--making", "18x", f"“18x” is not {CHARGE}."),
        ("--making", "18%%", f"“18%%” is not {CHARGE}."),
        ("--making", "20000%", "A making charge is a number from 0 to 10,000."),
        ("--wastage", "101", "“101” is not a percentage from 0 to 100."),
        ("--stone", "Ruby", "“Ruby” is not a stone such as Ruby=0.5ct*2000000."),
        ("--extra", "Box=free", "“Box=free” is not an extra such as Clasp=150000."),
        ("--old-gold", "6", "“6” is not old gold such as 6.120@750."),
        ("--on", "2025-02-30", "“2025-02-30” is not a day such as 2025-03-20 or 1403/12/30."),
        ("--rounding", "line", f"“line” is not {POLICY}."),
    ],
)
def test_what_cannot_be_read_is_one_sentence_that_names_the_option(option: str, value: str, why: str):
    said = price(*DAY_ONE, option, value)
    assert (said.exit_code, said.stdout, said.stderr) == (2, "", f"Invalid value for '{option}': {why}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--extra", "Box=0.5"), "--extra: IRT has 0 decimals."),
        (("--old-gold", "6@0.5"), "--old-gold: Old metal of 0.5 has no buy-back fineness."),
        (("--on", "1990-01-01"), "--on: The tax rules of Iran on 1 Jan 1990 are not known here."),
        (("--stones-weight", "5"), "--stones-weight: The stones weigh more than the whole piece."),
        (
            ("--discount", "40000000"),
            "--discount: A discount of 40,000,000 IRT is more than the 37,562,350 IRT it can come off.",
        ),
        (("--markup", "50"), "--cost: What the shop paid for this piece is needed to price it. Enter its cost."),
        (("--tax", "GST=3"), "--tax: Iran has no tax called “GST”, only VAT."),
        (("--rounding", "line=0"), f"--rounding: this is not {POLICY}."),
        (("--rounding", "carry=maybe"), f"--rounding: this is not {POLICY}."),
        (("--rounding", "work=floor"), f"--rounding: this is not {POLICY}."),
        (
            ("--weight", "1000000", "--rate", "10000000000000"),
            "--weight: This price is larger than the books can hold. Check the weight and the rate.",
        ),
        (("--bogus", "1"), "No such option '--bogus'. Did you mean '--cost'?"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_that_names_the_option(arguments: tuple[str, ...], sentence: str):
    said = price(*DAY_ONE, *arguments)
    assert (said.exit_code, said.stdout, said.stderr) == (2, "", f"{sentence}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--weight", "4.250", "--rate", "7000000"), "--fineness: a weight of metal needs a fineness."),
        (("--fineness", "18K", "--rate", "7000000"), "--weight: a fineness needs a weight."),
        (("--weight", "4.250", "--fineness", "18K"), "--rate: There is no rate for Gold yet. Set today’s rate first."),
        ((), "There is nothing to price: enter a weight, a charge or a fixed price."),
        (("--market", "US", "--fixed-price", "10"),
         "--tax: The rate of “Sales tax” is not set. Enter it in the settings of this shop."),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(arguments: tuple[str, ...], sentence: str):
    said = price(*arguments)
    assert (said.exit_code, said.stderr) == (2, f"{sentence}\n")
