"""What is said about a dashboard beside it: comments, notes, saved views, and the messages that tell of them."""

from persistence.discussions import NoteRepository, ThreadRepository
from persistence.inbox import MessageRepository
from persistence.mongo import Documents
from persistence.saved_views import SavedViewRepository


class SaidRepository:
    """All of it together: it goes with its dashboard, or to the one that takes its place."""

    def __init__(self, documents: Documents) -> None:
        self._parts = (
            ThreadRepository(documents),
            NoteRepository(documents),
            SavedViewRepository(documents),
            MessageRepository(documents),
        )

    async def carry(self, dashboard_id: str, project_id: str, new_id: str) -> None:
        """Let all that is said about a dashboard be about the new one, which is of that project.

        Repeated after a crash it goes on where it was.
        """
        for part in self._parts:
            await part.carry(dashboard_id, project_id, new_id)

    async def remove_of_dashboard(self, dashboard_id: str) -> None:
        for part in self._parts:
            await part.remove_of_dashboard(dashboard_id)
