"""What other plugins may use of the books: post a document's journal, and know what an account stands at."""

from __future__ import annotations

from plugins.accounting.actions.post import day_of, post
from plugins.accounting.domain.chart import AccountKind
from plugins.accounting.domain.errors import DayClosed, DoesNotBalance, NoAccountFor, PostedDifferently
from plugins.accounting.domain.journal import Document, Entry, Posted, Posting, Sheet
from plugins.accounting.domain.units import metal_unit
from plugins.accounting.queries.trial_balance import Turnover, turnovers

__all__ = [
    "AccountKind", "DayClosed", "Document", "DoesNotBalance", "Entry", "NoAccountFor", "Posted", "PostedDifferently",
    "Posting", "Sheet", "Turnover", "day_of", "metal_unit", "post", "turnovers",
]  # fmt: skip
