"""Numbers as people type and read them: Persian, Arabic-Indic and Latin digits, and their separators."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 40  #: Characters; no shop writes a longer number.

_LATIN = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_LATIN = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)

_MINUS = "-−‐‑–﹣－"
_SPACES_AND_APOSTROPHES = " \u00a0\u2009\u202f\u2007'’`´"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff"
_TO_ONE_FORM = str.maketrans(
    dict.fromkeys(_MINUS, "-")
    | dict.fromkeys(_SPACES_AND_APOSTROPHES + "٬", "_")
    | dict.fromkeys("،", ",")
    | dict.fromkeys(_INVISIBLE)
)

_PLAIN = re.compile(r"[0-9]+")
# Threes from the right, as most of the world groups; or twos before the last three, as India does.
_GROUPED = re.compile(r"[0-9]{1,3}(?:_[0-9]{3})+|[0-9]{1,2}(?:_[0-9]{2})*_[0-9]{3}")


class Ambiguous(ValueError):
    """A number that two readers would read differently, such as `4,250` for a weight."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a language writes numbers."""

    digits: str
    group: str
    point: str
    minus: str
    percent: str


_ENGLISH = Conventions(_LATIN, ",", ".", "−", "%")
_CONVENTIONS = {
    "en": _ENGLISH,
    # U+200E keeps the minus on the side where a reader of Persian expects it.
    "fa": Conventions(_PERSIAN, "٬", "٫", "\u200e−", "٪"),
    "ar": Conventions(_ARABIC, "٬", "٫", "\u200e−", "٪"),
}


def conventions(language: str) -> Conventions:
    """How `language` writes numbers; as English does where we do not know better."""
    return _CONVENTIONS.get(language, _ENGLISH)


def latin(text: str) -> str:
    """The text with Persian and Arabic-Indic digits replaced by Latin ones, the rest untouched."""
    return text.translate(_TO_LATIN)


def decimal_text(typed: str, *, grouped: bool = True) -> str:
    """What was typed as an exact plain decimal, `-1234.50`, ready for `Decimal`. Raises ValueError.

    Which mark is the decimal point:
    - `٫` always is; `/` is too between Persian or Arabic digits, as it is written by hand (`۴/۲۵۰`)
    - `٬`, spaces and apostrophes never are: they group
    - `.` and `,` (or `،`) together: the later one is the point, the other groups
    - one alone and repeated (`1.234.567`) groups
    - a lone `.` is the point, whatever follows: `1.234` is one and a bit, as every scale prints it
    - a lone `,` groups when exactly three digits follow (`4,250` is four thousand), else it is the point (`1,5`)

    With `grouped=False`, for weights and rates of purity where thousands are rare and a misreading is dear,
    that last case raises `Ambiguous`.
    """
    if len(typed) > LONGEST:
        raise ValueError("a number this long is a mistake")
    text = typed.replace("_", "?").strip()  # the underscore is our own mark for a group, below
    persian = any(mark in text for mark in _PERSIAN + _ARABIC)
    text = latin(text).translate(_TO_ONE_FORM).strip("_")
    sign = ""
    if text[:1] in ("-", "+"):
        sign, text = text[0].replace("+", ""), text[1:].strip("_")
    if persian:
        text = text.replace("/", "٫")
    whole, fraction = _split_at_point(text, grouped=grouped)
    whole = _without_groups(whole or "0")
    if fraction is None:
        return sign + whole
    if not _PLAIN.fullmatch(fraction):
        raise ValueError("not a number")
    return f"{sign}{whole}.{fraction}"


def _split_at_point(text: str, *, grouped: bool) -> tuple[str, str | None]:
    if not any(mark.isdigit() for mark in text):
        raise ValueError("not a number")
    if "٫" in text:
        return _once(text, "٫")
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        return _once(text, "." if text.rindex(".") > text.rindex(",") else ",")
    if dots == 1:
        return _once(text, ".")
    if commas == 1:
        before, after = text.split(",")
        if len(after) != 3 or not before or before == "0":
            return before, after
        if not grouped:
            raise Ambiguous("a comma before three digits can be read two ways")
    return text, None


def _once(text: str, point: str) -> tuple[str, str]:
    if text.count(point) != 1:
        raise ValueError("two decimal points")
    whole, fraction = text.split(point)
    return whole, fraction


def _without_groups(whole: str) -> str:
    marks = set(whole) - set(_LATIN)
    if not marks:
        return whole
    if len(marks) > 1:
        raise ValueError("two kinds of grouping")
    mark = marks.pop()
    if mark not in "_,." or not _GROUPED.fullmatch(whole.replace(mark, "_")):
        raise ValueError("not a number")
    return whole.replace(mark, "")


def shown(text: str, language: str) -> str:
    """A plain decimal, or any text with digits in it, with the digits of `language`."""
    digits = conventions(language).digits
    return text if digits is _LATIN else text.translate(_digits_to(digits))


def number_text(plain: str, language: str, *, grouping: bool = True) -> str:
    """A plain decimal such as `-1234.50` as `language` writes it: `‎−۱٬۲۳۴٫۵۰`."""
    writes = conventions(language)
    negative = plain.startswith("-")
    whole, point, fraction = plain.lstrip("-").partition(".")
    if grouping and len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", writes.group)
    text = whole + (writes.point if point else "") + fraction
    if writes.digits is not _LATIN:
        text = text.translate(_digits_to(writes.digits))
    return writes.minus + text if negative else text


_TABLES = {digits: str.maketrans(_LATIN, digits) for digits in (_PERSIAN, _ARABIC)}


def _digits_to(digits: str) -> dict[int, int]:
    return _TABLES[digits]
