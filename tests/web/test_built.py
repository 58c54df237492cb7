"""The built styles and scripts are those of today's sources: found out without Node, and with it to the last byte."""

import hashlib
import json
import re
import shutil
import subprocess

import pytest

from web.assets import BUILT
from web.render import HERE as TEMPLATES

FRONT = TEMPLATES.parent / "front"
HOUSE = TEMPLATES.parent.parent
STAMP = json.loads((BUILT / "stamp.json").read_text())
BUILD_AGAIN = "in web/front run `npm ci` once and `npm run build`, and commit web/static/built"


def mark(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def test_the_sources_are_those_it_was_built_from():
    sources = [*FRONT.glob("css/**/*.css"), *FRONT.glob("js/**/*.js")]
    sources += [FRONT / name for name in ("build.mjs", "package.json", "package-lock.json")]
    assert {file.relative_to(FRONT).as_posix(): mark(file) for file in sources} == STAMP["sources"], BUILD_AGAIN


def test_the_layout_utilities_in_templates_are_those_it_was_built_with():
    templates = [*TEMPLATES.rglob("*.html"), *HOUSE.glob("plugins/*/templates/**/*.html")]
    used = {name for file in templates for name in re.findall(r"\btw:[^\s\"'<>`{}]+", file.read_text(encoding="utf-8"))}
    assert sorted(used) == STAMP["classes"], BUILD_AGAIN


def test_every_layout_utility_means_something():
    """One that Tailwind does not know (or that names a colour we do not have) would silently do nothing."""
    styles = (BUILT / "app.css").read_text(encoding="utf-8")
    known = {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:\\.|[-\w])+)", styles)}
    assert [name for name in STAMP["classes"] if name not in known] == []


def test_nobody_changed_the_built_files_by_hand():
    assert {file.name: mark(file) for file in BUILT.iterdir() if file.name != "stamp.json"} == STAMP["built"]


def test_the_lock_names_no_address():
    lock = (FRONT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "://" not in lock


@pytest.mark.slow
def test_building_again_gives_the_same_bytes(tmp_path):
    node = shutil.which("node")
    if node is None or not (FRONT / "node_modules").is_dir():
        pytest.skip("a rebuild needs Node and `npm ci` in web/front; the stamp was compared without them")
    subprocess.run(
        [node, "build.mjs", str(tmp_path / "built")], cwd=FRONT, check=True, capture_output=True, timeout=120
    )
    again = {file.name: file.read_bytes() for file in (tmp_path / "built").iterdir()}
    assert again == {file.name: file.read_bytes() for file in BUILT.iterdir()}
