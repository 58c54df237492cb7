"""The API's own description: OpenAPI 3.1, made from the routes, their forms and what they say they answer.

Nothing is written by hand, so nothing can be out of date: what an endpoint checks is what the document says.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from http import HTTPStatus
from typing import Any, Literal, get_args, get_type_hints
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticSerializationError
from starlette.responses import Response

from kernel.contributions import Given, Route, Scope
from kernel.plugins import Plugins

ADDRESS = "/api/v1/openapi.json"
REF = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"

Mode = Literal["validation", "serialization"]
Key = tuple[str, Mode]

_LONG_NAME = re.compile(r"plugins__(\w+?)__(?:\w+?__)*(\w+?)(?=\")")

#: Refusals that an operation may answer beside its success, and what has to be true of it.
_WHY = {
    400: "A field is missing or cannot be read; `fields` says which, each with a sentence.",
    401: "No valid token, key or session came with the request; `WWW-Authenticate` says what is asked for.",
    403: "The person's role or the key does not include the permission, a password has to be shown anew, or the "
    "request comes from another site.",
    404: "There is nothing with this id in this shop, or the plugin is off.",
    409: "Somebody was faster; or the same `Idempotency-Key` came before with other content, or is being worked on.",
    410: "It was there and is over, such as an invitation that was accepted.",
    422: "A rule of the trade is broken; `title` says which.",
    429: "Too many requests; `Retry-After` says in how many seconds to try again.",
    503: "The house is being looked after or overloaded; `Retry-After` says when to try again.",
}
_PROBLEM: JsonSchemaValue = {
    "type": "object",
    "description": "What was refused and why (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "`urn:goldsmith:problem:` and the broken rule's name; stable."},
        "title": {"type": "string", "description": "A sentence for the person at the till, in their language."},
        "status": {"type": "integer"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "permission": {"type": "string", "description": "With 403: the permission that the person's role lacks."},
    },
    "required": ["type", "title", "status"],
}


#: What is true of every operation, in a few paragraphs that the page shows as well.
ABOUT = (
    "Everything a shop does. Amounts in answers are minor units of their currency, weights milligrams; what is sent "
    "may be written as a person types it.",
    "Send `Authorization: Bearer` with every request, and with it either an access token, which `POST /api/v1/tokens` "
    "gives for ten minutes, or a key that a person made at `/account/keys`. Both may what their person may now; a key "
    "no more than was chosen. When the person's rights change, an access token answers 401: refresh it.",
    "A change that carries an `Idempotency-Key` is made once, however often it is sent within a day: the same key with "
    "the same content answers the same again, with `Idempotency-Replayed: true`. What was refused is tried again.",
    "Lists come a page at a time: ask again with `after` set to the `next` of the page before, until it is null.",
    "Requests are counted by person, by shop and, without a valid token, by network address: `RateLimit` says what is "
    "left and in how many seconds it begins anew. Beyond that, 429 with `Retry-After`.",
    "What is refused is answered as `application/problem+json`; its `type` is stable, its `title` is a sentence for "
    "people, in their language.",
)
_HEADERS: JsonSchemaValue = {
    "RateLimit": {
        "description": 'What is left of each quota, and in how many seconds it begins anew: `"user";r=998;t=3412`.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The quotas that count here, and their windows in seconds: `"user";q=1000;w=3600`.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "In so many seconds.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "`Bearer`, and what was wrong (RFC 6750).", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` where this is the answer to an earlier request with the same key.",
        "schema": {"type": "string", "const": "true"},
    },
}
_IDEMPOTENCY_KEY: JsonSchemaValue = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A word of your own making for this change, a UUID for example.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!#-~]+$"},
}
_LIMITED = ("RateLimit", "RateLimit-Policy")


class Schemas(GenerateJsonSchema):
    """Defaults that are values of our own (no weight, no stones) have no JSON and are left out."""

    def encode_default(self, dft: Any) -> Any:
        if is_dataclass(dft) or isinstance(dft, BaseModel):
            raise PydanticSerializationError("a default of our own")
        return super().encode_default(dft)

    def emit_warning(self, kind: Any, detail: str) -> None:
        return


@dataclass(frozen=True, slots=True)
class _Operation:
    """A route with the keys under which its schemas are asked for."""

    plugin: str
    route: Route

    @property
    def id(self) -> str:
        return f"{self.plugin}.{self.route.name.removeprefix('api_')}"

    def inputs(self) -> Iterable[tuple[Key, Mode, TypeAdapter[Any]]]:
        wanted: tuple[tuple[str, Any, Mode], ...] = (
            ("form", self.route.form, "validation"),
            ("query", self.route.query, "validation"),
            ("answers", self.route.answers, "serialization"),
        )
        for what, kind, mode in wanted:
            if kind is not None:
                yield (f"{self.id} {what}", mode), mode, TypeAdapter(kind)


def document(plugins: Plugins, *, session_cookie: str) -> dict[str, Any]:
    """The whole installation's API, also of plugins from outside. The same plugins always give the same document."""
    operations = [_Operation(given.plugin, given.value) for given in _api(plugins.given("routes"))]
    found, schema = TypeAdapter.json_schemas(
        [asked for operation in operations for asked in operation.inputs()], ref_template=REF, schema_generator=Schemas
    )
    schemas: dict[str, Any] = {what: value for ((what, _same), _mode), value in found.items()}
    definitions: dict[str, Any] = schema.get("$defs", {})
    paths: dict[str, dict[str, Any]] = {}
    for operation in sorted(operations, key=lambda one: (one.route.path, one.route.method)):
        path = paths.setdefault(operation.route.path, {})
        path[operation.route.method.lower()] = _described(operation, schemas, definitions)
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "Goldsmith",
            "version": "1",
            "description": "\n\n".join(ABOUT),
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": name, "description": plugins.by_name[name].manifest.title}
            for name in sorted({operation.plugin for operation in operations})
        ],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **definitions},
            "headers": _HEADERS,
            "parameters": {"IdempotencyKey": _IDEMPOTENCY_KEY},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token, or a key of a person. With a key nothing is done that asks for a "
                    "password.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": session_cookie,
                    "description": "Of our own pages; each change carries the session's proof in `X-CSRF-Token`.",
                },
            },
        },
        "security": [{"bearer": []}, {"session": []}],
    }
    # Two plugins may use one name: then it is the plugin's.
    named: dict[str, Any] = json.loads(_LONG_NAME.sub(r"\1.\2", json.dumps(made)))
    return named


