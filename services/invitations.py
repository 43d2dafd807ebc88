"""Invitations: addresses that wait for an account, the link that opens it, and what the account gets.

Depictio sends no mail. Whoever invites is given the link, once, and passes it on.
"""

import msgspec

from domain.access import ANONYMOUS, Actor, Capability, Role, permit
from domain.accounts import (
    INVITATION_LIFE,
    MAX_INVITED,
    PROJECT_INVITATION_LIFE,
    Invitation,
    Registration,
    Waiting,
    hash_of,
    new_secret,
)
from domain.audit import ACCOUNT
from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Problem
from domain.people import User, normal_email
from domain.projects import Access
from domain.wording import tr
from persistence.accounts import InvitationRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.groups import Groups
from services.people import People
from services.projects import Projects
from services.site import Site

GONE = tr("This invitation does not hold: it was used or withdrawn, or has expired. Ask for a new one.")
NOT_INVITED = tr("That address is not invited, or no longer.")
OFF = tr("Accounts here are opened by an administrator only, so nobody can be invited. Ask an administrator.")


class Invited(msgspec.Struct, frozen=True):
    """A new invitation, and the secret of its link, which is kept nowhere: it can be shown this once.

    The secret is empty where nobody opens an account by a link: the invitation then waits for an administrator.
    """

    invitation: Invitation
    secret: str


class Welcomed(msgspec.Struct, frozen=True):
    """Who accepted an invitation. `project_id` is the project they got into, `missed` why they did not."""

    user: User
    project_id: str | None = None
    missed: str = ""


