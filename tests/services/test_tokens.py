"""Access tokens: what is issued is read, and everything else is refused."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from domain.errors import Unauthenticated
from domain.people import User
from services.tokens import AUDIENCE, Tokens

KEY = "k" * 60 + "random enough for a test"
ISSUER = "https://lab.example.org"
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
ADA = User(id="u1", email="ada@example.org", display_name="Ada", password_hash="", created_at=AT, credentials=7)


def tokens(key: str = KEY, *, issuer: str = ISSUER, after: timedelta = timedelta()) -> Tokens:
    return Tokens(key, issuer=issuer, life=timedelta(minutes=60), now=lambda: AT + after)


def claims(**changes: Any) -> dict[str, Any]:
    issued = int(AT.timestamp())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u1",
        "iat": issued,
        "exp": issued + 3600,
        "jti": "j",
        "cred": 7,
        "fam": "f1",
    }
    return {key: value for key, value in (good | changes).items() if value is not None}


def signed(payload: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(payload, key, algorithm=algorithm)


def unsigned(header: dict[str, str], payload: dict[str, Any]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, payload))
    return ".".join(parts) + "."


def test_an_issued_token_is_read() -> None:
    """Whose it is and under which password; every token has an id of its own."""
    first, second = (tokens().read(tokens().issue(ADA, "f1")) for _ in range(2))
    assert (first.sub, first.cred, first.iat, first.exp) == ("u1", 7, int(AT.timestamp()), int(AT.timestamp()) + 3600)
    assert first.jti != second.jti


def test_the_hand_made_claims_of_these_tests_are_good() -> None:
    """Otherwise the refusals below would show nothing."""
    assert tokens().read(signed(claims())).sub == "u1"


FORGED: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "not a token": lambda: "a.b.c",
    "another key": lambda: signed(claims(), "another key that is long enough for this"),
    "another algorithm": lambda: signed(claims(), algorithm="HS512"),
    "alg=none": lambda: unsigned({"alg": "none", "typ": "JWT"}, claims()),
    "alg=None": lambda: unsigned({"alg": "None", "typ": "JWT"}, claims()),
    "no alg": lambda: unsigned({"typ": "JWT"}, claims()),
    "signature cut off": lambda: signed(claims()).rpartition(".")[0] + ".",
    "payload swapped": lambda: unsigned({"alg": "HS256"}, claims(sub="admin")) + signed(claims()).rpartition(".")[2],
    "wrong audience": lambda: signed(claims(aud="another product")),
    "wrong issuer": lambda: signed(claims(iss="https://evil.example.org")),
    "from the future": lambda: signed(claims(iat=int(AT.timestamp()) + 120)),
    "expired": lambda: signed(claims(exp=int(AT.timestamp()))),
    "text for a number": lambda: signed(claims(cred="7")),
    "a number for text": lambda: signed(claims(jti=1)),
    **{f"without {name}": (lambda name=name: signed(claims(**{name: None}))) for name in claims()},
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_token_is_refused(case: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens().read(FORGED[case]())


def test_a_token_holds_for_an_hour() -> None:
    token = tokens().issue(ADA, "f1")
    assert tokens(after=timedelta(minutes=59, seconds=59)).read(token).sub == "u1"
    with pytest.raises(Unauthenticated, match="expired"):
        tokens(after=timedelta(minutes=60)).read(token)


def test_clocks_of_two_machines_may_differ_by_a_minute() -> None:
    token = tokens(after=timedelta(seconds=50)).issue(ADA, "f1")
    assert tokens().read(token).sub == "u1"


def test_reading_a_token_is_cheap() -> None:
    """It is done at every request of the REST interface."""
    token, reader = tokens().issue(ADA, "f1"), tokens()
    started = time.perf_counter()
    for _ in range(100):
        reader.read(token)
    assert time.perf_counter() - started < 1
