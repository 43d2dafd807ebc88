"""Finds the ingests of a span of time over all projects, for administrators."""

from persistence.mongo import Database


async def up(db: Database) -> None:
    await db["ingests"].create_index([("started_at", 1)])
