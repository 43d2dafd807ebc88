"""Projects in the document store. Visibility is part of the query: `Project.audience` is indexed."""

from datetime import datetime

import msgspec

from domain.access import Actor, Grant, Principal
from domain.projects import Project, ProjectType
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """A project without its project file, which lists do not need and which can be long."""

    id: str
    name: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str
    project_type: ProjectType
    is_public: bool
    grants: tuple[Grant, ...]
    audience: tuple[str, ...]
    version: int

    def project(self) -> Project:
        return Project(**msgspec.structs.asdict(self))


class ProjectRepository:
    """The projects; a name is unique among those that one user created."""

    def __init__(self, documents: Documents) -> None:
        self._projects = Collection(documents, "projects", Project, tr("project"))

    async def get(self, project_id: str) -> Project:
        return await self._projects.get(project_id)

    async def find(self, project_id: str) -> Project | None:
        return await self._projects.find({"_id": project_id})

    async def find_by_name(self, created_by: str, name: str) -> Project | None:
        return await self._projects.find({"created_by": created_by, "name": name})

    async def visible_to(self, actor: Actor) -> list[Project]:
        """All that the actor may see, without their project files (`source` is None)."""
        query = {} if actor.is_admin else {"audience": {"$in": actor.audience}}
        return [head.project() for head in await self._projects.many(query, projection=_Head)]

    async def with_audience(self, key: str) -> list[Project]:
        """Those whose `audience` has the key of a principal."""
        return await self._projects.many({"audience": key})

    async def add(self, project: Project) -> Project:
        return await self._projects.add(
            project, taken=tr("You have a project named {name!r} already.", name=project.name)
        )

    async def replace(self, project: Project) -> Project:
        return await self._projects.replace(project)

    async def remove(self, project_id: str) -> None:
        await self._projects.remove({"_id": project_id})

    async def with_principal(self, principal: Principal) -> list[Project]:
        """Those in which a user or a group holds a role."""
        return await self._projects.many({"audience": str(principal)})
