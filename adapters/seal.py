"""Marks made with the installation's secret key (HMAC-SHA256)."""

from __future__ import annotations

import hmac

from pydantic import SecretStr


class HmacSeal:
    """Every process of the installation makes the same marks, and nobody without the key makes any."""

    def __init__(self, key: SecretStr) -> None:
        # A key of its own, so that a mark on one thing is never good for another.
        self._key = hmac.digest(key.get_secret_value().encode(), b"goldsmith seal", "sha256")

    def sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), "sha256").hexdigest()
