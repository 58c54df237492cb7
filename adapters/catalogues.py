"""The catalogues in locale/: every text of the house, as code and templates have it, and what translators made of it.

Nothing here depends on the machine or the day, so the same code always gives the same files and a test can tell when
they are stale. The compiled catalogues are kept in the repository: people start Goldsmith without a build step, and
the folder it stands in may not be writable.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from adapters.config import HOUSE
from kernel.i18n import DOMAIN
from kernel.plugins import Offer

FOLDER = HOUSE / "locale"
OFFER = HOUSE / "plugins.toml"

_FLOORS = ("kernel", "web", "adapters", "plugins")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
# Not silent: a template that cannot be read is a mistake, and not a template without texts.
OPTIONS = {"**.html": {"silent": "false", "extensions": "jinja2.ext.loopcontrols"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_UNCHANGING = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")


class StableCatalog(Catalog):
    """A catalogue whose head names no day, no tool and no person."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in super()._get_mime_headers() if name in _UNCHANGING]

    mime_headers = property(_get_mime_headers)


def files() -> dict[Path, bytes]:
    """What the folder should hold by the code of now: the template, and every catalogue as text and compiled."""
    wanted = extracted()
    made = {FOLDER / f"{DOMAIN}.pot": _as_text(wanted)}
    for language in languages():
        catalogue = in_step(wanted, language)
        made[po_file(language)] = _as_text(catalogue)
        made[po_file(language).with_suffix(".mo")] = _compiled(catalogue)
    return made


def languages() -> list[str]:
    """The languages that somebody translates into: those with a folder here."""
    return sorted(folder.name for folder in FOLDER.iterdir() if (folder / "LC_MESSAGES").is_dir())


def po_file(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def extracted() -> Catalog:
    """Every text that goes through gettext."""
    catalogue = StableCatalog(fuzzy=False, header_comment="# Made from the code by `goldsmith translate`.")
    for floor in _FLOORS:
        found = extract_from_dir(HOUSE / floor, METHODS, OPTIONS, KEYWORDS)
        for file, _line, text, _comments, _context in found:
            # No line numbers: a text is not changed by what is written above it.
            catalogue.add(text, locations=[(f"{floor}/{file}", 0)])
    # Plans are the operator's to name; those we deliver are named in all languages.
    for plan in Offer.read(OFFER).plans.values():
        catalogue.add(plan.title, locations=[(OFFER.name, 0)])
    return catalogue


def in_step(wanted: Catalog, language: str) -> Catalog:
    """The texts of now with the translations of before. Nothing is guessed from texts that look alike."""
    there = translations(language)
    catalogue = StableCatalog(language, fuzzy=False, header_comment="# What is missing here is shown in English.")
    for message in texts(wanted):
        known = there.get(message.id)
        string = known.string if known is not None and isinstance(known.id, type(message.id)) else ""
        catalogue.add(message.id, string, message.locations)
    return catalogue


def translations(language: str) -> Catalog:
    """The catalogue as it stands in its file; an empty one before the first time."""
    file = po_file(language)
    if not file.exists():
        return Catalog(language)
    with file.open("rb") as source:
        return read_po(source, language, abort_invalid=True)


def texts(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the head."""
    return (message for message in catalogue if message.id)


def _as_text(catalogue: Catalog) -> bytes:
    written = BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, sort_by_file=True)
    return written.getvalue()


def _compiled(catalogue: Catalog) -> bytes:
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()
