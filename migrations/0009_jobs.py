"""The indexes of jobs, of what they are to do, and of the processes that say they live."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    await db["jobs"].create_index([("project_id", 1), ("state", 1)])
    await db["jobs"].create_index([("state", 1)])
    await db["jobs"].create_index([("finished_at", 1)])
    await db["job_orders"].create_index([("project_id", 1)])
    await db["workers"].create_index([("expires_at", 1)], expireAfterSeconds=0)
