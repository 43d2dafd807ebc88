"""Where sent files wait: bounded, whole or not at all, and forgotten."""

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import Invalid
from domain.ingests import FoundFile
from services.uploads import Uploads

MIB = 2**20


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    """Sent twice it is kept once."""
    uploads, content = Uploads(tmp_path, 1), b"a\n1\n"
    digest = hashlib.sha256(content).hexdigest()
    assert await uploads.keep("p", pieces(content)) == (digest, 4)
    assert await uploads.keep("p", pieces(content)) == (digest, 4)
    assert [path.read_bytes() for path in files(tmp_path)] == [content]


async def test_a_file_that_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="too large"):
        await Uploads(tmp_path, 1).keep("p", pieces(b"1" * (MIB + 1)))
    assert files(tmp_path) == []


async def test_a_small_file_that_unpacks_to_much_is_not_read(tmp_path: Path) -> None:
    """It is refused before anything reads it."""
    uploads, content = Uploads(tmp_path, 1), gzip.compress(b"1" * 3 * MIB)
    digest, size = await uploads.keep("p", pieces(content))
    file = FoundFile(path="bomb.csv.gz", run="uploads", size=size, mtime_ns=0, sha256=digest)
    with pytest.raises(Invalid) as refused:
        uploads.path_of("p", file)
    assert [problem.message for problem in refused.value.problems] == ["unpacks to more than 1 MiB"]
    await uploads.discard("p", [file])
    assert files(tmp_path) == []


async def test_what_several_want_stays_until_the_last_has_read_it(tmp_path: Path) -> None:
    """Two orders may want the same content; whichever is done first leaves it to the other."""
    uploads = Uploads(tmp_path, 1)
    digest, size = await uploads.keep("p", pieces(b"a\n1\n"))
    file = FoundFile(path="a.csv", run="uploads", size=size, mtime_ns=0, sha256=digest)
    for claimant in ("one", "other"):
        await uploads.claim("p", [file], claimant)
    await uploads.discard("p", [file])
    await uploads.discard("p", [file], "other")
    assert uploads.path_of("p", file).read_bytes() == b"a\n1\n"
    await uploads.claim("p", [file], "third")
    await uploads.discard("p", [file], "one")
    assert uploads.path_of("p", file).is_file()
    await uploads.discard("p", [file], "third")
    assert files(tmp_path) == []


async def test_what_is_sent_anew_while_it_is_read_stays(tmp_path: Path) -> None:
    """Whoever sent it has not yet said what for."""
    uploads = Uploads(tmp_path, 1)
    digest, size = await uploads.keep("p", pieces(b"a\n1\n"))
    file = FoundFile(path="a.csv", run="uploads", size=size, mtime_ns=0, sha256=digest)
    await uploads.claim("p", [file], "one")
    await asyncio.sleep(0.02)
    await uploads.receive("p", digest, pieces(b""))
    await uploads.discard("p", [file], "one")
    assert uploads.path_of("p", file).is_file()
    await uploads.discard("p", [file])
    assert files(tmp_path) == []


async def test_a_connection_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a\n"
        raise EOFError

    with pytest.raises(EOFError):
        await Uploads(tmp_path, 1).keep("p", broken())
    assert files(tmp_path) == []
