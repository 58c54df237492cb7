"""Labels, printed by programs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.labels.actions.choose import choose
from plugins.labels.forms import ChoicesForm, LabelsForm
from plugins.labels.pages.printing import printed
from plugins.labels.permissions import CHOOSE_LABELS, PRINT_LABELS
from plugins.labels.ports import LabelPrinter
from web.routing import post, put


@dataclass(frozen=True, slots=True)
class PrintingAnswer:
    """Many labels are long work: `/api/v1/tasks/{work}` says how far it is, and where the file is when it is done."""

    work: UUID | None


@post(
    "/api/v1/labels",
    form=LabelsForm,
    permission=PRINT_LABELS,
    answers=PrintingAnswer,
    status=202,
    file="application/pdf",
)
def api_print_labels(
    request: Request, uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter
) -> PrintingAnswer | Response:
    """Print labels of pieces: a PDF (200) at once, or the long work (202) that prints many."""
    done = printed(uow, form, printer)
    return done if isinstance(done, Response) else PrintingAnswer(done)


@put("/api/v1/labels/choices", form=ChoicesForm, permission=CHOOSE_LABELS, status=204)
def api_change_choices(request: Request, uow: UnitOfWork, form: ChoicesForm) -> Response:
    """Choose what labels usually look like."""
    choose(uow, form)
    return Response(status_code=204)
