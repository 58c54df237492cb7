"""How a shop stands: suspended, paying, on trial, to be deleted, and the proof that nothing of it is left."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kernel.i18n import _
from kernel.uow import Database, PlatformWork
from plugins.tenants.actions import delete_shop as deleting
from plugins.tenants.actions import pay as paying
from plugins.tenants.actions import suspend as suspending
from plugins.tenants.domain.override import last_day
from plugins.tenants.forms import DeletionForm, SuspensionForm, TrialForm
from plugins.tenants.pages.shop import show_shop
from plugins.tenants.permissions import EDIT_SHOPS, SEE_SHOPS
from plugins.tenants.ports import Waiting
from plugins.tenants.queries import shops as queries
from plugins.tenants.queries import standing
from web.render import page
from web.routing import get, post, redirect


@get("/platform/shops/{shop}/suspension", platform=True, permission=EDIT_SHOPS)
def ask_why_suspending(request: Request, work: PlatformWork, shop: UUID) -> Response:
    return page(request, "tenants/suspension.html", shop=queries.shop(work, shop))


@post(
    "/platform/shops/{shop}/suspension",
    form=SuspensionForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=ask_why_suspending,
    sensitive=True,
)
def suspend(request: Request, work: PlatformWork, database: Database, shop: UUID, form: SuspensionForm) -> Response:
    suspending.suspend(database, work, shop, form)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is suspended: it can be read, and nothing changed."))


@post("/platform/shops/{shop}/reactivation", platform=True, permission=EDIT_SHOPS, again=show_shop)
def reactivate(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    suspending.reactivate(database, work, shop)
    return redirect(f"/platform/shops/{shop}", say=_("The shop works again."))


@post("/platform/shops/{shop}/paying", platform=True, permission=EDIT_SHOPS, again=show_shop)
def begin_paying(request: Request, work: PlatformWork, shop: UUID) -> Response:
    paying.begin_paying(work, shop)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is active, and pays from now on."))


@post("/platform/shops/{shop}/past-due", platform=True, permission=EDIT_SHOPS, again=show_shop, sensitive=True)
def fall_due(request: Request, work: PlatformWork, shop: UUID) -> Response:
    paying.fall_due(work, shop)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is past due: it can be read, and nothing changed."))


@post("/platform/shops/{shop}/trial", form=TrialForm, platform=True, permission=EDIT_SHOPS, again=show_shop)
def set_trial(request: Request, work: PlatformWork, shop: UUID, form: TrialForm) -> Response:
    paying.set_trial(work, shop, form)
    return redirect(f"/platform/shops/{shop}", say=_("The trial ends on another day."))


@get("/platform/shops/{shop}/deletion", platform=True, permission=EDIT_SHOPS)
def ask_whether_deleting(request: Request, work: PlatformWork, shop: UUID, waiting: Waiting) -> Response:
    return page(request, "tenants/deletion.html", shop=queries.shop(work, shop), days=waiting.days)


@post(
    "/platform/shops/{shop}/deletion",
    form=DeletionForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=ask_whether_deleting,
    sensitive=True,
)
def schedule_deletion(
    request: Request, work: PlatformWork, database: Database, shop: UUID, form: DeletionForm, waiting: Waiting
) -> Response:
    deleting.schedule_deletion(database, work, shop, form, waiting)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is closed. Until its time is over it can be kept."))


@post("/platform/shops/{shop}/deletion/cancel", platform=True, permission=EDIT_SHOPS, again=show_shop)
def cancel_deletion(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    deleting.cancel_deletion(database, work, shop)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is kept, and is what it was."))


@get("/platform/shops/{shop}/proof", platform=True, permission=SEE_SHOPS)
def show_proof(request: Request, work: PlatformWork, shop: UUID) -> Response:
    row = queries.shop(work, shop)
    found = standing.deletion_of(work, shop)
    return page(
        request,
        "tenants/proof.html",
        shop=row,
        deletion=found,
        due=last_day(found.due_at, row.zone) if found else None,
    )


@get("/platform/shops/{shop}/proof.txt", platform=True, permission=SEE_SHOPS)
def download_proof(request: Request, work: PlatformWork, shop: UUID) -> Response:
    """In English and without colours, for a file that is kept."""
    deletion = standing.deletion_of(work, shop)
    lines = [f"Shop {shop}"]
    if deletion is not None:
        lines += [
            f"Name: {deletion.name}",
            f"Address: {deletion.slug}",
            f"Scheduled: {deletion.scheduled_at.isoformat()} by {deletion.scheduled_by}: {deletion.because}",
            f"Kept until: {deletion.due_at.isoformat()}",
            f"Erased: {deletion.erased_at.isoformat() if deletion.erased_at else 'not yet'}",
            "",
        ]
        counts = sorted((deletion.counts or {}).items())
        lines += [f"{name}: {found} found, {erased} erased, {left} left" for name, (found, erased, left) in counts]
    headers = {"content-disposition": f'attachment; filename="deletion-{shop}.txt"'}
    return PlainTextResponse("\n".join(lines) + "\n", headers=headers)
