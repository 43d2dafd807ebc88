"""A Depictio that writes without end: run as `python writer.py DATA_DIR`, it prints each id once it is acknowledged."""

import asyncio
import sys
from pathlib import Path

import msgspec

from persistence.documents import Collection
from persistence.embedded import EmbeddedServer
from persistence.mongo import connect, new_id


class Note(msgspec.Struct):
    id: str


async def main() -> None:
    server = await EmbeddedServer.start(Path(sys.argv[1]))
    documents = await connect(server.url)
    notes = Collection(documents, "notes", Note, "note")
    print("server", server.pid, flush=True)  # noqa: T201
    while True:
        note = await notes.add(Note(new_id()), taken="taken")
        print(note.id, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
