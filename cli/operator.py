"""Who works on the stores directly: the administrator of the installation, who holds its data directory."""

import uuid

import msgspec

from domain.access import Actor, Origin
from domain.settings import Settings
from services.system import Services

HERE = "command line"


async def operator(services: Services, settings: Settings) -> Actor:
    """The actor of this run; the audit shows that it came from the command line, and what was done together."""
    actor = (await services.people.user_by_email(settings.admin_email)).actor()
    return msgspec.structs.replace(actor, origin=Origin(HERE, uuid.uuid4().hex))
