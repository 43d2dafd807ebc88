"""Keys of project files whose effect shows at the ingest, or in what the services make of it."""

from typing import Any

import pytest
import yaml
from msgspec import structs

from dash_views.image_fields import image_column
from dash_views.map_suggestions import places
from domain.errors import Invalid
from domain.ingests import Outcome
from domain.links import links_of
from domain.map_tile import MapKind
from domain.project_file import project_description
from tests.ingest.lab import Laboratory, project, table


async def test_columns_of_places_are_checked_and_taken_first(lab: Laboratory) -> None:
    """A map takes the columns that the file names before those that are called so; they must be there, and numbers."""
    lab.describe(project(table(lat_column="where_n", lon_column="where_e")))
    lab.write("run_1/a.csv", "site,latitude,longitude,where_n,where_e\nA,1.0,2.0,3.0,4.0\n")
    assert (await lab.ingest())["table"].outcome is Outcome.UPDATED
    found = places(MapKind.SCATTER, await lab.collection())
    assert found == {"lat_column": "where_n", "lon_column": "where_e"}
    plain = structs.replace(await lab.collection(), lat_column="", lon_column="")
    assert places(MapKind.SCATTER, plain) == {"lat_column": "latitude", "lon_column": "longitude"}
    lab.describe(project(table(keep_columns=["site"], lat_column="where_n", lon_column="where_e")))
    await lab.ingest()
    assert (await lab.frame()).columns[:3] == ["site", "where_n", "where_e"]
    lab.describe(project(table(lat_column="site", lon_column="none")))
    lab.write("run_1/a.csv", "site,latitude\nB,1.0\n")
    report = (await lab.ingest())["table"]
    assert [(one.place, one.message) for one in report.problems] == [
        ("lat_column: site", "is String and must be numbers"),
        ("lon_column: none", "is no column"),
    ]


async def test_a_new_gallery_has_the_size_that_the_file_says(lab: Laboratory) -> None:
    described = table(image_column="file", thumbnail_size=220)
    described["config"]["type"] = "image"
    lab.describe(project(described))
    lab.write("run_1/a.csv", "file\n")
    await lab.ingest()
    assert image_column(await lab.collection()) == {"image_column": "file", "thumbnail_size": 220}


def of_tree(**properties: Any) -> dict[str, Any]:
    tree = table("tree", r".*\.nwk", format="newick", **properties)
    tree["config"]["type"] = "phylogeny"
    return tree


async def test_filters_on_metadata_reach_the_tips_of_a_tree(lab: Laboratory) -> None:
    """The collection that a tree names is linked to the names of its tips."""
    lab.describe(project(table("taxa"), of_tree(metadata_dc_tag="taxa", metadata_taxon_column="species")))
    lab.write("run_1/a.csv", "species\nA\n")
    lab.write("run_1/a.nwk", "(A,B);\n")
    await lab.ingest()
    assert lab.access is not None
    taxa, tree = await lab.collection("taxa"), await lab.collection("tree")
    (link,) = links_of(lab.access.project.source, [taxa, tree])
    assert (link.source, link.source_column, link.target, link.target_column) == (taxa.id, "species", tree.id, "name")


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a recipe": (
        {"workflows": [{"data_collections": [{"config": {"source": "transformed", "transform": {"recipe": "a.py"}}}]}]},
        "config.transform",
        "recipes are programs",
    ),
    "images in S3 alone": (
        {"workflows": [{"data_collections": [{"config": {"dc_specific_properties": {"s3_base_folder": "s3://x"}}}]}]},
        "dc_specific_properties.s3_base_folder",
        "name the folder in local_images_path",
    ),
    "metadata that no collection is": (
        {"workflows": [{"data_collections": [{"config": {"dc_specific_properties": {"metadata_dc_tag": "no"}}}]}]},
        "dc_specific_properties.metadata_dc_tag",
        "is not the tag of a collection",
    ),
    "a link to another type": (
        {"links": [{"source_dc_tag": "table", "source_column": "x", "target_dc_tag": "table", "target_type": "image"}]},
        "links[0].target_type",
        "is a collection of the type table",
    ),
}


def merged(base: Any, more: Any) -> Any:
    """`more` laid over `base`, item by item."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {**base, **{key: merged(base.get(key), value) for key, value in more.items()}}
    if isinstance(base, list) and isinstance(more, list):
        return [merged(one, other) for one, other in zip(base, more, strict=True)]
    return more


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_honoured_is_refused(case: str) -> None:
    """With its place and the reason."""
    change, place, reason = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        project_description(yaml.safe_load(yaml.safe_dump(merged(project(table()), change))))
    (problem,) = refused.value.problems
    assert (problem.place.endswith(place), reason in problem.message) == (True, True), problem
