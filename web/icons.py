"""Icons (Lucide) as inline SVG, so that they take the colour and size of the words beside them."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from web.assets import HERE

# These point somewhere: they turn round where reading goes from right to left. A clock or a gem does not.
_POINTING = re.compile(
    r"(arrow|chevron|chevrons)-(left|right).*|log-(in|out)|send|undo-2|external-link|panel-left|trending-.*|list.*|reply"
)
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon(name: str) -> Markup:
    """The icon of this name, hidden from screen readers: a word or `aria-label` goes with it. KeyError if unknown."""
    file = HERE / "icons" / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        raise KeyError(f"no icon {name!r}; web/static/icons has those we use")
    drawing = _DRAWING.search(file.read_text(encoding="utf-8"))
    if drawing is None:
        raise ValueError(f"{file.name} is not an SVG")
    looks = "icon icon--turns" if _POINTING.fullmatch(name) else "icon"
    # A file of our own repository, not something that was sent.
    return Markup(  # noqa: S704
        f'<svg class="{looks}" viewBox="0 0 24 24" aria-hidden="true">{" ".join(drawing[1].split())}</svg>'
    )
