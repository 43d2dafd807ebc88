"""One kind of invitation: addresses that waited within a project become invitations of their own, without a link."""

from datetime import timedelta
from typing import Any

from domain.access import Role
from domain.accounts import hash_of, new_secret
from persistence.mongo import Database, now

LIFE = timedelta(days=30)
ORDER = list(Role)


async def up(db: Database) -> None:
    async for project in db["projects"].find({}, {"invited": 1, "audience": 1, "grants": 1, "created_by": 1}):
        for waiting in project.get("invited", ()):
            await _keep(db, project, waiting["email"], Role(waiting["role"]))
        if "invited" in project:
            audience = [key for key in project.get("audience", ()) if not key.startswith("invited:")]
            # The version stays: nobody has changed the project.
            change = {"$set": {"audience": audience}, "$unset": {"invited": ""}}
            await db["projects"].update_one({"_id": project["_id"]}, change)


async def _keep(db: Database, project: dict[str, Any], email: str, role: Role) -> None:
    """An address with a link keeps that, with the stronger of the two roles."""
    query = {"email": email, "project_id": project["_id"]}
    there = await db["invitations"].find_one(query)
    if there is None:
        at = now()
        made = {"invited_by": _owner(project), "created_at": at, "expires_at": at + LIFE, "is_vouched": False}
        await db["invitations"].insert_one({"_id": hash_of(new_secret()), **query, **made, "role": role.value})
    elif ORDER.index(role) < ORDER.index(Role(there["role"])):
        await db["invitations"].update_one({"_id": there["_id"]}, {"$set": {"role": role.value}})


def _owner(project: dict[str, Any]) -> str:
    """Who invited is not known any more: somebody who may. An invitation lets in what its maker still could."""
    owners = [grant["principal"] for grant in project.get("grants", ()) if grant["role"] == Role.OWNER.value]
    people = [principal["id"] for principal in owners if principal["kind"] == "user"]
    return str(people[0] if people else project["created_by"])
