"""What people call users, groups and dashboards: for rows of the audit, which outlive them."""

from persistence.dashboards import DashboardRepository
from persistence.groups import GroupRepository
from persistence.mongo import Documents
from persistence.people import UserRepository


class Called:
    """Looks up a name by the key that the audit has: `user:ID`, `group:ID` or `dashboard:ID`."""

    def __init__(self, documents: Documents) -> None:
        self._users = UserRepository(documents)
        self._groups = GroupRepository(documents)
        self._dashboards = DashboardRepository(documents)

    async def name_of(self, key: str) -> str:
        """The address, name or title now; empty for who or what there is not."""
        kind, _, id_ = key.partition(":")
        match kind:
            case "user":
                user = await self._users.find(id_)
                return user.email if user else ""
            case "group":
                group = await self._groups.find(id_)
                return group.name if group else ""
            case "dashboard":
                dashboard = await self._dashboards.find(id_)
                return dashboard.title if dashboard else ""
        return ""
