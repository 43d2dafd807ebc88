"""The data directory of the embedded mode: held by one process at a time, with a record of what lies in it."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import Self

import msgspec

from domain.errors import Conflict, Unavailable
from persistence.files import writable, write_durably
from persistence.replacing import finish

LEFTOVER_PATIENCE = 20.0
POLL = 0.1


class Record(msgspec.Struct):
    """What is known of the documents folder, to be compared with what is there at the next start.

    `server` is the version that wrote it, `provisioned` whether its user has the kept password, `files` the data files
    seen in it, `counts` the documents per collection at a clean stop (empty while a server runs and after a crash).
    """

    server: str
    provisioned: bool = False
    files: tuple[str, ...] = ()
    counts: dict[str, int] = {}


class DataDirectory:
    """A data directory held for this process by a lock on its file `lock`; the paths of its parts."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.documents = path / "documents"
        self.unfinished = path / "documents.new"
        self.secrets = path / "secrets"
        self.logs = path / "logs"
        self.lock = lock
        self._record_path = path / "documents.json"

    @classmethod
    async def hold(cls, path: Path, patience: float = LEFTOVER_PATIENCE) -> Self:
        """Take the directory, creating it when missing; `Conflict` when another process has it.

        After a crash the document server needs a moment to end and keeps the lock for so long: that is waited for.
        """
        lock = _open_lock(path)
        try:
            with writable(path):
                await _take(lock, path, patience)
                finish(path)
            return cls(path, lock)
        except BaseException:
            os.close(lock)
            raise

    def tell_port(self, port: int) -> None:
        """Let other commands of this user find the running document server."""
        os.pwrite(self.lock, f"{os.getpid()}\n{port}\n".encode(), 0)

    def release(self) -> None:
        os.close(self.lock)

    def open_record(self, version: str) -> Record:
        """The record of the documents folder, begun when the folder is new.

        `Unavailable` when a server of another version wrote the folder, or when a file of it has vanished: the
        document server itself would read an empty collection in place of the missing file.
        """
        record = self._read_record()
        if record is None:
            record = Record(version)
            self.write_record(record)
        if record.server != version:
            raise Unavailable(
                f"The documents in {self.documents} were written by secantusdb {record.server}, but {version} is "
                f"installed, and the two share no format. Install secantusdb=={record.server} again, or put a "
                "copy of the data directory in its place that this version wrote."
            )
        self.check_files(record)
        return record

    def check_files(self, record: Record) -> None:
        missing = sorted(set(record.files) - set(self.files()))
        if missing:
            raise Unavailable(
                f"Documents are missing: {self.documents / missing[0]} was there and is gone"
                f"{f', with {len(missing) - 1} others' if len(missing) > 1 else ''}. "
                "Put it back, or put a copy of the whole data directory in its place."
            )

    def write_record(self, record: Record) -> None:
        with writable(self.path):
            write_durably(self._record_path, msgspec.json.encode(record))

    def files(self) -> tuple[str, ...]:
        """The names of the document server's data files; its journal files come and go and are left out."""
        with writable(self.path):
            return tuple(sorted(path.name for path in self.documents.glob("*.wt")))

    def _read_record(self) -> Record | None:
        if not self._record_path.exists():
            if self.files():
                raise Unavailable(
                    f"{self.documents} holds documents, but their record {self._record_path} is missing. "
                    "Put it back, or put a copy of the whole data directory in its place."
                )
            return None
        with writable(self.path):
            data = self._record_path.read_bytes()
        try:
            return msgspec.json.decode(data, type=Record)
        except msgspec.DecodeError as error:
            raise Unavailable(f"{self._record_path} is damaged ({error}). Put it back from a backup.") from error


def told_port(path: Path) -> int | None:
    """The port that the holder of the data directory has told; None when there is no holder, or it told none yet."""
    try:
        pid, _, port = (path / "lock").read_text("ascii").strip().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return int(port) if port.isdigit() and _alive(pid) else None


def _open_lock(path: Path) -> int:
    with writable(path):
        for folder in (path, path / "secrets", path / "logs"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)


async def _take(lock: int, path: Path, patience: float) -> None:
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(lock, 32, 0).decode("ascii", "replace").partition("\n")[0]
            if _alive(holder) or asyncio.get_running_loop().time() > deadline:
                raise Conflict(
                    f"The data directory {path} is in use by another Depictio (process {holder or 'unknown'}). Stop "
                    "that one, use it with `--server`, or choose another directory with DEPICTIO_DATA_DIR."
                ) from error
            await asyncio.sleep(POLL)
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            return


def _alive(pid: str) -> bool:
    """Whether the process runs; one that ended and waits to be reaped does not."""
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"
