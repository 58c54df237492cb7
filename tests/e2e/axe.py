"""What axe-core finds on a page: WCAG 2.0 to 2.2, A and AA, and what it calls best practice. Nothing is let pass."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import ElementHandle, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

#: What another look at the same page can change: everything else is the same by day and by night.
OF_COLOUR = ["color-contrast", "link-in-text-block"]

_RUN = """
async ([within, options]) => {
  const found = await axe.run(within ?? document, {resultTypes: ["violations"], ...options});
  const where = (node) => {
    const because = [...node.any, ...node.all, ...node.none].map((one) => one.message)[0] ?? "";
    return `${node.target.join(" ")} ${because}`;
  };
  return found.violations.map(({id, impact, nodes}) => ({id, impact, nodes: nodes.slice(0, 3).map(where)}));
}
"""


def violations(page: Page, within: ElementHandle | None = None, *, only_colour: bool = False) -> list[str]:
    """One sentence for each: the rule, how grave, and where."""
    chosen = {"type": "rule", "values": OF_COLOUR} if only_colour else {"type": "tag", "values": TAGS}
    rules = {"rules": {"target-size": {"enabled": True}}} if not only_colour else {}
    found: list[dict[str, Any]] = page.evaluate(_RUN, [within, {"runOnly": chosen, **rules}])
    return [f"{one['id']} ({one['impact']}): {'; '.join(one['nodes'])}" for one in found]
