"""Project files: what is accepted, and that every fault is named with its place."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid, Problem
from domain.patterns import captures, file_pattern, is_ignored
from domain.project_file import project_description
from domain.reader_options import TEXT_OPTIONS

EXAMPLES = Path(__file__).parents[2] / "examples"
COLLECTION = "workflows[0].data_collections[0].config"

FULL: dict[str, Any] = {
    "id": "a" * 24,
    "name": "Coastal survey",
    "project_type": "Advanced",
    "workflows": [
        {
            "id": "b" * 24,
            "name": "amplicon",
            "engine": {"id": "c" * 24, "name": "nextflow", "version": "24.10"},
            "version": "2.16.0",
            "catalog": {"name": "nf-core", "url": "https://nf-co.re/ampliseq"},
            "data_location": {
                "structure": "Sequencing-Runs",
                "runs_regex": "batch_.*",
                "locations": ["{SURVEY_ROOT}/results"],
            },
            "data_collections": [
                {
                    "data_collection_tag": "diversity",
                    "description": None,
                    "config": {
                        "type": "TABLE",
                        "metatype": "Aggregate",
                        "scan": {
                            "mode": "Recursive",
                            "scan_parameters": {
                                "regex_config": {
                                    "pattern": "diversity/{sample}_alpha\\.csv",
                                    "wildcards": [{"name": "sample", "wildcard_regex": "[A-Z]+[0-9]{1,3}"}],
                                },
                                "max_depth": 4,
                                "ignore": ["work/", "*.bak"],
                            },
                        },
                        "dc_specific_properties": {
                            "format": "CSV",
                            "polars_kwargs": {
                                "separator": ";",
                                "null_values": ["NA"],
                                "schema_overrides": {"x": "utf8"},
                            },
                            "keep_columns": ["sample", "shannon"],
                            "columns_description": {"shannon": "Shannon index"},
                            "schema_overrides": {"shannon": "Float64"},
                            "lat_column": "lat",
                            "lon_column": "lon",
                        },
                    },
                },
                {
                    "data_collection_tag": "sites",
                    "config": {
                        "type": "table",
                        "metatype": "metadata",
                        "scan": {"mode": "single", "scan_parameters": {"filename": "sites.tsv"}},
                        "dc_specific_properties": {"format": "tsv"},
                    },
                },
            ],
        }
    ],
    "joins": [
        {
            "name": "by_site",
            "left_dc": "diversity",
            "right_dc": "amplicon.sites",
            "on_columns": ["sample"],
            "how": "LEFT",
            "granularity": {"aggregate_to": "sample", "numeric_default": "mean", "categorical_default": "first"},
        }
    ],
    "links": [
        {
            "source_dc_tag": "sites",
            "source_column": "sample",
            "target_dc_tag": "by_site",
            "link_config": {"resolver": "direct", "target_field": "sample"},
        }
    ],
}


def problems_of(decoded: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        project_description(decoded)
    return {problem.place: problem.message for problem in caught.value.problems}


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The full file with values set at places such as `workflows.0.name`; `...` removes the key."""
    project = copy.deepcopy(FULL)
    for place, value in changes:
        *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]
        target: Any = project
        for part in path:
            target = target[part]
        if value is ...:
            del target[last]
        else:
            target[last] = value
    return project


@pytest.mark.parametrize("name", ["iris", "penguins"])
def test_examples_are_valid(name: str) -> None:
    """The files that the product ships are in its own format."""
    decoded = yaml.safe_load((EXAMPLES / name / "project.yaml").read_text())
    assert project_description(decoded).name == decoded["name"]


def test_words_may_have_any_case_and_ids_are_kept() -> None:
    """What 1.5 wrote is read; words are in lower case afterwards."""
    project = project_description(FULL)
    (workflow,) = project.workflows
    config = workflow.data_collections[0].config
    assert (project.id, workflow.id, workflow.engine.id) == ("a" * 24, "b" * 24, "c" * 24)
    assert (config.type, config.metatype, config.scan.mode) == ("table", "aggregate", "recursive")
    assert (workflow.data_location.structure, project.joins[0].how) == ("sequencing-runs", "left")
    assert config.dc_specific_properties.overrides == {"x": "utf8", "shannon": "Float64"}
    assert workflow.data_collections[0].description == ""


