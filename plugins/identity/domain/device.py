"""A browser in words, by how it names itself: enough to tell one's own devices apart, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kernel.i18n import _

#: Each names itself after those it descends from, so the younger ones are asked for first.
BROWSERS = {
    r"Edg(e|A|iOS)?/": "Edge",
    r"OPR/|Opera": "Opera",
    r"SamsungBrowser/": "Samsung Internet",
    r"YaBrowser/": "Yandex",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chrome/|CriOS/": "Chrome",
    r"Version/.*Safari/": "Safari",
}
SYSTEMS = {
    r"Windows": "Windows",
    r"Android": "Android",
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"CrOS": "ChromeOS",
    r"Mac OS X|Macintosh": "macOS",
    r"Linux|X11": "Linux",
}
HANDHELD = ("Android", "iPhone", "iPad")


@dataclass(frozen=True, slots=True)
class Device:
    """Such as Firefox on Windows; either is empty where nothing is known."""

    browser: str
    system: str

    @property
    def words(self) -> str:
        if self.browser and self.system:
            return _("{browser} on {system}").format(browser=self.browser, system=self.system)
        return self.browser or self.system or _("Unknown device")

    @property
    def is_handheld(self) -> bool:
        return self.system in HANDHELD


def device_of(named: str) -> Device:
    return Device(_first(BROWSERS, named), _first(SYSTEMS, named))


def _first(known: dict[str, str], named: str) -> str:
    return next((name for pattern, name in known.items() if re.search(pattern, named)), "")
