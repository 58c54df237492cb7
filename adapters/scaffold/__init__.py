"""`goldsmith plugin new`: a package outside the house that works from the first minute, to be changed line by line.

What it is made of stands in `package/`: files as they will be, with `$name`, `$title` and `$persian` to fill in.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

PACKAGE = Path(__file__).parent / "package"
#: Otherwise linters and test runs of the house would read them as files of the house.
ENDING = ".in"


class NotScaffolded(Exception):
    """Nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new plugin: `appraisals`, "Appraisals", and what a Persian shop calls it."""

    name: str
    title: str
    persian: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", self.name) or keyword.iskeyword(self.name):
            raise NotScaffolded(
                f"{self.name!r} cannot name a plugin: small Latin letters, digits and _, as appraisals."
            )
        for text in (self.title, self.persian):
            # They are put into Python, TOML, HTML and a catalogue.
            if not text.strip() or re.search(r"""["'\\{}%<>&$\n]""", text):
                raise NotScaffolded(f"{text!r} cannot be a title: words without quotes, braces and signs.")

    @property
    def folder(self) -> str:
        return f"goldsmith-{self.name.replace('_', '-')}"


def write(wanted: Wanted, where: Path) -> Path:
    """Write the package below `where` and answer its folder. Raises NotScaffolded rather than touch what is there."""
    folder = where / wanted.folder
    if folder.exists():
        raise NotScaffolded(f"{folder} is there already; it was left as it is.")
    filled_in = asdict(wanted) | {"folder": wanted.folder}
    for source in sorted(PACKAGE.rglob(f"*{ENDING}")):
        path = str(source.relative_to(PACKAGE)).removesuffix(ENDING).replace("NAME", wanted.name)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text("utf-8")).substitute(filled_in), "utf-8")
    return folder