PLACES = {
    "workflows.0.data_collections.0.config.scan.mdoe": ("recursive", "is not a known key; did you mean mode?"),
    "workflows.0.engine.version": (24.1, "is a number and must be text; write it in quotes"),
    "workflows.0.data_location.structure": ("flatt", "'flatt' is not one of flat, sequencing-runs"),
    "workflows.0.data_location.runs_regex": ("run_(", "is not a regular expression"),
    "workflows.0.data_location.locations": ("runs", "is text and must be a list"),
    "workflows.0.data_collections.0.config.metatype": ("Agregate", "is not one of aggregate, metadata"),
    "workflows.0.data_collections.0.config.type": ("tabel", "is not one of geojson, image, multiqc, phylogeny, table"),
    "workflows.0.data_collections.1.config.type": ("JBrowse2", "cannot be read yet"),
    "workflows.0.data_collections.0.config.dc_specific_properties.format": ("sas", "is not one of arrow, csv, feather"),
    "workflows.0.data_collections.0.config.scan.scan_parameters.regex_config.pattern": (
        "{sample}(",
        "is not a regular expression",
    ),
    "workflows.0.data_collections.0.config.scan.scan_parameters.max_depth": (0, "must be at least 1"),
    "workflows.0.data_collections.0.config.dc_specific_properties.polars_kwargs.separator": ("::", "one character"),
    "workflows.0.data_collections.0.config.dc_specific_properties.polars_kwargs.truncate_ragged_lines": (
        True,
        "would drop fields silently",
    ),
    "workflows.0.data_collections.0.config.dc_specific_properties.polars_kwargs.sepparator": (
        ";",
        "is not a reader option; did you mean separator?",
    ),
    "workflows.0.data_collections.0.config.dc_specific_properties.polars_kwargs.encoding": ("klingon", "one of utf-8"),
    "workflows.0.data_collections.0.config.dc_specific_properties.schema_overrides.x": ("Text", "is not a type"),
    "workflows.0.data_collections.1.data_collection_tag": ("diversity", "occurs 2 times"),
    "joins.0.left_dc": ("diversty", "did you mean diversity?"),
    "joins.0.how": ("cross", "is not one of full, inner, left, outer, right"),
    "joins.0.on_columns": ([], "is empty"),
    "joins.0.workflow_name": ("amplikon", "did you mean amplicon?"),
    "joins.0.name": ("sites", "is the tag of another collection"),
    "links.0.target_dc_tag": ("elsewhere", "is not the tag of a collection"),
    "is_public": ("yes", "is text and must be true or false"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_is_named_with_its_place(place: str) -> None:
    """Each fault appears under its own path, with what to do."""
    value, message = PLACES[place]
    shown = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in place.split(".")).lstrip(".")
    assert message in problems_of(changed((place, value)))[shown]


def test_all_faults_are_reported_at_once() -> None:
    """One run of the command is enough to learn of every fault."""
    project = changed(
        ("nam", "x"),
        ("workflows.0.data_location.runs_regex", ...),
        (f"{'workflows.0.data_collections.0.config'}.scan.mode", "recursiv"),
        ("workflows.0.data_collections.0.config.dc_specific_properties.polars_kwargs.quote_char", "''"),
        ("joins.0.right_dc", "sitse"),
    )
    assert list(problems_of(project)) == [
        "workflows[0].data_location.runs_regex",
        f"{COLLECTION}.scan.mode",
        f"{COLLECTION}.dc_specific_properties.polars_kwargs.quote_char",
        "nam",
        "joins[0].right_dc",
    ]


@pytest.mark.parametrize("decoded", [None, [], "name: x", 3])
def test_a_file_that_is_no_mapping_is_refused(decoded: object) -> None:
    """An empty file, or one with a list, is not taken for an empty project."""
    assert "it must be a mapping" in problems_of(decoded)[""]


def test_a_tag_of_two_workflows_needs_its_workflow() -> None:
    """A bare tag that means two collections is refused, the full one is accepted."""
    project = copy.deepcopy(FULL)
    project["workflows"].append({**copy.deepcopy(FULL["workflows"][0]), "name": "second"})
    assert "write one of amplicon.diversity, second.diversity" in problems_of(project)["joins[0].left_dc"]
    project["joins"][0]["workflow_name"] = "second"
    project["links"][0]["source_dc_tag"] = "second.sites"
    assert project_description(project).joins[0].workflow_name == "second"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def _places(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, one in items for place in [(*prefix, key), *_places(one, (*prefix, key))]]


def named(project: object) -> tuple[Problem, ...]:
    """The problems, a single empty one when a refusal names none; none for a description."""
    try:
        project_description(project)
    except Invalid as error:
        return error.problems or (Problem("", ""),)
    return ()


@given(place=st.sampled_from(_places(FULL)), value=VALUES)
def test_any_value_anywhere_is_accepted_or_named(place: tuple[Any, ...], value: object) -> None:
    """Whatever stands in a project file, the answer is a description or a list of problems: never another error."""
    project = copy.deepcopy(FULL)
    target: Any = project
    for part in place[:-1]:
        target = target[part]
    target[place[-1]] = value
    assert all(isinstance(problem, Problem) and problem.message for problem in named(project))


@given(decoded=VALUES)
def test_any_document_is_accepted_or_named(decoded: object) -> None:
    """The same for whole documents."""
    with pytest.raises(Invalid) as caught:
        project_description(decoded)
    assert caught.value.problems


def test_every_option_of_the_allow_list_is_known_to_polars() -> None:
    """The list cannot drift from the reader that takes it."""
    import inspect  # noqa: PLC0415

    import polars as pl  # noqa: PLC0415

    assert set(TEXT_OPTIONS) <= set(inspect.signature(pl.read_csv).parameters)


def test_patterns_match_whole_names_and_capture() -> None:
    """A name matches as a whole; a pattern with a slash is matched against the path below the run."""
    from pathlib import PurePosixPath  # noqa: PLC0415

    config = project_description(FULL).workflows[0].data_collections[0].config.scan.scan_parameters
    assert config.regex_config is not None
    pattern = file_pattern(config.regex_config)
    assert captures(pattern, PurePosixPath("diversity/AB12_alpha.csv")) == {"sample": "AB12"}
    assert captures(pattern, PurePosixPath("diversity/AB12_alpha.csv.gz")) is None
    assert captures(pattern, PurePosixPath("deep/diversity/AB12_alpha.csv")) is None
    assert is_ignored(PurePosixPath("a/work"), ("work/",), is_folder=True)
    assert not is_ignored(PurePosixPath("a/work"), ("work/",), is_folder=False)
    assert is_ignored(PurePosixPath("a/x.bak"), ("*.bak",), is_folder=False)


@pytest.mark.parametrize(
    ("kind", "properties", "place"),
    [
        ("image", {"format": "csv"}, "image_column"),
        ("image", {"format": "csv", "image_column": "file", "keep_columns": ["x"]}, "keep_columns"),
        ("phylogeny", {"format": "csv"}, "format"),
        ("table", {"format": "newick"}, "format"),
    ],
)
def test_properties_fit_the_type(kind: str, properties: dict[str, Any], place: str) -> None:
    """What a type needs, and what belongs to another."""
    config = "workflows.0.data_collections.0.config"
    found = problems_of(changed((f"{config}.type", kind), (f"{config}.dc_specific_properties", properties)))
    assert list(found) == [f"workflows[0].data_collections[0].config.dc_specific_properties.{place}"]
