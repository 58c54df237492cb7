"""What sources over HTTP have in common: one careful request, and its answer as exact numbers."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from kernel.i18n import _
from kernel.metal import Metal
from plugins.pricing.public import RateUnavailable

# It notes every address it asks, and with Metals-API the key stands in the address.
logging.getLogger("httpx").setLevel(logging.WARNING)

SYMBOLS = {Metal.GOLD: "XAU", Metal.SILVER: "XAG", Metal.PLATINUM: "XPT", Metal.PALLADIUM: "XPD"}
TIMEOUT_S = 5
LONGEST_ANSWER = 64 * 1024


def ask(client: httpx.Client, source: str, path: str, **request: Any) -> Mapping[str, Any]:
    """The JSON object at `path`. Raises RateUnavailable, which names no address: keys stand in those."""
    try:
        answer = client.get(path, **request)
    except httpx.HTTPError as lost:
        raise RateUnavailable(source, type(lost).__name__) from lost
    if answer.status_code != httpx.codes.OK or len(answer.content) > LONGEST_ANSWER:
        raise RateUnavailable(source, f"HTTP {answer.status_code}")
    try:
        told = json.loads(answer.content, parse_float=Decimal, parse_int=Decimal)
    except ValueError as unreadable:
        raise RateUnavailable(source, _("not JSON")) from unreadable
    if not isinstance(told, dict):
        raise RateUnavailable(source, _("not a JSON object"))
    return told


def number(source: str, told: Mapping[str, Any], name: str) -> Decimal:
    """A number above zero. Raises RateUnavailable."""
    value = told.get(name)
    if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
        raise RateUnavailable(source, _("no {name}").format(name=name))
    return value


def moment(source: str, told: Mapping[str, Any]) -> datetime:
    """Seconds since 1970, as both vendors say it. Raises RateUnavailable."""
    seconds = number(source, told, "timestamp")
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise RateUnavailable(source, _("no {name}").format(name="timestamp")) from None
