"""Passwords: argon2id, off the event loop, a few at a time because each takes 64 MiB."""

import asyncio
import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from domain.people import PASSWORD_MAX_LENGTH

AT_ONCE = 2


class Passwords:
    """Hashes and verifies with the parameters of RFC 9106 (its second choice, argon2-cffi's default)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._nobodys = nobodys_hash(self._hasher)

    async def hash(self, password: str) -> str:
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one; without a `stored` hash the same work is done and the answer is no."""
        async with self._slots:
            good = await asyncio.to_thread(self._verify, _bytes(password), stored or self._nobodys)
        return good and stored is not None and len(password) <= PASSWORD_MAX_LENGTH

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than those in use."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, password: bytes, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def nobodys_hash(hasher: PasswordHasher) -> str:
    """A hash of no password, which takes as much work to verify as any; it is drawn, for computing one takes long."""
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2{hasher.type.name.lower()}$v={ARGON2_VERSION}${costs}${salt}${digest}"


def _bytes(password: str) -> bytes:
    """The same bytes however a keyboard composes an accent (NIST SP 800-63B); half characters do no harm."""
    return unicodedata.normalize("NFKC", password[: PASSWORD_MAX_LENGTH + 1]).encode("utf-8", "surrogatepass")
