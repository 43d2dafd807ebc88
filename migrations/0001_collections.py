"""The first collections and the indexes that their queries need. A project's `audience` is a list: one entry each."""

from persistence.mongo import Database

PLAIN = ("meta", "migrations")
UNIQUE = {
    "users": [("email", 1)],
    "projects": [("created_by", 1), ("name", 1)],
    "collections": [("project_id", 1), ("workflow", 1), ("tag", 1)],
}
INDEXED = (
    ("sessions", [("user_id", 1)]),
    ("throttles", [("key", 1), ("expires_at", 1)]),
    ("projects", [("audience", 1)]),
    ("collections", [("project_id", 1)]),
    ("ingests", [("project_id", 1), ("started_at", 1)]),
    ("dashboards", [("project_id", 1)]),
)
EXPIRING = ("sessions", "throttles")


async def up(db: Database) -> None:
    there = set(await db.list_collection_names())
    for name in PLAIN:
        if name not in there:
            await db.create_collection(name)
    for name, keys in UNIQUE.items():
        await db[name].create_index(keys, unique=True)
    for name, keys in INDEXED:
        await db[name].create_index(keys)
    for name in EXPIRING:
        await db[name].create_index([("expires_at", 1)], expireAfterSeconds=0)
