"""Files that are taken up into tables: in order, described in the log, and without leftovers of killed processes."""

import asyncio
import json
import math
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable, QueryBuilder

from domain.errors import Conflict
from persistence import placing
from persistence.objects import ObjectStore, open_objects
from persistence.parts import Part, write_part
from persistence.placing import placed
from persistence.tables import Change, Tables

TABLE = "tables/t"
PLACER = Path(__file__).with_name("placer.py")


def part(folder: Path, number: int, frame: pl.DataFrame) -> Part:
    return write_part(frame.lazy(), folder / f"written-{number}")


def change(folder: Path, *frames: pl.DataFrame, replaces_all: bool = False) -> Change:
    return Change(
        schema=frames[0].schema,
        frames=frames,
        stored={"said": "yes"},
        rows_added=sum(frame.height for frame in frames),
        replaces_all=replaces_all,
        parts=lambda: [part(folder, number, frame) for number, frame in enumerate(frames)],
    )


def numbers(*values: int) -> pl.DataFrame:
    return pl.DataFrame({"x": values})


def read(storage: ObjectStore, version: int | None = None) -> list[int]:
    return Tables(storage).scan(TABLE, version).collect()["x"].to_list()


async def data_files(storage: ObjectStore) -> set[str]:
    return {stored.path for stored in await storage.list(TABLE) if not stored.path.startswith(f"{TABLE}/_delta_log/")}


def taken_up(storage: ObjectStore) -> set[str]:
    """What all versions together have in use."""
    uri, options = storage.delta_location(TABLE)
    newest = DeltaTable(uri, storage_options=options).version()
    tables = [DeltaTable(uri, version=version, storage_options=options) for version in range(newest + 1)]
    return {f"{TABLE}/{uri.rpartition('/')[2]}" for table in tables for uri in table.file_uris()}


async def killed(storage: ObjectStore, version: int, options: Mapping[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PLACER), str(version)), stdin=asyncio.subprocess.PIPE
    )
    await process.communicate(json.dumps([storage.root, dict(options)]).encode())
    assert process.returncode == -signal.SIGKILL


async def test_versions_are_made_of_files(storage: ObjectStore, tmp_path: Path) -> None:
    """Created, appended to, replaced: each version stays readable, in the order of its files."""
    tables = Tables(storage)
    assert tables.commit(TABLE, None, change(tmp_path, numbers(3, 1), numbers(2), numbers(9, 8))) == 0
    assert tables.commit(TABLE, 0, change(tmp_path, numbers(7, 6), numbers(5))) == 1
    assert tables.commit(TABLE, 1, change(tmp_path, numbers(4), replaces_all=True)) == 2
    assert [read(storage, version) for version in (0, 1, 2)] == [[3, 1, 2, 9, 8], [7, 6, 5, 3, 1, 2, 9, 8], [4]]
    assert tables.stored(TABLE) == (2, {"said": "yes", "rows_added": 1, "rows_removed": 0})
    assert [one.rows_added for one in tables.history(TABLE)] == [1, 3, 5]
    assert await data_files(storage) == taken_up(storage)


async def test_a_table_without_rows(storage: ObjectStore, tmp_path: Path) -> None:
    """There is nothing to take up; the table is there with its columns, and takes rows later."""
    empty = Change(schema=numbers().cast({"x": pl.Int64}).schema, frames=[], stored={}, rows_added=0, parts=list)
    tables = Tables(storage)
    assert tables.commit(TABLE, None, empty) == 0
    assert tables.scan(TABLE).collect().schema == empty.schema
    tables.commit(TABLE, 0, change(tmp_path, numbers(1)))
    assert read(storage) == [1]


@pytest.mark.parametrize("base", [None, 0])
async def test_what_a_killed_process_left_is_removed(
    storage: ObjectStore, request: pytest.FixtureRequest, tmp_path: Path, base: int | None
) -> None:
    """The table is as it was; the next commit of the version takes its own files up and removes the others."""
    options = request.getfixturevalue("s3_server").options if storage.root.startswith("s3:") else {}
    tables = Tables(storage)
    if base is not None:
        tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    before = await data_files(storage)
    await killed(storage, 0 if base is None else base + 1, options)
    assert len(await data_files(storage)) == len(before) + 2
    assert tables.version(TABLE) == base
    assert base is None or read(storage) == [1]
    tables.commit(TABLE, base, change(tmp_path, numbers(2)))
    assert await data_files(storage) == taken_up(storage)
    assert read(storage) == ([2] if base is None else [2, 1])


