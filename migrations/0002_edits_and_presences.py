"""The log of edits, and who is in an editor. The log of a dashboard that is there begins at the version it has."""

from persistence.mongo import Database

INDEXED = (("edits", "place"), ("edits", "author"), ("edits", "token"), ("presences", "dashboard_id"))


async def up(db: Database) -> None:
    for name, key in INDEXED:
        await db[name].create_index([(key, 1)])
    await db["presences"].create_index([("expires_at", 1)], expireAfterSeconds=0)
