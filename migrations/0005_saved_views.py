"""The indexes of saved views and of the choice of default ones."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    await db["saved_views"].create_index([("dashboard_id", 1), ("audience", 1), ("key", 1)], unique=True)
    await db["default_views"].create_index([("dashboard_id", 1)])
    for name in ("saved_views", "default_views"):
        await db[name].create_index([("project_id", 1)])
