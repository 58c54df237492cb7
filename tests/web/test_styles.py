"""The look's promises that can be read off the files: contrast, one place for colours, both directions, strict CSP."""

import re
from itertools import product
from pathlib import Path

import pytest

from web.icons import icon
from web.render import HERE as TEMPLATES
from web.render import Look

CSS = sorted(file for file in (TEMPLATES.parent / "front" / "css").glob("*.css") if file.name != "utilities.css")
TOKENS = (TEMPLATES.parent / "front" / "css" / "tokens.css").read_text()
LOOK = Look()
HEX = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")


def themes():
    parts = re.split(r"@media \(prefers-color|:root\[data-theme", TOKENS)
    light, once, chosen = (dict(HEX.findall(part)) for part in parts)
    return light, once, chosen


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_dark_is_the_same_whether_asked_by_the_device_or_chosen():
    light, once, chosen = themes()
    assert once == chosen
    assert set(light) == set(once)


@pytest.mark.parametrize("theme", [0, 2])
def test_every_text_can_be_read_on_every_ground(theme):
    colours = themes()[theme]
    texts = ("ink", "muted", "gold", "gold-strong", "ok", "warn", "bad", "info")
    pairs = [*product(texts, ("bg", "surface", "sunk", "hover"))]
    pairs += [(state, f"{state}-tint") for state in ("ok", "warn", "bad", "info", "gold")]
    pairs += [("ink", f"{state}-tint") for state in ("ok", "warn", "bad", "info", "gold")]
    pairs += [("on-ink", "ink"), ("on-ink", "ink-hover"), ("bg", "warn"), ("bg", "gold")]
    assert {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5} == {}


@pytest.mark.parametrize("theme", [0, 2])
def test_every_control_can_be_seen(theme):
    colours = themes()[theme]
    seen = ("control", "chart-1", "chart-2", "chart-3", "chart-4")
    pairs = product(seen, ("bg", "surface", "sunk"))
    assert {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 3} == {}


@pytest.mark.parametrize("file", CSS, ids=lambda file: file.name)
def test_colours_come_from_the_tokens(file):
    if file.name in ("tokens.css", "print.css"):
        return
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", file.read_text()) == []


@pytest.mark.parametrize("file", CSS, ids=lambda file: file.name)
def test_nothing_is_left_or_right(file):
    rules = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    sides = "(?:left|right|top|bottom)"
    physical = rf"(?:margin|padding|border|inset)-{sides}|(?<!-)\b{sides}\s*:|:\s*(?:left|right)\b"
    assert re.findall(physical, rules) == []
    assert (
        re.findall(r"(?<![-\w])(?:width|height|min-width|max-width|min-height|max-height)\s*:(?!\s*\d+px\))", rules)
        == []
    )


@pytest.mark.parametrize("file", CSS, ids=lambda file: file.name)
def test_every_rule_stands_in_a_layer(file):
    if file.name == "fonts.css":
        return
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    assert re.sub(r"^@layer [a-z, ]+;", "", text.strip()).strip().startswith("@layer ")


def every_template() -> list[Path]:
    root = TEMPLATES.parent.parent
    return sorted([*TEMPLATES.rglob("*.html"), *(root / "plugins").glob("*/templates/**/*.html")])


@pytest.mark.parametrize("template", every_template(), ids=lambda file: file.name)
def test_templates_carry_no_script_and_no_style(template):
    if template.name.startswith("mail"):
        return  # mail programs load no style sheet
    text = template.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|\bjs:", text) == []


@pytest.mark.parametrize("template", every_template(), ids=lambda file: file.name)
def test_macros_that_templates_use_exist(template):
    text = template.read_text()
    LOOK.environment.from_string(text)  # it is sound
    assert set(re.findall(r"\bui\.([a-z_]+)", text)) <= set(vars(LOOK.environment.globals["ui"]))


@pytest.mark.parametrize("template", every_template(), ids=lambda file: file.name)
def test_icons_that_templates_name_exist(template):
    for name in re.findall(r"""\bicon\("([a-z0-9-]+)"\)|\bicon="([a-z0-9-]+)\"""", template.read_text()):
        assert icon(name[0] or name[1])


SIDES = re.compile(
    r"(?:^|:)-?(?:[mp][lr]|left|right|border-[lr]|rounded-(?:[lr]|[tb][lr])|scroll-[mp][lr]|text-(?:left|right))\b"
)


@pytest.mark.parametrize("template", every_template(), ids=lambda file: file.name)
def test_utilities_in_templates_know_no_left_and_no_right(template):
    used = re.findall(r"\btw:[^\s\"'<>`{}]+", template.read_text())
    assert [name for name in used if SIDES.search(name)] == []
