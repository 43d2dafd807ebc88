"""The server asks no address that a request, a file or a row names: a listener that must never be reached."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import polars as pl
import pytest
from schemathesis import GenerationMode

from domain.collections import DataCollection
from domain.errors import DomainError, Unavailable
from domain.projects import Access
from persistence.frames.kinds import column_of
from persistence.mongo import new_id, now
from persistence.tables import Change
from services.local_ingest import LocalIngest, Scanner
from services.oidc import Provider
from services.project_files import read_project_file
from tests.security.fuzzed import Ground, a_ground
from tests.security.samples import cases, operations, sent
from tests.web.world import World

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class Ear:
    """A listener on this machine that counts who comes; `also` leads them on."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.port = 0
        self.leads_to = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readline())
        writer.write(f"HTTP/1.1 302 Found\r\nlocation: {self.leads_to}\r\ncontent-length: 0\r\n\r\n".encode())
        writer.close()

    def names(self) -> list[str]:
        """Addresses that lead to it: by itself, by storage, and what a proxy would be asked for."""
        plain = f"127.0.0.1:{self.port}"
        return [
            f"{self.url}/x.csv", f"s3://{plain}/x", f"//{plain}/x.png", "http://169.254.169.254/latest/meta-data/",
            "https://metadata.google.internal/x.parquet", "file:///etc/passwd", f"http://user@{plain}#@example.org/",
            f"\\\\{plain}\\share",
        ]  # fmt: skip