class Invitations:
    """The use cases of inviting somebody, and of accepting."""

    def __init__(
        self,
        invitations: InvitationRepository,
        people: People,
        projects: Projects,
        groups: Groups,
        site: Site,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._groups = groups
        self._invitations = invitations
        self._people = people
        self._projects = projects
        self._site = site
        self._now = now

    @recorded(Capability.ADMIN_USERS, "invite somebody", on="account:email")
    async def invite(self, actor: Actor, email: str) -> Invited:
        """Invite an address to this installation.

        Raises:
            Forbidden: for all but administrators, or when invitations are off.
            Invalid: when it is no address.
            Conflict: when it has an account.
        """
        invited_by = permit(actor, Capability.ADMIN_USERS, tr("invite people to this installation"))
        return await self._invite(email, invited_by, is_vouched=True)

    @recorded(Capability.PROJECT_SHARE, "invite somebody to the project", "email", "role")
    async def invite_to(self, access: Access, email: str, role: Role) -> Invited:
        """Invite an address to a project, where it will hold this role; an earlier invitation to it ends.

        Raises:
            Forbidden: without `project:share`.
            Invalid: when it is no address, or too many are waiting.
            Conflict: when it has an account: then the project can be shared with that.
        """
        access.require(Capability.PROJECT_SHARE)
        address, project_id = normal_email(email), access.project.id
        if len({one.email for one in await self._held(project_id)} | {address}) > MAX_INVITED:
            problem = Problem(
                "email", tr("{most} addresses are waiting, which is the most; withdraw some first", most=MAX_INVITED)
            )
            raise Invalid(tr("Nobody else can be invited."), (problem,))
        return await self._invite(email, access.actor.user_id or "", project_id=project_id, role=role)

    async def share_or_invite(self, access: Access, email: str, role: Role) -> Invited | None:
        """Share the project with the account of an address, or invite the address when it has none.

        Raises:
            Conflict: when they are a member already, or the account is closed.
        """
        try:
            await self._projects.add_member(access, email, role)
        except NotFound:
            return await self.invite_to(access, email, role)
        await self._invitations.remove_to(normal_email(email), access.project.id)
        return None

    @recorded(Capability.PROJECT_SHARE, "set the role of who is invited", "email", "role")
    async def set_role(self, access: Access, email: str, role: Role) -> None:
        """Have another role wait for an address; its link stays. `NotFound` when it is not invited."""
        access.require(Capability.PROJECT_SHARE)
        if not await self._invitations.set_role(normal_email(email), access.project.id, role, self._now()):
            raise NotFound(NOT_INVITED)

    async def pending(self, actor: Actor) -> list[Waiting]:
        """The invitations to this installation that wait, by address; `Forbidden` for all but administrators."""
        permit(actor, Capability.ADMIN_USERS, tr("see who is invited"))
        return await self._named(self._waiting(await self._invitations.made_by_administrators()))

    async def pending_to(self, access: Access) -> list[Waiting]:
        """The invitations to a project that wait, by address; `Forbidden` without `project:share`."""
        access.require(Capability.PROJECT_SHARE)
        return await self._named(await self._held(access.project.id))

    @recorded(Capability.ADMIN_USERS, "withdraw an invitation", on="account:email")
    async def withdraw(self, actor: Actor, email: str) -> None:
        """End the invitation of an address to this installation.

        Raises:
            Forbidden: for all but administrators.
            NotFound: when there is none.
        """
        permit(actor, Capability.ADMIN_USERS, tr("withdraw invitations"))
        await self._withdraw(email, None)

    @recorded(Capability.PROJECT_SHARE, "withdraw an invitation to the project", "email")
    async def withdraw_from(self, access: Access, email: str) -> None:
        """End the invitation of an address to a project; `Forbidden` without `project:share`, `NotFound`."""
        access.require(Capability.PROJECT_SHARE)
        await self._withdraw(email, access.project.id)

    async def open(self, secret: str) -> Invitation:
        """The invitation of a link; `NotFound` when it does not hold (any more)."""
        invitation = await self._invitations.find(hash_of(secret))
        if invitation is None or self._now() >= invitation.expires_at or await self._is_off():
            raise NotFound(GONE)
        return invitation

    @recorded(ACCOUNT, "open an account by an invitation")
    async def accept(
        self,
        secret: str,
        password: str,
        display_name: str,
        *,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> Welcomed:
        """Open the account of the invited address.

        Raises:
            NotFound: when the link does not hold (any more).
            Invalid: when the password or the name breaks the rules; the link then still holds.
            Conflict: when the address got an account meanwhile.
        """
        invitation = await self.open(secret)
        user = await self._people.create_user(
            invitation.email, password, display_name, email_verified=invitation.is_vouched
        )
        welcomed = await self._welcome(invitation, user)
        if user.email_verified:
            await self.accept_all(user)
        return welcomed

    @recorded(ACCOUNT, "accept an invitation")
    async def join(self, actor: Actor, secret: str) -> Welcomed:
        """Accept with the account that the address got meanwhile.

        Raises:
            Unauthenticated: when nobody is signed in.
            Forbidden: when the invitation is another address's.
        """
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("accept this invitation"))
        invitation = await self.open(secret)
        if invitation.email != actor.email:
            raise Forbidden(
                tr(
                    "This invitation is for {email}, and you are signed in as {own}.",
                    email=invitation.email,
                    own=actor.email,
                )
            )
        return await self._welcome(invitation, (await self._people.users([user_id]))[user_id])

    async def wait_for(self, email: str) -> bool:
        """Whether somebody has invited this address, which is in normal form."""
        return bool(self._waiting(await self._invitations.to_address(email)))

    async def accept_all(self, user: User) -> None:
        """Give a user what waits for their address. Asks for no link: whoever calls this has seen it to be theirs."""
        for invitation in self._waiting(await self._invitations.to_address(user.email)):
            await self._welcome(invitation, user)

    async def _welcome(self, invitation: Invitation, user: User) -> Welcomed:
        if not await self._invitations.take(invitation.id):
            raise NotFound(GONE)
        if invitation.project_id is None or invitation.role is None:
            return Welcomed(user)
        try:
            await self._let_in(invitation.invited_by, invitation.project_id, invitation.role, user)
        except DomainError as error:
            return Welcomed(user, missed=tr("You were not let into the project: {message}", message=error.message))
        return Welcomed(user, invitation.project_id)

    async def _let_in(self, invited_by: str, project_id: str, role: Role, user: User) -> None:
        """Share the project as whoever invited would do now: what they may not do any more, their link does not."""
        inviter = await self._groups.joined(await self._people.actor_of_user(invited_by))
        await self._projects.let_in(await self._projects.open(inviter, project_id), user.id, role)

    async def _invite(
        self,
        email: str,
        invited_by: str,
        *,
        is_vouched: bool = False,
        project_id: str | None = None,
        role: Role | None = None,
    ) -> Invited:
        is_off = await self._is_off()
        if is_off and project_id is None:
            raise Forbidden(OFF)
        address = normal_email(email)
        if await self._people.has_account(address):
            raise Conflict(
                tr(
                    "{address} has an account already. If it is closed, an administrator can reopen it.",
                    address=address,
                )
            )
        await self._invitations.remove_to(address, project_id)
        secret, at = new_secret(), self._now()
        invitation = Invitation(
            id=hash_of(secret),
            email=address,
            invited_by=invited_by,
            created_at=at,
            expires_at=at + (INVITATION_LIFE if project_id is None else PROJECT_INVITATION_LIFE),
            is_vouched=is_vouched,
            project_id=project_id,
            role=role,
        )
        return Invited(await self._invitations.add(invitation), "" if is_off else secret)

    async def _withdraw(self, email: str, project_id: str | None) -> None:
        if not await self._invitations.remove_to(normal_email(email), project_id):
            raise NotFound(NOT_INVITED)

    async def _held(self, project_id: str) -> list[Invitation]:
        return self._waiting(await self._invitations.of_project(project_id))

    async def _named(self, invitations: list[Invitation]) -> list[Waiting]:
        users = await self._people.users({one.invited_by for one in invitations})
        names = {id_: user.display_name or user.email for id_, user in users.items()}
        return [Waiting(one, names.get(one.invited_by, "")) for one in invitations]

    async def _is_off(self) -> bool:
        return (await self._site.admission()).rule is Registration.OFF

    def _waiting(self, invitations: list[Invitation]) -> list[Invitation]:
        at = self._now()
        return sorted((one for one in invitations if at < one.expires_at), key=lambda one: one.email)
