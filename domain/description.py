"""The project file (DESIGN.md chapter 5) as structs: what a lab writes once about its runs.

`domain.project_file` turns decoded YAML into these and names every fault; here stands only the shape.
"""

from typing import Any

import msgspec


class Engine(msgspec.Struct, frozen=True):
    """The workflow engine, such as nextflow 24.10."""

    name: str
    version: str | None = None


class Catalog(msgspec.Struct, frozen=True):
    """Where the workflow is published."""

    name: str
    url: str | None = None


class DataLocation(msgspec.Struct, frozen=True, kw_only=True):
    """Where the runs lie: `flat` takes each location as one run, `sequencing-runs` their matching folders."""

    structure: str = "flat"
    locations: tuple[str, ...] = ()
    runs_regex: str | None = None


class Wildcard(msgspec.Struct, frozen=True):
    """A named part of a file pattern whose captured text becomes a column."""

    name: str
    wildcard_regex: str


class RegexConfig(msgspec.Struct, frozen=True):
    """A file pattern; matched whole, against the name, or against the path below the run if it has a slash."""

    pattern: str
    wildcards: tuple[Wildcard, ...] = ()


class ScanParameters(msgspec.Struct, frozen=True, kw_only=True):
    """`filename` belongs to mode single, the others to mode recursive."""

    filename: str | None = None
    regex_config: RegexConfig | None = None
    max_depth: int | None = None
    ignore: tuple[str, ...] = ()


class Scan(msgspec.Struct, frozen=True):
    """How files are found: `single` or `recursive`."""

    mode: str
    scan_parameters: ScanParameters


class TableProperties(msgspec.Struct, frozen=True, kw_only=True):
    """How a table's files are read, and what its columns mean."""

    format: str
    polars_kwargs: dict[str, Any] = {}
    keep_columns: tuple[str, ...] = ()
    columns_description: dict[str, str] = {}
    schema_overrides: dict[str, str] = {}
    lat_column: str | None = None
    lon_column: str | None = None


class CollectionConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Type, metatype and reading of one collection; type and metatype are in lower case here."""

    type: str
    metatype: str
    scan: Scan
    dc_specific_properties: TableProperties


class CollectionDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One data collection of a workflow."""

    data_collection_tag: str
    config: CollectionConfig
    description: str = ""
    optional: bool = False
    id: str | None = None


class WorkflowDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One workflow: what ran, where its runs lie, and which collections they give."""

    name: str
    engine: Engine
    data_location: DataLocation
    data_collections: tuple[CollectionDescription, ...]
    version: str | None = None
    description: str = ""
    catalog: Catalog | None = None
    repository_url: str | None = None
    id: str | None = None


class Granularity(msgspec.Struct, frozen=True, kw_only=True):
    """How the finer side is aggregated before a join."""

    aggregate_to: str
    numeric_default: str = "mean"
    categorical_default: str = "first"


class JoinDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A stored table made of two collections; tags are `tag` or `workflow.tag`."""

    name: str
    left_dc: str
    right_dc: str
    on_columns: tuple[str, ...]
    how: str = "inner"
    workflow_name: str | None = None
    description: str = ""
    granularity: Granularity | None = None
    id: str | None = None


class LinkConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How values of the source column find those of the target."""

    resolver: str = "direct"
    target_field: str | None = None
    mappings: dict[str, list[str]] = {}
    pattern: str | None = None


class LinkDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A rule by which a filter on one collection narrows another."""

    source_dc_tag: str
    source_column: str
    target_dc_tag: str
    target_type: str = "table"
    link_config: LinkConfig = LinkConfig()
    description: str = ""
    enabled: bool = True
    id: str | None = None


class ProjectDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A whole project file. `environment` placeholders such as `{SURVEY_ROOT}` are still in place."""

    name: str
    project_type: str = "advanced"
    is_public: bool = False
    description: str = ""
    workflows: tuple[WorkflowDescription, ...] = ()
    joins: tuple[JoinDescription, ...] = ()
    links: tuple[LinkDescription, ...] = ()
    id: str | None = None
