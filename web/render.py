"""Templates into pages: one environment for the house and its plugins, one way to answer with a page or a part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kernel import i18n
from kernel.calendars import Calendar
from kernel.contributions import Entry
from kernel.money import Money
from web.assets import Assets
from web.bodies import path_of
from web.formats import Formats, direction
from web.forms import NO_DRAFT, Draft
from web.icons import icon

HERE = Path(__file__).parent / "templates"
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
LANGUAGES = (("en", "English"), ("fa", "فارسی"))


NoticeKind = Literal["ok", "info", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what just happened, shown once."""

    sentence: str
    kind: NoticeKind = "ok"


@dataclass(frozen=True, slots=True)
class LiveRate:
    """Today's rate as the top bar shows it: `24K 3,284.10/g`, `0.4%`."""

    text: str
    change: str = ""
    trend: Literal["up", "down", ""] = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What every page knows without asking: who looks, from which shop, in which language. Set once per request."""

    language: str = i18n.SOURCE_LANGUAGE
    calendar: Calendar = Calendar.GREGORIAN
    zone: tzinfo = UTC
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    currency: str = "USD"
    shop: str = ""
    person: str = ""
    navigation: Sequence[Entry] = ()
    menu: Sequence[Entry] = ()
    path: str = "/"
    csrf: str = ""
    notices: Sequence[Notice] = ()
    rate: LiveRate | None = None
    unread: int = 0
    theme: Literal["system", "light", "dark"] = "system"
    folded: bool = False
    platform: bool = False
    impersonation: str = ""
    languages: Sequence[tuple[str, str]] = LANGUAGES
    #: Addresses of pages that only some installations have; where empty, the frame leaves the place free.
    search: str = ""
    bell: str = ""
    preferences: str = ""
    sign_out: str = ""
    leave: str = ""

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def formats(self) -> Formats:
        return Formats(self.language, self.calendar, self.zone, self.now)

    def is_here(self, entry: Entry) -> bool:
        """Does this line of the side bar lead to the page at hand, or to the list above it?"""
        return self.path == entry.path or (entry.path != "/" and self.path.startswith(f"{entry.path.rstrip('/')}/"))


@dataclass(frozen=True, slots=True)
class _Showing:
    view: View
    formats: Formats
    draft: Draft
    request: Request | None
    labels: dict[str, str] = field(default_factory=dict)


_showing: ContextVar[_Showing] = ContextVar("showing")


def formats(request: Request) -> Formats:
    """How the person at hand reads numbers and dates; for pages that prepare many rows in Python."""
    view: View = request.state.view
    return view.formats


@contextmanager
def showing(view: View, *, draft: Draft = NO_DRAFT, request: Request | None = None) -> Iterator[None]:
    """Inside the block templates and texts speak to the person of this view."""
    token = _showing.set(_Showing(view, view.formats, draft, request))
    try:
        with i18n.speaking(view.language):
            yield
    finally:
        _showing.reset(token)


class Look:
    """Everything pages are made with; made once at start. `templates` and `static` are the plugins' folders."""

    def __init__(
        self, templates: Sequence[Path] = (), static: Sequence[Path] = (), *, development: bool = False
    ) -> None:
        self.assets = Assets(static, development=development)
        self._development = development
        self._environment = _environment((HERE, *templates), self.assets, development=development)
        _gather_macros(self._environment)

    def html(self, template: str, view: View, *, block: str = "", draft: Draft = NO_DRAFT, **context: Any) -> str:
        """A template, or one block of it, outside a request: mails, previews."""
        with showing(view, draft=draft):
            return self.render(template, block, {**context, "view": view})

    def render(self, template: str, block: str, context: Mapping[str, Any]) -> str:
        if self._development:
            _gather_macros(self._environment)
        found = self._environment.get_template(template)
        if not block:
            return found.render(context)
        try:
            return "".join(found.blocks[block](found.new_context(dict(context))))
        except Exception:
            # Rewrites the trace so that it names the template's own lines, as `render` does.
            return self._environment.handle_exception()


