"""Labels and tags: what hangs on the pieces in the window, to be read by customers and by scanners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Setting, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.labels import jobs as later
from plugins.labels import rest
from plugins.labels.domain.choices import CHOICES
from plugins.labels.pages import choosing, printing
from plugins.labels.pages.printing import of_a_file, of_a_piece, of_many
from plugins.labels.permissions import CHOOSE_LABELS, PRINT_LABELS
from plugins.labels.ports import LabelPrinter
from plugins.labels.tables import label_files
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "labels",
        N_("Labels"),
        N_("Price tags, jewellery tags and labels with barcodes, on sheets or one by one."),
        requires=("shop", "tasks", "inventory", "pricing", "pos"),
    )


@hookimpl
def routes() -> list[Route]:
    return routes_in(printing, choosing, rest)


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(
            N_("Labels"),
            "/settings/labels",
            "tags",
            CHOOSE_LABELS,
            order=40,
            place="settings",
            detail=N_("What stands on price tags, and the paper they are printed on."),
        )
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [PRINT_LABELS, CHOOSE_LABELS]


@hookimpl
def settings() -> list[Setting]:
    return CHOICES


@hookimpl
def tables() -> list[Table]:
    return [label_files]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [later.print_many, later.forget_files]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("labels.forget", "20 4 * * *", later.forget_files)]


@hookimpl
def slots() -> list[Slot]:
    return [
        Slot("inventory.piece", "labels/_link.html", of_a_piece, PRINT_LABELS, order=100),
        Slot("inventory.bulk", "labels/_bulk.html", of_many, PRINT_LABELS, order=100),
        Slot("inventory.import", "labels/_link.html", of_a_file, PRINT_LABELS, order=100),
    ]


@hookimpl
def ports() -> list[type[Any]]:
    return [LabelPrinter]
