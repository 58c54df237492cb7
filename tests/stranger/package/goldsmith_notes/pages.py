"""The pages of notes."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from goldsmith_notes import store
from goldsmith_notes.forms import NoteForm
from goldsmith_notes.permissions import WRITE_NOTES
from kernel.i18n import _
from kernel.uow import UnitOfWork
from web.render import page
from web.routing import get, post, redirect


@get("/notes", permission=WRITE_NOTES)
def list_notes(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "notes/list.html", notes=store.newest(uow))


@post("/notes", form=NoteForm, permission=WRITE_NOTES, again=list_notes)
def add_note(request: Request, uow: UnitOfWork, form: NoteForm) -> Response:
    store.add(uow, form.text)
    return redirect("/notes", say=_("Noted."))


@get("/notes/{note}", permission=WRITE_NOTES)
def show_note(request: Request, uow: UnitOfWork, note: UUID) -> Response:
    return page(request, "notes/note.html", note=store.note(uow, note))


@post("/notes/{note}", form=NoteForm, permission=WRITE_NOTES, again=show_note)
def change_note(request: Request, uow: UnitOfWork, note: UUID, form: NoteForm) -> Response:
    store.change(uow, note, form.text)
    return redirect("/notes", say=_("Noted."))
