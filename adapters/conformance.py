"""The conformance kit: what the house's tests ask of its own plugins, asked of a package from outside.

The tests themselves stand in `tests/` and come with a checkout; they run in a process of their own, in which the
package is installed as it would be anywhere, on a PostgreSQL and a Valkey that are started for them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from adapters.config import HOUSE
from kernel.hooks import ENTRY_POINTS

#: What is asked, and where it stands.
KIT = {
    "imports, permissions, texts, stored events": "tests/outside/conformance.py",
    "the gate: row-level security on every table": "tests/kernel/test_gate.py",
    "no row of another shop, read or written": "tests/house/test_isolation.py",
    "no row of another branch, for who works in one": "tests/house/test_branches.py",
    "every address: who may, and whose ids": "tests/house/test_addresses.py",
    "bad input is refused and changes nothing": "tests/house/test_bad_input.py",
    "off is off, and on again": "tests/house/test_toggle.py",
    "migrations up and down on a filled database": "tests/kernel/test_migrations.py",
}
OWN = "its own tests"

#: So many lines of each failure are said.
LINES = 12

#: Without these nobody signs in and there is no shop; others take part where the plugin requires them.
ALWAYS = ("branches", "identity", "tenants", "today")


class CannotCheck(Exception):
    """Nothing was tried; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the kit asks, and what came of it."""

    asked: str
    tests: int
    failures: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return self.tests > 0 and not self.failures


def check(package: str) -> list[Finding]:
    """Ask everything of a package: a folder with its `pyproject.toml`, or a plugin that is installed, by its name.

    Raises CannotCheck where this is no checkout, or the package cannot be installed.
    """
    if importlib.util.find_spec("pytest") is None or not (HOUSE / "tests").is_dir():
        raise CannotCheck("The kit is in the tests of Goldsmith: use `./run plugin check` in a checkout.")
    folder = Path(package)
    if not folder.is_dir():
        if not entry_points(group=ENTRY_POINTS, name=package):
            raise CannotCheck(f"There is neither a folder {package} nor an installed plugin of this name.")
        return _ask(package, None, [])
    with _installed(folder.resolve()) as (name, site):
        own = folder.resolve() / "tests"
        return _ask(name, site, sorted(map(str, own.rglob("test_*.py"))) if own.is_dir() else [])


@contextmanager
def _installed(folder: Path) -> Iterator[tuple[str, Path]]:
    """The plugin's name, and a folder that the package is installed into as `pip install` does it."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        [name] = project["entry-points"][ENTRY_POINTS]
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError):
        raise CannotCheck(f"{folder}/pyproject.toml names no plugin under {ENTRY_POINTS!r}.") from None
    with TemporaryDirectory(prefix="goldsmith-") as scratch:
        source, site = Path(scratch, "source"), Path(scratch, "site")
        shutil.copytree(folder, source, ignore=shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__"))
        for texts in source.rglob("*.po"):
            with texts.open("rb") as read, texts.with_suffix(".mo").open("wb") as written:
                write_mo(written, read_po(read))
        pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else ["uv", "pip"]
        options = ["--no-deps", "--no-build-isolation", "--quiet", "--target", str(site)]
        done = subprocess.run([*pip, "install", *options, str(source)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotCheck(f"The package cannot be installed.\n{done.stdout}{done.stderr}")
        yield name, site


def _ask(name: str, site: Path | None, own: list[str]) -> list[Finding]:
    with TemporaryDirectory(prefix="goldsmith-") as scratch:
        kit = _run(name, site, Path(scratch, "kit.xml"), list(KIT.values()))
        asked = [Finding(question, *_of(kit, file)) for question, file in KIT.items()]
        if own:
            # They use the fixtures of the house from outside its folders.
            fixtures = ["-p", "tests.conftest", "-p", "tests.plugins.conftest"]
            fixtures += ["--confcutdir", str(Path(own[0]).parent)]
            report = _run(name, site, Path(scratch, "own.xml"), [*fixtures, *own])
            asked.append(Finding(OWN, *_of(report, "")))
    return asked


def _run(name: str, site: Path | None, report: Path, arguments: list[str]) -> ElementTree.Element:
    """A test run in which the plugin is installed, with what it requires and little else: it is quick so."""
    paths = [str(site)] if site else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, str(HOUSE)])}
    options = ["-q", "-c", str(HOUSE / "pyproject.toml"), "--rootdir", str(HOUSE), "-p", "no:cacheprovider"]
    options += ["--tb=short", "--only-plugins", ",".join(ALWAYS), "--outside", name, f"--junit-xml={report}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        cwd=HOUSE, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1) or not report.exists():
        raise CannotCheck(f"The tests could not run.\n{done.stdout[-10_000:]}{done.stderr[-2_000:]}")
    return ElementTree.parse(report).getroot()  # noqa: S314 - our own pytest has just written it


def _of(report: ElementTree.Element, file: str) -> tuple[int, tuple[str, ...]]:
    """How many tests of a file ran, and what those say that failed."""
    module = file.removesuffix(".py").replace("/", ".")
    cases = [case for case in report.iter("testcase") if (case.get("classname") or "").startswith(module)]
    failures = [
        f"{case.get('name')}\n{_end_of(told.text or told.get('message') or '')}"
        for case in cases
        for told in case
        if told.tag in ("failure", "error") and "failed subtest" not in (told.get("message") or "")
    ]
    return len(cases), tuple(failures)


def _end_of(told: str) -> str:
    """What went wrong stands last; a page that was answered may be long."""
    return "\n".join(line[:300] for line in told.strip().splitlines()[-LINES:])