@pytest.fixture
async def ear(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ear]:
    """It is the proxy for all that is not on this machine, too."""
    found = Ear()
    server = await asyncio.start_server(found.hear, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    for name in PROXIES:
        monkeypatch.setenv(name, found.url)
    yield found
    server.close()
    await server.wait_closed()


@pytest.fixture(scope="module")
async def ground(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with a_ground(mongodb_url, tmp_path_factory.mktemp("outbound")) as ground:
        yield ground


async def test_the_listener_hears(ear: Ear) -> None:
    """Directly and as a proxy: otherwise the tests below would show nothing."""
    async with httpx.AsyncClient() as http:
        await http.get(ear.url)
        await http.get("http://169.254.169.254/")
    assert len(ear.heard) == 2


async def add_rows(world: World, access: Access, rows: pl.DataFrame) -> DataCollection:
    path = f"tables/{new_id()}"
    change = Change(schema=rows.schema, frames=[rows], stored={}, rows_added=rows.height, replaces_all=True)
    world.tables.commit(path, None, change)
    columns = tuple(column_of(name, dtype) for name, dtype in rows.schema.items())
    collection = DataCollection(
        id=new_id(), project_id=access.project.id, tag="images", workflow="w", columns=columns, rows=rows.height,
        table_version=0, table_path=path,
    )  # fmt: skip
    return await world.collections.add(collection)


def replaced(node: Any, place: tuple[Any, ...], text: str) -> Any:
    if not place:
        return text
    changed = list(node) if isinstance(node, list) else dict(node)
    changed[place[0]] = replaced(node[place[0]], place[1:], text)
    return changed


def texts(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a text stands in a body."""
    if isinstance(node, str):
        yield place
    inner = node.items() if isinstance(node, dict) else enumerate(node[:2]) if isinstance(node, list) else ()
    for key, value in inner:
        yield from texts(value, (*place, key))


async def test_no_text_of_a_request_is_an_address_to_ask(ground: Ground, ear: Ear) -> None:
    """Each text of bodies, queries and addresses, of every operation that an administrator has."""
    names, tried = cycle(ear.names()), 0
    async with ground.world.client() as client:
        found = await operations(client)
    for operation in found:
        known = {one.name: ground.ids.get(one.name, "unknown") for one in operation.path_parameters}
        async with await ground.client("administrator") as client:
            for case in cases(operation, GenerationMode.POSITIVE, known, 2):
                body, query, path = case.body, dict(case.query), dict(case.path_parameters)
                for place in texts(body):
                    case.body = replaced(body, place, next(names))
                    assert (await sent(client, case)).status_code < 500
                    tried += 1
                case.body = body
                case.query = {one.name: next(names) for one in operation.query}
                assert (await sent(client, case)).status_code < 500
                case.query = query
                case.path_parameters = {name: quote(next(names), safe="") for name in path}
                assert (await sent(client, case)).status_code < 500
                tried += 2
    assert tried > 400
    assert ear.heard == []


def described_collection(tag: str, kind: str, name: str, **properties: Any) -> dict[str, Any]:
    scan = {"mode": "single", "scan_parameters": {"filename": name}}
    config = {"type": kind, "metatype": "metadata", "scan": scan, "dc_specific_properties": properties}
    return {"data_collection_tag": tag, "config": config}


def project_file(name: str) -> dict[str, Any]:
    """A project file that names this address wherever it may name one; its last collection is refused for it."""
    image = {"format": "csv", "image_column": "path", "local_images_path": name, "s3_base_folder": name}
    options = {"storage_options": {"aws_endpoint_url": name}}
    workflow = {
        "name": "w",
        "engine": {"name": "nextflow"},
        "catalog": {"name": "nf-core", "url": name},
        "repository_url": name,
        "data_location": {"structure": "flat", "locations": [name]},
        "data_collections": [
            described_collection("t", "table", name, format="csv"),
            described_collection("i", "image", name, **image),
            described_collection("o", "table", name, format="csv", polars_kwargs=options),
        ],
    }
    return {"name": f"Outbound {secrets.token_hex(4)}", "workflows": [workflow]}


async def test_no_project_file_leads_anywhere(ground: Ground, ear: Ear, tmp_path: Path) -> None:
    """Registered over REST, and ingested where it lies: places of files are folders of that machine."""
    services, actor = ground.world.services, ground.users["administrator"].actor()
    outcomes = set()
    for name in ear.names():
        described = project_file(name)
        async with await ground.client("administrator") as client:
            assert (await client.post("/api/v1/ingests", json=described)).status_code < 500
        path = tmp_path / "project.yaml"
        described["workflows"][0]["data_collections"].pop()
        path.write_text(json.dumps(described))
        try:
            file = read_project_file(path)
            access, collections = await services.ingestion.register(actor, file.description)
        except DomainError:
            outcomes.add("refused")
            continue
        ingest = LocalIngest(services.ingestion, access, Scanner(file, {}))
        outcomes |= {(await ingest.run(one)).outcome for one in collections}
    assert outcomes == {"failed"}
    assert ear.heard == []


async def test_no_row_leads_anywhere(ground: Ground, ear: Ear) -> None:
    """An image that a row names by an address is looked for among those of the collection."""
    access = await ground.world.project(ground.users["administrator"])
    collection = await add_rows(ground.world, access, pl.DataFrame({"path": ear.names()}))
    async with await ground.client("administrator") as client:
        place = f"/api/v1/projects/{access.project.id}/collections/{collection.id}/image"
        found = [
            (await client.get(place, params={"column": "path", "value": name})).status_code for name in ear.names()
        ]
    assert set(found) <= {404, 422}
    assert ear.heard == []


async def test_a_provider_leads_nowhere_else(ear: Ear) -> None:
    """A redirect of the configured sign-in provider is not followed, and what comes back chooses no other one."""
    other = Ear()
    server = await asyncio.start_server(other.hear, "127.0.0.1", 0)
    other.port = server.sockets[0].getsockname()[1]
    ear.leads_to = f"{other.url}/.well-known/openid-configuration"
    provider = Provider(ear.url, "client", "secret", back="http://depictio.test/back", key="k" * 32, now=now)
    with pytest.raises(Unavailable):
        await provider.begin("/")
    assert (len(ear.heard), other.heard) == (1, [])
    server.close()
    await server.wait_closed()
