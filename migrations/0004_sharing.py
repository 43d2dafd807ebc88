"""The indexes of groups and share links, and the keys by which people are looked up, for accounts that are there."""

from domain.text import search_key
from persistence.mongo import Database


async def up(db: Database) -> None:
    await db["groups"].create_index([("name_key", 1)], unique=True)
    await db["groups"].create_index([("members", 1)])
    await db["share_links"].create_index([("token_hash", 1)], unique=True)
    await db["share_links"].create_index([("dashboard_id", 1)])
    await db["share_links"].create_index([("project_id", 1)])
    for name in ("name_key", "last_key"):
        await db["users"].create_index([(name, 1)])
    async for user in db["users"].find({}, {"display_name": 1}):
        key = search_key(user.get("display_name", ""))
        keys = {"name_key": key, "last_key": key.rpartition(" ")[2]}
        await db["users"].update_one({"_id": user["_id"]}, {"$set": keys})
