"""Project files as Depictio 1.5 has them: what it recorded, left out, or says at another place is understood."""

from typing import Any

import pytest

from domain.description import ColumnOverride
from domain.errors import Invalid
from domain.project_file import project_description
from domain.templates import applied


def collection(tag: str, kind: str = "Table", **config: Any) -> dict[str, Any]:
    read = {
        "scan": {"mode": "single", "scan_parameters": {"filename": f"{tag}.tsv"}},
        "dc_specific_properties": {"format": "TSV", "polars_kwargs": {"separator": "\t"}},
    }
    return {
        "id": f"id-of-{tag}",
        "data_collection_tag": tag,
        "config": {"type": kind, "metatype": None, **read, **config},
    }


def file(*collections: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file with one workflow, with what 1.5 puts around collections."""
    return {
        "id": "646b0f3c1e4a2d7f8e5b8c9d",
        "name": "Penguins",
        "workflows": [
            {
                "id": "646b0f3c1e4a2d7f8e5b8c9e",
                "name": "survey",
                "engine": {"name": "python", "version": "3.11"},
                "data_location": {"structure": "sequencing-runs", "runs_regex": "run_*", "locations": ["data"]},
                "data_collections": list(collections),
            }
        ],
        **more,
    }


def problems_of(decoded: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        project_description(decoded)
    return {problem.place: problem.message for problem in caught.value.problems}


SAID = {"name": "both", "left_dc": "features", "right_dc": "people", "on_columns": ["id"], "how": "inner"}


def test_a_join_with_what_was_recorded_of_it() -> None:
    """It is stored, as `persist: true` asks for; one that is not to be stored is refused with what to do instead."""
    recorded = {"result_dc_id": "a", "executed_at": "2025-01-01", "row_count": 342, "delta_location": None}
    overrides = [{"column": "mass", "function": "COUNT"}]
    granularity = {"aggregate_to": "id", "numeric_default": "sum", "column_overrides": overrides}
    join = {**SAID, "persist": True, "granularity": granularity, **recorded}
    (found,) = project_description(file(collection("features"), collection("people"), joins=[join])).joins
    assert (found.name, found.how) == ("both", "inner")
    assert found.granularity is not None
    assert found.granularity.column_overrides == (ColumnOverride("mass", "count"),)
    refused = file(collection("features"), collection("people"), joins=[{**SAID, "persist": False}])
    assert problems_of(refused) == {
        "joins[0].persist": "every join is stored; leave the key out, or write a link, which stores nothing"
    }


def test_joins_that_collections_say_of_themselves() -> None:
    """Each is a join of the project, once where both sides say it; a fault is named where it stands."""
    of_features = {"on_columns": ["id"], "how": "Inner", "with_dc": ["people", "sites"]}
    of_people = {"on_columns": ["id"], "with_dc": ["features"]}
    features, people = collection("features", join=of_features), collection("people", join=of_people)
    project = project_description(
        file(features, people, collection("sites", source="native", transform=None, join=None))
    )
    assert [(one.name, one.left_dc, one.right_dc, one.on_columns, one.how) for one in project.joins] == [
        ("features_with_people", "survey.features", "survey.people", ("id",), "inner"),
        ("features_with_sites", "survey.features", "survey.sites", ("id",), "inner"),
    ]
    place = "workflows[0].data_collections[0].config.join"
    assert list(problems_of(file(collection("a", join={"on_columns": ["id"], "with_dc": ["b"]})))) == [place]
    assert "write a join under joins" in problems_of(file(collection("a", join={"with_dc": ["b"]})))[place]


def test_links_by_ids() -> None:
    """They mean the collections that have them, joins among these; reports have the name of samples in `sample`."""
    report = {"id": "report", "data_collection_tag": "multiqc", "config": {"type": "MultiQC"}}
    ends = {"source_dc_id": "id-of-features", "source_column": "sample"}
    config = {"resolver": "sample_mapping", "target_field": "sample_name"}
    links = [
        {**ends, "target_dc_id": "report", "target_type": "multiqc", "link_config": config},
        {**ends, "target_dc_id": "id-of-both", "target_type": "table"},
    ]
    joins = [{**SAID, "id": "id-of-both"}]
    project = project_description(file(collection("features"), collection("people"), report, links=links, joins=joins))
    assert [(one.source_dc_tag, one.target_dc_tag, one.target_column) for one in project.links] == [
        ("survey.features", "survey.multiqc", "sample"),
        ("survey.features", "both", "sample"),
    ]
    unknown = file(collection("features"), links=[{**ends, "target_dc_id": "nobody"}])
    assert "'nobody' is not the tag of a collection" in problems_of(unknown)["links[0].target_dc_tag"]


def test_reports_are_found_without_being_told_where() -> None:
    """A collection of the type multiqc needs no scan: it has every report below the runs."""
    project = project_description(file({"data_collection_tag": "multiqc", "config": {"type": "MultiQC"}}))
    ((_, found),) = project.collections()
    regex = found.config.scan.scan_parameters.regex_config
    assert regex is not None
    assert (found.config.scan.mode, regex.pattern) == ("recursive", r"multiqc\.parquet")


def test_a_template_may_say_its_reference_data() -> None:
    """Which is for the demonstrations of 1.5; a rule of the template holds as without it."""
    block = {
        "template_id": "nf-core/ampliseq/2.16.0",
        "variables": [{"name": "METADATA", "required": False}],
        "conditional": [{"if_var_absent": "METADATA", "remove_dc_tags": ["people"]}],
        "reference": {"vars": {"METADATA": "{DATA_ROOT}/metadata.tsv"}},
    }
    decoded = applied({"template": block, **file(collection("features"), collection("people"))}, {}).decoded
    assert [one.data_collection_tag for _, one in project_description(decoded).collections()] == ["features"]


@pytest.mark.parametrize(
    "shape", [None, [], 3, [3], [{"data_collections": 3}], [{"data_collections": [{"config": 3}]}]]
)
def test_what_has_no_right_shape_is_named(shape: object) -> None:
    """Not a crash: the check of the shape says what is wrong, whatever stands there."""
    decoded = {"name": "x", "workflows": shape, "joins": [3, {"persist": []}], "links": [3, {"source_dc_id": {}}]}
    assert {"joins[0]", "joins[1].persist", "links[0]"} <= set(problems_of(decoded))
