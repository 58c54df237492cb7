"""The catalogues are what the code says, and complete; and no text that a person reads goes past them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment

from adapters.catalogues import FOLDER, extracted, files, languages, po_file, texts, translations
from adapters.config import HOUSE

FLOORS = ("kernel", "web", "adapters", "plugins")

#: What is written alike in every language: names of things, and patterns with nothing but their parts.
SAME_EVERYWHERE = {
    "A4", "GoldAPI", "Metals-API", "PDF",
    "{day} {month}", "{day} {month} {year}", "{month} {year}", "{tax} {percent}",
    "{title}: {about}", "{worked} × {paid_as}/{tested}",
}  # fmt: skip

#: Names that a reader of any language knows by their Latin letters, and what is typed so.
LATIN_NAMES = {
    "2FAS", "Aegis", "Authenticator", "Google", "Valkey",
    "114B", "269ST", "A4", "API", "Asia", "CSV", "Code", "Esc", "Excel", "GSTIN", "GoldAPI", "Idempotency", "JPEG",
    "Connect", "JSON", "Key", "MAIN", "MB", "Metals", "OpenAPI", "OpenID", "PAN", "PDF", "PNG", "QR", "TRN", "Tehran",
    "UTF", "UUID",
    "WebP", "com", "example", "name", "next", "NIST", "SEMATECH", "gold", "https", "issuer", "tehran", "z",
}  # fmt: skip

PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w*}")
LATIN_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*|[0-9]+[A-Z]+")


@pytest.fixture(scope="module", params=languages())
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return translations(request.param)


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


# The files


def test_the_catalogues_are_what_the_code_says():
    stale = [str(file.relative_to(HOUSE)) for file, content in files().items() if file.read_bytes() != content]
    assert stale == [], "run `./run translate`, and translate what is new"


def test_the_catalogues_name_no_day_no_person_and_no_machine():
    for file in [FOLDER / "messages.pot", *map(po_file, languages())]:
        head = file.read_text().split("\n\n")[0]
        assert not re.search(r"\d{4}-\d\d|@|Generated-By|POT-Creation-Date|Last-Translator", head)


# Each translation


def test_every_text_is_translated(catalogue):
    assert [message.id for message in texts(catalogue) if not all(strings(message)) or message.fuzzy] == []


def test_there_are_as_many_forms_of_a_plural_as_the_language_has(catalogue):
    assert catalogue.plural_forms == Catalog(catalogue.locale).plural_forms
    wrong = [
        message.id
        for message in texts(catalogue)
        if (
            len(strings(message)) != catalogue.num_plurals
            if message.pluralizable
            else not isinstance(message.string, str)
        )
    ]
    assert wrong == []


def test_what_is_filled_in_is_the_same_in_both(catalogue):
    differing = [
        message.id
        for message in texts(catalogue)
        for string in strings(message)
        if set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(ids(message)[-1]))
    ]
    assert differing == []


def test_a_text_of_a_template_can_be_filled_in():
    """A template fills in `%(name)s` in every text, also where there is none: a lone per cent sign is written `%%`."""
    everything = [
        *texts(extracted()),
        *(message for language in languages() for message in texts(translations(language))),
    ]
    for message in everything:
        if any(file.endswith(".html") for file, _line in message.locations):
            for string in [*ids(message), *filter(None, strings(message))]:
                names = re.findall(r"%\((\w+)\)s", string)
                assert "%(" not in string % dict.fromkeys(names, "")


def test_what_is_translated_differs(catalogue):
    same = [m.id for m in texts(catalogue) if set(ids(m)) & set(strings(m)) and not set(ids(m)) <= SAME_EVERYWHERE]
    assert same == []


def test_latin_words_are_names(catalogue):
    """Of the terminal's texts all that stands in the English one, too: it is typed so."""
    if Locale.parse(catalogue.locale).character_order == "left-to-right":
        pytest.skip("a language in Latin letters")
    unknown = {}
    for message in texts(catalogue):
        known = set(LATIN_NAMES)
        if all(file.startswith("adapters/") for file, _line in message.locations):
            known |= set(LATIN_WORD.findall(" ".join(ids(message))))
        found = {word for string in strings(message) for word in LATIN_WORD.findall(PLACEHOLDER.sub("", string))}
        if found - known:
            unknown[message.id] = found - known
    assert unknown == {}


def test_persian_is_written_with_persian_letters_and_signs():
    wrong = []
    for message in texts(translations("fa")):
        for string in strings(message):
            if re.search(r"[يكىة]|[؀-ۿ]\s*[,;?]", string) or string != string.strip("\n") or "  " in string:
                wrong.append(string)
    assert wrong == []


# Texts that went past gettext

TRANSLATING = {"_", "gettext", "ngettext", "N_"}
SPOKEN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt"}

#: Words that are the same for everybody: our name, names of keys, and an example of what a file holds.
BARE_NAMES = {"Ctrl", "Ctrl K", "Enter", "Esc", "Escape", "Goldsmith", "Ring Toranj", "Shift", "Shift F9"}

#: A word or a sentence as a person reads it, and not the name of a class, a file or a key.
WORDS = re.compile(r"^[A-Z][a-z]+(?:[ ,’'][\w ,.:;’'!?…“”-]*)?[.!?:…]?$")


