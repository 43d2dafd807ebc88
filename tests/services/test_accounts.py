"""Registration, invitations, reset links, closing and deleting: how an account begins, is got back into, and ends."""

import asyncio
import secrets
from typing import Any

import pytest

from domain.access import Actor, Capability, Principal, PrincipalKind, Role
from domain.accounts import MAX_INVITED, Waiting, hash_of
from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from domain.people import User
from services.invitations import Invited
from services.system import Services
from tests.services.conftest import PASSWORD, Opener, person

HERE = {"address": "192.0.2.1", "user_agent": "Firefox"}
NEW = "another horse battery"


@pytest.fixture(scope="module")
async def admin(services: Services) -> Actor:
    return (await services.people.user_by_email(services.settings.admin_email)).actor()


def an_address() -> str:
    return f"{secrets.token_hex(6)}@example.org"


async def a_user(services: Services) -> User:
    return await services.people.create_user(an_address(), PASSWORD, "Somebody")


@pytest.mark.parametrize(
    ("rule", "email", "reason"),
    [
        ("open", "eve@elsewhere.org", None),
        ("domain", "eve@lab.example.org", None),
        ("domain", "eve@bücher.example", None),
        ("domain", "eve@sub.lab.example.org", "for addresses at lab.example.org and xn--bcher-kva.example"),
        ("domain", "eve@lab.example.org.evil.org", "for addresses at"),
        ("invitation", "eve@lab.example.org", "need an invitation"),
        ("off", "eve@lab.example.org", "opened by an administrator"),
    ],
)
async def test_who_may_register_is_a_setting(rule: str, email: str, reason: str | None, open_quickly: Opener) -> None:
    """Nobody vouches for an address that registered by itself."""
    changes = {"registration": rule, "registration_domains": "Lab.Example.org, bücher.example"}
    async with open_quickly(**changes) as services:
        if reason is None:
            user = await services.accounts.register(email, PASSWORD, "Eve", address="192.0.2.1")
            assert (user.is_admin, user.email_verified) == (False, False)
            await services.people.sign_in(email, PASSWORD, **HERE)
        else:
            with pytest.raises(Forbidden, match=reason):
                await services.accounts.register(email, PASSWORD, "Eve", address="192.0.2.1")


async def test_one_network_address_registers_a_few_accounts_at_a_time(open_quickly: Opener) -> None:
    """Counted in the document store, so that several processes count the same ones."""
    async with open_quickly(registration="open", sign_in_attempts=2) as services:
        for _ in range(2):
            await services.accounts.register(an_address(), PASSWORD, "Eve", address="192.0.2.1")
        with pytest.raises(Unavailable) as raised:
            await services.accounts.register(an_address(), PASSWORD, "Eve", address="192.0.2.1")
        assert raised.value.retry_after
        await services.accounts.register(an_address(), PASSWORD, "Bob", address="192.0.2.2")


async def test_an_invitation_opens_an_account_once(services: Services, admin: Actor) -> None:
    """Its secret is kept as a hash only; a bad password does not use it up; afterwards it holds no more."""
    email = an_address()
    invited = await services.invitations.invite(admin, email.upper())
    assert invited.invitation.id == hash_of(invited.secret)
    waiting = [one for one in await services.invitations.pending(admin) if one.invitation.email == email]
    assert waiting == [Waiting(invited.invitation, "Administrator")]
    with pytest.raises(Invalid):
        await services.invitations.accept(invited.secret, "short", "Ada")
    user = (await services.invitations.accept(invited.secret, PASSWORD, "Ada")).user
    assert (user.email, user.email_verified, user.is_admin) == (email, True, False)
    with pytest.raises(NotFound):
        await services.invitations.accept(invited.secret, PASSWORD, "Ada")


