"""The example projects that come with Depictio: their data ingested and a dashboard for each, once."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from domain.access import Actor
from domain.collections import DataCollection
from domain.dashboard_file import dashboard_file
from domain.errors import Invalid
from domain.ingests import CollectionReport, Outcome
from domain.projects import Access
from services.local_ingest import LocalIngest, Scanner
from services.project_files import read_project_file
from services.system import Services

FOLDERS = (Path(__file__).parents[1] / "examples", Path(__file__).parents[1] / "cli" / "examples")
"""In a checkout, and in an installed package."""
EXAMPLES = ("iris", "penguins")
Tell = Callable[[str], None]


async def install_examples(services: Services, actor: Actor, tell: Tell) -> None:
    """Register and ingest each example, and make its dashboard if its project has none yet.

    What is there already is left as it is: files that did not change are not read, dashboards are never replaced.

    Raises:
        Invalid: when an example's files cannot be ingested.
    """
    folder = next((one for one in FOLDERS if one.is_dir()), None)
    if folder is None:
        raise Invalid("The example projects are not part of this installation.")
    for name in EXAMPLES:
        file = read_project_file(folder / name / "project.yaml")
        access, collections = await services.ingestion.register(actor, file.description)
        ingest = LocalIngest(services.ingestion, access, Scanner(file, environment={}))
        files = [one for one in collections if one.origin == "files"]
        reports = [await ingest.run(one) for one in files] + await services.ingestion.run_joins(access)
        _check(name, reports)
        made = await _dashboard(services, access, folder / name / "dashboard.yaml")
        changed = any(report.outcome is not Outcome.UNCHANGED for report in reports)
        rows = ", ".join(f"{report.tag} {report.rows} rows" for report in reports)
        tell(f"{access.project.name}: {rows}" if changed or made else f"{access.project.name}: nothing new")


def _check(name: str, reports: list[CollectionReport]) -> None:
    failed = [report for report in reports if report.outcome is Outcome.FAILED]
    if failed:
        problems = tuple(problem for report in failed for problem in report.problems)
        raise Invalid(f"The example {name} cannot be ingested: {failed[0].message}", problems)


async def _dashboard(services: Services, access: Access, path: Path) -> bool:
    """Make the dashboard of a file; False when the project has one already."""
    if await services.dashboards.of_project(access):
        return False
    found = dashboard_file(
        yaml.safe_load(await asyncio.to_thread(path.read_text, "utf-8")), by_tag(await services.collections.all(access))
    )
    await services.dashboards.create(access, found.title, found.subtitle, found.tiles, found.division)
    return True


def by_tag(collections: list[DataCollection]) -> Mapping[str, str]:
    """The id of each collection by its tag."""
    return {collection.tag: collection.id for collection in collections}