@pytest.mark.parametrize("base", [None, 0])
async def test_who_loses_a_race_leaves_nothing(storage: ObjectStore, tmp_path: Path, base: int | None) -> None:
    """While its files are made somebody else commits: it is told, and what the winner has in use stays."""
    tables = Tables(storage)
    if base is not None:
        tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    won = tmp_path / "won"
    won.mkdir()

    def overtaken() -> list[Part]:
        tables.commit(TABLE, base, change(won, numbers(2)))
        return [part(tmp_path, 0, numbers(3))]

    schema = numbers(1).schema
    with pytest.raises(Conflict, match="changed by somebody else meanwhile"):
        tables.commit(TABLE, base, Change(schema=schema, frames=[], stored={}, rows_added=1, parts=overtaken))
    assert read(storage) == ([2] if base is None else [2, 1])
    assert await data_files(storage) == taken_up(storage)


@pytest.mark.parametrize("base", [None, 0])
async def test_of_two_at_once_one_is_told(storage: ObjectStore, tmp_path: Path, base: int | None) -> None:
    """Both have their files ready before either commits; the table is the winner's alone."""
    tables = Tables(storage)
    if base is not None:
        tables.commit(TABLE, None, change(tmp_path, numbers(0)))
    ready = Barrier(2)

    def commit(number: int) -> int:
        def made() -> list[Part]:
            parts = [part(tmp_path, number, numbers(number))]
            ready.wait(10)
            return parts

        schema = numbers(0).schema
        return tables.commit(TABLE, base, Change(schema=schema, frames=[], stored={}, rows_added=1, parts=made))

    outcomes = await asyncio.gather(*(asyncio.to_thread(commit, number) for number in (1, 2)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "int"]
    won = 1 if isinstance(outcomes[0], int) else 2
    assert read(storage) == ([won] if base is None else [won, 0])
    assert await data_files(storage) == taken_up(storage)


def left(storage: ObjectStore) -> tuple[str, ...]:
    """The intents of a table."""
    return storage.names_now(f"{TABLE}/{placing.INTENTS}")


@pytest.mark.parametrize("base", [None, 0])
async def test_files_that_come_once_the_race_is_lost_are_removed(
    storage: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: int | None
) -> None:
    """Between an intent and its files somebody else commits, and finds an intent without files."""
    tables = Tables(storage)
    if base is not None:
        tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    won = tmp_path / "won"
    won.mkdir()
    take_in = storage.take_in

    def overtaken(path: str, file: Path) -> None:
        monkeypatch.setattr(storage, "take_in", take_in)
        tables.commit(TABLE, base, change(won, numbers(2)))
        take_in(path, file)

    monkeypatch.setattr(storage, "take_in", overtaken)
    with pytest.raises(Conflict, match="changed by somebody else meanwhile"):
        tables.commit(TABLE, base, change(tmp_path, numbers(3), numbers(4)))
    assert read(storage) == ([2] if base is None else [2, 1])
    assert await data_files(storage) == taken_up(storage)
    assert left(storage) == ()


async def test_an_intent_without_all_its_files_is_kept_for_a_day(
    storage: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its maker may still bring them; what is there already goes, and the intent once its maker must be dead."""
    tables = Tables(storage)
    tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    intent, early = f"{TABLE}/{placing.INTENTS}/0-slow.json", f"{TABLE}/early.parquet"
    storage.put_now(intent, json.dumps({"version": 0, "files": ["early.parquet", "late.parquet"]}).encode())
    storage.put_now(early, b"")
    tables.commit(TABLE, 0, change(tmp_path, numbers(2)))
    assert not await storage.exists(early)
    assert left(storage) == (intent,)
    storage.put_now(f"{TABLE}/late.parquet", b"")
    monkeypatch.setattr(placing, "GIVEN_UP", timedelta(0))
    tables.commit(TABLE, 1, change(tmp_path, numbers(3)))
    assert left(storage) == ()
    assert await data_files(storage) == taken_up(storage)


async def test_deltas_own_writer_leaves_no_orphans_either(
    storage: ObjectStore, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """A commit that changes the schema removes what a killed process had brought for that version."""
    options = request.getfixturevalue("s3_server").options if storage.root.startswith("s3:") else {}
    tables = Tables(storage)
    tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    await killed(storage, 1, options)
    wider = numbers(2).with_columns(y=pl.lit("gained"))
    tables.commit(TABLE, 0, change(tmp_path, wider))
    assert await data_files(storage) == taken_up(storage)
    assert tables.scan(TABLE).collect().sort("x").rows() == [(1, None), (2, "gained")]


async def test_files_whose_version_may_still_come_stay(storage: ObjectStore, tmp_path: Path) -> None:
    """Somebody who is about to commit keeps its files while others commit before it, and is then refused."""
    tables = Tables(storage)
    tables.commit(TABLE, None, change(tmp_path, numbers(1)))
    with placed(storage, TABLE, 2, [part(tmp_path, 0, numbers(9))]) as added:
        tables.commit(TABLE, 0, change(tmp_path, numbers(2)))
        assert await storage.exists(f"{TABLE}/{added[0].path}")
    assert await storage.exists(f"{TABLE}/{added[0].path}")
    tables.commit(TABLE, 1, change(tmp_path, numbers(3)))
    assert not await storage.exists(f"{TABLE}/{added[0].path}")
    assert await data_files(storage) == taken_up(storage)


def test_the_log_says_what_the_files_hold(tmp_path: Path) -> None:
    """Counts, missing values and limits; none for numbers that are not finite, on which readers do not agree."""
    frame = pl.DataFrame(
        {
            "whole": [3, None, -2],
            "fraction": [1.5, 2.5, None],
            "not_a_number": [1.0, math.nan, 2.0],
            "endless": [1.0, math.inf, 2.0],
            "text": ["b", "ä", None],
            "nothing": pl.Series([None, None, None], dtype=pl.Int64),
            "depictio_file": ["r/a.csv", "r/é.csv", "r/a.csv"],
        }
    )
    storage_folder = tmp_path / "objects"
    tables = Tables(open_objects(str(storage_folder)))
    tables.commit(TABLE, None, change(tmp_path, frame))
    (log,) = (storage_folder / TABLE / "_delta_log").glob("*.json")
    (add,) = [json.loads(line)["add"] for line in log.read_text().splitlines() if '"add"' in line]
    assert json.loads(add["stats"]) == {
        "numRecords": 3,
        "minValues": {"whole": -2, "fraction": 1.5, "depictio_file": "r/a.csv"},
        "maxValues": {"whole": 3, "fraction": 2.5, "depictio_file": "r/é.csv"},
        "nullCount": {name: frame[name].null_count() for name in frame.columns},
    }
    assert tables.scan(TABLE).filter(pl.col("not_a_number").is_nan()).collect().height == 1
    assert tables.scan(TABLE).filter(pl.col("endless") > 5).collect().height == 1


def test_delta_itself_reads_what_was_taken_up(tmp_path: Path) -> None:
    """Every type that a table keeps, by the reader of delta-rs too."""
    moment = pl.Series(["2024-02-29T12:00:00.123456", None]).str.to_datetime(time_unit="us")
    frame = pl.DataFrame(
        {
            "i8": pl.Series([-128, None], dtype=pl.Int8),
            "i16": pl.Series([1, None], dtype=pl.Int16),
            "i32": pl.Series([1, None], dtype=pl.Int32),
            "i64": [2**62, None],
            "f32": pl.Series([0.5, None], dtype=pl.Float32),
            "f64": [0.1, None],
            "text": ["Zürich", None],
            "flag": [True, None],
            "day": moment.dt.date(),
            "local": moment,
            "utc": moment.dt.replace_time_zone("UTC"),
            "list": [[1, 2], None],
            "struct": [{"a": 1, "b": "x"}, None],
            "bytes": [b"x", None],
            "decimal": pl.Series(["1.25", None]).cast(pl.Decimal(10, 2)),
        }
    )
    tables = Tables(open_objects(str(tmp_path / "objects")))
    tables.commit(TABLE, None, change(tmp_path, frame))
    assert tables.scan(TABLE).collect().equals(frame)
    assert tables.schema(TABLE) == frame.schema
    table = DeltaTable(tables.location(TABLE).uri)
    rows: Any = QueryBuilder().register("t", table).execute("select * from t where i64 > 0").read_all()
    assert pl.DataFrame(rows).select(frame.columns).rows() == frame[:1].rows()
