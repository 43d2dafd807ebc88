"""The indexes of comments, notes and their history."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    await db["threads"].create_index([("dashboard_id", 1)])
    await db["note_revisions"].create_index([("dashboard_id", 1), ("number", 1)])
    for name in ("threads", "notes", "note_revisions"):
        await db[name].create_index([("project_id", 1)])
