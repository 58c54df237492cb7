"""A package from outside is written in a minute, held to the rules of the house, and told which one it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters import conformance, scaffold
from adapters.cli.plugin import command
from adapters.config import HOUSE
from adapters.conformance import CannotCheck
from tests.services import Services

HOW_TO = HOUSE / "docs" / "how-to" / "write-a-plugin.md"
WANTED = ["new", "appraisals", "--title", "Appraisals", "--persian", "ارزیابی‌ها", "--in"]


@pytest.fixture(autouse=True)
def _on_the_servers_of_this_run(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", services.postgres)
    monkeypatch.setenv("REDIS_URL", services.redis)


@pytest.fixture
def plugin() -> Callable[..., Result]:
    """`goldsmith plugin …`"""
    return lambda *arguments: CliRunner().invoke(command, list(map(str, arguments)))


def written_by_the_how_to(folder: Path) -> Path:
    for name, content in re.findall(
        r'^```\w+ title="([^"]+)"\n(.*?)^```$', HOW_TO.read_text(), re.DOTALL | re.MULTILINE
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.slow
def test_a_new_package_keeps_every_rule(plugin, tmp_path):
    written = plugin(*WANTED, tmp_path)
    assert written.exit_code == 0, written.output
    checked = plugin("check", tmp_path / "goldsmith-appraisals")
    assert checked.exit_code == 0, checked.output
    lines = checked.output.splitlines()
    assert [line.startswith("ok ") for line in lines] == [True] * (len(conformance.KIT) + 1)
    assert conformance.OWN in lines[-1]


@pytest.mark.slow
def test_a_package_written_from_the_how_to_keeps_every_rule(plugin, tmp_path):
    checked = plugin("check", written_by_the_how_to(tmp_path / "goldsmith-notes"))
    assert checked.exit_code == 0, checked.output


@pytest.mark.slow
def test_a_package_that_breaks_rules_is_told_which(plugin, tmp_path):
    plugin(*WANTED, tmp_path)
    package = tmp_path / "goldsmith-appraisals" / "goldsmith_appraisals"
    change(package / "store.py", "from kernel.ids", "from plugins.pos.store import add_sale\nfrom kernel.ids")
    change(package / "pages.py", "form=EntryForm, permission=KEEP, again=new_entry", "form=EntryForm, everyone=True")
    change(package / "locale/fa/LC_MESSAGES/messages.po", 'msgid "Written by"', 'msgid "Written by whom"')
    migration = package / "migrations" / "appraisals_0001_expand_appraisals.py"
    migration.write_text(
        migration.read_text().replace(
            "\n\ndef downgrade",
            '    op.execute("ALTER TABLE shop.appraisals NO FORCE ROW LEVEL SECURITY")\n\n\ndef downgrade',
        )
    )
    checked = plugin("check", tmp_path / "goldsmith-appraisals")
    assert checked.exit_code == 1
    for told in (
        "store.py imports plugins.pos.store, and only plugins.pos.public is for others",
        "POST /appraisals changes something and asks for no permission",
        "'Written by'",
        "row-level security is not enabled and forced",
    ):
        assert told in checked.output, checked.output


def test_nothing_is_written_over(plugin, tmp_path):
    first, again = plugin(*WANTED, tmp_path), plugin(*WANTED, tmp_path)
    assert (first.exit_code, again.exit_code) == (0, 1)
    assert "is there already; it was left as it is." in again.output


@pytest.mark.parametrize("name", ["Appraisals", "our-notes", "class", "", "../notes", "1st"])
def test_a_name_that_python_or_the_database_would_not_take_is_refused(name):
    with pytest.raises(scaffold.NotScaffolded):
        scaffold.Wanted(name, "Appraisals", "ارزیابی‌ها")


@pytest.mark.parametrize("title", ["", "  ", 'The "best"', "{{ 7 }}", "a\nb", "50 %", "<b>"])
def test_a_title_that_would_break_a_file_is_refused(title):
    with pytest.raises(scaffold.NotScaffolded):
        scaffold.Wanted("appraisals", title, "ارزیابی‌ها")


def test_what_is_no_package_is_not_checked(tmp_path):
    with pytest.raises(CannotCheck, match="names no plugin"):
        conformance.check(str(tmp_path))
    with pytest.raises(CannotCheck, match="neither a folder"):
        conformance.check("nothing-of-this-name")
