"""What is typed about the trail."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from plugins.audit.domain.keeping import bounded
from web.forms import CountField, Form


class KeepingForm(Form):
    months: Annotated[CountField, AfterValidator(bounded)]
