"""Small files of a table put together after an ingest, as soon as there are many of them."""

import asyncio

from domain.errors import Conflict, Unavailable
from domain.upkeep import MANY_FILES
from domain.wording import tr
from persistence import table_upkeep
from persistence.tables import Tables

NOT_COMPACTED = tr(
    "The ingest is complete, but the small files of the table could not be put together. {reason} The next ingest that "
    "changes something tries again."
)


async def compacted(tables: Tables, path: str, version: int) -> tuple[int, str]:
    """The version of the same rows with fewer files, or the same version; and what went wrong, if something did.

    Call it under the lease of the table, and when `version` is published already: a failure here, or a crash, leaves
    readers with what was ingested. Older versions keep their files.
    """
    try:
        todo = await asyncio.to_thread(table_upkeep.small_files, tables, path, version)
        if todo.files < MANY_FILES:
            return version, ""
        done = await asyncio.to_thread(table_upkeep.optimize, tables, path, version)
    except (Conflict, Unavailable) as error:
        return version, NOT_COMPACTED.format(reason=error.message)
    return (version if done.table_version is None else done.table_version), ""
