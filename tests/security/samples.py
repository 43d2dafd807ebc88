"""Requests that schemathesis makes from the OpenAPI document, the same ones in every run."""

from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.schemas import APIOperation

from tests.web.world import ORIGIN

Operation = APIOperation[Any, Any, Any, Any]
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""What is there is deleted last."""


async def operations(client: httpx.AsyncClient) -> list[Operation]:
    """All that REST can be asked, in an order in which much is there for long."""
    document = openapi.from_dict(understood((await client.get("/api/openapi.json")).json()))
    found = [one.ok() for one in document.get_all_operations()]
    return sorted(found, key=lambda one: (ORDER.index(one.method.upper()), -len(one.path), one.path))


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


def cases(operation: Operation, mode: GenerationMode, path: dict[str, Any], most: int) -> list[Case]:
    """The same ones in every run; `path` has the parameters of the address that are not made up."""
    found: list[Case] = []

    @settings(
        max_examples=most,
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


async def sent(client: httpx.AsyncClient, case: Case) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url=ORIGIN)
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    headers = {name: str(value).encode("latin-1") for name, value in asked.pop("headers").items()}
    given = {name: value for name, value in asked.items() if name in {"json", "content", "data", "files", "params"}}
    return await client.request(asked["method"], asked["url"], headers=headers, **given)