async def test_an_invitation_ends(open_quickly: Opener, watch_class: Any) -> None:
    """By a newer one, by being withdrawn, after a week, and when invitations are turned off."""
    watch = watch_class()
    async with open_quickly(now=watch) as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        older = await services.invitations.invite(admin, "ada@example.org")
        newer = await services.invitations.invite(admin, "ada@example.org")
        withdrawn = await services.invitations.invite(admin, "bob@example.org")
        await services.invitations.withdraw(admin, " Bob@example.org")
        for one in (older, withdrawn):
            with pytest.raises(NotFound):
                await services.invitations.open(one.secret)
        watch.move(days=6, hours=23)
        assert (await services.invitations.open(newer.secret)).email == "ada@example.org"
        watch.move(hours=1)
        with pytest.raises(NotFound):
            await services.invitations.accept(newer.secret, PASSWORD, "Ada")
        assert await services.invitations.pending(admin) == []
    async with open_quickly(registration="off") as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        with pytest.raises(Forbidden, match="opened by an administrator only"):
            await services.invitations.invite(admin, "ada@example.org")


async def invited_to(world: Any, role: Role = Role.EDITOR, who: str = "owner") -> Invited:
    access = await world.services.projects.open(world.actors[who], world.project_id)
    return await world.services.invitations.invite_to(access, an_address(), role)


async def test_an_invitation_to_a_project_gives_its_role(world: Any) -> None:
    """The account has it from its first moment, and nobody vouches for its address."""
    services, invited = world.services, await invited_to(world)
    access = await services.projects.open(world.actors["owner"], world.project_id)
    assert await services.invitations.pending_to(access) == [Waiting(invited.invitation, "Owner")]
    welcomed = await services.invitations.accept(invited.secret, PASSWORD, "Eve")
    assert (welcomed.project_id, welcomed.missed, welcomed.user.email_verified) == (world.project_id, "", False)
    members = await services.projects.members(await services.projects.open(world.actors["owner"], world.project_id))
    assert [member.role for member in members if member.user.id == welcomed.user.id] == [Role.EDITOR]


async def test_only_owners_invite_to_a_project(world: Any) -> None:
    for who in ("editor", "viewer"):
        with pytest.raises(Forbidden):
            await invited_to(world, who=who)
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    with pytest.raises(Conflict, match="has an account already"):
        await world.services.invitations.invite_to(access, "viewer@example.org", Role.VIEWER)


async def test_a_link_does_not_outlive_the_right_to_share(world: Any) -> None:
    """An owner who was made a viewer lets nobody in any more; the account is opened all the same, and says so."""
    services, invited = world.services, await invited_to(world, Role.OWNER)
    access = await services.projects.open(world.actors["owner"], world.project_id)
    await services.sharing.share(access, person(world.actors["editor"].user_id), Role.OWNER)
    await services.sharing.share(access, person(world.actors["owner"].user_id), Role.VIEWER)
    welcomed = await services.invitations.accept(invited.secret, PASSWORD, "Eve")
    assert welcomed.project_id is None
    assert "project:share" in welcomed.missed
    with pytest.raises(NotFound):
        await services.projects.open(welcomed.user.actor(), world.project_id)


async def test_an_invitation_is_joined_by_the_address_it_is_for(world: Any) -> None:
    """An account that came to be meanwhile joins with the link; another one cannot."""
    services, invited = world.services, await invited_to(world, Role.VIEWER)
    user = await services.people.create_user(invited.invitation.email, PASSWORD, "Eve")
    with pytest.raises(Forbidden, match="you are signed in as outsider"):
        await services.invitations.join(world.actors["outsider"], invited.secret)
    with pytest.raises(Unauthenticated):
        await services.invitations.join(Actor(), invited.secret)
    assert (await services.invitations.join(user.actor(), invited.secret)).project_id == world.project_id
    with pytest.raises(NotFound):
        await services.invitations.join(user.actor(), invited.secret)


