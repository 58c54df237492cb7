"""What is typed about jobs."""

from __future__ import annotations

from web.forms import Form, Line, Uuid


class ReasonForm(Form):
    """Why something will not be done."""

    because: Line


class KindForm(Form):
    """All that failed of one kind."""

    name: Line


class StartForm(Form):
    """`key` makes the same form sent twice start once. `shop` is its address; the installation's own work has none."""

    key: Uuid
    shop: Line | None = None
