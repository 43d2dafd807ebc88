"""The profile: name, password, browsers. And the administrator's accounts."""

from bs4 import BeautifulSoup

from tests.web.world import World

OLD = "correct horse battery staple"
NEW = "another horse battery staple"


async def test_the_name_is_changed(world: World) -> None:
    """It shows in the header at once; an empty one is marked at its field."""
    browser = await world.browser(await world.user("Ada"))
    assert (await browser.post("/profile", display_name="Ada King")).headers["location"] == "/profile"
    page = await browser.page("/profile")
    assert page.select_one(".dp-menu-who strong").get_text() == "Ada King"
    refused = await browser.post("/profile", display_name=" ")
    assert refused.status_code == 422
    assert BeautifulSoup(refused.text, "lxml").select_one("#field-display_name")["aria-invalid"] == "true"


async def test_a_new_password_signs_out_the_other_browsers(world: World) -> None:
    """This browser stays; the others end; the old password is worth nothing."""
    user = await world.user()
    here, elsewhere = await world.browser(user), await world.browser(user)
    form = {"current": OLD, "password": NEW, "repeated": NEW}
    assert (await here.post("/profile/password", **form)).headers["location"] == "/profile"
    assert (await here.get("/profile")).status_code == 200
    assert (await elsewhere.get("/profile")).headers["location"].startswith("/sign-in")
    assert (await elsewhere.sign_in(OLD)).status_code == 401
    assert (await elsewhere.sign_in(NEW)).status_code == 303


async def test_a_password_is_refused_with_the_reason_at_its_field(world: World) -> None:
    """A wrong current one, a short new one, two that differ."""
    browser = await world.browser(await world.user())
    cases = [
        ({"current": "wrong", "password": NEW, "repeated": NEW}, "current"),
        ({"current": OLD, "password": "short", "repeated": "short"}, "password"),
        ({"current": OLD, "password": NEW, "repeated": NEW + "x"}, "repeated"),
    ]
    for form, place in cases:
        answer = await browser.post("/profile/password", **form)
        page = BeautifulSoup(answer.text, "lxml")
        assert answer.status_code == 422
        assert [field["name"] for field in page.select("[aria-invalid]")] == [place]
        assert page.select_one(f"#about-{place}").get_text(strip=True)
        assert not any(field.get("value") for field in page.select("input[type=password]"))


async def test_browsers_are_listed_and_signed_out(world: World) -> None:
    """One by one in place, or all others by a form; somebody else's session is not found."""
    user = await world.user()
    here, second, third = [await world.browser(user) for _ in range(3)]
    page = await here.page("/profile")
    assert len(page.select("#sessions li")) == 3
    assert len([badge for badge in page.select("#sessions .dp-badge") if badge.get_text() == "this browser"]) == 1
    revoke = page.select_one("form[hx-delete]")["hx-delete"]
    answer = await here.htmx("DELETE", revoke)
    assert len(BeautifulSoup(answer.text, "lxml").select("#sessions li")) == 2
    ended = [(await browser.get("/profile")).status_code for browser in (second, third)]
    assert sorted(ended) == [200, 303]
    stranger = await world.browser(await world.user())
    other = (await here.page("/profile")).select_one("form[hx-delete]")["hx-delete"]
    assert (await stranger.htmx("DELETE", other)).status_code == 404
    assert (await here.post("/profile/sessions/revoke-others")).headers["location"] == "/profile"
    assert len((await here.page("/profile")).select("#sessions li")) == 1
    assert [(await browser.get("/profile")).status_code for browser in (second, third)] == [303, 303]


async def test_an_expired_session_leads_htmx_to_the_form(world: World) -> None:
    """A fragment cannot sign in: the whole page goes to the form instead of a blank swap."""
    browser = await world.browser()
    answer = await browser.htmx("POST", "/profile/sessions/revoke-others")
    assert answer.headers["hx-redirect"] == "/sign-in"


async def test_an_administrator_opens_an_account(world: World) -> None:
    """With a generated password, shown once, with which the new person can sign in."""
    browser = await world.browser(await world.user(is_admin=True))
    answer = await browser.post("/admin/users", email="New.Person@example.org", display_name="", password="")
    page = BeautifulSoup(answer.text, "lxml")
    password = page.select_one("#generated-password").get_text()
    assert answer.status_code == 200
    assert len(password) >= 20
    newcomer = await world.browser()
    newcomer.user = await world.services.people.user_by_email("new.person@example.org")
    assert newcomer.user.display_name == "New.Person"
    assert not newcomer.user.is_admin
    assert (await newcomer.sign_in(password)).status_code == 303
    assert (await browser.page("/admin/users")).select_one("#generated-password") is None
    again = await browser.post("/admin/users", email="new.person@example.org", display_name="X", password=NEW)
    assert again.status_code == 409


async def test_accounts_are_for_administrators(world: World) -> None:
    """Everybody else is refused, and the header does not offer it."""
    browser = await world.browser(await world.user())
    assert (await browser.get("/admin/users")).status_code == 403
    assert (await browser.post("/admin/users", email="x@example.org", password=NEW)).status_code == 403
    assert (await browser.page("/projects")).select("a[href='/admin/users']") == []
    visitor = await world.browser()
    assert (await visitor.get("/admin/users")).headers["location"] == "/sign-in?next=/admin/users"


async def test_the_colour_scheme_is_kept_in_a_cookie(world: World) -> None:
    """The server writes it into the page, so that nothing flashes; nonsense means: as the system."""
    browser = await world.browser()
    for chosen, scheme, written in (("dark", "dark", "dark"), ("light", "light", "light"), ("x<y", "auto", "light")):
        assert (await browser.post("/theme", scheme=chosen, next="/sign-in")).headers["location"] == "/sign-in"
        html = (await browser.page("/sign-in")).html
        found = [html[name] for name in ("data-scheme", "data-mantine-color-scheme", "data-ag-theme-mode")]
        assert found == [scheme, written, written]
