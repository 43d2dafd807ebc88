"""Links on the page of a project and in the REST interface."""

from tests.survey import survey
from tests.web.world import World


async def test_the_page_lists_the_links(world: World) -> None:
    """Columns of both ends, the resolver, or that a link is off."""
    owner = await world.user("Ada Lovelace")
    access = await survey.ingest(world.services, owner.actor())
    page = await (await world.browser(owner)).page(f"/projects/{access.project.id}")
    shown = page.select("section[aria-labelledby=links-heading] li")
    assert [" ".join(item.stripped_strings) for item in shown] == [
        "sites.site → samples.site Sites have samples direct",
        "samples.sample → diversity.library Samples have libraries sample_mapping",
        "diversity.library → samples.sample Libraries are made of samples sample_mapping",
        "samples.sample → taxa.table Samples have a file of taxa each pattern",
        "samples.site → sites.site Samples lead back to their sites off",
    ]


async def test_the_project_gives_its_links(world: World) -> None:
    """As the project file names them; a project made in the browser has none."""
    owner = await world.user()
    access = await survey.ingest(world.services, owner.actor())
    empty = await world.services.projects.create(owner.actor(), "Empty")
    async with await world.bearer(owner) as http:
        found = (await http.get(f"/api/v1/projects/{access.project.id}")).json()["links"]
        assert (await http.get(f"/api/v1/projects/{empty.id}")).json()["links"] == []
    assert len(found) == 5
    assert found[1] == {
        "source": "samples",
        "source_column": "sample",
        "target": "diversity",
        "target_column": "library",
        "resolver": "sample_mapping",
        "enabled": True,
        "description": "Samples have libraries",
    }
    assert [link["enabled"] for link in found] == [True] * 4 + [False]


async def test_a_project_without_links_shows_no_list(world: World) -> None:
    owner = await world.user()
    project = await world.services.projects.create(owner.actor(), "Plain")
    page = await (await world.browser(owner)).page(f"/projects/{project.id}")
    assert page.select_one("#links-heading") is None