def _api(routes: Iterable[Given]) -> Iterable[Given]:
    return (given for given in routes if given.value.is_api and given.value.path != ADDRESS)


def _described(operation: _Operation, schemas: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    route = operation.route
    summary, _gap, rest = (inspect.getdoc(route.endpoint) or _words(route.name)).partition("\n\n")
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.plugin],
        "summary": " ".join(summary.split()),
        "parameters": [*_in_path(route), *_in_query(schemas.get(f"{operation.id} query"), definitions)],
        "responses": _answers(operation, schemas),
    }
    if rest:
        described["description"] = rest
    if route.form is not None:
        content = {"application/json": {"schema": schemas[f"{operation.id} form"]}}
        described["requestBody"] = {"required": True, "content": content}
    if route.changes and route.scope is Scope.SHOP:
        described["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
    if route.permission is not None:
        described["x-permission"] = route.permission.name
    if route.scope is Scope.PUBLIC:
        described["security"] = []
    return described


def _words(name: str) -> str:
    return name.removeprefix("api_").replace("_", " ").capitalize()


def _in_path(route: Route) -> list[dict[str, Any]]:
    hints = get_type_hints(route.endpoint)
    return [
        {"name": name, "in": "path", "required": True, "schema": _of_path(hints.get(name, str))}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _of_path(kind: Any) -> JsonSchemaValue:
    kind = getattr(kind, "__supertype__", kind)
    if kind is UUID:
        return {"type": "string", "format": "uuid"}
    return {"type": "integer", "minimum": 0} if kind is int else {"type": "string", "minLength": 1}


def _in_query(schema: JsonSchemaValue | None, definitions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A query is described by a form; each of its fields is a parameter."""
    if schema is None:
        return []
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]


def _answers(operation: _Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    route = operation.route
    repeatable = route.changes and route.scope is Scope.SHOP
    kept = _headers(*_LIMITED, *(("Idempotency-Replayed",) if repeatable else ()))
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase, "headers": kept}
    if route.answers is not None:
        success["content"] = {"application/json": {"schema": schemas[f"{operation.id} answers"]}}
    answers = {str(route.status): success}
    if route.file is not None:
        content = {route.file: {"schema": {"type": "string", "contentMediaType": route.file}}}
        answers["200"] = {"description": "The file.", "headers": kept, "content": content}
    elif route.status == HTTPStatus.CREATED and _may_answer_itself(route):
        answers["200"] = {**success, "description": "It was made before, and nothing new was."}
    refusals = {429, 503}
    if route.form is not None or route.query is not None:
        refusals |= {400}
    if route.scope is not Scope.PUBLIC:
        refusals |= {400, 401, 403, 404}
    if route.changes:
        refusals |= {400, 401, 409, 422}
    if route.changes and "{" in route.path:
        refusals |= {410}
    return {**answers, **{str(status): _refusal(status) for status in sorted(refusals)}}


def _refusal(status: int) -> dict[str, Any]:
    more = {401: ("WWW-Authenticate",), 409: ("Retry-After",), 429: ("Retry-After",), 503: ("Retry-After",)}
    problem = {PROBLEM: {"schema": {"$ref": REF.format(model="Problem")}}}
    return {
        "description": _WHY[status],
        "headers": _headers(*_LIMITED, *more.get(status, ())),
        "content": problem,
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _may_answer_itself(route: Route) -> bool:
    return Response in get_args(get_type_hints(route.endpoint)["return"])
