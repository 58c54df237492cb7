"""What only packages from outside are asked: the house's own plugins are held to it by linters and by their tests.

`goldsmith plugin check` runs this file by its name, together with what is asked of every plugin.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from adapters import catalogues
from kernel.contributions import Scope
from kernel.events import Event, to_plain
from kernel.plugins import Plugin, Plugins
from tests.kernel.test_event_samples import example, shape

#: Only the outer skin knows these; a plugin says what it needs as a port.
OF_ADAPTERS = {"adapters", "boto3", "botocore", "dependency_injector", "dramatiq", "httpx", "redis", "smtplib", "tests"}


@pytest.fixture(params=["outside"])
def plugin(plugins: Plugins, pytestconfig: pytest.Config) -> Plugin:
    return plugins.by_name[pytestconfig.getoption("outside")]


def code(plugin: Plugin) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(plugin.folder.rglob("*.py")):
        yield file.relative_to(plugin.folder), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Modules by their full names; of `from plugins.pos import public` that of `public`, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            is_a_package = node.module == "plugins" or node.module.count(".") == 1
            yield from (f"{node.module}.{name.name}" for name in node.names) if is_a_package else (node.module,)


def test_it_meets_other_plugins_only_through_what_they_make_public(plugin):
    known = {*plugin.manifest.requires, *plugin.manifest.listens}
    wrong = []
    for file, tree in code(plugin):
        for module in imported(tree):
            parts = module.split(".")
            if parts[0] != "plugins":
                continue
            if len(parts) < 3 or parts[2] != "public":
                wrong.append(f"{file} imports {module}, and only plugins.{parts[1]}.public is for others")
            elif parts[1] not in known:
                wrong.append(f"{file} imports {module}, and the manifest neither requires {parts[1]} nor listens to it")
    assert wrong == []


def test_it_reaches_the_outside_only_through_ports(plugin):
    assert [
        f"{file} imports {module}"
        for file, tree in code(plugin)
        for module in imported(tree)
        if module.split(".")[0] in OF_ADAPTERS
    ] == []


def test_it_leaves_the_transaction_to_the_unit_of_work(plugin):
    assert [
        f"{file}:{node.lineno} calls {node.func.attr}()"
        for file, tree in code(plugin)
        if "migrations" not in file.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
    ] == []


def test_every_change_needs_a_permission_that_it_declares(plugins, plugin):
    declared = {given.value.name: given.plugin for given in plugins.given("permissions")}
    wrong = []
    for given in plugins.given("routes"):
        route = given.value
        if given.plugin != plugin.name or route.scope is Scope.PUBLIC:
            continue
        if route.permission is None and route.changes:
            wrong.append(f"{route.method} {route.path} changes something and asks for no permission")
        if route.permission is not None and route.permission.name not in declared:
            wrong.append(f"{route.method} {route.path} asks for {route.permission.name}, which nobody declares")
    assert wrong == []


def test_its_names_say_whose_they_are(plugins, plugin):
    of_it = [
        given.value.name
        for hook in ("permissions", "settings", "schedules")
        for given in plugins.given(hook)
        if given.plugin == plugin.name
    ]
    files = [
        str(file.relative_to(plugin.folder))
        for kind in ("templates", "static")
        for file in (plugin.folder / kind).rglob("*")
        if file.is_file() and not file.is_relative_to(plugin.folder / kind / plugin.name)
    ]
    assert ([name for name in of_it if not name.startswith(f"{plugin.name}.")], files) == ([], [])


@pytest.mark.parametrize("language", catalogues.languages())
def test_every_text_is_translated(plugin, language):
    """By the package's own catalogue, or by the house's where the house says the same."""
    known = catalogues.translations(language)
    own = plugin.folder / "locale" / language / "LC_MESSAGES" / "messages.po"
    catalogue = read_po(own.open("rb"), language) if own.exists() else None
    missing = []
    for file, line, text, _comments, _context in extract_from_dir(
        plugin.folder, catalogues.METHODS, catalogues.OPTIONS, catalogues.KEYWORDS
    ):
        there = [one for one in (catalogue.get(text) if catalogue else None, known.get(text)) if one]
        if not any(one.string and not one.fuzzy and all(one.string) for one in there):
            missing.append(f"{file}:{line} {text!r}")
    assert missing == []


def test_its_events_have_samples(plugin):
    """`event_samples/<Event>.<n>.json`: what was stored by an earlier version stays readable."""
    package = plugin.module.__name__.rpartition(".")[0]
    for found in pkgutil.walk_packages([str(plugin.folder)], f"{package}."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)
    missing = []
    for name, kind in Event.known.items():
        if kind.__module__.split(".")[0] == package.split(".")[0]:
            stored = sorted((plugin.folder / "event_samples").glob(f"{name}.*.json"))
            today = to_plain(example(kind))
            if shape(today) not in [shape(json.loads(sample.read_text())) for sample in stored]:
                missing.append(f"{name}: event_samples/{name}.{len(stored) + 1}.json should be {json.dumps(today)}")
    assert missing == []
