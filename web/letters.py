"""Letters are written as pages are: from templates, in the language of who gets them.

`<template>.html` extends `mail.html`, `<template>.txt` extends `mail.txt`; both have the blocks `title`, which is the
letter's subject, and `content`.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kernel.calendars import Calendar
from kernel.mail import Letter
from kernel.plugins import Plugins
from kernel.uow import UnitOfWork
from web.render import Look
from web.view import View


def shops_letter(uow: UnitOfWork, template: str, to: str, language: str | None, **context: Any) -> Letter:
    """From the shop at hand; in its own language where we do not know another."""
    shop = uow.shop
    view = View(
        language=language or shop.language,
        calendar=Calendar(shop.calendar),
        zone=ZoneInfo(shop.zone),
        now=uow.now,
        currency=shop.currency,
        shop=shop.name,
    )
    return letter(uow.plugins, template, to, view, **context)


def houses_letter(folder: Path, template: str, to: str, language: str, now: datetime, **context: Any) -> Letter:
    """From the installation itself, by the templates of the plugin in this folder."""
    return _written((folder / "templates",), template, to, View(language=language, now=now), **context)


def letter(plugins: Plugins, template: str, to: str, view: View, **context: Any) -> Letter:
    folders = tuple(plugin.folder / "templates" for plugin in plugins.by_name.values())
    return _written(folders, template, to, view, **context)


def _written(folders: tuple[Path, ...], template: str, to: str, view: View, **context: Any) -> Letter:
    look = _look(folders)
    subject = look.html(f"{template}.txt", view, block="title", **context)
    return Letter(
        to=to,
        subject=" ".join(subject.split()),
        text=look.html(f"{template}.txt", view, **context),
        html=look.html(f"{template}.html", view, **context),
    )


@lru_cache(maxsize=4)
def _look(folders: tuple[Path, ...]) -> Look:
    """A worker has no application that would have made one; it reads templates only when it writes a letter."""
    return Look([folder for folder in folders if folder.is_dir()])
