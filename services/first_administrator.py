"""The first administrator of an installation, whose account is opened at its first start."""

import secrets

from domain.errors import Conflict, Invalid, Problem
from domain.people import normal_email
from domain.settings import Settings
from persistence.people import UserRepository
from services.people import People

GENERATED_PASSWORD_BYTES = 15


async def ensure_administrator(people: People, users: UserRepository, settings: Settings) -> str | None:
    """Open the first administrator's account; the password when it was generated, which is never shown again.

    Several processes may start at once: the unique address decides whose account, and password, it is.
    """
    if await users.administrators():
        return None
    password = settings.admin_password or secrets.token_urlsafe(GENERATED_PASSWORD_BYTES)
    try:
        await people.create_user(settings.admin_email, password, "Administrator", is_admin=True)
    except Conflict:
        await _check_administrator(users, settings.admin_email)
        return None
    except Invalid as error:
        problems = tuple(Problem(f"DEPICTIO_ADMIN_{p.place.upper()}", p.message) for p in error.problems)
        raise Invalid("The first administrator's account cannot be opened.", problems) from None
    return None if settings.admin_password else password


async def _check_administrator(users: UserRepository, email: str) -> None:
    """After losing the race for the address: the other's account must be an administrator's."""
    user = await users.find_by_email(normal_email(email))
    if user is not None and not (user.is_admin and user.is_active):
        raise Invalid(
            "There is no administrator, and the address for one belongs to another account.",
            (Problem("DEPICTIO_ADMIN_EMAIL", f"{email} has an account; choose another address"),),
        )
