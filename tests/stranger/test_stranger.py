"""A package from outside, built and installed like any other, passes what the house asks of its own plugins."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.services import Services

HERE = Path(__file__).parent
HOUSE = HERE.parents[1]

#: What the house tries on every plugin, wherever it comes from.
OF_EVERY_PLUGIN = [
    "tests/house/test_isolation.py",
    "tests/house/test_addresses.py",
    "tests/house/test_toggle.py",
    "tests/house/test_bad_input.py",
    "tests/kernel/test_gate.py",
    "tests/kernel/test_migrations.py",
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the stranger's package was installed into."""
    source = tmp_path_factory.mktemp("stranger") / "package"
    shutil.copytree(HERE / "package", source)
    for texts in source.rglob("*.po"):
        with texts.open("rb") as read, texts.with_suffix(".mo").open("wb") as written:
            write_mo(written, read_po(read))
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else ["uv", "pip"]
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--target", str(target)]
    done = subprocess.run([*pip, "install", *options, str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, services: Services, *tests: str) -> None:
    """A test run of its own, in which the package is installed."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(installed), str(HOUSE)]),
        "DATABASE_URL": services.postgres,
        "REDIS_URL": services.redis,
    }
    # Without the plugins it can do without: what it needs of the house is there, and it is quick.
    options = [
        "-q",
        "--only-plugins",
        "branches,identity,tenants,today",
        "--outside",
        "notes",
        "-p",
        "no:cacheprovider",
    ]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2_000:]


@pytest.mark.slow
def test_a_strangers_plugin_works(installed, services):
    run(installed, services, "tests/stranger/conformance.py")


@pytest.mark.slow
def test_a_strangers_plugin_passes_what_every_plugin_must_pass(installed, services):
    run(installed, services, *OF_EVERY_PLUGIN)
