"""The real application with what tests put into it, and browsers without scripts."""

import secrets
from typing import Any

import httpx
import polars as pl
from bs4 import BeautifulSoup
from litestar import Litestar

from domain.access import Role
from domain.collections import Column, ColumnKind, DataCollection
from domain.people import User
from domain.projects import Access
from persistence.collections import CollectionRepository, IngestRepository
from persistence.mongo import Documents, new_id, now
from persistence.tables import Change, Tables
from services.system import Services

PASSWORD = "correct horse battery staple"
ORIGIN = "http://depictio.test"
PENGUINS = pl.DataFrame(
    {
        "species": ["Adelie", "Gentoo", None, "<b>Chinstrap</b>"],
        "bill_mm": [39.1, 47.5, 40.25, 50.0],
        "count": [1, 2, 3, 4],
    }
)


class Browser:
    """A browser without scripts: it keeps cookies, sends the form token, and follows no redirect by itself."""

    def __init__(self, app: Litestar, user: User | None = None, origin: str = ORIGIN) -> None:
        self.user = user
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def page(self, path: str, status: int = 200) -> BeautifulSoup:
        answer = await self.get(path)
        assert answer.status_code == status, answer.text
        return soup(answer)

    async def token(self) -> str:
        await self.get("/sign-in")
        return next(value for name, value in self.http.cookies.items() if "csrf" in name)

    async def post(self, path: str, **form: Any) -> httpx.Response:
        return await self.http.post(path, data={"_csrf_token": await self.token(), **form})

    async def htmx(self, method: str, path: str, **form: Any) -> httpx.Response:
        headers = {"HX-Request": "true", "x-csrftoken": await self.token()}
        return await self.http.request(method, path, data=form or None, headers=headers)

    async def sign_in(self, password: str = PASSWORD, next_path: str = "/projects") -> httpx.Response:
        assert self.user is not None
        return await self.post("/sign-in", email=self.user.email, password=password, next=next_path)


class World:
    """The application and what tests put into it."""

    def __init__(self, services: Services, app: Litestar, documents: Documents, tables: Tables) -> None:
        self.services, self.app, self.tables = services, app, tables
        self.collections, self.ingests = CollectionRepository(documents), IngestRepository(documents)

    async def user(self, name: str = "", *, is_admin: bool = False) -> User:
        name = name or f"user-{secrets.token_hex(4)}"
        email = f"{name.lower().replace(chr(32), chr(46))}-{secrets.token_hex(3)}@example.org"
        return await self.services.people.create_user(email, PASSWORD, name, is_admin=is_admin)

    async def browser(self, user: User | None = None) -> Browser:
        """A browser in which that user is signed in, or nobody."""
        browser = Browser(self.app, user)
        if user is not None:
            assert (await browser.sign_in()).status_code == 303
        return browser

    async def project(self, owner: User, name: str = "", **roles: User) -> Access:
        """A project of that owner, shared as `viewer=user, editor=user`."""
        projects = self.services.projects
        project = await projects.create(owner.actor(), name or f"Project {secrets.token_hex(4)}", "About penguins")
        for role, user in roles.items():
            await projects.add_member(await projects.open(owner.actor(), project.id), user.email, Role(role))
        return await projects.open(owner.actor(), project.id)

    async def collection(self, access: Access, tag: str = "penguins") -> DataCollection:
        """A collection of four rows in two versions."""
        path = f"tables/{new_id()}"
        for version, rows in enumerate((PENGUINS.head(2), PENGUINS)):
            base = None if version == 0 else version - 1
            change = Change(schema=PENGUINS.schema, frames=[rows], stored={}, rows_added=rows.height, replaces_all=True)
            self.tables.commit(path, base, change)
        kinds = {"species": ColumnKind.TEXT, "bill_mm": ColumnKind.NUMBER, "count": ColumnKind.NUMBER}
        columns = tuple(Column(name, str(PENGUINS.schema[name]), kind, f"About {name}") for name, kind in kinds.items())
        collection = DataCollection(
            id=new_id(),
            project_id=access.project.id,
            tag=tag,
            workflow="survey",
            columns=columns,
            rows=4,
            table_version=1,
            table_path=path,
            updated_at=now(),
        )
        return await self.collections.add(collection)

    async def bearer(self, user: User) -> httpx.AsyncClient:
        """A REST client with an access token of that user."""
        token, _ = await self.services.people.issue_token(user.email, PASSWORD, address="127.0.0.1")
        return self.client({"authorization": f"Bearer {token}"})

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ORIGIN, headers=headers)


def soup(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")
