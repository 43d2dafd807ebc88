"""Every route says who may ask: by a guard, by the proof of access that it takes, or in the table below."""

import inspect
from collections.abc import Iterator

from litestar import Litestar
from litestar.handlers import BaseRouteHandler

from tests.dash_views.conftest import Town
from web.security.identity import administrator, signed_in

GUARDS = {administrator: "administrator", signed_in: "signed in"}
PROOFS = {"access": "project:view", "opened": "dashboard:view"}
BOARD = "/dashboards/{dashboard_id:str}"
VIEW = "opens the dashboard as the actor: dashboard:view"
EDIT = "opens the dashboard as the actor: dashboard:edit"
EVERYBODY = "is the same for everybody, strangers included"
SHARED = " /shared/{secret:str}"
"""Below it the secret of a share link is the proof: each handler opens the link by it."""
INBOX = "the account of the actor, who sees no other's inbox"
DECLARED = {
    "GET /": EVERYBODY,
    "GET /api/docs": EVERYBODY,
    "GET /api/openapi.json": EVERYBODY,
    "GET /api/schema": EVERYBODY,
    "GET /api/schema/openapi.json": EVERYBODY,
    "GET /api/schema/{path:str}": EVERYBODY,
    "GET /dash/_dash-component-suites/{package:str}/{file_path:path}": EVERYBODY,
    "GET /favicon.ico": EVERYBODY,
    "GET /health/live": EVERYBODY,
    "GET /health/ready": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "GET /static/{file_path:path}": EVERYBODY,
    "POST /api/v1/tokens": "account:sign-in",
    "POST /sign-in": "account:sign-in",
    "POST /sign-out": "ends the session of the cookie, and no other",
    "GET /register": EVERYBODY,
    "POST /register": "account:register, as the site's rule of registration lets",
    "GET /invitation": "the secret of the link",
    "POST /invitation": "the secret of the link",
    "POST /invitation/join": "the secret of the link, and the account of its address",
    "GET /reset": "the secret of the link",
    "POST /reset": "the secret of the link",
    "GET /sign-in/provider": EVERYBODY,
    "GET /sign-in/provider/callback": "what the provider says, for the browser that was sent there",
    "POST /api/v1/accounts": "account:register, as the site's rule of registration lets",
    "POST /api/v1/accounts/invited": "the secret of the link",
    "POST /api/v1/accounts/reset": "the secret of the link",
    "POST /api/v1/tokens/refresh": "a refresh token",
    "GET /projects": "lists what the actor may see: public projects to strangers, if the site shows them any",
    "GET /api/v1/inbox": INBOX,
    "GET /api/v1/inbox/unread": INBOX,
    "PUT /api/v1/inbox/read": INBOX,
    "PUT /api/v1/inbox/threads/{thread_id:str}/read": INBOX,
    "PUT /api/v1/inbox/{message_id:str}/read": INBOX,
    "POST /theme": "sets a cookie of one's own",
    f"GET {BOARD}": VIEW,
    f"GET {BOARD}/thumbnail": VIEW,
    f"GET {BOARD}/view/_dash-dependencies": VIEW,
    f"GET {BOARD}/view/_dash-layout": VIEW,
    f"POST {BOARD}/view/_dash-update-component": VIEW,
    f"POST {BOARD}/view/_pulse": VIEW,
    f"POST {BOARD}/tiles/{{tile_id:str}}/export": "opens the dashboard as the actor: data:export",
    f"GET {BOARD}/tiles/{{tile_id:str}}/image": "opens the dashboard as the actor: data:view",
    f"GET {BOARD}/edit": EDIT,
    f"GET {BOARD}/edit/_dash-dependencies": EDIT,
    f"GET {BOARD}/edit/_dash-layout": EDIT,
    f"POST {BOARD}/edit/_dash-update-component": EDIT,
    f"POST {BOARD}/edit/_pulse": EDIT,
    f"POST {BOARD}/edit/_undo": EDIT,
}
"""Who may ask at addresses that have neither guard nor proof. What opens a dashboard itself checks as `opened` does."""


def handlers(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Each handler once for each of its methods and addresses."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]:
            for method in sorted(getattr(handler, "http_methods", {"SOCKET"})):
                if method not in {"OPTIONS", "HEAD"}:
                    yield f"{method} {route.path}", handler


def needed(handler: BaseRouteHandler) -> str:
    """What the handler asks for by its guards and what it takes; empty when it asks for nothing."""
    asked = [getattr(guard, "func", guard) for guard in handler.resolve_guards()]
    guards = [GUARDS[guard] for guard in asked if guard in GUARDS]
    proofs = [PROOFS[name] for name in inspect.signature(handler.fn).parameters if name in PROOFS]
    return " and ".join(sorted({*guards, *proofs}))


async def test_every_route_says_who_may_ask(town: Town) -> None:
    """One that has neither guard nor proof is in the table; the table names no other."""
    bare = sorted(name for name, handler in handlers(town.world.app) if not needed(handler) and SHARED not in name)
    assert sorted(set(bare) ^ set(DECLARED)) == []
