"""The accounts of this installation, for its administrators: a list, and opening one."""

import secrets

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.errors import Conflict, Invalid
from domain.listing import Wanted
from domain.wording import tr
from services.system import Services
from web.listed import around, provide_wanted
from web.pages.projects import refused
from web.render import Page
from web.security.cookies import Notice
from web.security.identity import administrator

USERS = "admin/users.html"
GENERATED_BYTES = 15


class UserForm(msgspec.Struct, frozen=True):
    email: str = ""
    display_name: str = ""
    password: str = ""
    is_admin: str = ""


class AccountsPage(Controller):
    """`/admin/users`."""

    path = "/admin/users"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"wanted": Provide(provide_wanted, sync_to_thread=False)}  # noqa: RUF012

    @get("/")
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], wanted: NamedDependency[Wanted]
    ) -> Page:
        return Page(USERS, await _context(services, actor, wanted), block="listed")

    @post("/")
    async def create(
        self, data: URLEncodedBody[UserForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Open an account. A generated password is in this answer and nowhere else."""
        password = data.password or secrets.token_urlsafe(GENERATED_BYTES)
        name = data.display_name.strip() or data.email.partition("@")[0]
        try:
            user = await services.people.open_account(actor, data.email, password, name, is_admin=bool(data.is_admin))
        except (Invalid, Conflict) as error:
            return refused(USERS, data, error, **await _context(services, actor))
        # An administrator vouches for the address: what waits for it is theirs.
        await services.invitations.accept_all(user)
        context = await _context(services, actor)
        context |= {"created": user, "generated": "" if data.password else password}
        return Page(USERS, context, notice=Notice(tr("The account of {email} is open.", email=user.email)))


async def _context(services: Services, actor: Actor, wanted: Wanted | None = None) -> dict[str, object]:
    wanted = wanted or Wanted()
    part = await services.overview.users(actor, wanted)
    listed = {"part": part, "wanted": wanted, "around": around("/admin/users", wanted, part)}
    empty: dict[str, str] = {}
    form = {"form": UserForm(), "problems": empty, "message": "", "created": None, "generated": ""}
    return listed | form
