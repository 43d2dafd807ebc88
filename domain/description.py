"""The project file (DESIGN.md chapter 5) as structs: what a lab writes once about its runs.

`domain.project_file` turns decoded YAML into these and names every fault; here stands only the shape. Words that are
one of a few are in lower case here, whatever case the file has.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

Format = Literal["csv", "tsv", "parquet", "feather", "arrow", "jsonl", "xls", "xlsx", "geojson", "newick", "multiqc"]
Kind = Literal["table", "image", "geojson", "phylogeny", "multiqc"]
OWN_FORMATS: dict[str, Format] = {"geojson": "geojson", "phylogeny": "newick", "multiqc": "multiqc"}
"""The only format that files of these types have; it need not be written."""
How = Literal["inner", "left", "right", "outer", "full"]
NumericAggregation = Literal["mean", "median", "min", "max", "sum", "first", "last", "count"]
CategoricalAggregation = Literal["first", "last", "min", "max", "mode", "count"]
AnyAggregation = Literal["mean", "median", "min", "max", "sum", "first", "last", "mode", "count"]
Resolver = Literal["direct", "sample_mapping", "pattern", "regex", "wildcard"]


class Identifiable(msgspec.Struct, frozen=True, kw_only=True):
    """Any part of a project file may carry an `id`; it is kept."""

    id: str | None = None


class Engine(Identifiable, frozen=True):
    """The workflow engine, such as nextflow 24.10."""

    name: str
    version: str | None = None


class Catalog(Identifiable, frozen=True):
    """Where the workflow is published."""

    name: str
    url: str | None = None


class DataLocation(Identifiable, frozen=True, kw_only=True):
    """Where the runs lie: `flat` takes each location as one run, `sequencing-runs` their matching folders."""

    locations: tuple[str, ...]
    structure: Literal["flat", "sequencing-runs"] = "flat"
    runs_regex: str | None = None


class Wildcard(Identifiable, frozen=True):
    """A named part of a file pattern whose captured text becomes a column."""

    name: str
    wildcard_regex: str


class RegexConfig(Identifiable, frozen=True):
    """A file pattern; matched whole, against the name, or against the path below the run if it has a slash."""

    pattern: str
    wildcards: tuple[Wildcard, ...] = ()


class ScanParameters(Identifiable, frozen=True, kw_only=True):
    """`filename` belongs to mode single, the others to mode recursive."""

    filename: str | None = None
    regex_config: RegexConfig | None = None
    max_depth: int | None = None
    ignore: tuple[str, ...] = ()


class Scan(Identifiable, frozen=True):
    """How files are found: `single` or `recursive`."""

    mode: Literal["single", "recursive"]
    scan_parameters: ScanParameters


class TableProperties(Identifiable, frozen=True, kw_only=True):
    """How a table's files are read, and what its columns mean."""

    format: Format
    polars_kwargs: dict[str, Any] = {}
    keep_columns: tuple[str, ...] = ()
    columns_description: dict[str, str] = {}
    columns_unit: dict[str, str] = {}
    schema_overrides: dict[str, str] = {}
    lat_column: str | None = None
    lon_column: str | None = None
    image_column: str | None = None
    local_images_path: str | None = None
    s3_base_folder: str | None = None
    supported_formats: tuple[str, ...] = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tiff")
    thumbnail_size: int = 150
    feature_id_key: str = "id"
    ladderize: bool = True
    metadata_dc_tag: str | None = None
    metadata_taxon_column: str = "taxon"
    tip_label_strategy: Literal["taxon", "first_token"] = "taxon"

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns to keep, those of places among them; empty keeps all."""
        places = tuple(name for name in (self.lat_column, self.lon_column) if name and name not in self.keep_columns)
        return (*self.keep_columns, *places) if self.keep_columns else ()

    @property
    def overrides(self) -> dict[str, str]:
        """The types that decide where inference would not; they may stand among the reader's options, as in polars."""
        return {**self.polars_kwargs.get("schema_overrides", {}), **self.schema_overrides}


class CollectionConfig(Identifiable, frozen=True, kw_only=True):
    """Type, metatype and reading of one collection."""

    type: Kind
    metatype: Literal["metadata", "aggregate"] = "aggregate"
    scan: Scan
    dc_specific_properties: TableProperties


class CollectionDescription(Identifiable, frozen=True, kw_only=True):
    """One data collection of a workflow."""

    data_collection_tag: str
    config: CollectionConfig
    description: str = ""
    optional: bool = False


class WorkflowDescription(Identifiable, frozen=True, kw_only=True):
    """One workflow: what ran, where its runs lie, and which collections they give."""

    name: str
    engine: Engine
    data_location: DataLocation
    data_collections: tuple[CollectionDescription, ...]
    version: str | None = None
    description: str = ""
    catalog: Catalog | None = None
    repository_url: str | None = None


class ColumnOverride(Identifiable, frozen=True):
    """How one column is aggregated before a join, in place of the default."""

    column: str
    function: AnyAggregation


class Granularity(Identifiable, frozen=True, kw_only=True):
    """How the finer side is aggregated before a join."""

    aggregate_to: str
    numeric_default: NumericAggregation = "mean"
    categorical_default: CategoricalAggregation = "first"
    column_overrides: tuple[ColumnOverride, ...] = ()


class JoinDescription(Identifiable, frozen=True, kw_only=True):
    """A stored table made of two collections; tags are `tag` or `workflow.tag`."""

    name: str
    left_dc: str
    right_dc: str
    on_columns: tuple[str, ...]
    how: How = "inner"
    workflow_name: str | None = None
    description: str = ""
    granularity: Granularity | None = None


class LinkConfig(Identifiable, frozen=True, kw_only=True):
    """How values of the source column find those of the target.

    `mappings` belongs to `sample_mapping`, `pattern` to `pattern`, `regex` and `wildcard`; see `docs/project-file.md`.
    """

    resolver: Resolver = "direct"
    target_field: str | None = None
    mappings: dict[str, list[str]] = {}
    pattern: str | None = None
    case_sensitive: bool = True


class LinkDescription(Identifiable, frozen=True, kw_only=True):
    """A rule by which a filter on one collection narrows another."""

    source_dc_tag: str
    source_column: str
    target_dc_tag: str
    target_type: str = "table"
    link_config: LinkConfig = LinkConfig()
    description: str = ""
    enabled: bool = True

    @property
    def target_column(self) -> str:
        """Where the values of the source column are looked for."""
        return self.link_config.target_field or self.source_column


class ProjectDescription(Identifiable, frozen=True, kw_only=True):
    """A whole project file. `environment` placeholders such as `{SURVEY_ROOT}` are still in place."""

    name: str
    project_type: Literal["basic", "advanced"] = "advanced"
    is_public: bool = False
    description: str = ""
    data_management_platform_project_url: str | None = None
    workflows: tuple[WorkflowDescription, ...] = ()
    joins: tuple[JoinDescription, ...] = ()
    links: tuple[LinkDescription, ...] = ()

    def collections(self) -> Iterator[tuple[WorkflowDescription, CollectionDescription]]:
        """Every data collection that is read from files, with its workflow."""
        return ((workflow, one) for workflow in self.workflows for one in workflow.data_collections)
