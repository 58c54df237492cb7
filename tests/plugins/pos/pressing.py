"""A person at the till without scripts: reads the form that is on the page, types into it, presses a button."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from tests.plugins.browser import Browser


class _Form(HTMLParser):
    """The fields of the form with an id, as a browser would send them."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id, self.inside, self.fields = id, False, dict[str, str]()
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.inside = said.get("id") == self.id
        name = said.get("name")
        if not self.inside or "disabled" in said:
            return
        if tag == "input" and name and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            self.fields[name] = said.get("value") or ""
        elif tag == "select":
            self._select = name
            self.fields[name or ""] = ""
        elif tag == "option" and self._select and "selected" in said:
            self.fields[self._select] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


class AtTheTill:
    """`answer` is the last page; what stands in its form goes along with the next press."""

    def __init__(self, browser: Browser, path: str = "/pos") -> None:
        self.browser = browser
        self.answer = browser.get(path)

    @property
    def fields(self) -> dict[str, str]:
        form = _Form("till")
        form.feed(self.answer.text)
        return form.fields

    @property
    def text(self) -> str:
        """What one reads, without the marks that keep directions apart."""
        words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", self.answer.text, flags=re.S)
        return " ".join(words.replace("\u2066", "").replace("\u2069", "").split())

    def press(self, to: str = "/pos/cart", **typed: Any) -> AtTheTill:
        """Type, and press: `press(find="R-1")`, `press(go="pay")`, `press("/pos/sales")`."""
        names = {name.replace("__", "["): value for name, value in typed.items()}
        sent = {**self.fields, **{_field(name): str(value) for name, value in names.items()}}
        sent.pop("csrf_token", None)
        self.answer = self.browser.post(to, **sent)
        return self


def _field(name: str) -> str:
    """`lines[0[discount` is `lines[0][discount]`."""
    first, *more = name.split("[")
    return first + "".join(f"[{step}]" for step in more)