def glossary() -> list[tuple[set[str], set[str], set[str]]]:
    """The rows of the glossary in docs/how-to/translate.md: English terms, their Persian, and what is not said."""
    rows = re.findall(
        r"^\| (.*?) \| (.*?) \| ?(.*?) ?\|$", (HOUSE / "docs/how-to/translate.md").read_text(), flags=re.M
    )
    return [(_terms(english), _terms(persian), _terms(never)) for english, persian, never in rows[2:]]


def _terms(cell: str) -> set[str]:
    """`انبار (جا)، موجودی (مقدار)` are two terms; what follows a colon explains."""
    spoken = {term.strip() for term in re.split("[,،]", cell.partition(":")[0])}
    return {term for whole in spoken for term in (whole, re.sub(r" \(.*?\)", "", whole)) if term}


def test_persian_has_one_word_for_one_thing():
    by_text = {m.id.casefold(): str(m.string) for m in texts(translations("fa")) if isinstance(m.id, str)}
    other = {
        term: by_text[term.casefold()]
        for english, persian, _never in glossary()
        for term in english
        if term.casefold() in by_text and by_text[term.casefold()] not in persian
    }
    assert other == {}


def test_persian_does_not_say_what_the_glossary_rules_out():
    said = {term for _english, persian, _never in glossary() for term in persian}
    never = {term for *_others, ruled_out in glossary() for term in ruled_out} - said
    found = {
        (term, string)
        for message in texts(translations("fa"))
        for string in strings(message)
        for term in never
        if re.search(rf"(?<![\w\u200c]){term}(?![\w\u200c])", string)
    }
    assert len(never) > 10
    assert found == set()


def says_something(text: str) -> bool:
    return WORDS.match(text) is not None and text.strip() not in BARE_NAMES


def templates() -> list[Path]:
    return sorted(file for floor in FLOORS for file in (HOUSE / floor).rglob("templates/**/*.html"))


class Spoken(HTMLParser):
    """Collects what a page shows or reads out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.texts += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def words(text: str) -> list[str]:
    """Words of a text; attributes and classes that a block brings into a tag elsewhere are none."""
    return re.findall(r"[A-Za-z]{2,}", re.sub(r'[\w-]+="[^"]*"|\S*(?:--|__)\S*', " ", text))


def tokens(template: Path) -> list[tuple[int, str, str]]:
    return list(Environment(autoescape=True).lex(template.read_text()))


def html_alone(template: Path) -> str:
    """The template without what Jinja puts in, and without what stands in `{% trans %}`."""
    html, in_trans, opened = [], False, False
    for _line, kind, value in tokens(template):
        if kind == "block_begin":
            opened = True
        elif kind == "name" and opened:
            in_trans = value == "trans" if value in ("trans", "endtrans") else in_trans
            opened = False
        elif kind == "data" and not in_trans:
            html.append(value)
    return "".join(html)


def quoted_bare(template: Path) -> Iterator[str]:
    """Texts in Jinja's own quotes that are handed to something else than gettext."""
    calls: list[str] = []
    before = ""
    for line, kind, value in tokens(template):
        if kind == "operator" and value in "([{":
            calls.append(before if value == "(" else "")
        elif kind == "operator" and value in ")]}":
            calls.pop()
        elif kind == "string" and not TRANSLATING & set(calls) and says_something(value[1:-1]):
            yield f"{template.relative_to(HOUSE)}:{line}: {value}"
        if kind != "whitespace":
            before = value


def test_a_template_says_nothing_past_gettext():
    bare = []
    for template in templates():
        spoken = Spoken()
        spoken.feed(html_alone(template))
        said = {word for text in spoken.texts for word in words(text)} - BARE_NAMES
        if said:
            bare.append(f"{template.relative_to(HOUSE)}: {sorted(said)}")
        bare += quoted_bare(template)
    assert bare == []


#: Whoever is called with a text shows it to a person.
SHOWING = {
    "Column", "Entry", "Manifest", "Notice", "Permission", "Report", "Setting", "Slot", "Widget",
    "job", "redirect", "say",
}  # fmt: skip


def python_files() -> list[Path]:
    return sorted(file for floor in FLOORS for file in (HOUSE / floor).rglob("*.py") if "migrations" not in file.parts)


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def refusals() -> set[str]:
    """The names of all classes below GoldsmithError."""
    bases: dict[str, set[str]] = {}
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                bases.setdefault(node.name, set()).update(map(named, node.bases))
    known = {"GoldsmithError"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


def bare_texts(node: ast.AST) -> Iterator[str]:
    """Texts below this node that no call to gettext stands around."""
    if isinstance(node, ast.Call) and named(node.func) in TRANSLATING:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and says_something(node.value):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        if re.search(
            r"[a-z]{2,} |^[a-z]{2,}$",
            "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)),
        ):
            yield ast.unparse(node)
        return
    for below in ast.iter_child_nodes(node):
        yield from bare_texts(below)


def said_past_gettext(file: Path, refusing: set[str]) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in refusing:
            inside = [call for call in ast.walk(node) if isinstance(call, ast.Call) and named(call.func) == "__init__"]
        elif isinstance(node, ast.Call) and named(node.func) in SHOWING | refusing:
            inside = [node]
        else:
            continue
        for call in inside:
            for handed in [*call.args, *(keyword.value for keyword in call.keywords)]:
                yield from (f"{file.relative_to(HOUSE)}:{handed.lineno}: {text}" for text in bare_texts(handed))


def test_no_refusal_and_no_title_goes_past_gettext():
    refusing = refusals()
    assert "RuleBroken" in refusing
    assert [found for file in python_files() for found in said_past_gettext(file, refusing)] == []
