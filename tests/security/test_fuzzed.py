"""Requests that schemathesis makes from the OpenAPI document: never a fault of the server, nothing undocumented."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.fuzzed import CALLERS, Ground, a_ground
from tests.security.samples import Operation, cases, operations, sent

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = {"anonymous": 1, "member": 2, "administrator": 3}
"""Of each kind, for each operation: strangers are refused before much is looked at."""
ANSWERED = {
    "anonymous": {401, 422},
    "member": {200, 201, 403, 404, 422},
    "administrator": {200, 201, 204, 404, 422},
}
"""What is among the answers to each caller: the requests reach beyond the check of their form."""


@pytest.fixture(scope="module")
async def ground(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with a_ground(mongodb_url, tmp_path_factory.mktemp("ground")) as ground:
        yield ground


def all_cases(operation: Operation, ids: dict[str, Any], most: int) -> Iterator[Case]:
    """Sound requests at what is there and at made-up addresses, and unsound ones at what is there."""
    names = {parameter.name for parameter in operation.path_parameters}
    known = {name: value for name, value in ids.items() if name in names}
    yield from cases(operation, GenerationMode.POSITIVE, known, most)
    if names:
        yield from cases(operation, GenerationMode.POSITIVE, {}, most)
    if operation.body or operation.query:
        yield from cases(operation, GenerationMode.NEGATIVE, known, most)


@pytest.mark.parametrize("who", CALLERS)
async def test_no_request_of_the_document_ends_in_a_fault_or_a_surprise(ground: Ground, who: str) -> None:
    """Every operation, as each caller: a documented status and content, and never one of 500 or above."""
    async with ground.world.client() as client:
        found = await operations(client)
    failed, statuses = [], set()
    for operation in found:
        async with await ground.client(who) as client:
            for case in all_cases(operation, dict(ground.ids), EXAMPLES[who]):
                answer = await sent(client, case)
                statuses.add(answer.status_code)
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as failures:
                    failed += [f"{case.method} {case.path}: {failure}" for failure in failures.exceptions]
    assert failed == []
    assert len(found) > 100
    assert ANSWERED[who] <= statuses
