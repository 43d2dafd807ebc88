"""The sign-in rate limit, per account and per address, counted across all server processes."""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from math import ceil

import msgspec

from domain.errors import Invalid, Unavailable
from domain.people import normal_email
from domain.wording import tr, trn
from persistence.mongo import new_id
from persistence.throttle import Attempt, AttemptRepository
from services.clock import Clock

WINDOW = timedelta(minutes=15)
ADDRESS_FACTOR = 5
"""An address may fail so many times as often as an account: a laboratory can share one."""


class Ticket(msgspec.Struct, frozen=True):
    """An attempt that was let through."""

    account: Attempt
    address: Attempt


class SignInThrottle:
    """Counts an attempt before its password is looked at, so that a hundred at once get no further than one by one."""

    def __init__(self, attempts: AttemptRepository, limit: int, now: Clock) -> None:
        self._attempts = attempts
        self._limit = limit
        self._now = now

    async def enter(self, email: str, address: str) -> Ticket:
        """Count an attempt.

        Raises:
            Unavailable: when the account or the address has failed too often within 15 minutes; `retry_after` says
                when the next attempt is let through.
        """
        at = self._now()
        ticket = Ticket(_attempt(account_key(email), at), _attempt(address_key(address), at))
        await self._attempts.add(ticket.account)
        await self._attempts.add(ticket.address)
        wait = max(
            await self._wait(ticket.account, self._limit),
            await self._wait(ticket.address, self._limit * ADDRESS_FACTOR),
        )
        if wait:
            await self._attempts.remove([ticket.account, ticket.address])
            message = trn(
                "Too many failed sign-ins. Try again in {n} minute.",
                "Too many failed sign-ins. Try again in {n} minutes.",
                ceil(wait / 60),
            )
            raise Unavailable(message, wait)
        return ticket

    async def passed(self, ticket: Ticket) -> None:
        """The password was right: forget what the account failed before, and do not count this for the address."""
        await self._attempts.forget(ticket.account.key)
        await self._attempts.remove([ticket.address])

    async def count(self, what: str, address: str) -> Attempt:
        """Count something that a network address may do as often as a sign-in to one account may fail.

        Raises:
            Unavailable: when it did so too often within 15 minutes; `retry_after` says when it may again.
        """
        attempt = _attempt(f"{what} {address_key(address)}", self._now())
        await self._attempts.add(attempt)
        wait = await self._wait(attempt, self._limit)
        if wait:
            await self._attempts.remove([attempt])
            raise Unavailable(tr("Too many tries. Try again in {minutes} min.", minutes=ceil(wait / 60)), wait)
        return attempt

    async def undo(self, attempt: Attempt) -> None:
        """It was none of those that are to be limited."""
        await self._attempts.remove([attempt])

    async def _wait(self, own: Attempt, limit: int) -> int:
        """Seconds until an attempt under this key is let through; 0 when this one is."""
        counting = [other for other in await self._attempts.counting(own.key, own.at) if other.id != own.id]
        excess = len(counting) - limit
        return 0 if excess < 0 else max(1, ceil((counting[excess].expires_at - own.at).total_seconds()))


def account_key(email: str) -> str:
    """The key of an account, whether or not there is one; what was typed is not kept, it may be a password."""
    try:
        written = normal_email(email)
    except Invalid:
        written = email.strip().lower()
    return "account:" + hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def address_key(address: str) -> str:
    """The key of a network address; one IPv6 network of 64 bits counts as one, since it is one customer's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return f"address:{address[:100]}"
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ipaddress.ip_network((int(ip) >> 64 << 64, 64)).network_address
    return f"address:{ip}"


def _attempt(key: str, at: datetime) -> Attempt:
    return Attempt(id=new_id(), key=key, at=at, expires_at=at + WINDOW)
