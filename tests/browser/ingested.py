"""Projects of their own on the demo's server, for journeys over other data than the demo's."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.browser.demo import Demo


class Ingested(NamedTuple):
    """A project whose collections have been ingested, by their tags, and a client that acts as the administrator."""

    http: httpx.AsyncClient
    id: str
    collections: dict[str, str]

    async def board(self, title: str, tiles: Mapping[str, object]) -> str:
        """The address of a new dashboard with these tiles, as the dashboard's document has them, by their ids."""
        made = (await self.http.post(f"/projects/{self.id}/dashboards", json={"title": title})).json()
        content = {"version": made["version"], "title": made["title"], "tiles": tiles}
        (await self.http.put(f"/dashboards/{made['id']}", json=content)).raise_for_status()
        return f"/dashboards/{made['id']}"


@asynccontextmanager
async def ingested(demo: Demo, project_file: Path, name: str) -> AsyncIterator[Ingested]:
    """The project of that name, sent to the demo's server by the command line."""
    async with httpx.AsyncClient(base_url=f"{demo.address}/api/v1") as http:
        who = {"email": demo.admin.email, "password": demo.admin.password}
        token = (await http.post("/tokens", json=who)).raise_for_status().json()["access_token"]
        command = [Path(sys.executable).with_name("depictio"), "run", project_file, "--server", demo.address]
        process = await asyncio.create_subprocess_exec(*map(str, command), "--token", token)
        assert await process.wait() == 0
        http.headers["authorization"] = f"Bearer {token}"
        projects = (await http.get("/projects")).json()["items"]
        project = next(one["id"] for one in projects if one["name"] == name)
        collections = (await http.get(f"/projects/{project}/collections")).json()["items"]
        yield Ingested(http, project, {one["tag"]: one["id"] for one in collections})
