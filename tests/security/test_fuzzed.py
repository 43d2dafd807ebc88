"""Requests that schemathesis makes from the OpenAPI document: never a fault of the server, nothing undocumented."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.fuzzed import CALLERS, Ground, a_ground
from tests.web.world import ORIGIN

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 3
ANSWERED = {
    "anonymous": {400, 401, 422},
    "member": {200, 201, 403, 404, 409, 422},
    "administrator": {200, 201, 204, 404, 409, 422},
}
"""What is among the answers to each caller: the requests reach beyond the check of their form."""
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""What is there is deleted last."""


@pytest.fixture(scope="module")
async def ground(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with a_ground(mongodb_url, tmp_path_factory.mktemp("ground")) as ground:
        yield ground


def understood(node: Any) -> Any:
    """The document without `prefixItems`, which schemathesis 4.32 turns into what it then refuses in answers."""
    if isinstance(node, list):
        return [understood(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {name: understood(value) for name, value in node.items()}
    if "prefixItems" in made:
        places = made.pop("prefixItems")
        made |= {"items": {"anyOf": places}, "minItems": len(places), "maxItems": len(places)}
    return made


def cases(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, path: dict[str, Any]) -> list[Case]:
    """The same ones in every run; `path` has the parameters of the address that are not made up."""
    found: list[Case] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode, path_parameters=path))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def all_cases(operation: APIOperation[Any, Any, Any, Any], ids: dict[str, Any]) -> Iterator[Case]:
    """Sound requests at what is there and at made-up addresses, and unsound ones at what is there."""
    names = {parameter.name for parameter in operation.path_parameters}
    known = {name: value for name, value in ids.items() if name in names}
    yield from cases(operation, GenerationMode.POSITIVE, known)
    if names:
        yield from cases(operation, GenerationMode.POSITIVE, {})
    if operation.body or operation.query:
        yield from cases(operation, GenerationMode.NEGATIVE, known)


async def sent(client: httpx.AsyncClient, case: Case) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url=ORIGIN)
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    headers = {name: str(value).encode("latin-1") for name, value in asked.pop("headers").items()}
    given = {name: value for name, value in asked.items() if name in {"json", "content", "data", "files", "params"}}
    return await client.request(asked["method"], asked["url"], headers=headers, **given)


@pytest.mark.parametrize("who", CALLERS)
async def test_no_request_of_the_document_ends_in_a_fault_or_a_surprise(ground: Ground, who: str) -> None:
    """Every operation, as each caller: a documented status and content, and never one of 500 or above."""
    async with ground.world.client() as client:
        document = openapi.from_dict(understood((await client.get("/api/openapi.json")).json()))
    found = [one.ok() for one in document.get_all_operations()]
    operations = sorted(found, key=lambda one: (ORDER.index(one.method.upper()), -len(one.path), one.path))
    failed, statuses = [], set()
    for operation in operations:
        async with await ground.client(who) as client:
            for case in all_cases(operation, dict(ground.ids)):
                answer = await sent(client, case)
                statuses.add(answer.status_code)
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as failures:
                    failed += [f"{case.method} {case.path}: {failure}" for failure in failures.exceptions]
    assert failed == []
    assert len(operations) > 100
    assert ANSWERED[who] <= statuses
