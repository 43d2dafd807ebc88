"""Finding runs and files."""

import os
from pathlib import Path
from typing import Any

import pytest

from domain.description import CollectionDescription, WorkflowDescription
from domain.errors import Invalid
from domain.project_file import project_description
from persistence.scan import Place, find_files, find_runs
from tests.ingest.lab import project, table


def parts(collection: dict[str, Any], **location: Any) -> tuple[WorkflowDescription, CollectionDescription]:
    described = project(collection)
    described["workflows"][0]["data_location"] |= location
    (workflow,) = project_description(described).workflows
    return workflow, workflow.data_collections[0]


def paths(folder: Path, collection: dict[str, Any], **location: Any) -> list[str]:
    workflow, described = parts(collection, **location)
    runs = find_runs(workflow, [Place("here", folder)])
    return [file.path for file in find_files(described, runs, None)]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")


def scanned(**parameters: Any) -> dict[str, Any]:
    collection = table(pattern=r".*\.csv")
    collection["config"]["scan"]["scan_parameters"] |= parameters
    return collection


def test_runs_are_folders_whose_name_begins_as_the_pattern_says(tmp_path: Path) -> None:
    """As in 1.5 the pattern need not match to the end of the name; files are no runs."""
    touch(tmp_path, "run_1/a.csv", "run_1_again/a.csv", "other/a.csv", "my_run_1/a.csv", "run_2")
    assert paths(tmp_path, scanned()) == ["run_1/a.csv", "run_1_again/a.csv"]


def test_a_flat_location_is_one_run(tmp_path: Path) -> None:
    """Its name is the folder's."""
    touch(tmp_path / "flat", "a.csv", "sub/b.csv", "c.csv.gz")
    assert paths(tmp_path / "flat", scanned(), structure="flat") == ["flat/a.csv", "flat/sub/b.csv"]


def test_depth_and_ignored_names(tmp_path: Path) -> None:
    """Depth 1 is the run's own folder; ignored folders are not entered."""
    touch(tmp_path, "run_1/a.csv", "run_1/1/b.csv", "run_1/1/2/c.csv", "run_1/work/d.csv", "run_1/old.csv")
    assert paths(tmp_path, scanned(max_depth=2, ignore=["work/", "old.*"])) == ["run_1/1/b.csv", "run_1/a.csv"]
    assert paths(tmp_path, scanned(max_depth=1)) == ["run_1/a.csv", "run_1/old.csv"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """A file is found once, under the name of its real folder."""
    touch(tmp_path, "run_1/real/a.csv")
    (tmp_path / "run_1/all").symlink_to(tmp_path / "run_1")
    (tmp_path / "run_1/1").symlink_to(tmp_path / "run_1/real")
    (tmp_path / "run_1/real/up").symlink_to(tmp_path)
    assert paths(tmp_path, scanned()) == ["run_1/real/a.csv"]


def test_a_linked_folder_elsewhere_is_entered(tmp_path: Path) -> None:
    """Runs are often links to another disk."""
    touch(tmp_path, "disk/data/a.csv")
    (tmp_path / "run_1").symlink_to(tmp_path / "disk")
    assert paths(tmp_path, scanned()) == ["run_1/data/a.csv"]


def test_runs_of_one_name_in_two_locations_are_refused(tmp_path: Path) -> None:
    """Their files could not be told apart."""
    touch(tmp_path, "one/run_1/a.csv", "two/run_1/a.csv")
    workflow, _ = parts(scanned())
    with pytest.raises(Invalid, match="cannot be told apart"):
        find_runs(workflow, [Place("one", tmp_path / "one"), Place("two", tmp_path / "two")])


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Such a name could be kept nowhere; it is named rather than skipped."""
    touch(tmp_path, "run_1/a.csv")
    os.close(os.open(os.fsencode(tmp_path) + b"/run_1/\xff.csv", os.O_CREAT))
    with pytest.raises(Invalid) as caught:
        paths(tmp_path, scanned())
    assert "is not UTF-8" in caught.value.problems[0].message
