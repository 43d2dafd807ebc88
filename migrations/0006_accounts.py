"""Invitations, one-time links, tokens and identities of sign-in providers; addresses in their present normal form."""

from domain.errors import Invalid
from domain.people import normal_email
from persistence.mongo import Database

INDEXED = (
    ("invitations", [("email", 1), ("project_id", 1)]),
    ("invitations", [("project_id", 1)]),
    ("invitations", [("invited_by", 1)]),
    ("reset_links", [("user_id", 1)]),
    ("api_tokens", [("user_id", 1)]),
    ("token_families", [("user_id", 1)]),
    ("identities", [("user_id", 1)]),
)
EXPIRING = ("invitations", "reset_links", "api_tokens", "token_families")


async def up(db: Database) -> None:
    for name, keys in INDEXED:
        await db[name].create_index(keys)
    for name in EXPIRING:
        await db[name].create_index([("expires_at", 1)], expireAfterSeconds=0)
    async for user in db["users"].find({}, {"email": 1}):
        await _renormalise(db, user["_id"], user["email"])


async def _renormalise(db: Database, user_id: str, email: str) -> None:
    """An address that cannot be brought into the new form, or whose form is another's, stays: it was reached so."""
    try:
        normal = normal_email(email)
    except Invalid:
        return
    if normal != email and await db["users"].find_one({"email": normal}) is None:
        await db["users"].update_one({"_id": user_id}, {"$set": {"email": normal}})
