"""Templates: variables filled in, rules that hold, faults named."""

from typing import Any

import pytest

from domain.errors import Invalid, Problem
from domain.project_file import project_description
from domain.templates import Applied, applied


def collection(tag: str, filename: str) -> dict[str, Any]:
    return {
        "data_collection_tag": tag,
        "config": {
            "type": "Table",
            "scan": {"mode": "single", "scan_parameters": {"filename": filename}},
            "dc_specific_properties": {"format": "CSV"},
        },
    }


def template(**block: Any) -> dict[str, Any]:
    return {
        "template": {
            "template_id": "lab/amplicon/1",
            "description": "Amplicons",
            "version": "1.0.0",
            "variables": [
                {"name": "DATA_ROOT", "description": "Where the run lies", "required": True},
                {"name": "METADATA_FILE", "description": "Samples", "required": False},
            ],
            "dashboards": ["base.yaml"],
            "conditional": [
                {"if_var_absent": "METADATA_FILE", "remove_dc_tags": ["metadata"]},
                {"if_var_present": "METADATA_FILE", "dashboards": ["base.yaml", "more.yaml"]},
            ],
            **block,
        },
        "name": "Amplicons of {DATA_ROOT}",
        "workflows": [
            {
                "name": "flow",
                "engine": {"name": "nextflow"},
                "data_location": {"locations": ["{DATA_ROOT}"]},
                "data_collections": [
                    collection("counts", "{DATA_ROOT}/counts.csv"),
                    collection("metadata", "{METADATA_FILE}"),
                ],
            }
        ],
        "joins": [
            {"name": "joined", "left_dc": "counts", "right_dc": "flow.metadata", "on_columns": ["sample"]},
            {"name": "again", "left_dc": "joined", "right_dc": "counts", "on_columns": ["sample"]},
        ],
        "links": [
            {"source_dc_tag": "metadata", "source_column": "sample", "target_dc_tag": "counts"},
            {"source_dc_tag": "counts", "source_column": "sample", "target_dc_tag": "flow.joined"},
        ],
    }


def test_variables_fill_every_text() -> None:
    """The rules of what is given hold, and the whole becomes a project."""
    found = applied(template(), {"DATA_ROOT": "/data/7", "METADATA_FILE": "samples.csv"})
    description = project_description(found.decoded)
    assert description.name == "Amplicons of /data/7"
    assert description.workflows[0].data_location.locations == ("/data/7",)
    names = [one.config.scan.scan_parameters.filename for _, one in description.collections()]
    assert names == ["/data/7/counts.csv", "samples.csv"]
    assert (len(description.joins), len(description.links)) == (2, 2)
    assert found.dashboards == ("base.yaml", "more.yaml")


@pytest.mark.parametrize("given", [{"DATA_ROOT": "/data"}, {"DATA_ROOT": "/data", "METADATA_FILE": ""}])
def test_what_a_rule_removes_takes_its_joins_and_links_along(given: dict[str, str]) -> None:
    found = applied(template(), given)
    description = project_description(found.decoded)
    assert [one.data_collection_tag for _, one in description.collections()] == ["counts"]
    assert (description.joins, description.links) == ((), ())
    assert found.dashboards == ("base.yaml",)


def problems(decoded: dict[str, Any], given: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(Invalid) as refused:
        applied(decoded, given)
    return refused.value.problems


def test_a_required_variable_that_is_missing_is_named() -> None:
    wanted = Problem("DATA_ROOT", "give it with --var DATA_ROOT=…: Where the run lies")
    assert problems(template(), {"METADATA_FILE": "x"}) == (wanted,)


def test_a_variable_that_is_not_declared_is_refused() -> None:
    wanted = Problem("DATA_ROT", "is no variable of it; known are DATA_ROOT, METADATA_FILE")
    assert problems(template(), {"DATA_ROT": "x"}) == (wanted,)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "template.colour": ({"colour": 1}, "is not a known key"),
    "template.variables[0].name": ({"variables": [{"name": "a b"}], "conditional": []}, "must be a word"),
    "template.conditional[0]": ({"conditional": [{"remove_dc_tags": []}]}, "must have one of"),
    "template.conditional[0].if_var_absent": ({"conditional": [{"if_var_absent": "X"}]}, "'X' is not a variable"),
}


@pytest.mark.parametrize("place", FAULTS)
def test_faults_in_the_block_are_named_with_their_place(place: str) -> None:
    block, message = FAULTS[place]
    assert message in {one.place: one.message for one in problems(template(**block), {"DATA_ROOT": "/data"})}[place]


def test_a_file_without_a_template_takes_variables_too() -> None:
    """What is not given stays, as the wildcards of patterns must."""
    decoded = {"name": "{A} and {sample}"}
    assert applied(decoded, {"A": "x"}) == Applied({"name": "x and {sample}"})
    assert applied(decoded, {}) == Applied(decoded)
    assert [one.place for one in problems(decoded, {"B": "x"})] == ["B"]
