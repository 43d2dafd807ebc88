"""Accounts, sessions, tokens and invitations over REST."""

import secrets

from tests.web.world import PASSWORD, World

NEW = "another horse battery staple"


def an_address() -> str:
    return f"{secrets.token_hex(6)}@example.org"


async def test_ones_own_account_is_looked_after(world: World) -> None:
    """Name, sessions, password: which ends the sign-in that changed it."""
    user = await world.user()
    await world.browser(user)
    async with await world.bearer(user) as http:
        assert (await http.patch("/api/v1/me", json={"display_name": "Ada"})).json()["display_name"] == "Ada"
        [session] = (await http.get("/api/v1/me/sessions")).json()["items"]
        assert (await http.delete(f"/api/v1/me/sessions/{session['id']}")).status_code == 204
        assert (await http.get("/api/v1/me/sessions")).json()["items"] == []
        wrong = await http.put("/api/v1/me/password", json={"current": "wrong", "password": NEW})
        assert (wrong.status_code, wrong.json()["errors"][0]["place"]) == (422, "current")
        changed = await http.put("/api/v1/me/password", json={"current": PASSWORD, "password": NEW})
        assert changed.status_code == 200
        assert (await http.get("/api/v1/me")).status_code == 401


async def test_tokens_are_made_listed_and_revoked(world: World) -> None:
    """The secret is in the first answer only; a scope that does not reach so far is refused."""
    async with await world.bearer(await world.user()) as http:
        wanted = {"name": "nightly", "scopes": ["ingest", "read"], "days": 7}
        made = (await http.post("/api/v1/me/tokens", json=wanted)).json()
        [listed] = (await http.get("/api/v1/me/tokens")).json()["items"]
        assert made == listed | {"token": made["token"]}
        assert listed["scopes"] == ["read", "ingest"]
        async with world.client({"authorization": f"Bearer {made['token']}"}) as program:
            for refused in (
                await program.get("/api/v1/me/tokens"),
                await program.post("/api/v1/me/tokens", json=wanted | {"scopes": ["admin"]}),
                await program.get("/api/v1/me/sessions"),
                await program.patch("/api/v1/me", json={"display_name": "Eve"}),
                await program.delete(f"/api/v1/users/{(await http.get('/api/v1/me')).json()['id']}"),
                await program.post("/profile/tokens", data={"name": "x", "scopes": "admin", "days": "7"}),
            ):
                assert refused.status_code == 403
            assert (await program.delete("/api/v1/tokens/current")).status_code == 204
            assert (await program.get("/api/v1/me")).status_code == 401
        assert (await http.get("/api/v1/me/tokens")).json()["items"] == []
        assert (await http.post("/api/v1/me/tokens", json=wanted | {"scopes": ["root"]})).status_code == 422


async def test_a_sign_in_is_renewed_until_a_copy_is_used(world: World) -> None:
    """The second use of a refresh token ends everything that this sign-in gave."""
    user = await world.user()
    async with world.client() as http:
        first = (await http.post("/api/v1/tokens", json={"email": user.email, "password": PASSWORD})).json()
        body = {"refresh_token": first["refresh_token"]}
        second = (await http.post("/api/v1/tokens/refresh", json=body)).json()
        headers = {"authorization": f"Bearer {second['access_token']}"}
        assert (await http.get("/api/v1/me", headers=headers)).status_code == 200
        assert (await http.post("/api/v1/tokens/refresh", json=body)).status_code == 401
        assert (await http.get("/api/v1/me", headers=headers)).status_code == 401


