"""Pages beside the editor: what their forms change can be undone in the editor of the same tab."""

from collections.abc import Mapping

from domain.history import Stamp
from domain.text import IDENTIFIER
from domain.wording import tr
from services.system import Services

FIELD = "session"
"""The hidden field that `editor_session.js` fills."""
UNDO = tr("Undo in the editor takes that back.")


def in_editor(services: Services, form: Mapping[str, str]) -> Services:
    """The services, saving as the editor that the form names; as none of them where scripts are off."""
    session = form.get(FIELD, "")
    return services.stamped(Stamp(session=session if IDENTIFIER.fullmatch(session) else ""))
