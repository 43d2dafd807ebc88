"""Files of the column cache that were found whole are not checked again before the machine starts anew."""

import os
import time
from pathlib import Path

import polars as pl
import pytest

from persistence.frames.cache_folder import CacheFolder
from persistence.frames.checked import MOST_BYTES, Checked

LIMIT = 1_000_000
WORDS = pl.Series("n", ["a", "b", None] * 1_000)


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    path = tmp_path / "boot_id"
    path.write_text("1b2c\n")
    return path


def kept(folder: Path) -> Path:
    """A column that was written a while ago."""
    CacheFolder(folder, LIMIT).column("t", "n", pl.String(), WORDS.len(), lambda: WORDS)
    (path,) = folder.glob("*/*.column")
    then = time.time() - 60
    os.utime(path, (then, then))
    return path


def found(folder: Path) -> pl.Series | None:
    return CacheFolder(folder, LIMIT).kept("t", "n", pl.String(), WORDS.len())


def test_a_file_is_checked_once_and_again_when_it_was_written(tmp_path: Path) -> None:
    """Whoever uses it leaves it on the list; whoever writes to it takes it off, and damage is found as ever."""
    path = kept(tmp_path)
    assert not Checked(tmp_path).has(path.stat())
    for _ in range(2):
        column = found(tmp_path)
        assert column is not None
        assert column.cast(pl.String).equals(WORDS)
        assert Checked(tmp_path).has(path.stat())
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    assert not Checked(tmp_path).has(path.stat())
    assert found(tmp_path) is None


def test_nothing_passes_for_checked_after_a_start_of_the_machine(tmp_path: Path, boot: Path) -> None:
    """Then the disk may have lost what was in memory; the list of the former start goes."""
    path = kept(tmp_path / "cache")
    Checked(tmp_path / "cache", boot).add(path.stat())
    assert Checked(tmp_path / "cache", boot).has(path.stat())
    boot.write_text("3d4e\n")
    again = Checked(tmp_path / "cache", boot)
    assert not again.has(path.stat())
    again.add(path.stat())
    assert [one.name for one in (tmp_path / "cache").glob("checked-*")] == ["checked-3d4e"]


def test_a_file_just_written_is_checked_by_the_next_one_too(tmp_path: Path, boot: Path) -> None:
    """Its time of change could be that of another write, a moment later."""
    path = kept(tmp_path)
    os.utime(path)
    checked = Checked(tmp_path, boot)
    checked.add(path.stat())
    assert not checked.has(path.stat())


def test_a_system_without_an_id_of_its_start_checks_each_time(tmp_path: Path) -> None:
    path = kept(tmp_path)
    checked = Checked(tmp_path, tmp_path / "nowhere")
    checked.add(path.stat())
    assert not checked.has(path.stat())
    assert not list(tmp_path.glob("checked-*"))


def test_the_list_does_not_grow_for_ever(tmp_path: Path, boot: Path) -> None:
    """A long one begins anew; what was on it is checked once more."""
    path = kept(tmp_path)
    (tmp_path / "checked-1b2c").write_text("1 2 3 4\n" * (MOST_BYTES // 8))
    checked = Checked(tmp_path, boot)
    checked.add(path.stat())
    assert not (tmp_path / "checked-1b2c").exists()
    checked.add(path.stat())
    assert (tmp_path / "checked-1b2c").stat().st_size < 200
