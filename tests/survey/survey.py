"""The coastal survey: a project file whose collections are linked, ingested as `depictio run` does it."""

from pathlib import Path

import msgspec
import polars as pl
import yaml

from domain.access import Actor
from domain.dashboard_file import dashboard_file
from domain.dashboards import Dashboard
from domain.ingests import Outcome
from domain.projects import Access
from services.examples import by_tag
from services.local_ingest import LocalIngest, Scanner
from services.project_files import read_project_file
from services.system import Services

FOLDER = Path(__file__).parent
PROJECT = FOLDER / "project.yaml"
TAGS = ("sites", "samples", "diversity", "taxa")


def table(tag: str) -> pl.DataFrame:
    """The rows of a collection, read from the files by plain polars; dates stay text."""
    if tag == "sites":
        return pl.read_csv(FOLDER / "sites.tsv", separator="\t")
    return pl.concat([pl.read_csv(path) for path in sorted(FOLDER.glob(f"results/*/{tag}.csv"))])


def of_sites(tag: str, kept: pl.Expr) -> pl.DataFrame:
    """The rows of a collection that belong to these sites, by joins of plain polars."""
    sites = table("sites").filter(kept)
    if tag == "sites":
        return sites
    samples = table("samples").join(sites, on="site", how="semi")
    if tag == "samples":
        return samples
    rows = table(tag)
    own = pl.col("library").str.head(5) if tag == "diversity" else pl.col("table").str.head(5)
    return rows.with_columns(own.alias("sample")).join(samples, on="sample", how="semi").select(rows.columns)


async def ingest(services: Services, actor: Actor) -> Access:
    """The project with its four tables."""
    file = read_project_file(PROJECT)
    access, collections = await services.ingestion.register(actor, file.description)
    reports = [await LocalIngest(services.ingestion, access, Scanner(file, {})).run(one) for one in collections]
    assert {report.outcome for report in reports} <= {Outcome.UPDATED, Outcome.UNCHANGED}, reports
    return access


def content(ids: dict[str, str]) -> dict[str, object]:
    """The tiles of the survey's dashboard as the REST interface takes them; `ids` are those of the collections."""
    found = dashboard_file(yaml.safe_load((FOLDER / "dashboard.yaml").read_text()), ids)
    built: dict[str, object] = msgspec.to_builtins(found.tiles)
    return built


async def dashboard(services: Services, access: Access) -> Dashboard:
    """The survey's dashboard."""
    ids = by_tag(await services.collections.all(access))
    found = dashboard_file(yaml.safe_load((FOLDER / "dashboard.yaml").read_text()), ids)
    empty = await services.dashboards.create(access, found.title)
    return await services.dashboards.replace(access, msgspec.structs.replace(empty, tiles=found.tiles))
