"""The REST interface's documentation, rendered here from the OpenAPI document: nothing is loaded from elsewhere."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.serialization import encode_json

from web.formats import type_name
from web.render import Page

METHODS = ("get", "post", "put", "patch", "delete")


class Operation(msgspec.Struct, frozen=True):
    """One operation as the page lists it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    body: str
    responses: list[tuple[str, str, str]]
    """(status, description, type of the body) of each answer."""


class ApiDocsPage(Controller):
    """`/api/docs` and `/api/openapi.json`."""

    path = "/api"
    include_in_schema = False

    @get("/docs")
    async def docs(self, request: Request[Any, Any, Any]) -> Page:
        schema = request.app.openapi_schema.to_schema()
        return Page("api/docs.html", {"info": schema["info"], "groups": _groups(schema), "schemas": _schemas(schema)})

    @get("/openapi.json")
    async def document(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        return Response(encode_json(request.app.openapi_schema.to_schema()), media_type="application/json")


def _groups(schema: dict[str, Any]) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, item in schema["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                tag = operation.get("tags", ["Other"])[0]
                groups.setdefault(tag, []).append(_operation(method, path, operation))
    for operations in groups.values():
        operations.sort(key=lambda operation: (operation.path, METHODS.index(operation.method.lower())))
    return groups


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=operation.get("parameters", []),
        body=_body_type(operation.get("requestBody", {})),
        responses=[
            (status, response.get("description", ""), _body_type(response))
            for status, response in sorted(operation["responses"].items())
        ],
    )


def _body_type(holder: dict[str, Any]) -> str:
    return next((type_name(media["schema"]) for media in holder.get("content", {}).values() if "schema" in media), "")


def _schemas(schema: dict[str, Any]) -> dict[str, list[tuple[str, str, bool, str]]]:
    """Each named structure with its fields: (name, type, whether it is required, description)."""
    structures = schema.get("components", {}).get("schemas", {})
    return {
        name: [
            (field, type_name(spec), field in structure.get("required", []), spec.get("description", ""))
            for field, spec in structure.get("properties", {}).items()
        ]
        for name, structure in sorted(structures.items())
        if structure.get("properties")
    }
