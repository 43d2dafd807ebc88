"""Finding the files of a data collection on this machine's disk, and telling whether they are the ones known before."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import msgspec

from domain.description import CollectionDescription, ScanParameters, WorkflowDescription
from domain.errors import Invalid, Problem
from domain.ingests import FoundFile, LedgerFile
from domain.patterns import captures, file_pattern, is_ignored
from domain.wording import tr

HASHED_AT_ONCE = 2
"""Hashing leaves the interpreter's lock, so each file has a core."""


class Place(msgspec.Struct, frozen=True):
    """A location of a workflow, or the single file of a collection: as it was written, and where it is."""

    written: str
    path: Path


class Run(msgspec.Struct, frozen=True):
    """One execution of a workflow: its folder."""

    name: str
    folder: Path


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to the collection, before its content was looked at."""

    path: str
    run: str
    at: Path
    captures: dict[str, str]


class Scanned(msgspec.Struct, frozen=True):
    """What a scan found: the listing, where each file is, and how many had to be read to know their hash."""

    listing: tuple[FoundFile, ...]
    at: dict[str, Path]
    hashed: int


def find_runs(workflow: WorkflowDescription, locations: list[Place]) -> list[Run]:
    """The runs in the workflow's locations, by name.

    Raises:
        Invalid: naming each location that is no folder or cannot be read, and each name that two runs have.
    """
    problems = [
        Problem(place.written, tr("is not a folder ({path})", path=place.path))
        for place in locations
        if not _is_folder(place)
    ]
    if problems:
        raise Invalid(tr("Not every location of the workflow {name!r} is there.", name=workflow.name), tuple(problems))
    runs: dict[str, Run] = {}
    for run in (run for place in locations for run in _runs_in(workflow, place)):
        other = runs.setdefault(run.name, run)
        if other is not run and other.folder != run.folder:
            problems.append(
                Problem(
                    run.name,
                    tr(
                        "is a run in {folder} and in {other}; rename one of them", folder=other.folder, other=run.folder
                    ),
                )
            )
    if problems:
        raise Invalid(tr("Runs of the workflow {name!r} cannot be told apart.", name=workflow.name), tuple(problems))
    return [runs[name] for name in sorted(runs)]


def find_files(collection: CollectionDescription, runs: list[Run], single: Place | None) -> list[Candidate]:
    """The collection's files in the runs, by path; for the mode single the file `single`.

    Raises:
        Invalid: when there is none and the collection is not optional, or a folder cannot be read.
    """
    if single is not None:
        found = _single(single)
    else:
        found = [file for run in runs for file in _files_of(run, collection.config.scan.scan_parameters)]
    if not found and not collection.optional:
        looked = tr(
            "{count} runs were looked through; check runs_regex, the pattern, max_depth and ignore", count=len(runs)
        )
        problem = Problem(single.written if single else "", tr("is not a file") if single else looked)
        raise Invalid(
            tr("No file was found for {data_collection_tag!r}.", data_collection_tag=collection.data_collection_tag),
            (problem,),
        )
    return sorted(found, key=lambda file: file.path)


def identify(
    candidates: list[Candidate], known: Mapping[str, LedgerFile], progress: Callable[[], object] = lambda: None
) -> Scanned:
    """The listing of these files: content hashes, taken over from `known` where size and time of change are the same.

    Raises:
        Invalid: for a file that cannot be read.
    """
    listing = []
    hashed = 0
    with ThreadPoolExecutor(HASHED_AT_ONCE, thread_name_prefix="hashing") as pool:
        try:
            for found, was_hashed in pool.map(lambda file: _identified(file, known.get(file.path)), candidates):
                listing.append(found)
                hashed += was_hashed
                progress()
        except Invalid:
            pool.shutdown(cancel_futures=True)
            raise
    return Scanned(tuple(listing), {file.path: file.at for file in candidates}, hashed)


def _identified(file: Candidate, before: LedgerFile | None) -> tuple[FoundFile, bool]:
    """The file as it is listed, and whether it had to be read for that."""
    try:
        stat = file.at.stat()
        is_known = before is not None and (before.size, before.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
        sha256 = before.sha256 if before and is_known else sha256_of(file.at)
    except OSError as error:
        raise Invalid(tr("A file cannot be read."), (Problem(file.path, _reason(error)),)) from error
    found = FoundFile(
        path=file.path,
        run=file.run,
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        sha256=sha256,
        captures=file.captures,
    )
    return found, not is_known


def sha256_of(path: Path) -> str:
    """The hash of the file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_folder(place: Place) -> bool:
    try:
        return place.path.is_dir()
    except OSError:
        return False


def _runs_in(workflow: WorkflowDescription, place: Place) -> Iterator[Run]:
    if workflow.data_location.structure == "flat":
        yield Run(_text(place.path.resolve().name or workflow.name), place.path)
        return
    runs_regex = re.compile(workflow.data_location.runs_regex or "")
    for entry in _entries(place.path):
        if runs_regex.match(entry.name) and entry.is_dir():
            yield Run(_text(entry.name), entry)


def _single(place: Place) -> list[Candidate]:
    if not place.path.is_file():
        return []
    run = place.path.resolve().parent.name
    return [Candidate(path=f"{run}/{_text(place.path.name)}", run=run, at=place.path, captures={})]


def _files_of(run: Run, parameters: ScanParameters) -> Iterator[Candidate]:
    if parameters.regex_config is None:
        return
    pattern = file_pattern(parameters.regex_config)
    for below, at in _walk(run.folder, parameters):
        found = captures(pattern, below)
        if found is not None:
            yield Candidate(path=f"{run.name}/{_text(str(below))}", run=run.name, at=at, captures=found)


def _walk(folder: Path, parameters: ScanParameters) -> Iterator[tuple[PurePosixPath, Path]]:
    """Every file below the folder. A folder that links lead to again is entered once, so that loops end."""
    entered: set[tuple[int, int]] = set()
    waiting = [(PurePosixPath(), folder)]
    while waiting:
        below, here = waiting.pop()
        stat = here.stat()
        if (stat.st_dev, stat.st_ino) in entered:
            continue
        entered.add((stat.st_dev, stat.st_ino))
        folders = []
        for entry in _entries(here):
            path = below / entry.name
            is_folder = entry.is_dir()
            if is_ignored(path, parameters.ignore, is_folder=is_folder):
                continue
            if entry.is_file():
                yield path, entry
            elif is_folder and len(path.parts) < (parameters.max_depth or len(path.parts) + 1):
                folders.append((path, entry))
        # Links are entered last: a folder is known by its own name, not by that of a link to it.
        waiting[:0] = [folder for folder in folders if folder[1].is_symlink()]
        waiting += [folder for folder in reversed(folders) if not folder[1].is_symlink()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise Invalid(tr("A folder cannot be read."), (Problem(str(folder), _reason(error)),)) from error


def _text(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise Invalid(
            tr("A file cannot be named."), (Problem(shown, tr("has a name that is not UTF-8; rename it")),)
        ) from None
    return name


def _reason(error: OSError) -> str:
    return tr("cannot be read: {reason}", reason=error.strerror or error)
