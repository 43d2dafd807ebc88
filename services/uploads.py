"""Files sent to the server, waiting in a folder of its data directory to be read into a table."""

import asyncio
import hashlib
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from domain.errors import Invalid, Problem
from domain.ingests import FoundFile
from domain.text import IDENTIFIER
from domain.wording import tr
from persistence.files import writable
from persistence.unpacked import unpacking_problem

SHA256 = re.compile(r"[0-9a-f]{64}")
MIB = 1024 * 1024
FORGOTTEN_AFTER = 24 * 60 * 60
"""Seconds after which a file that no ingest asked for is removed."""


Limit = Callable[[], Awaitable[int]]


class Uploads:
    """Each file is known by the hash of its content, below a folder of its project.

    Whoever is going to read files claims them first: what several were sent, or several want, stays until the last of
    them discards it. A claim is an empty file beside the content, named after whom it is for.

    `max_mib` holds where no `limit` says what may be sent at this moment.
    """

    def __init__(self, folder: Path, max_mib: int, limit: Limit | None = None) -> None:
        self._folder = folder
        self._max_mib = max_mib
        self._limit = limit

    async def receive(self, project_id: str, sha256: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep a file whose content has this hash.

        Raises:
            Invalid: when the content has another hash, or is larger than `upload_max_mib`.
            Unavailable: when the data directory cannot be written.
        """
        if await asyncio.to_thread(_sent_again, self._place(project_id, sha256)):
            return
        await self._kept(project_id, chunks, sha256)

    async def keep(self, project_id: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """Keep a file whose hash nobody knows yet; returns it, and how many bytes came.

        Raises:
            Invalid, Unavailable: as `receive`.
        """
        return await self._kept(project_id, chunks, None)

    async def _kept(self, project_id: str, chunks: AsyncIterator[bytes], wanted: str | None) -> tuple[str, int]:
        with writable(self._folder):
            folder = self._folder / project_id
            folder.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(self._forget_old)
            with NamedTemporaryFile(dir=folder, prefix="part-") as part:
                received, size = await self._write(part.write, chunks)
                if wanted is not None and received != wanted:
                    raise Invalid(
                        tr("The file changed on its way."),
                        (Problem(wanted, tr("has the hash {received}", received=received)),),
                    )
                part.flush()
                await asyncio.to_thread(_keep, Path(part.name), self._place(project_id, received))
        return received, size

    def path_of(self, project_id: str, file: FoundFile) -> Path:
        """Where the content of a listed file is. Blocks.

        Raises:
            Invalid: when it was not sent, or unpacks to more than `upload_max_mib`.
        """
        place = self._place(project_id, file.sha256)
        if not place.is_file():
            raise Invalid(
                tr("A file was not sent."), (Problem(file.path, tr("was not sent to the server; run again")),)
            )
        problem = unpacking_problem(place, self._max_mib * MIB)
        if problem:
            raise Invalid(tr("A file cannot be read."), (Problem(file.path, problem),))
        return place

    async def for_process(self) -> "Uploads":
        """The same files as another process can be given them, which goes by what may come at this moment."""
        return Uploads(self._folder, await self._most())

    async def claim(self, project_id: str, files: Iterable[FoundFile], claimant: str) -> None:
        """Keep what was sent of these files until this claimant discards it, for a day at most."""
        await asyncio.to_thread(_claim, self._places(project_id, files), claimant)

    async def discard(self, project_id: str, files: Iterable[FoundFile], claimant: str = "") -> None:
        """Remove what was sent of these files, but for what others claim or was sent anew after this claim."""
        await asyncio.to_thread(_discard, self._places(project_id, files), claimant)

    async def _write(self, write: Callable[[bytes], int], chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        digest, most = hashlib.sha256(), await self._most()
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > most * MIB:
                message = tr("is larger than {most} MiB (DEPICTIO_UPLOAD_MAX_MIB, or the site's own limit)", most=most)
                raise Invalid(tr("The file is too large."), (Problem("", message),))
            digest.update(chunk)
            await asyncio.to_thread(write, chunk)
        return digest.hexdigest(), size

    async def _most(self) -> int:
        """How many MiB may come now; what they unpack to goes by it, too."""
        if self._limit is not None:
            self._max_mib = await self._limit()
        return self._max_mib

    def _place(self, project_id: str, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256) or not IDENTIFIER.fullmatch(project_id):
            raise Invalid(
                tr("This is not the hash of a file."), (Problem(sha256, tr("must be 64 hexadecimal digits")),)
            )
        return self._folder / project_id / sha256

    def _places(self, project_id: str, files: Iterable[FoundFile]) -> list[Path]:
        return [self._place(project_id, file.sha256) for file in files]

    def _forget_old(self) -> None:
        too_old = time.time() - FORGOTTEN_AFTER
        for path in self._folder.glob("*/*"):
            try:
                if path.stat().st_mtime < too_old:
                    path.unlink()
            except FileNotFoundError:
                continue


class SentFiles:
    """Where sent files of a project are, by the path that a listing has of them; another process can be given this."""

    def __init__(self, uploads: Uploads, project_id: str, listed: Mapping[str, FoundFile]) -> None:
        self._uploads = uploads
        self._project_id = project_id
        self._listed = dict(listed)

    def __call__(self, name: str) -> Path:
        """The file. Blocks; errors as for `Uploads.path_of`."""
        return self._uploads.path_of(self._project_id, self._listed[name])


def _keep(part: Path, place: Path) -> None:
    """Give the finished part its name; sent twice at once it is kept once."""
    if not _sent_again(place):
        with suppress(FileExistsError):
            place.hardlink_to(part)


def _sent_again(place: Path) -> bool:
    """Whether the content is here already; then it counts as sent now."""
    try:
        os.utime(place)
    except FileNotFoundError:
        return False
    return True


def _claim(places: Iterable[Path], claimant: str) -> None:
    for place in places:
        if place.exists():
            _claim_on(place, claimant).touch()


def _discard(places: Iterable[Path], claimant: str) -> None:
    for place in places:
        try:
            claimed_at = _claim_on(place, claimant).stat().st_mtime_ns if claimant else time.time_ns()
            _claim_on(place, claimant).unlink(missing_ok=True)
            if place.stat().st_mtime_ns <= claimed_at and not any(place.parent.glob(f"{place.name}.*")):
                place.unlink()
        except FileNotFoundError:
            continue


def _claim_on(place: Path, claimant: str) -> Path:
    return place.with_name(f"{place.name}.{claimant}")
