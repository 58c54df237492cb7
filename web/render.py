"""Templates into pages: one environment for the house and its plugins, one way to answer with a page or a part."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kernel import i18n
from web.assets import Assets
from web.filters import CSRF_FIELD, CSRF_HEADER, FILTERS, GLOBALS
from web.formats import Formats
from web.forms import NO_DRAFT, Draft
from web.listing import Listing
from web.routing import forget_notices
from web.view import LANGUAGES, Notice, NoticeKind, View, showing

__all__ = [
    "CSRF_FIELD", "CSRF_HEADER", "LANGUAGES", "Look", "Notice", "View", "formats", "page", "say",
    "showing", "wants_part",
]  # fmt: skip

HERE = Path(__file__).parent / "templates"

ZIPPED_FROM_BYTES = 1000
#: Beyond this each per cent costs as much time as all of it.
ZIP_LEVEL = 4


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
        if partly and isinstance(context.get("listing"), Listing):
            html += look.render("_views.html", "", known)  # outside of the block, and about what it shows
    response = _zipped(request, HTMLResponse(html, status, headers))
    forget_notices(request, response)
    # The same address answers with a page or a part: caches must keep them apart.
    response.headers["Vary"] = "HX-Request-Type, Cookie, Accept-Encoding"
    return response


def _zipped(request: Request, response: HTMLResponse) -> HTMLResponse:
    """A fifth of the way over the wire for half a millisecond.

    Nobody learns the page's token from how long it gets: it is another one each time (`web/guard.py`), and no other
    site's request carries the session (SameSite).
    """
    if "gzip" in request.headers.get("accept-encoding", "") and len(response.body) >= ZIPPED_FROM_BYTES:
        response.body = gzip.compress(bytes(response.body), ZIP_LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def say(request: Request, sentence: str, kind: NoticeKind = "bad", *, status: int = 200) -> Response:
    """An answer to htmx that leaves the page as it is and shows a sentence."""
    view: View = replace(request.state.view, notices=(Notice(sentence, kind),))
    look: Look = request.app.state.look
    return HTMLResponse(look.html("_notices.html", view), status)


def wants_part(request: Request) -> bool:
    """Did htmx ask, for one element of the page? (For `hx-boost` and history it asks for whole pages.)"""
    return request.headers.get("HX-Request-Type") == "partial"


def formats(request: Request) -> Formats:
    """How the person at hand reads numbers and dates; for pages that prepare many rows in Python."""
    view: View = request.state.view
    return view.formats


class Look:
    """Everything pages are made with; made once at start. `templates` and `static` are the plugins' folders."""

    def __init__(
        self, templates: Sequence[Path] = (), static: Sequence[Path] = (), *, development: bool = False
    ) -> None:
        self.assets = Assets(static, development=development)
        self._development = development
        self.environment = _environment((HERE, *templates), self.assets, development=development)
        _gather_macros(self.environment)

    def html(self, template: str, view: View, *, block: str = "", draft: Draft = NO_DRAFT, **context: Any) -> str:
        """A template, or one block of it, outside a request: mails, previews."""
        with showing(view, draft=draft):
            return self.render(template, block, {**context, "view": view})

    def render(self, template: str, block: str, context: Mapping[str, Any]) -> str:
        if self._development:
            _gather_macros(self.environment)
        found = self.environment.get_template(template)
        if not block:
            return found.render(context)
        try:
            return "".join(found.blocks[block](found.new_context(dict(context))))
        except Exception:
            # Rewrites the trace so that it names the template's own lines, as `render` does.
            return self.environment.handle_exception()


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
    environment.globals.update(GLOBALS, static=assets.address)
    environment.filters.update(FILTERS)
    return environment
