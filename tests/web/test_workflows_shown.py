"""What a project file says of the project, its workflows and collections, on the page of the project."""

from domain.project_file import project_description
from domain.projects import ProjectType
from persistence.mongo import new_id
from tests.ingest.lab import project, table
from tests.web.world import World


async def test_what_a_workflow_says_of_itself_is_on_the_page(world: World) -> None:
    """Version, engine, catalog, repository and description; only addresses of the web are links."""
    user = await world.user()
    described = project(
        table(), name=f"Survey {new_id()}", project_type="basic", is_public=True, description="Of birds"
    )
    elsewhere = described["data_management_platform_project_url"] = "https://data.example.org/birds"
    described["workflows"][0] |= {
        "engine": {"name": "nextflow", "version": "24.10"},
        "version": "2.16.0",
        "description": "Counts birds",
        "catalog": {"name": "nf-core", "url": "https://nf-co.re/birds"},
        "repository_url": "javascript:alert(1)",
    }
    described["workflows"][0]["data_collections"][0]["description"] = "All that was counted"
    joined = {"name": "twice", "left_dc": "table", "right_dc": "table", "on_columns": ["x"], "description": "Of itself"}
    described["joins"] = [joined]
    access, _ = await world.services.ingestion.register(user.actor(), project_description(described))
    assert (access.project.project_type, access.project.is_public) == (ProjectType.BASIC, True)
    page = await (await world.browser()).page(f"/projects/{access.project.id}")
    said = " ".join(page.select_one("section[aria-labelledby=workflows-heading]").get_text(" ", strip=True).split())
    for text in ("flow 2.16.0", "nextflow 24.10", "Counts birds", "nf-core", "javascript:alert(1)"):
        assert text in said
    links = [str(one["href"]) for one in page.select("section[aria-labelledby=workflows-heading] a")]
    assert [one for one in links if "runs" not in one] == ["https://nf-co.re/birds"]
    assert [one.get_text() for one in page.select(f'a[href="{elsewhere}"]')] == ["In the data management platform"]
    assert all(text in page.get_text() for text in ("Of birds", "All that was counted", "Of itself"))
