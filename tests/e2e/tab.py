"""A tab that remembers every complaint: of scripts, of the content policy, of the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()

#: A violated policy speaks up on the console in every browser, but not about every frame: so each is said again.
WATCHED = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample}`));
"""

#: What a page may fetch in vain: a stream that ends because its page does, a request that a newer one replaced.
ABORTED = "net::ERR_ABORTED"

LANGUAGES = {"en": "en-GB", "fa": "fa-IR"}


class Tab:
    """A page in a context of its own. `complaints` holds what no page may say."""

    def __init__(self, browser: Browser, address: str, *, language: str = "en", axe: bool = False, **options: Any):
        self.context: BrowserContext = browser.new_context(
            **{
                "base_url": address,
                "locale": LANGUAGES[language],
                "viewport": {"width": 1440, "height": 900},
                # No colour is looked at on its way to another.
                "reduced_motion": "reduce",
                **options,
            }
        )
        self.context.set_default_timeout(30_000)
        if options.get("java_script_enabled", True):
            self.context.add_init_script(WATCHED)
            if axe:
                # As the debugger does it, beside the page's policy: the policy stays as strict as it is.
                self.context.add_init_script(AXE)
        self.complaints: list[str] = []
        #: The statuses that a test asks for on purpose: browsers report every refusal on their console, too.
        self.expected: set[int] = set()
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def close(self) -> None:
        self.context.close()

    def told(self) -> list[str]:
        """Every complaint since it was last asked, each once."""
        said, self.complaints = list(dict.fromkeys(self.complaints)), []
        return said

    def _heard(self, message: Any) -> None:
        # Answers are judged by `_answered`, which knows their status.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != ABORTED:
            self.complaints.append(f"network: {_path(request.url)} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"network: {response.status} at {_path(response.url)}")


def _path(url: str) -> str:
    return re.sub(r"^\w+://[^/]+", "", url)
