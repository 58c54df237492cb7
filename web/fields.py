"""Types for the fields of forms: what a person may type, and the exact value it becomes.

A validator raises ValueError with a sentence; it is shown beside the field as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from kernel import calendars, text
from kernel.digits import Ambiguous, decimal_text, latin
from kernel.i18n import _
from kernel.karats import STAMPED
from kernel.metal import HEAVIEST_MG, Fineness, Weight
from kernel.typed import too_many_decimals
from web.bodies import Upload

LARGEST_AMOUNT = 10**15  #: Beyond every amount `Money` holds, in any currency's major unit.
MOST_PIECES = 1_000_000


def read_number(typed: object, *, decimals: int, grouped: bool = True, largest: int = LARGEST_AMOUNT) -> Decimal:
    """Exactly what was typed. Raises ValueError with a sentence."""
    if isinstance(typed, bool) or not isinstance(typed, str | int | Decimal):
        raise ValueError(_("Please enter a number."))
    try:
        number = Decimal(decimal_text(typed, grouped=grouped) if isinstance(typed, str) else typed)
    except Ambiguous:
        raise ValueError(_("Please use a point for decimals, as in 4.250.")) from None
    except (ValueError, ArithmeticError):
        raise ValueError(_("Please enter a number.")) from None
    if not number.is_finite():
        raise ValueError(_("Please enter a number."))
    if number.adjusted() > 20 or abs(number) > largest:
        raise ValueError(_("This number is too large."))
    if -_exponent(number) > decimals:
        raise ValueError(too_many_decimals(decimals))
    return number


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent if len(number.as_tuple().digits) <= 28 else None
    return exponent if isinstance(exponent, int) else -len(number.as_tuple().digits)


def _within_sign(number: Decimal, *, zero: bool, negative: bool) -> Decimal:
    if number < 0 and not negative:
        raise ValueError(_("This cannot be negative."))
    if number == 0 and not zero:
        raise ValueError(_("This must be more than zero."))
    return number


def _weight(*, zero: bool = False, negative: bool = False) -> Callable[[object], Weight]:
    def read(typed: object) -> Weight:
        if isinstance(typed, Weight):
            typed = typed.g
        grams = read_number(typed, decimals=3, grouped=False, largest=HEAVIEST_MG // 1000)
        _within_sign(grams, zero=zero, negative=negative)
        return Weight(int(grams.scaleb(3)))

    return read


def _amount(*, zero: bool = False, negative: bool = False, decimals: int = 4) -> Callable[[object], Decimal]:
    def read(typed: object) -> Decimal:
        return _within_sign(read_number(typed, decimals=decimals), zero=zero, negative=negative)

    return read


def _count(*, zero: bool = False, negative: bool = False) -> Callable[[object], int]:
    def read(typed: object) -> int:
        return int(_within_sign(read_number(typed, decimals=0, largest=MOST_PIECES), zero=zero, negative=negative))

    return read


def _percent(most: int) -> Callable[[object], Decimal]:
    def read(typed: object) -> Decimal:
        if isinstance(typed, str):
            typed = typed.strip().rstrip("%٪").rstrip()
        share = _within_sign(read_number(typed, decimals=3, grouped=False), zero=True, negative=False)
        if share > most:
            raise ValueError(_("At most {most} per cent, please.").format(most=most))
        return share

    return read


_KARAT = re.compile(r"([0-9]{1,2}) ?(?:k|kt|ct|karats?|carats?|عیار)", re.IGNORECASE)


def _fineness(typed: object) -> Fineness:
    """Parts per thousand, or a karat with its letter. A bare `18` is refused: it would be 18 ‰."""
    if isinstance(typed, Fineness):
        return typed
    if isinstance(typed, str) and (karat := _KARAT.fullmatch(latin(text.search_key(typed)))):
        if stamped := STAMPED.get(int(karat[1])):
            return stamped
        raise ValueError(_("This karat has no usual fineness. Please enter parts per thousand, as in 750."))
    permille = read_number(typed, decimals=1, grouped=False)
    if 0 < permille <= 24:
        raise ValueError(_("Please write {karat}K for karat, or parts per thousand, as in 750.").format(karat=permille))
    if not 0 < permille <= 1000:
        raise ValueError(_("Fineness is above 0 and at most 1000."))
    return Fineness(int(permille.scaleb(1)))


def _line(typed: object) -> object:
    return text.line(typed) if isinstance(typed, str) else typed


def _paragraph(typed: object) -> object:
    return text.paragraph(typed) if isinstance(typed, str) else typed


def _code(typed: object) -> object:
    return latin(text.line(typed)) if isinstance(typed, str) else typed


_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE
)


def _email(address: str) -> str:
    name, _at, host = address.rpartition("@")
    if not _EMAIL.fullmatch(address) or name.startswith(".") or name.endswith(".") or ".." in name:
        raise ValueError(_("Please enter an e-mail address such as name@example.com."))
    return f"{name}@{host.lower()}"


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _slug(word: str) -> str:
    if not _SLUG.fullmatch(word):
        raise ValueError(_("Small letters, digits and single hyphens only, please."))
    return word


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Please enter a time zone such as Asia/Tehran."))
    return name


def _uuid(typed: object) -> UUID:
    if isinstance(typed, UUID):
        return typed
    try:
        if isinstance(typed, str) and len(typed) <= 36:
            return UUID(typed)
    except ValueError:
        pass
    raise ValueError(_("Please choose one from the list."))


def _date(typed: object) -> date:
    if type(typed) is date:
        return typed
    calendar = calendars.calendar()
    try:
        if isinstance(typed, str):
            return calendars.read_date(typed, calendar)
    except ValueError:
        pass
    example = "1403/12/30" if calendar is calendars.Calendar.JALALI else "2025-03-20"
    raise ValueError(_("Please enter a date as year, month and day, such as {example}.").format(example=example))


def _upload(sent: object) -> Upload:
    if isinstance(sent, Upload):
        return sent
    raise ValueError(_("Please choose a file."))


def _decimal_string(title: str, example: str, pattern: str) -> WithJsonSchema:
    """As a program writes it; a person may use other digits and group them."""
    schema: dict[str, Any] = {"type": "string", "pattern": pattern, "description": title, "examples": [example]}
    return WithJsonSchema(schema)


_GRAMS = r"^[0-9]{1,6}(\.[0-9]{1,3})?$"
_AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,4})?$"
_PER_CENT = r"^[0-9]{1,2}(\.[0-9]{1,3})?$"
_MARKUP = r"^[0-9]{1,3}(\.[0-9]{1,3})?$"
_RATE = r"^[0-9]{1,9}(\.[0-9]{1,6})?$"
_FINENESS = r"^([1-9][0-9]{2}(\.[0-9])?|1000|(14|18|22|24)K)$"


def _signed(pattern: str) -> str:
    return pattern.replace("^", "^-?")


#: Grams with at most three decimals: above zero, zero too, any sign.
WeightG = Annotated[Weight, PlainValidator(_weight()), _decimal_string("grams", "4.250", _GRAMS)]
WeightOrZeroG = Annotated[Weight, PlainValidator(_weight(zero=True)), _decimal_string("grams", "0", _GRAMS)]
SignedWeightG = Annotated[
    Weight,
    PlainValidator(_weight(zero=True, negative=True)),
    _decimal_string("grams, either sign", "-3.100", _signed(_GRAMS)),
]

FinenessField = Annotated[
    Fineness,
    PlainValidator(_fineness),
    _decimal_string("parts per thousand, or a karat such as 18K", "750", _FINENESS),
]

#: Money in major units; the currency comes later, see `web.forms.to_money`.
AmountField = Annotated[Decimal, PlainValidator(_amount()), _decimal_string("amount", "1250.00", _AMOUNT)]
AmountOrZero = Annotated[Decimal, PlainValidator(_amount(zero=True)), _decimal_string("amount", "0", _AMOUNT)]
SignedAmount = Annotated[
    Decimal,
    PlainValidator(_amount(zero=True, negative=True)),
    _decimal_string("amount, either sign", "-20.50", _signed(_AMOUNT)),
]
#: A price of metal per unit of weight: not yet money, so with more decimals than money has.
RateField = Annotated[Decimal, PlainValidator(_amount(decimals=6)), _decimal_string("rate", "3284.10", _RATE)]

CountField = Annotated[int, PlainValidator(_count()), WithJsonSchema({"type": "integer", "minimum": 1})]
CountOrZero = Annotated[int, PlainValidator(_count(zero=True)), WithJsonSchema({"type": "integer", "minimum": 0})]
SignedCount = Annotated[int, PlainValidator(_count(zero=True, negative=True)), WithJsonSchema({"type": "integer"})]

#: Per cent as a number from 0 to 100: `18` means 18 %. `Markup` may go to 1000.
Percent = Annotated[Decimal, PlainValidator(_percent(100)), _decimal_string("per cent", "18", _PER_CENT)]
Markup = Annotated[Decimal, PlainValidator(_percent(1000)), _decimal_string("per cent", "120", _MARKUP)]

Line = Annotated[str, BeforeValidator(_line), Field(max_length=200)]
Paragraph = Annotated[str, BeforeValidator(_paragraph), Field(max_length=5000)]
#: A SKU, a barcode, a phone number: one line, its digits always Latin.
Code = Annotated[str, BeforeValidator(_code), Field(max_length=60)]
Email = Annotated[str, BeforeValidator(_code), Field(max_length=254), AfterValidator(_email)]
Slug = Annotated[str, BeforeValidator(_code), Field(max_length=60), AfterValidator(_slug)]
#: As the tz database calls it.
Zone = Annotated[Line, AfterValidator(_zone)]
Uuid = Annotated[UUID, PlainValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
#: A day in the shop's calendar (`kernel.calendars.counting_in`); always Gregorian in JSON.
DateField = Annotated[date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
UploadField = Annotated[Upload, PlainValidator(_upload), WithJsonSchema({"type": "string", "format": "binary"})]
