import asyncio
import json
import stat
import sys
from pathlib import Path

import polars as pl
import pytest

from domain.errors import Conflict, Invalid, NotFound, Unavailable
from persistence.child import free_port
from persistence.objects import ObjectStore, open_objects

APPENDER = Path(__file__).with_name("appender.py")


async def test_objects_are_kept_listed_and_removed(storage: ObjectStore) -> None:
    await storage.put("a/ü %.txt", b"1")
    await storage.put("a/b/c", b"22")
    await storage.put("ab", b"")
    assert await storage.get("a/ü %.txt") == b"1"
    assert [(stored.path, stored.size) for stored in await storage.list("a")] == [("a/b/c", 2), ("a/ü %.txt", 1)]
    assert [stored.path for stored in await storage.list()] == ["a/b/c", "a/ü %.txt", "ab"]
    assert await storage.delete_folder("a") == 2
    assert [stored.path for stored in await storage.list()] == ["ab"]


async def test_put_replaces_unless_told_to_create(storage: ObjectStore) -> None:
    await storage.put("a", b"1")
    await storage.put("a", b"2")
    with pytest.raises(Conflict, match="The object a exists"):
        await storage.put("a", b"3", create_only=True)
    assert await storage.get("a") == b"2"


async def test_of_racing_creators_one_wins(storage: ObjectStore) -> None:
    puts = [storage.put("a", bytes([number]), create_only=True) for number in range(8)]
    results = await asyncio.gather(*puts, return_exceptions=True)
    assert [isinstance(result, Conflict) for result in results].count(True) == 7
    assert await storage.get("a") == bytes([results.index(None)])


async def test_missing_objects(storage: ObjectStore) -> None:
    """Reading one is an error, removing one is not."""
    assert not await storage.exists("a")
    with pytest.raises(NotFound, match="There is no object a in"):
        await storage.get("a")
    await storage.delete("a")
    await storage.put("a", b"1")
    assert await storage.exists("a")
    assert await storage.list("nothing") == []


@pytest.mark.parametrize("path", ["", "../a", "a/../../b", "/etc/passwd", "a//b", "a/"])
async def test_paths_stay_inside(storage: ObjectStore, path: str) -> None:
    for act in (storage.get(path), storage.put(path, b""), storage.exists(path), storage.delete(path)):
        with pytest.raises(Invalid, match="is not the path of an object"):
            await act
    with pytest.raises(Invalid):
        storage.delta_location(path)


async def test_ping_leaves_nothing(storage: ObjectStore) -> None:
    await storage.ping()
    assert await storage.list() == []


async def test_a_delta_table_takes_appends_of_two_processes(storage: ObjectStore) -> None:
    """Every append of both is in the table once, and polars reads it where `delta_location` says."""
    location = storage.delta_location("tables/t")
    pl.DataFrame({"number": [0] * 10}).write_delta(location.uri, storage_options=location.options)
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, str(APPENDER), str(first), "8"), stdin=asyncio.subprocess.PIPE
        )
        for first in (1, 9)
    ]
    await asyncio.gather(*(process.communicate(json.dumps(location).encode()) for process in processes))
    assert [process.returncode for process in processes] == [0, 0]
    found = pl.read_delta(location.uri, storage_options=location.options)
    assert found["number"].value_counts(sort=False).sort("number").rows() == [(number, 10) for number in range(17)]
    assert any(stored.path.startswith("tables/t/_delta_log/") for stored in await storage.list("tables"))


async def test_an_unreachable_s3_is_unavailable() -> None:
    options = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "hush",
        "AWS_ALLOW_HTTP": "true",
    }
    with pytest.raises(Unavailable, match="The storage s3://lake/x failed at") as raised:
        await open_objects("s3://lake/x", options).ping()
    assert "\n" not in raised.value.message
    assert "hush" not in raised.value.message


async def test_refused_credentials_are_unavailable(s3_server: tuple[str, dict[str, str]]) -> None:
    url, options = s3_server
    with pytest.raises(Unavailable, match="refused access"):
        await open_objects(url, options | {"AWS_SECRET_ACCESS_KEY": "wrong"}).put("a", b"")


def test_file_urls_and_paths_are_the_same_directory(tmp_path: Path) -> None:
    place = tmp_path / "with space"
    assert open_objects(f"file://{tmp_path}/with%20space").root == str(place)
    assert open_objects(str(place)).root == str(place)
    assert stat.S_ISDIR(place.stat().st_mode)


@pytest.mark.parametrize("url", ["", "gs://x/y", "s3://", "http://x", "file://host/x"])
def test_other_urls_are_invalid(url: str) -> None:
    with pytest.raises(Invalid, match="DEPICTIO_STORAGE_URL"):
        open_objects(url)


def test_an_unwritable_directory_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be used: Not a directory") as raised:
        open_objects(str(tmp_path / "file" / "objects"))
    assert "\n" not in raised.value.message
