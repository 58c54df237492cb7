"""What a shop says of itself. What is a text is said in each language; where one is missing, another steps in."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.contributions import Setting
from kernel.i18n import N_
from kernel.text import line, paragraph

#: A text for each language, by the language's code.
Texts = Mapping[str, str]

NAMES = Setting(
    "shop.names",
    N_("Name on documents"),
    N_("As it stands on receipts in this language. Empty: the shop’s name."),
    {},
    line,
)
HEADINGS = Setting(
    "shop.headings",
    N_("Line below the name"),
    N_("What the shop is known for, since when, a licence."),
    {},
    paragraph,
)
ADDRESSES = Setting(
    "shop.addresses",
    N_("Address"),
    N_("A branch that has an address of its own prints that instead."),
    {},
    paragraph,
)
HOURS = Setting("shop.hours", N_("Opening hours"), N_("Printed at the end of receipts."), {}, paragraph)
PHONES = Setting(
    "shop.phones",
    N_("Phone numbers"),
    N_("One on each line. A branch that has a number of its own prints that instead."),
    "",
    paragraph,
)
EMAIL = Setting("shop.email", N_("E-mail"), "", "", line)
WEBSITE = Setting("shop.website", N_("Website or social page"), "", "", line)
TAX_NUMBER = Setting(
    "shop.tax_number",
    N_("Tax number"),
    N_("As it must stand on invoices: TRN, GSTIN, VAT number, economic code."),
    "",
    line,
)

CHOICES = [NAMES, HEADINGS, ADDRESSES, HOURS, PHONES, EMAIL, WEBSITE, TAX_NUMBER]


def text_in(texts: Texts, language: str, otherwise: str = "") -> str:
    """The text of this language; else that of the language the shop itself speaks; else whichever there is."""
    return texts.get(language) or texts.get(otherwise) or next((text for text in texts.values() if text), "")
