"""Invitations and one-time links in the document store, which removes the expired ones by itself."""

from datetime import datetime

from domain.access import Role
from domain.accounts import Invitation, ResetLink
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class InvitationRepository:
    """The invitations that are neither used nor withdrawn."""

    def __init__(self, documents: Documents) -> None:
        self._invitations = Collection(documents, "invitations", Invitation, tr("invitation"))

    async def find(self, invitation_id: str) -> Invitation | None:
        return await self._invitations.find({"_id": invitation_id})

    async def of_project(self, project_id: str) -> list[Invitation]:
        return await self._invitations.many({"project_id": project_id})

    async def to_address(self, email: str) -> list[Invitation]:
        return await self._invitations.many({"email": email})

    async def made_by_administrators(self) -> list[Invitation]:
        """Those to the installation itself."""
        return await self._invitations.many({"project_id": None})

    async def add(self, invitation: Invitation) -> Invitation:
        return await self._invitations.add(invitation, taken=tr("This invitation exists already."))

    async def take(self, invitation_id: str) -> bool:
        """Use it up; False when somebody else just did."""
        return bool(await self._invitations.remove({"_id": invitation_id}))

    async def remove_to(self, email: str, project_id: str | None) -> int:
        """Remove those of this address to this project, or to the installation; how many there were."""
        return await self._invitations.remove({"email": email, "project_id": project_id})

    async def set_role(self, email: str, project_id: str, role: Role, at: datetime) -> bool:
        """Have another role wait for the address; False when there is no such invitation at the time `at`."""
        query = {"email": email, "project_id": project_id, "expires_at": {"$gt": at}}
        return bool(await self._invitations.update_all(query, {"$set": {"role": role.value}}))

    async def remove_by(self, user_id: str) -> int:
        return await self._invitations.remove({"invited_by": user_id})


class ResetLinkRepository:
    """The links that nobody has used yet; an account has one at most."""

    def __init__(self, documents: Documents) -> None:
        self._links = Collection(documents, "reset_links", ResetLink, tr("reset link"))

    async def find(self, link_id: str, at: datetime) -> ResetLink | None:
        """The link, unless it has expired by the time `at`."""
        link = await self._links.find({"_id": link_id})
        return link if link is not None and at < link.expires_at else None

    async def add(self, link: ResetLink) -> ResetLink:
        return await self._links.add(link, taken=tr("This link exists already."))

    async def take(self, link_id: str) -> bool:
        """Use it up; False when somebody else just did."""
        return bool(await self._links.remove({"_id": link_id}))

    async def remove_of_user(self, user_id: str) -> int:
        return await self._links.remove({"user_id": user_id})
