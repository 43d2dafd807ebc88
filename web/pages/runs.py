"""The runs of a workflow, as a list and one by one."""

from urllib.parse import urlencode

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from domain.projects import Access
from domain.run_lists import PAGE_LENGTH, RunState, RunsWanted
from domain.wording import tr
from services.system import Services
from web.render import Page

HEADINGS = (
    ("name", tr("Run"), False),
    ("state", tr("State"), False),
    ("changed", tr("Changed"), False),
    ("files", tr("Files"), True),
    ("rows", tr("Rows"), True),
    ("size", tr("Size"), True),
)
LEVELS = {
    RunState.REFUSED: "danger",
    RunState.VANISHED: "warn",
    RunState.CHANGED: "warn",
    RunState.NEW: "good",
    RunState.UNCHANGED: "",
}


class RunsPages(Controller):
    """`/projects/{project_id}/runs`; workflow and run stand in the query: names may have any character."""

    path = "/projects/{project_id:str}/runs"

    @get("/")
    async def runs(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        workflow: FromQuery[str] = "",
        q: FromQuery[str] = "",
        sort: FromQuery[str] = "-changed",
        after: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> Page:
        """The runs of one workflow: the whole list, or the rows that follow one."""
        wanted = RunsWanted(q=q, sort=sort or "-changed", after=after, limit=limit)
        part = await services.runs.page(access, workflow, wanted)
        here = f"/projects/{access.project.id}/runs"
        said = {"workflow": workflow, "q": q, "sort": wanted.sort, "limit": limit}
        context = {
            "access": access,
            "workflow": workflow,
            "wanted": wanted,
            "part": part,
            "headings": HEADINGS,
            "levels": LEVELS,
            "next": f"{here}?{urlencode({**said, 'after': part.next})}" if part.next else "",
            "orders": {name: f"{here}?{urlencode({**said, 'sort': _order(name, sort)})}" for name, *_ in HEADINGS},
            "first": f"{here}?{urlencode(said)}",
        }
        return Page("projects/runs.html", context, block="rows" if after else "runs")

    @get("/one")
    async def run(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        workflow: FromQuery[str] = "",
        name: FromQuery[str] = "",
    ) -> Page:
        """One run: its files by collection, what was refused, and its history."""
        found = await services.runs.get(access, workflow, name)
        return Page("projects/run.html", {"access": access, "run": found, "levels": LEVELS})


def _order(name: str, sort: str) -> str:
    """The other way round of the order that there is; names begin at the start, all else with the most."""
    if sort.removeprefix("-") == name:
        return name if sort.startswith("-") else f"-{name}"
    return name if name in {"name", "state"} else f"-{name}"