async def test_an_administrator_looks_after_accounts(world: World) -> None:
    """Reset link, closing, ending access, deleting; nobody else may."""
    admin, user = await world.user(is_admin=True), await world.user()
    async with await world.bearer(admin) as root, await world.bearer(user) as http, world.client() as guest:
        here = f"/api/v1/users/{user.id}"
        assert (await root.get(here)).json()["email"] == user.email
        assert (await http.get(here)).status_code == 403
        assert (await guest.get(here)).status_code == 401
        for is_admin in (True, False):
            made = (await root.put(f"{here}/administrator", json={"is_admin": is_admin})).json()
            assert made["is_admin"] is is_admin
        assert (await root.put(f"{here}/verified")).json()["email_verified"] is True
        link = (await root.post(f"{here}/reset-link")).json()["link"]
        reset = {"token": link.partition("token=")[2], "password": NEW}
        assert (await guest.post("/api/v1/accounts/reset", json=reset)).status_code == 201
        assert (await guest.post("/api/v1/accounts/reset", json=reset)).status_code == 404
        assert (await http.get("/api/v1/me")).status_code == 401
        assert (await root.put(f"{here}/active", json={"is_active": False})).json()["is_active"] is False
        assert (await root.delete(f"{here}/access")).status_code == 204
        assert (await root.delete(here)).status_code == 204
        assert (await root.get(here)).status_code == 404


async def test_an_administrator_opens_accounts_and_says_who_administers(world: World) -> None:
    """With a password, or with a link that sets the first one; nobody else may."""
    admin, user = await world.user(is_admin=True), await world.user()
    async with await world.bearer(admin) as root, await world.bearer(user) as http, world.client() as guest:
        wanted = {"email": an_address(), "is_admin": True}
        for refused, status in ((http, 403), (guest, 401)):
            assert (await refused.post("/api/v1/users", json=wanted)).status_code == status
            there = f"/api/v1/users/{user.id}/administrator"
            assert (await refused.put(there, json={"is_admin": True})).status_code == status
        made = (await root.post("/api/v1/users", json=wanted)).json()
        assert (made["email"], made["display_name"]) == (wanted["email"], wanted["email"].partition("@")[0])
        assert (made["is_admin"], made["is_active"], made["email_verified"]) == (True, True, True)
        reset = {"token": made["link"].partition("token=")[2], "password": NEW}
        assert (await guest.post("/api/v1/accounts/reset", json=reset)).status_code == 201
        taken = await root.post("/api/v1/users", json=wanted)
        assert taken.status_code == 409
        given = await root.post("/api/v1/users", json={"email": an_address(), "password": NEW, "display_name": "Bo"})
        assert (given.status_code, given.json()["link"], given.json()["display_name"]) == (201, "", "Bo")
        here = f"/api/v1/users/{made['id']}/administrator"
        assert (await root.put(here, json={"is_admin": False})).json()["is_admin"] is False
        weak = await root.post("/api/v1/users", json={"email": an_address(), "password": "short"})
        assert (weak.status_code, weak.json()["errors"][0]["place"]) == (422, "password")


async def test_invitations_over_rest(world: World) -> None:
    """To the installation and to a project: made, listed, withdrawn, accepted."""
    admin = await world.user(is_admin=True)
    access = await world.project(admin)
    async with await world.bearer(admin) as root, world.client() as guest:
        for here, role in (
            ("/api/v1/invitations", {}),
            (f"/api/v1/projects/{access.project.id}/invitations", {"role": "viewer"}),
        ):
            email, other = an_address(), an_address()
            made = (await root.post(here, json={"email": email, **role})).json()
            await root.post(here, json={"email": other, **role})
            assert {one["email"] for one in (await root.get(here)).json()["items"]} >= {email, other}
            assert (await root.delete(f"{here}/{other}")).status_code == 204
            assert (await root.delete(f"{here}/{other}")).status_code == 404
            wanted = {"token": made["link"].partition("token=")[2], "password": NEW, "display_name": "Ada"}
            opened = await guest.post("/api/v1/accounts/invited", json=wanted)
            assert (opened.status_code, opened.json()["email"]) == (201, email)
        closed = {"email": an_address(), "password": NEW, "display_name": "Eve"}
        assert (await guest.post("/api/v1/accounts", json=closed)).status_code == 403
