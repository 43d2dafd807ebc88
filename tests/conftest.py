"""The servers that tests share: the embedded document server and a real S3 server, both on loopback.

TEST_MONGODB_URL and TEST_STORAGE_URL (s3://bucket/prefix, with AWS_* settings) name other servers to be used instead.
"""

import asyncio
import json
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, async_playwright, expect

from domain.errors import Unavailable
from persistence.child import Child, free_port, listening, start_child, stop_child
from persistence.embedded import EmbeddedServer
from persistence.mongo import Documents, connect
from persistence.objects import ObjectStore, open_objects

CHROMIUM = os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium")
UNWANTED_FEATURES = (
    # What Playwright itself switches off: of two lists the later one counts.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
    # Two pages of the address bar, which each new window loads though nobody sees it: 0.6 s of work.
    *("AimEnabled", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
CHROMIUM_FLAGS = [
    f"--disable-features={','.join(UNWANTED_FEATURES)}",
    "--no-sandbox",
    "--headless=new",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of one browser at one server share a process, which has compiled its scripts already.
    "--process-per-site",
    # Without a graphics card the processor draws; not by way of a pretended card, except for WebGL.
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
]
SHOWN_WITHIN = 20_000
"""Milliseconds: how fast pages are is for benchmarks; tests share their processors."""
CLOSED_WITHIN = 60.0
S3_READY_WITHIN = 60.0
S3_TRIES = 3
GRPC_OFFSET = 10_000
HIGHEST_PORT = 65_535 - GRPC_OFFSET
MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of its own is made there, under a name nobody can guess.
ROOM_IN_MEMORY = 2 << 30


class S3Server(NamedTuple):
    url: str
    options: dict[str, str]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for the whole run; each test opens contexts of its own."""
    expect.set_options(timeout=SHOWN_WITHIN)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        async with asyncio.timeout(CLOSED_WITHIN):
            await browser.close()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
async def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One document server for the whole run; databases are never dropped while it runs.

    Tests of crashes and durability start servers of their own, on the disk. This one keeps its documents in memory.
    """
    given = os.environ.get("TEST_MONGODB_URL")
    if given:
        yield given
        return
    with quick_folder(tmp_path_factory, "documents") as folder:
        server = await EmbeddedServer.start(folder)
        yield server.url
        await server.stop()


@contextmanager
def quick_folder(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder in the machine's memory where that has room, else on the disk: for what need not outlive a power cut."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_IN_MEMORY:
        yield tmp_path_factory.mktemp(name)
        return
    with TemporaryDirectory(prefix=f"depictio-{name}-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
async def documents(mongodb_url: str) -> AsyncIterator[Documents]:
    """A database of its own for each test, without collections."""
    documents = await connect(mongodb_url, f"test_{secrets.token_hex(8)}")
    yield documents
    documents.close()


@pytest.fixture(scope="session")
async def s3_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[S3Server]:
    """A real S3 server that asks for credentials and knows conditional puts."""
    given = os.environ.get("TEST_STORAGE_URL")
    if given:
        yield S3Server(given, {key: value for key, value in os.environ.items() if key.startswith("AWS_")})
        return
    folder = tmp_path_factory.mktemp("s3")
    options = {
        "AWS_ACCESS_KEY_ID": "depictio",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(16),
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    (folder / "s3.json").write_text(json.dumps(_identities(options)))
    child, port = await _started(folder)
    try:
        async with asyncio.timeout(S3_READY_WITHIN):
            while not await _healthy(port):
                assert child.poll() is None, (folder / "log").read_text()
                await asyncio.sleep(0.1)
            server = S3Server("s3://lake/depictio", options | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"})
            # The server is healthy before it has made its bucket.
            while not await _has_bucket(server):  # noqa: ASYNC110 -- it is another process that is waited for.
                await asyncio.sleep(0.1)
        yield server
    finally:
        await stop_child(child)


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty object store: once a local directory, once a prefix of its own on the S3 server."""
    if request.param == "local":
        return open_objects(str(tmp_path / "objects"))
    server: S3Server = request.getfixturevalue("s3_server")
    return open_objects(f"{server.url}/{secrets.token_hex(8)}", server.options)


async def _started(folder: Path) -> tuple[Child, int]:
    """The server and its port. Another process may take one of its ports between the choice and its start."""
    for _ in range(S3_TRIES):
        ports = dict(zip(("master", "volume", "filer", "s3", "admin"), _ports(5), strict=True))
        child = start_child(_weed(folder, ports), folder=folder, log=folder / "log")
        async with asyncio.timeout(S3_READY_WITHIN):
            while child.poll() is None and not await _healthy(ports["s3"]):  # noqa: ASYNC110 -- another process.
                await asyncio.sleep(0.1)
        if child.poll() is None:
            break
    return child, ports["s3"]


def _weed(folder: Path, ports: dict[str, int]) -> list[str]:
    """Without `-disableHttp` the server's file interface would be open to everybody on the machine."""
    return [
        *(str(Path(sys.executable).with_name("weed")), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-{name}.port={port}" for name, port in ports.items()),
        *(f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *("-webdav=false", "-admin.ui=false", "-bucket=lake", "-disableHttp"),
    ]


def _identities(options: dict[str, str]) -> dict[str, object]:
    keys = {"accessKey": options["AWS_ACCESS_KEY_ID"], "secretKey": options["AWS_SECRET_ACCESS_KEY"]}
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [{"name": "depictio", "credentials": [keys], "actions": actions}]}


def _ports(count: int) -> list[int]:
    """Free ports; the server takes the port 10 000 higher for each of them too."""
    ports: set[int] = set()
    while len(ports) < count:
        port = free_port()
        ports.add(port if port <= HIGHEST_PORT else port - GRPC_OFFSET)
    return sorted(ports)


async def _healthy(port: int) -> bool:
    if not await listening(port):
        return False
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return b" 200 " in status


async def _has_bucket(server: S3Server) -> bool:
    try:
        await open_objects(server.url, server.options).ping()
    except Unavailable:
        return False
    return True
