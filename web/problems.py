"""Refusals and faults as answers: a page for people, `application/problem+json` (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kernel.errors import BadInput, GoldsmithError, NotSignedIn
from kernel.i18n import _
from kernel.ids import new_id
from web.render import page, say, wants_part

log = logging.getLogger(__name__)


def refused(request: Request, refusal: GoldsmithError) -> Response:
    """The house said no, and why."""
    if refusal.status >= 500:
        log.warning("refused: %s", refusal, exc_info=refusal.__cause__)
    if _for_program(request):
        fields = refusal.fields if isinstance(refusal, BadInput) else None
        response = _problem(refusal.status, refusal.code(), str(refusal), fields)
    elif isinstance(refusal, NotSignedIn):
        return _to_the_door(request)
    elif wants_part(request):
        response = say(request, _in_short(refusal), status=refusal.status)
    else:
        fields = refusal.fields if isinstance(refusal, BadInput) else {}
        response = page(
            request, "error.html", status=refusal.status, problem_status=refusal.status, sentence=str(refusal),
            fields=fields, error_id=None,
        )  # fmt: skip
    if refusal.retry_after_s is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def fault(request: Request, error: BaseException) -> Response:
    """Something broke. The person gets an id to tell us; the log has the rest under the same id."""
    error_id = str(new_id())
    log.error("fault %s at %s %s", error_id, request.method, request.url.path, exc_info=error)
    sentence = _("Something went wrong on our side. Nothing was changed.")
    if _for_program(request):
        return _problem(500, "fault", sentence, None, error_id=error_id)
    if wants_part(request):
        return say(request, f"{sentence} ({error_id})", status=500)
    return page(request, "error.html", status=500, problem_status=500, sentence=sentence, fields={}, error_id=error_id)


def _in_short(refusal: GoldsmithError) -> str:
    """For a fragment, where there is no page to put the sentences on."""
    return " ".join(dict.fromkeys(refusal.fields.values())) if isinstance(refusal, BadInput) else str(refusal)


def _problem(status: int, code: str, sentence: str, fields: object, **more: str) -> Response:
    body: dict[str, object] = {"type": f"urn:goldsmith:problem:{code}", "title": sentence, "status": status}
    if fields:
        body["fields"] = fields
    return Response(json.dumps(body | more, ensure_ascii=False), status, media_type="application/problem+json")


def _for_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.headers.get("accept", "").startswith("application/json")


def _to_the_door(request: Request) -> Response:
    """To the sign-in page, and back here afterwards; a fragment cannot hold that page, so htmx loads it whole."""
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={quote(wanted, safe='/')}", status_code=303)
