"""Project files on disk: YAML in, a description out, and the places that its `{NAME}` placeholders stand for."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from domain.description import CollectionDescription, ProjectDescription, WorkflowDescription
from domain.errors import Invalid, Problem
from domain.patterns import PLACEHOLDER
from domain.project_file import project_description
from domain.templates import applied
from persistence.scan import Place
from services.yaml_text import yaml_of_file


class ProjectFile(msgspec.Struct, frozen=True):
    """A project file that was read; relative paths in it are relative to `folder`."""

    description: ProjectDescription
    folder: Path
    template: str = ""
    """Which template it is: id, version and description."""
    dashboards: tuple[Path, ...] = ()
    """The dashboard files that its template brings."""
    only: frozenset[str] = frozenset()
    """The data collections that are to be ingested, each as `workflow.tag`; all of them when it is empty."""


def narrowed(file: ProjectFile, names: Iterable[str]) -> ProjectFile:
    """The same file for an ingest of these data collections alone, each a tag or `workflow.tag`; without dashboards.

    Raises:
        Invalid: naming each that the file does not describe, or describes in several workflows.
    """
    known = [(f"{workflow.name}.{one.data_collection_tag}", one) for workflow, one in file.description.collections()]
    only, problems = set(), []
    for name in names:
        found = [full for full, one in known if name in {full, one.data_collection_tag}]
        if len(found) == 1:
            only.add(found[0])
        else:
            meant = "is one of each of these: " if found else "is not a data collection of the project file; known are "
            problems.append(Problem(name, meant + ", ".join(found or [full for full, _ in known])))
    if problems:
        raise Invalid("Nothing was ingested.", tuple(problems))
    return msgspec.structs.replace(file, dashboards=(), only=frozenset(only))


def read_project_file(path: Path, variables: Mapping[str, str] | None = None) -> ProjectFile:
    """The description in a YAML file; `variables` fill in what stands in braces in it.

    Raises:
        Invalid: when it cannot be read, is not YAML (with line and column), has faults (one problem each), or lacks
            variables.
    """
    decoded = yaml_of_file(path, f"The project file {path}")
    try:
        template = applied(decoded, variables or {})
        folder = path.absolute().parent
        boards = _dashboards(folder, template.dashboards)
        return ProjectFile(project_description(template.decoded), folder, template.title, boards)
    except Invalid as error:
        raise Invalid(error.message.replace("The project file", f"The project file {path}"), error.problems) from None


def _dashboards(folder: Path, names: tuple[str, ...]) -> tuple[Path, ...]:
    found = {f"template.dashboards: {name}": folder / name for name in names}
    absent = [Problem(place, f"is not a file ({at})") for place, at in found.items() if not at.is_file()]
    if absent:
        raise Invalid("The project file names dashboards that are not there.", tuple(absent))
    return tuple(found.values())


def locations(project: ProjectFile, workflow: WorkflowDescription, environment: Mapping[str, str]) -> list[Place]:
    """Where the workflow's runs lie on this machine.

    Raises:
        Invalid: naming each placeholder that the environment has no value for.
    """
    return _places(project.folder, workflow.data_location.locations, environment)


def single_file(
    project: ProjectFile, collection: CollectionDescription, environment: Mapping[str, str]
) -> Place | None:
    """The file of a collection of the mode single, None for other modes."""
    scan = collection.config.scan
    if scan.mode != "single" or scan.scan_parameters.filename is None:
        return None
    return _places(project.folder, (scan.scan_parameters.filename,), environment)[0]


def images_folder(project: ProjectFile, collection: CollectionDescription, environment: Mapping[str, str]) -> Path:
    """Where the files of an image set lie: `local_images_path`, or the folder of the project file."""
    written = collection.config.dc_specific_properties.local_images_path
    return _places(project.folder, (written,), environment)[0].path if written else project.folder


def _places(folder: Path, written: tuple[str, ...], environment: Mapping[str, str]) -> list[Place]:
    unset = {name: text for text in written for name in PLACEHOLDER.findall(text) if not environment.get(name)}
    if unset:
        problems = (Problem(text, f"the environment has no {name}; set it to a folder") for name, text in unset.items())
        raise Invalid("A placeholder of the project file has no value.", tuple(problems))
    filled = [PLACEHOLDER.sub(lambda match: environment[match[1]], text) for text in written]
    return [Place(text, folder / Path(path).expanduser()) for text, path in zip(written, filled, strict=True)]