def page(
    request: Request,
    template: str,
    *,
    block: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """The answer to a request: the whole page, or only `block` of it where htmx asked for a part of the page."""
    view: View = request.state.view
    look: Look = request.app.state.look
    draft: Draft = getattr(request.state, "draft", NO_DRAFT)
    partly = bool(block) and wants_part(request)
    with showing(view, draft=draft, request=request):
        known = {**context, "view": view}
        html = look.render(template, block if partly else "", known)
        if partly and view.notices:
            html += look.render("_notices.html", "", known)
    response = HTMLResponse(html, status, headers)
    # The same address answers with a page or a part: caches must keep them apart.
    response.headers["Vary"] = "HX-Request-Type, Cookie"
    return response


def say(request: Request, sentence: str, kind: NoticeKind = "bad", *, status: int = 200) -> Response:
    """An answer to htmx that leaves the page as it is and shows a sentence."""
    view: View = replace(request.state.view, notices=(Notice(sentence, kind),))
    look: Look = request.app.state.look
    return HTMLResponse(look.html("_notices.html", view), status)


def wants_part(request: Request) -> bool:
    """Did htmx ask, for one element of the page? (For `hx-boost` and history it asks for whole pages.)"""
    return request.headers.get("HX-Request-Type") == "partial"


def _gather_macros(environment: jinja2.Environment) -> None:
    """The macros of `templates/ui/` under one name. A global, because a block that is rendered alone has no imports."""
    macros = environment.globals.setdefault("ui", SimpleNamespace())  # there first: macros use each other
    for template in sorted((HERE / "ui").glob("*.html")):
        vars(macros).update(vars(environment.get_template(f"ui/{template.name}").module))


def _environment(folders: Sequence[Path], assets: Assets, *, development: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in folders]),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt",), default=True),  # letters are text, too
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=development,
        cache_size=-1,
    )
    environment.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        static=assets.address,
        icon=icon,
        icon_of=icon,
        url_for=_url_for,
        csrf_field=_csrf_field,
        draft=lambda: _showing.get().draft,
        error_of=_error_of,
        label_of=lambda path: _showing.get().labels.get(path, ""),
        calendar_name=lambda: _showing.get().view.calendar,
        CSRF_HEADER=CSRF_HEADER,
    )
    environment.filters.update(_FILTERS)
    return environment


def _url_for(name: str, **path_params: Any) -> str:
    request = _showing.get().request
    if request is None:
        raise RuntimeError("url_for needs a request; a mail names its addresses itself")
    return str(request.app.url_path_for(name, **path_params))


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, _showing.get().view.csrf)


def _error_of(name: str, label: str) -> str:
    """What is wrong with this field. Its label is kept, so that the sum of errors can name it."""
    shown = _showing.get()
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
        text: str = getattr(_showing.get().formats, write)(value, *more)
        return text

    return show


def _isolated(write: str) -> Callable[..., str]:
    """The same, kept apart from the direction of the text around it; in plain text there is nothing to keep it with."""

    @jinja2.pass_context
    def show(context: Context, value: Any, *more: Any) -> str:
        text: str = getattr(_showing.get().formats, write)(value, *more)
        return Markup("<bdi>{}</bdi>").format(text) if context.eval_ctx.autoescape else text

    return show


@jinja2.pass_context
def _money(context: Context, value: Money) -> str:
    """With its currency: the unit stands where this language puts it, also after a negative figure."""
    shown = _showing.get()
    text = shown.formats.money(value)
    return Markup('<bdi dir="{}">{}</bdi>').format(shown.view.direction, text) if context.eval_ctx.autoescape else text


def _code(text: object) -> Markup:
    """A SKU, a phone number, an address: read from left to right whatever stands around it."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


_ISOLATED = (
    "amount", "weight", "grams", "fineness", "karat", "number", "percent",
    "date", "long_date", "time", "datetime", "ago",
)  # fmt: skip
_FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "code": _code,
    "element_id": _element_id,
    "fetched": _fetched,
    "merged": lambda attrs, more: {**attrs, **more},
    **{name: _plain(name) for name in ("typed", "digits", "unit")},
    **{name: _isolated(name) for name in _ISOLATED},
}