async def test_a_reset_link_works_once_and_ends_what_was_signed_in(services: Services, admin: Actor) -> None:
    """Kept as a hash; browsers and sign-ins over REST end, API tokens of programs stay."""
    user = await a_user(services)
    cookie, _ = await services.people.sign_in(user.email, PASSWORD, **HERE)
    pair = await services.people.issue_pair(user.email, PASSWORD, address="192.0.2.1")
    program = await services.api_tokens.create(user.actor(), "pipeline", ("ingest",), 7)
    _, older = await services.accounts.make_reset_link(admin, user.id)
    _, secret = await services.accounts.make_reset_link(admin, user.id)
    with pytest.raises(NotFound):
        await services.accounts.reset_password(older, NEW)
    with pytest.raises(Invalid):
        await services.accounts.reset_password(secret, "short")
    tries = (services.accounts.reset_password(secret, NEW) for _ in range(4))
    outcomes = [type(one) for one in await asyncio.gather(*tries, return_exceptions=True)]
    assert sorted(one.__name__ for one in outcomes) == ["NotFound"] * 3 + ["User"]
    assert await services.people.actor_of_session(cookie) is None
    for refused in (
        services.people.actor_of_token(pair.access_token),
        services.people.refresh(pair.refresh_token),
        services.people.sign_in(user.email, PASSWORD, **HERE),
    ):
        with pytest.raises(Unauthenticated):
            await refused
    await services.people.sign_in(user.email, NEW, **HERE)
    assert (await services.people.actor_of_token(program.secret)).user_id == user.id


async def test_a_reset_link_ends(open_quickly: Opener, watch_class: Any) -> None:
    """After a day, and with the account; a closed account gets none."""
    watch = watch_class()
    async with open_quickly(now=watch) as services:
        admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
        ada, bob = await a_user(services), await a_user(services)
        secrets = [(await services.accounts.make_reset_link(admin, user.id))[1] for user in (ada, bob)]
        await services.people.set_active(admin, bob.id, is_active=False)
        with pytest.raises(Conflict, match="closed"):
            await services.accounts.make_reset_link(admin, bob.id)
        with pytest.raises(NotFound):
            await services.accounts.reset_password(secrets[1], NEW)
        watch.move(hours=24)
        with pytest.raises(NotFound):
            await services.accounts.reset_password(secrets[0], NEW)


async def test_a_closed_account_is_shut_at_once_by_every_way(services: Services, admin: Actor) -> None:
    """Session, access token, refresh token, API token; and none of them comes back when it is reopened."""
    user = await a_user(services)
    cookie, _ = await services.people.sign_in(user.email, PASSWORD, **HERE)
    pair = await services.people.issue_pair(user.email, PASSWORD, address="192.0.2.1")
    program = await services.api_tokens.create(user.actor(), "pipeline", ("admin",), 7)
    for is_active in (False, True):
        await services.people.set_active(admin, user.id, is_active=is_active)
        assert await services.people.actor_of_session(cookie) is None
        for refused in (
            services.people.actor_of_token(pair.access_token),
            services.people.refresh(pair.refresh_token),
            services.people.actor_of_token(program.secret),
        ):
            with pytest.raises(Unauthenticated):
                await refused
    await services.people.sign_in(user.email, PASSWORD, **HERE)


async def test_a_deleted_accounts_projects_are_inherited(services: Services, admin: Actor) -> None:
    """Those it alone owned go to the heir, also one who was a viewer; from the others it only disappears."""
    user, heir, other = [await a_user(services) for _ in range(3)]
    projects = services.projects
    alone = await projects.create(user.actor(), "Alone")
    await projects.add_member(await projects.open(user.actor(), alone.id), heir.email, Role.VIEWER)
    both = await projects.create(user.actor(), "Both")
    await projects.add_member(await projects.open(user.actor(), both.id), other.email, Role.OWNER)
    theirs = await projects.create(other.actor(), "Theirs")
    await projects.add_member(await projects.open(other.actor(), theirs.id), user.email, Role.EDITOR)
    heirs = await services.accounts.heirs(user.actor(), user.id)
    assert (heirs.alone, heirs.shared) == (("Alone",), 2)
    for nobody in ("", user.email, an_address()):
        with pytest.raises(Invalid, match="who inherits"):
            await services.accounts.delete(admin, user.id, nobody)
    assert (await services.people.users([user.id]))[user.id].is_active
    await services.accounts.delete(admin, user.id, heir.email)
    assert await services.people.users([user.id]) == {}
    owners = {
        project.id: [member.user.id for member in await projects.members(await projects.open(admin, project.id))]
        for project in (alone, both, theirs)
    }
    assert owners == {alone.id: [heir.id], both.id: [other.id], theirs.id: [other.id]}
    # The address is free again, and what it was given is not.
    again = await services.people.create_user(user.email, PASSWORD, "New")
    assert await projects.visible(again.actor()) == []


