"""The indexes of inboxes, whose messages go by themselves when their time is over."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    if "messages" not in set(await db.list_collection_names()):
        await db.create_collection("messages")
    await db["messages"].create_index([("order", 1)])
    for name in ("unread_by", "dashboard_id", "project_id"):
        await db["messages"].create_index([(name, 1)])
    await db["messages"].create_index([("expires_at", 1)], expireAfterSeconds=0)
