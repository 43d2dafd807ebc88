"""What administrators may change while the server runs; what the environment settles stands in `domain.settings`."""

import msgspec

from domain.errors import Invalid, Problem

SITE = "site"
RANGES = {"audit_days": (1, 3650), "session_idle_hours": (0, 8760), "session_max_days": (0, 365)}


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The one document of its kind. 0 leaves a length of sessions to the environment."""

    id: str = SITE
    audit_days: int = 365
    session_idle_hours: int = 0
    session_max_days: int = 0
    version: int = 1


def checked(site: SiteSettings) -> SiteSettings:
    """The settings, when each of them can be.

    Raises:
        Invalid: naming those that cannot.
    """
    problems = [
        Problem(name, f"must be {least} to {most}")
        for name, (least, most) in RANGES.items()
        if not least <= getattr(site, name) <= most
    ]
    if problems:
        raise Invalid("The site cannot be set so.", tuple(problems))
    return site
