"""What templates can say: filters that show values as the reader writes them, and the few things they may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
from babel import Locale
from jinja2.runtime import Context
from markupsafe import Markup

from kernel.money import Money
from web.bodies import path_of
from web.calendar import calendar_attributes
from web.charts import sparkline
from web.icons import icon
from web.view import shown_now

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"


def _language_name(code: str) -> str:
    """What the reader calls a language."""
    return Locale.parse(code).get_language_name(shown_now().view.language) or code


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, shown_now().view.csrf)


def _error_of(name: str, label: str) -> str:
    """What is wrong with this field. Its label is kept, so that the sum of errors can name it."""
    shown = shown_now()
    shown.labels[path_of(name)] = label
    return shown.draft.error(name)


def _element_id(name: str) -> str:
    """The id of a field on the page, from its name or from the path of its error."""
    return "f-" + path_of(name).replace(".", "-")


def _fetched(address: str, target: str) -> Markup:
    """Attributes by which htmx brings this address into the target, and notes it in the address bar."""
    return Markup(' hx-get="{}" hx-target="#{}" hx-push-url="true"').format(address, target)


# Filters take the context although they ask it nothing: without it Jinja would work out `{{ 14|number }}` once, when
# it compiles the template, and show every later reader the digits of the first.


def _plain(write: str) -> Callable[..., str]:
    """A filter that shows a value as `Formats.<write>` does: for attributes, and inside other texts."""

    @jinja2.pass_context
    def show(_context: Context, value: Any, *more: Any) -> str:
        text: str = getattr(shown_now().formats, write)(value, *more)
        return text

    return show


def _isolated(write: str) -> Callable[..., str]:
    """The same, kept apart from the direction of the text around it; in plain text there is nothing to keep it with."""

    @jinja2.pass_context
    def show(context: Context, value: Any, *more: Any) -> str:
        text: str = getattr(shown_now().formats, write)(value, *more)
        return Markup("<bdi>{}</bdi>").format(text) if context.eval_ctx.autoescape else text

    return show


@jinja2.pass_context
def _money(context: Context, value: Money) -> str:
    """With its currency: the unit stands where this language puts it, also after a negative figure."""
    shown = shown_now()
    text = shown.formats.money(value)
    return Markup('<bdi dir="{}">{}</bdi>').format(shown.view.direction, text) if context.eval_ctx.autoescape else text


def _code(text: object) -> Markup:
    """A SKU, a phone number, an address: read from left to right whatever stands around it."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


_ISOLATED = (
    "amount", "weight", "grams", "fineness", "karat", "number", "percent",
    "date", "long_date", "time", "datetime", "moment", "ago",
)  # fmt: skip
FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "code": _code,
    "element_id": _element_id,
    "fetched": _fetched,
    "merged": lambda attrs, more: {**attrs, **more},
    **{name: _plain(name) for name in ("typed", "digits", "unit")},
    **{name: _isolated(name) for name in _ISOLATED},
}
GLOBALS: dict[str, Any] = {
    "icon": icon,
    "icon_of": icon,  # for macros that have an `icon` of their own
    "csrf_field": _csrf_field,
    "error_of": _error_of,
    "draft": lambda: shown_now().draft,
    "label_of": lambda path: shown_now().labels.get(path, ""),
    "language_name": _language_name,
    "calendar_attributes": calendar_attributes,
    "sparkline": sparkline,
    "CSRF_HEADER": CSRF_HEADER,
}
