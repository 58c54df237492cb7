"""What import-linter cannot say about the house, and what must stand nowhere in the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

HOUSE = Path(__file__).resolve().parents[2]

#: Names that hide what is in a file.
NAMELESS = {"common", "helper", "helpers", "manager", "misc", "service", "util", "utils"}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "-C", HOUSE, "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    return [HOUSE / name for name in listed.split("\0") if name and (HOUSE / name).is_file()]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("adapters", "plugins", "web", "kernel", include_external_packages=True)


def plugin_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "plugins" and len(parts) > 1 else None


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if parts[0] == "plugins" and len(parts) > 2 else None


def test_plugins_meet_only_through_public(imports):
    crossings = [
        f"{importer} imports {imported}"
        for importer in imports.modules
        for imported in imports.find_modules_directly_imported_by(importer)
        if plugin_of(importer) and plugin_of(imported) not in {None, plugin_of(importer)}
        if room_of(imported) != "public"
    ]
    assert crossings == []


def test_domain_events_and_ports_need_no_library(imports):
    ours = {"kernel", "plugins"}
    needed = [
        f"{importer} imports {imported}"
        for importer in imports.modules
        if room_of(importer) in {"domain", "events", "ports"}
        for imported in imports.find_modules_directly_imported_by(importer)
        if imported.split(".")[0] not in ours | sys.stdlib_module_names
    ]
    assert needed == []


def test_every_folder_with_code_is_a_package():
    """Import contracts do not see what stands in a folder without `__init__.py`."""
    unseen = {
        str(file.parent.relative_to(HOUSE))
        for top in ("adapters", "kernel", "plugins", "web")
        for file in (HOUSE / top).rglob("*.py")
        if not {"migrations", "static", "node_modules"} & set(file.parts) and not (file.parent / "__init__.py").exists()
    }
    assert unseen == set()


def test_files_are_named_by_what_happens_in_them():
    nameless = [str(file.relative_to(HOUSE)) for file in tracked_files() if file.stem in NAMELESS]
    assert nameless == []


# Written in pieces, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "files." + "pythonhosted.org",
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
    "deb." + "debian.org",
    "proxy." + "golang.org",
    "index." + "docker.io",
]
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "../sh" + "ared"]


def lines_with(patterns: list[str], files: list[Path]) -> list[str]:
    wanted = re.compile("|".join(re.escape(pattern) for pattern in patterns))
    found = []
    for file in files:
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        if wanted.search(text):
            found += [
                f"{file.relative_to(HOUSE)}:{number}"
                for number, line in enumerate(text.splitlines(), 1)
                if wanted.search(line)
            ]
    return found


def test_no_registry_is_named_anywhere():
    assert lines_with(REGISTRY_HOSTS, tracked_files()) == []


def test_no_path_of_one_machine_is_written_anywhere():
    assert lines_with(MACHINE_PATHS, tracked_files()) == []


def test_the_locks_carry_hashes_and_no_addresses():
    for lock in (HOUSE / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9][^\n]*==", text, flags=re.MULTILINE)
        unhashed = [line for line in text.splitlines() if "==" in line and not line.endswith("\\")]
        assert (bool(pinned), unhashed) == (True, [])


def test_the_locks_are_of_the_packages_that_pyproject_names():
    import tomllib

    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "run.lock": project["dependencies"] + extras["embedded"],
        "test.lock": project["dependencies"] + extras["embedded"] + extras["test"],
    }
    for name, packages in wanted.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (HOUSE / "requirements" / name).read_text(), flags=re.MULTILINE))
        assert {re.split(r"[\[><=]", package)[0] for package in packages} - locked == set(), (
            f"run ./run lock for {name}"
        )


def test_what_runs_is_what_is_tested():
    pinned = {
        lock: dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (HOUSE / "requirements" / lock).read_text(), flags=re.MULTILINE))
        for lock in ("run.lock", "test.lock")
    }
    differing = {name for name, version in pinned["run.lock"].items() if pinned["test.lock"].get(name) != version}
    assert differing == set()
