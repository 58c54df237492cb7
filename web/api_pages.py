"""The API's description as a page that a person reads; made from the document, served by us, without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body: what it takes, in a word or two, and what is said about it."""

    name: str
    takes: str
    required: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: tuple[Field, ...]
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


COMMANDS = """\
curl {site}/api/v1/tokens --json '{{"email": "sara@example.com", "password": "…"}}'
curl {site}/api/v1/me -H "Authorization: Bearer $ACCESS_TOKEN"
curl {site}/api/v1/tokens/refresh --json '{{"refresh_token": "…"}}'"""


def commands(site: str) -> str:
    """How a program signs in, asks, and goes on: for who wants to try it at once."""
    return COMMANDS.format(site=site)


def groups(document: Mapping[str, Any]) -> list[tuple[str, list[Operation]]]:
    """The operations by plugin, in the document's order."""
    schemas = document["components"]["schemas"]
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            found[described["tags"][0]].append(_operation(method.upper(), path, described, schemas))
    return list(found.items())


def _operation(method: str, path: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    answers = described["responses"]
    success = next(answer for status, answer in answers.items() if status.startswith("2"))
    return Operation(
        method,
        path,
        described["summary"],
        described.get("description", ""),
        described.get("x-permission", ""),
        tuple(Field(one["name"], _takes(one["schema"]), one["required"]) for one in _own(described["parameters"])),
        tuple(_fields(described.get("requestBody"), schemas)),
        tuple(_fields(success, schemas)),
        tuple((status, answer["description"]) for status, answer in answers.items()),
    )


def _own(parameters: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Those that not every change takes: of the others the page tells once."""
    return (one for one in parameters if "$ref" not in one)


def said(text: str) -> Markup:
    """What is between backticks is code."""
    parts = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)


def _fields(body: Mapping[str, Any] | None, schemas: Mapping[str, Any]) -> Iterable[Field]:
    schema = (body or {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return
    while "$ref" in schema:
        schema = schemas[_name(schema)]
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        says = field.get("description") or next(
            (one["description"] for one in field.get("anyOf", ()) if "description" in one), ""
        )
        yield Field(name, _takes(field), name in required, says)


def _takes(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_takes(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_takes(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
