"""The audit, whose rows go by themselves when their time is over, and the settings that change at run time."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    there = set(await db.list_collection_names())
    for name in ("audit", "site"):
        if name not in there:
            await db.create_collection(name)
    await db["audit"].create_index([("keys", 1), ("order", 1)])
    await db["audit"].create_index([("expires_at", 1)], expireAfterSeconds=0)