async def test_a_deleted_account_leaves_its_groups(services: Services, admin: Actor) -> None:
    """Another member takes the group over; one that nobody is left in goes, with what was shared with it."""
    user, other = await a_user(services), await a_user(services)
    shared = await services.groups.create(user.actor(), f"Lab {secrets.token_hex(4)}")
    await services.groups.add_member(await services.groups.open(user.actor(), shared.id), other.email)
    own = await services.groups.create(user.actor(), f"Own {secrets.token_hex(4)}")
    project = await services.projects.create(other.actor(), f"Project {secrets.token_hex(4)}")
    access = await services.projects.open(other.actor(), project.id)
    await services.sharing.share(access, Principal(PrincipalKind.GROUP, own.id), Role.VIEWER)
    await services.accounts.delete(admin, user.id)
    left = (await services.groups.open(other.actor(), shared.id)).group
    assert (left.members, left.administrators) == ((other.id,), (other.id,))
    with pytest.raises(NotFound):
        await services.groups.open(admin, own.id)
    grants = (await services.projects.open(other.actor(), project.id)).project.grants
    assert [grant.principal.id for grant in grants] == [other.id]


async def test_a_group_owner_invites_by_what_the_group_may(world: Any) -> None:
    """Who owns a project through a group lets people in like any other owner."""
    services, owner = world.services, world.actors["owner"]
    inviter = world.actors["outsider"]
    group = await services.groups.create(inviter, f"Owners {secrets.token_hex(4)}")
    access = await services.projects.open(owner, world.project_id)
    await services.sharing.share(access, Principal(PrincipalKind.GROUP, group.id), Role.OWNER)
    held = await services.projects.open(await services.groups.joined(inviter), world.project_id)
    invited = await services.invitations.invite_to(held, an_address(), Role.VIEWER)
    assert (await services.invitations.accept(invited.secret, PASSWORD, "Eve")).project_id == world.project_id


async def test_what_waits_for_an_address_is_given_to_who_is_vouched_for(world: Any) -> None:
    """Registering under an address does not show that it is one's own."""
    services, owner = world.services, world.actors["owner"]
    admin = world.actors["admin"]
    addresses = [an_address(), an_address()]
    for address in addresses:
        access = await services.projects.open(owner, world.project_id)
        await services.invitations.invite_to(access, address, Role.EDITOR)
    invited = await services.invitations.invite(admin, addresses[0])
    vouched = (await services.invitations.accept(invited.secret, PASSWORD, "Eve")).user
    claimed = await services.people.create_user(addresses[1], PASSWORD, "Mallory", email_verified=False)
    assert (await services.projects.open(vouched.actor(), world.project_id)).may(Capability.DASHBOARD_EDIT)
    with pytest.raises(NotFound):
        await services.projects.open(claimed.actor(), world.project_id)


async def test_an_invitation_to_a_project_ends_and_its_role_can_change(open_quickly: Opener, watch_class: Any) -> None:
    """After 30 days; until then another role is given by the same link, and a stronger one is not taken."""
    watch = watch_class()
    async with open_quickly(now=watch) as services:
        owner = await a_user(services)
        project = await services.projects.create(owner.actor(), "Project")
        access = await services.projects.open(owner.actor(), project.id)
        invited = await services.invitations.invite_to(access, "ada@example.org", Role.VIEWER)
        await services.invitations.set_role(access, " ADA@example.org", Role.EDITOR)
        with pytest.raises(NotFound, match="not invited"):
            await services.invitations.set_role(access, "bob@example.org", Role.EDITOR)
        watch.move(days=29, hours=23)
        ada = (await services.invitations.accept(invited.secret, PASSWORD, "Ada")).user
        assert (await services.projects.open(ada.actor(), project.id)).may(Capability.DASHBOARD_EDIT)
        gone = await services.invitations.invite_to(access, "bob@example.org", Role.VIEWER)
        watch.move(days=30)
        assert await services.invitations.pending_to(access) == []
        for late in (
            services.invitations.open(gone.secret),
            services.invitations.set_role(access, "bob@example.org", Role.EDITOR),
        ):
            with pytest.raises(NotFound):
                await late


