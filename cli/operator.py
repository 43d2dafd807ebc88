"""Who works on the stores directly: the administrator of the installation, who holds its data directory."""

import uuid
from typing import TYPE_CHECKING

import msgspec

from domain.access import Actor, Origin
from domain.errors import NotFound
from domain.settings import Settings

if TYPE_CHECKING:
    from services.system import Services

HERE = "command line"


async def operator(services: "Services", settings: Settings) -> Actor:
    """The actor of this run; the audit shows that it came from the command line, and what was done together.

    When DEPICTIO_ADMIN_EMAIL has no account of an administrator any more, it is the administrator who was the first.
    """
    try:
        actor = (await services.people.user_by_email(settings.admin_email)).actor()
    except NotFound:
        actor = await services.people.single_user()
    if not actor.is_admin:
        actor = await services.people.single_user()
    return msgspec.structs.replace(actor, origin=Origin(HERE, uuid.uuid4().hex))
