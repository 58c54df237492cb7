"""What a role may do with the books."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

SEE_BOOKS = Permission("accounting.see", N_("See the books"), whole_shop=True)
POST_BY_HAND = Permission("accounting.post", N_("Post journals by hand and reverse them"), ("owner",), whole_shop=True)
EDIT_CHART = Permission("accounting.chart", N_("Change the chart of accounts"), ("owner",), whole_shop=True)