async def test_sharing_by_address_is_one_act_with_and_without_an_account(world: Any) -> None:
    """Who has an account is a member at once, and an invitation that waited for them is over."""
    services, address = world.services, an_address()
    access = await services.projects.open(world.actors["owner"], world.project_id)
    made = await services.invitations.share_or_invite(access, address, Role.VIEWER)
    assert (made.invitation.email, made.invitation.project_id) == (address, world.project_id)
    claimed = await services.people.create_user(address, PASSWORD, "Eve", email_verified=False)
    assert await services.invitations.share_or_invite(access, address.upper(), Role.EDITOR) is None
    assert await services.invitations.pending_to(access) == []
    assert (await services.projects.open(claimed.actor(), world.project_id)).may(Capability.DASHBOARD_EDIT)
    with pytest.raises(Conflict, match="member already"):
        await services.invitations.share_or_invite(access, address, Role.EDITOR)


async def test_so_many_addresses_wait_for_a_project(world: Any) -> None:
    """The next is refused; a new link for one that waits is not."""
    services = world.services
    access = await services.projects.open(world.actors["owner"], world.project_id)
    addresses = [an_address() for _ in range(MAX_INVITED)]
    for address in addresses:
        await services.invitations.invite_to(access, address, Role.VIEWER)
    await services.invitations.invite_to(access, addresses[0], Role.VIEWER)
    with pytest.raises(Invalid, match="Nobody else can be invited"):
        await services.invitations.invite_to(access, an_address(), Role.VIEWER)


async def test_where_administrators_open_accounts_a_role_waits_without_a_link(open_quickly: Opener) -> None:
    """There is no secret to pass on, and whoever the administrator opens the account for gets the role."""
    async with open_quickly(registration="off") as services:
        owner = await a_user(services)
        project = await services.projects.create(owner.actor(), "Project")
        access = await services.projects.open(owner.actor(), project.id)
        invited = await services.invitations.invite_to(access, "ada@example.org", Role.VIEWER)
        assert invited.secret == ""
        ada = await services.people.create_user("ada@example.org", PASSWORD, "Ada")
        await services.invitations.accept_all(ada)
        assert (await services.projects.open(ada.actor(), project.id)).may(Capability.DATA_VIEW)
        assert await services.invitations.pending_to(access) == []


async def test_administrators_are_made_and_unmade(open_quickly: Opener) -> None:
    """It holds from the next request; the last one stays, and a closed account is made none."""
    async with open_quickly() as services:
        first = (await services.people.user_by_email(services.settings.admin_email)).actor()
        user, closed = await a_user(services), await a_user(services)
        await services.people.set_active(first, closed.id, is_active=False)
        with pytest.raises(Conflict, match="at least one administrator"):
            await services.accounts.set_administrator(first, first.user_id, is_admin=False)
        with pytest.raises(Conflict, match="is closed"):
            await services.accounts.set_administrator(first, closed.id, is_admin=True)
        made = await services.accounts.set_administrator(first, user.id, is_admin=True)
        assert [one.is_admin for one in (made, (await services.people.users([user.id]))[user.id])] == [True, True]
        gone = await services.accounts.set_administrator(made.actor(), first.user_id, is_admin=False)
        with pytest.raises(Forbidden):
            await services.people.everyone(gone.actor())


async def test_people_delete_their_own_account_and_nobody_elses(services: Services, admin: Actor) -> None:
    user, other = await a_user(services), await a_user(services)
    for refused in (services.accounts.delete(user.actor(), other.id), services.accounts.heirs(user.actor(), other.id)):
        with pytest.raises(Forbidden):
            await refused
    await services.accounts.delete(user.actor(), user.id)
    with pytest.raises(Unauthenticated):
        await services.people.sign_in(user.email, PASSWORD, **HERE)
    with pytest.raises(Conflict, match="at least one administrator"):
        await services.accounts.delete(admin, admin.user_id or "")


async def test_nothing_is_told_of_links_that_do_not_hold(services: Services) -> None:
    """Whatever is tried: the same error for a link that never was and for one that is used up."""
    for text in ("", "x", "dpt_" + "a" * 43, "\ud800", "a" * 10_000):
        for refused in (services.invitations.open(text), services.accounts.open_reset_link(text)):
            with pytest.raises(DomainError) as raised:
                await refused
            assert type(raised.value) is NotFound
