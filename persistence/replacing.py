"""Putting restored parts into the place of those in a data directory: all of them, whenever it is killed.

They are made in `restoring/` of the data directory. Once `restoring/ready` is there, the parts are moved to their
places, and whoever takes the data directory next goes on with that; before, nothing in the directory has changed.
"""

import shutil
from pathlib import Path

import msgspec

from persistence.files import write_durably

RESTORING = "restoring"
READY = "ready"
BEGUN = "begun.json"
PARTS = ("documents", "documents.json", "documents.toml", "storage", "secrets")


class Begun(msgspec.Struct, frozen=True):
    """What an unfinished restore has to be cleared of: what it wrote to a storage elsewhere, which was empty before."""

    storage: str = ""


def begin(data_dir: Path, storage: str) -> Path:
    """Where the parts are to be made; `storage` is where else it writes, empty when nowhere."""
    folder = data_dir / RESTORING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    write_durably(folder / BEGUN, msgspec.json.encode(Begun(storage)))
    return folder


def begun(data_dir: Path) -> Begun | None:
    """What a restore that was killed says of itself."""
    try:
        return msgspec.json.decode((data_dir / RESTORING / BEGUN).read_bytes(), type=Begun)
    except (OSError, msgspec.DecodeError):
        return None


def give_up(data_dir: Path) -> None:
    """Remove what was made."""
    shutil.rmtree(data_dir / RESTORING, ignore_errors=True)


def commit(data_dir: Path, old: str) -> None:
    """The parts are whole: from here on the restore is done, even if this is killed. What was there goes into `old`."""
    write_durably(data_dir / RESTORING / READY, old.encode())
    finish(data_dir)


def forget(old: Path) -> None:
    """Remove what was there before: it was no site."""
    shutil.rmtree(old)


def finish(data_dir: Path) -> None:
    """Move the parts to their places, if they are ready; may be repeated. The holder of the directory calls this."""
    folder = data_dir / RESTORING
    if not (folder / READY).exists():
        return
    old = data_dir / (folder / READY).read_text("ascii")
    old.mkdir(mode=0o700, exist_ok=True)
    for name in PARTS:
        # What was there before goes first, and once: after a kill, what was restored is not taken for it.
        moved = folder / f"{name}.moved"
        if (data_dir / name).exists() and not moved.exists():
            (data_dir / name).rename(old / name)
        moved.touch()
        if (folder / name).exists():
            (folder / name).rename(data_dir / name)
    (folder / READY).unlink()
    shutil.rmtree(folder)
    shutil.rmtree(data_dir / "cache", ignore_errors=True)
