"""Looking at the folders of runs on this machine, to see which have changed. Everything here blocks."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from domain.watching import Seen
from persistence.scan import find_runs
from services.project_files import ProjectFile, locations, single_file


def look(file: ProjectFile, environment: Mapping[str, str], marker: str) -> dict[str, Seen]:
    """Each run of the project file by its name, and each single file by its place.

    Raises:
        Invalid: when a location is missing or two runs have the same name.
    """
    folders: dict[str, list[Path]] = {}
    for workflow in file.description.workflows:
        for run in find_runs(workflow, locations(file, workflow, environment)):
            folders.setdefault(run.name, []).append(run.folder)
    found = {name: _seen(paths, marker) for name, paths in folders.items()}
    for _, collection in file.description.collections():
        single = single_file(file, collection, environment)
        if single is not None and single.path.is_file():
            found[str(single.path)] = _seen([single.path], marker)
    return found


def _seen(paths: list[Path], marker: str) -> Seen:
    digest, latest, marks = hashlib.sha256(), 0.0, []
    for path in paths:
        for name, stat in _files(path):
            digest.update(f"{path}\0{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
            # A copy keeps the time of its original, but not the one of its entry in the file system.
            latest = max(latest, stat.st_mtime, stat.st_ctime)
        if marker and path.is_dir():
            marks += [f"{at.stat().st_mtime_ns} {at}" for at in path.glob(marker) if at.is_file()]
    return Seen(content=digest.hexdigest(), changed_at=latest, marker=max(marks, default=""))


def _files(path: Path) -> list[tuple[str, os.stat_result]]:
    """Every file below a folder, or the file itself; what vanishes meanwhile is left out."""
    if path.is_file():
        return [("", path.stat())]
    found = []
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            at = Path(folder) / name
            try:
                found.append((str(at.relative_to(path)), at.stat()))
            except OSError:
                continue
    return found
