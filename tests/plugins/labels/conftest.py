"""Labels are for the pieces of a shop that is open, as the till's tests open one, and speak its language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import i18n
from tests.plugins.pos.conftest import counter, open_counter

__all__ = ["counter", "open_counter"]


@pytest.fixture(autouse=True)
def _catalogues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(i18n, "_locale_dirs", [Path(__file__).parents[3] / "locale"])
    i18n._catalogue.cache_clear()
    yield
    i18n._catalogue.cache_clear()
