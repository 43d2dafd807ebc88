"""An account's life: registration, one-time reset links, who administers, whose address it is, and deleting."""

from collections.abc import Callable

import msgspec

from domain.access import ANONYMOUS, Actor, Capability, Grant, Principal, PrincipalKind, Role, permit
from domain.accounts import (
    RESET_LIFE,
    Heirs,
    ResetLink,
    check_registration,
    hash_of,
    new_secret,
)
from domain.audit import ACCOUNT
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.people import User, normal_email
from domain.projects import Project, with_grants
from domain.site import Admission
from domain.wording import tr
from persistence.accounts import InvitationRepository, ResetLinkRepository
from persistence.people import IdentityRepository, UserRepository
from persistence.projects import ProjectRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.groups import Groups
from services.people import People
from services.saving import save
from services.site import Site
from services.throttle import SignInThrottle

GONE = tr(
    "This link does not hold: it was used, replaced by a newer one, or has expired. Ask an administrator for one."
)


class Accounts:
    """The use cases of an account's life. Others' accounts are the administrators'."""

    def __init__(
        self,
        people: People,
        users: UserRepository,
        projects: ProjectRepository,
        groups: Groups,
        links: ResetLinkRepository,
        invitations: InvitationRepository,
        identities: IdentityRepository,
        throttle: SignInThrottle,
        site: Site,
        now: Clock,
        *,
        has_provider: bool,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._people = people
        self._users = users
        self._projects = projects
        self._groups = groups
        self._links = links
        self._invitations = invitations
        self._identities = identities
        self._throttle = throttle
        self._site = site
        self._has_provider = has_provider
        self._now = now

    async def admission(self) -> Admission:
        """Who may register; for everybody, as the form says so."""
        return await self._site.admission()

    @recorded(ACCOUNT, "register", on="account:email")
    async def register(
        self,
        email: str,
        password: str,
        display_name: str,
        *,
        address: str,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> User:
        """Open one's own account. Nobody vouches that the address is theirs.

        Raises:
            Forbidden: when the site does not let this address register.
            Invalid: when the address, the password or the name breaks the rules.
            Conflict: when there is an account for the address.
            Unavailable: with `retry_after`, after too many from one network address.
        """
        found = await self.admission()
        check_registration(found.rule, found.domains, normal_email(email))
        await self._throttle.count("registration", address)
        return await self._people.create_user(email, password, display_name, email_verified=False)

    @recorded(Capability.ADMIN_USERS, "make a reset link", on="user:user_id")
    async def make_reset_link(self, actor: Actor, user_id: str) -> tuple[User, str]:
        """The secret of a link with which that person sets a new password, once; an earlier one ends.

        Raises:
            Forbidden: for all but administrators.
            NotFound: when there is no such account.
            Conflict: when it is closed, or has no password because it signs in with the provider.
        """
        made_by = permit(actor, Capability.ADMIN_USERS, tr("make reset links"))
        user = await self._users.get(user_id)
        if not user.is_active:
            raise Conflict(tr("The account of {email} is closed. Reopen it first.", email=user.email))
        if self._has_provider and not user.has_password:
            raise Conflict(tr("{email} signs in with the provider and has no password here.", email=user.email))
        await self._links.remove_of_user(user.id)
        secret, at = new_secret(), self._now()
        link = ResetLink(
            id=hash_of(secret), user_id=user.id, created_by=made_by, created_at=at, expires_at=at + RESET_LIFE
        )
        await self._links.add(link)
        return user, secret

    async def open_reset_link(self, secret: str) -> User:
        """Whose password a link resets; `NotFound` when it does not hold (any more)."""
        link = await self._links.find(hash_of(secret), self._now())
        user = None if link is None else await self._users.find(link.user_id)
        if user is None or not user.is_active:
            raise NotFound(GONE)
        return user

    @recorded(ACCOUNT, "set a password by a link")
    async def reset_password(
        self,
        secret: str,
        password: str,
        *,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> User:
        """Set a new password by a link, which ends every browser session and every sign-in over REST.

        Raises:
            NotFound: when the link does not hold (any more).
            Invalid: when the password breaks the rules; the link then still holds.
        """
        user = await self.open_reset_link(secret)
        password_hash = await self._people.hashed(password, user.email)
        if not await self._links.take(hash_of(secret)):
            raise NotFound(GONE)
        return await self._people.replace_password(user.id, password_hash)

    @recorded(Capability.ADMIN_USERS, "set who is an administrator", "is_admin", on="user:user_id")
    async def set_administrator(self, actor: Actor, user_id: str, *, is_admin: bool) -> User:
        """Make somebody an administrator of this installation, or no longer; it holds from their next request.

        Raises:
            Forbidden: for all but administrators.
            Conflict: when the account is closed, or it is the last administrator's.
        """
        permit(actor, Capability.ADMIN_USERS, tr("make administrators"))
        others = {user.id for user in await self._users.administrators()} - {user_id}

        def changed(user: User) -> User:
            if is_admin and not user.is_active:
                raise Conflict(tr("The account of {email} is closed. Reopen it first.", email=user.email))
            if user.is_admin and not is_admin and not others:
                raise Conflict(tr("A site keeps at least one administrator. Make somebody else one first."))
            return user if user.is_admin is is_admin else msgspec.structs.replace(user, is_admin=is_admin)

        return await self._changed(user_id, changed)

    @recorded(Capability.ADMIN_USERS, "vouch for an address", on="user:user_id")
    async def vouch(self, actor: Actor, user_id: str) -> User:
        """Say that the address of an account is its owner's, who may then be given what waits for it.

        Raises:
            Forbidden: for all but administrators.
        """
        permit(actor, Capability.ADMIN_USERS, tr("vouch for addresses"))
        return await self._changed(
            user_id, lambda user: user if user.email_verified else msgspec.structs.replace(user, email_verified=True)
        )

    async def heirs(self, actor: Actor, user_id: str) -> Heirs:
        """What becomes of somebody's projects when their account is deleted; for administrators and themselves."""
        _permit_deletion(actor, user_id)
        owned, others = self._divided(user_id, await self._projects.with_principal(_principal(user_id)))
        return Heirs(tuple(sorted(project.name for project in owned)), len(others))

    @recorded(ACCOUNT, "delete the account", "heir", on="user:user_id")
    async def delete(self, actor: Actor, user_id: str, heir: str = "") -> User:
        """Delete an account. The projects that it alone owns get the owner `heir`, an address; the others lose it.

        It is closed first and removed last: after a crash it can be deleted again.

        Raises:
            Forbidden: for others' accounts, to all but administrators.
            Invalid: when there are projects to inherit and `heir` has no open account.
            Conflict: when it is the last administrator's.
        """
        _permit_deletion(actor, user_id)
        user = await self._users.get(user_id)
        projects = await self._projects.with_principal(_principal(user_id))
        owned, others = self._divided(user_id, projects)
        inheriting = await self._heir(user, heir) if owned else None
        await self._people.close(user)
        for project in owned:
            await self._hand_over(project, user_id, inheriting)
        for project in others:
            await self._hand_over(project, user_id, None)
        await self._groups.forget(user_id)
        await self._invitations.remove_by(user_id)
        await self._links.remove_of_user(user_id)
        await self._identities.remove_of_user(user_id)
        await self._users.remove(user_id)
        return user

    async def _changed(self, user_id: str, rule: Callable[[User], User]) -> User:
        async def read() -> User:
            return await self._users.get(user_id)

        async def write(user: User) -> User:
            return await self._users.replace(user)

        return await save(read, rule, write)

    def _divided(self, user_id: str, projects: list[Project]) -> tuple[list[Project], list[Project]]:
        alone = [project for project in projects if _owners(project) == {user_id}]
        return alone, [project for project in projects if project not in alone]

    async def _heir(self, user: User, email: str) -> User:
        heir = await self._users.find_by_email(normal_email(email)) if email.strip() else None
        if heir is None or not heir.is_active or heir.id == user.id:
            problem = Problem("heir", tr("must be the address of another open account"))
            raise Invalid(tr("Say who inherits the projects that nobody else owns."), (problem,))
        return heir

    async def _hand_over(self, project: Project, user_id: str, heir: User | None) -> None:
        def handed_over(stored: Project) -> Project:
            left = [grant for grant in stored.grants if grant.principal != _principal(user_id)]
            if heir is not None:
                left = [grant for grant in left if grant.principal != _principal(heir.id)]
                left.append(Grant(_principal(heir.id), Role.OWNER))
            return with_grants(stored, tuple(left))

        async def read() -> Project:
            return await self._projects.get(project.id)

        async def write(changed: Project) -> Project:
            return await self._projects.replace(msgspec.structs.replace(changed, updated_at=self._now()))

        await save(read, handed_over, write)


def _permit_deletion(actor: Actor, user_id: str) -> None:
    if permit(actor, Capability.ACCOUNT_EDIT, tr("delete an account")) != user_id:
        permit(actor, Capability.ADMIN_USERS, tr("delete others' accounts"))


def _owners(project: Project) -> set[str]:
    """Users who own it; a group does not count, it can become empty."""
    owners = (grant.principal for grant in project.grants if grant.role is Role.OWNER)
    return {principal.id for principal in owners if principal.kind is PrincipalKind.USER}


def _principal(user_id: str) -> Principal:
    return Principal(PrincipalKind.USER, user_id)
