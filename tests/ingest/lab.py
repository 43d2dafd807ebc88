"""A laboratory for ingestion: a folder with a project file and data, and the services that ingest it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from domain.access import Actor
from domain.collections import DataCollection
from domain.ingests import CollectionReport
from domain.projects import Access
from persistence.collections import CollectionRepository
from persistence.leases import Leases
from persistence.objects import ObjectStore
from persistence.tables import Tables
from services.ingestion import Ingestion
from services.local_ingest import LocalIngest, Scanner
from services.project_files import read_project_file
from services.upkeep import Upkeep

EXAMPLES = Path(__file__).parents[2] / "examples"
OWNER = Actor(user_id="a" * 24, email="owner@example.org")


def table(tag: str = "table", pattern: str = r".*\.csv", **properties: Any) -> dict[str, Any]:
    """A collection of CSV files, as a project file describes it."""
    return {
        "data_collection_tag": tag,
        "config": {
            "type": "table",
            "metatype": "aggregate",
            "scan": {"mode": "recursive", "scan_parameters": {"regex_config": {"pattern": pattern}}},
            "dc_specific_properties": {"format": "csv", **properties},
        },
    }


def project(*collections: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A project with one workflow whose runs are the folders `run_*` in `runs`."""
    return {
        "name": "Survey",
        "workflows": [
            {
                "name": "flow",
                "engine": {"name": "python"},
                "data_location": {
                    "structure": "sequencing-runs",
                    "runs_regex": "run_.*",
                    "locations": ["runs"],
                },
                "data_collections": list(collections),
            }
        ],
        **more,
    }


class Laboratory:
    """A folder with a project file, ingested directly."""

    def __init__(
        self,
        folder: Path,
        ingestion: Ingestion,
        tables: Tables,
        collections: CollectionRepository,
        leases: Leases,
        upkeep: Upkeep,
    ) -> None:
        self.folder = folder
        self.leases = leases
        self.ingestion = ingestion
        self.tables = tables
        self.collections = collections
        self.upkeep = upkeep
        self.access: Access | None = None
        self.hashed = 0

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "runs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def describe(self, description: dict[str, Any]) -> None:
        (self.folder / "runs").mkdir(exist_ok=True)
        (self.folder / "project.yaml").write_text(yaml.safe_dump(description))

    async def ingest(self) -> dict[str, CollectionReport]:
        file = read_project_file(self.folder / "project.yaml")
        self.access, collections = await self.ingestion.register(OWNER, file.description)
        scanner = Scanner(file, {})
        ingest = LocalIngest(self.ingestion, self.access, scanner)
        reports = [await ingest.run(one) for one in collections if one.origin == "files"]
        self.hashed = scanner.hashed
        return {report.tag: report for report in [*reports, *await self.ingestion.run_joins(self.access)]}

    async def of(self, workflow: str, tag: str) -> DataCollection:
        assert self.access is not None
        found = await self.collections.find(self.access.project.id, workflow, tag)
        assert found is not None
        return found

    async def collection(self, tag: str = "table") -> DataCollection:
        return await self.of("flow", tag)

    async def frame(self, tag: str = "table") -> pl.DataFrame:
        collection = await self.collection(tag)
        return self.tables.scan(collection.table_path, collection.table_version).collect()


Laboratories = Callable[[ObjectStore], Laboratory]
"""Makes the laboratory whose tables lie in that store."""
