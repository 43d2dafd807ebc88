"""The OpenAPI document and the page that shows it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.world import World
from web.formats import type_name

METHODS = {"get", "post", "put", "patch", "delete"}


async def _document(world: World) -> dict[str, Any]:
    async with world.client() as http:
        return (await http.get("/api/openapi.json")).json()


async def test_every_operation_is_described(world: World) -> None:
    """A summary, a description, a tag, an id of its own, and its failures as problem+json."""
    document = await _document(world)
    assert document["openapi"].startswith("3.1")
    operations = [
        (f"{method} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    assert len(operations) >= 24
    ids = [operation["operationId"] for _, operation in operations]
    assert len(ids) == len(set(ids))
    for name, operation in operations:
        assert all(operation.get(field) for field in ("summary", "description", "tags")), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                (media,) = response["content"]
                assert (media, response["content"][media]["schema"]) == (
                    "application/problem+json",
                    {"$ref": "#/components/schemas/ProblemDetails"},
                ), (name, status)


async def test_only_rest_is_in_the_document(world: World) -> None:
    """Pages and files are not."""
    document = await _document(world)
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []


async def test_every_reference_leads_somewhere(world: World) -> None:
    """A client generator would fail on a dangling one."""
    document = await _document(world)

    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(document):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


async def test_the_page_lists_every_operation_and_loads_nothing_from_elsewhere(world: World) -> None:
    """It is rendered on the server and is open to everybody."""
    document = await _document(world)
    page = await (await world.browser()).page("/api/docs")
    shown = {tuple(span.get_text(strip=True) for span in row.select("summary > span")[:2]) for row in page.select("li")}
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            assert (method.upper(), path) in shown
    for tag in page.select("[src], link[href]"):
        assert (tag.get("src") or tag["href"]).startswith("/static/")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"type": "string"}, "string"),
        ({"$ref": "#/components/schemas/Box"}, "Box"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Box"}}, "array of Box"),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of integer"),
        ({"type": "string", "enum": ["owner", "viewer"]}, "owner or viewer"),
        ({"type": ["string", "null"]}, "string or null"),
        ({}, "any"),
    ],
)
def test_types_are_written_in_words(spec: dict[str, Any], text: str) -> None:
    """As the page shows them."""
    assert type_name(spec) == text
