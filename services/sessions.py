"""Browser sessions: a random cookie, kept as its SHA-256 only, with an idle and an absolute end."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.errors import NotFound
from domain.people import BrowserSession, User
from domain.wording import tr
from persistence.people import SessionRepository
from services.clock import Clock

TOKEN_BYTES = 32
RENEW_EVERY = timedelta(minutes=1)
USER_AGENT_LENGTH = 300
ADDRESS_LENGTH = 100

Lengths = Callable[[], Awaitable[tuple[timedelta, timedelta]]]
"""Gives the idle and the absolute length of a session."""


class Sessions:
    """Begins, finds and ends browser sessions; who may is decided by `People`."""

    def __init__(self, sessions: SessionRepository, *, lengths: Lengths, now: Clock) -> None:
        self._sessions = sessions
        self._lengths = lengths
        self._now = now

    async def begin(self, user: User, *, address: str, user_agent: str) -> str:
        """A new session of the user; the token for its cookie."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        at = self._now()
        idle, longest = await self._lengths()
        expires_at = at + longest
        session = BrowserSession(
            id=session_id(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            idle_expires_at=min(at + idle, expires_at),
            expires_at=expires_at,
            address=address[:ADDRESS_LENGTH],
            user_agent=user_agent[:USER_AGENT_LENGTH],
        )
        await self._sessions.add(session)
        return token

    async def current(self, token: str, *, renew: bool = True) -> BrowserSession | None:
        """The session of this cookie unless it is over; its idle end moves on, at most once a minute, if it may."""
        session = await self._sessions.find(session_id(token))
        at = self._now()
        if session is None or _is_over(session, at):
            return None
        if renew and at - session.last_seen_at >= RENEW_EVERY:
            idle, _ = await self._lengths()
            await self._sessions.renew(session.id, at, min(at + idle, session.expires_at))
        return session

    async def end(self, token: str) -> None:
        await self._sessions.remove(session_id(token))

    async def of_user(self, user_id: str) -> list[BrowserSession]:
        """Those that are not over, the last used first."""
        at = self._now()
        current = [session for session in await self._sessions.of_user(user_id) if not _is_over(session, at)]
        return sorted(current, key=lambda session: session.last_seen_at, reverse=True)

    async def revoke(self, user_id: str, wanted: str) -> None:
        """End the user's session with the id `wanted`.

        Raises:
            NotFound: when it is another's, or over.
        """
        session = await self._sessions.find(wanted)
        if session is None or session.user_id != user_id:
            raise NotFound(tr("There is no such session; it may be over already."))
        await self._sessions.remove(session.id)

    async def revoke_all(self, user_id: str, *, keep_token: str | None = None) -> int:
        """End all of the user's sessions, but the one with the cookie `keep_token`; how many there were."""
        keep = None if keep_token is None else session_id(keep_token)
        return await self._sessions.remove_of_user(user_id, keep=keep)


def session_id(token: str) -> str:
    """What a session is kept under: the cookie cannot be made from it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_over(session: BrowserSession, at: datetime) -> bool:
    return at >= session.idle_expires_at or at >= session.expires_at
