"""The OpenID Connect protocol with one provider: authorization code with PKCE, state and nonce; RFC 7636, RFC 9700.

What is remembered between leaving for the provider and coming back is a signed text in the browser, for ten minutes.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt
import msgspec

from domain.errors import Forbidden, Unauthenticated, Unavailable
from domain.providers import ProviderClaims, url_problem
from domain.wording import tr
from services.clock import Clock

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key pair only: a token signed with a public key as a shared secret is refused."""
FLOW_AUDIENCE = "depictio-sign-in"
FLOW_LIFE = timedelta(minutes=10)
SCOPE = "openid email profile"
TIMEOUT = httpx.Timeout(10.0)
MOST_BYTES = 1024 * 1024
DISCOVERED_FOR = 3600.0
KEYS_AGAIN_AFTER = 60.0
CLOCKS_DIFFER = 60
FAILED = tr("Signing in with the provider failed. Try again.")


class Discovered(msgspec.Struct, frozen=True):
    """What the provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Flow(msgspec.Struct, frozen=True):
    """What is remembered of a sign-in that is under way; `next` is where it leads."""

    state: str
    nonce: str
    verifier: str
    next: str
    exp: int


class Returned(msgspec.Struct, frozen=True):
    """What the browser brings back from the provider."""

    code: str = ""
    state: str = ""
    iss: str = ""
    error: str = ""


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


class Provider:
    """One provider, as configured: its issuer, our id and secret there, and our address to come back to."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, *, back: str, key: str, now: Clock) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._back = back
        # A key of its own: what is signed here can never be taken for an access token.
        self._key = hashlib.sha256(f"sign-in flow\n{key}".encode()).hexdigest()
        self._now = now
        self._discovered: Discovered | None = None
        self._discovered_at = 0.0
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_at = -KEYS_AGAIN_AFTER

    async def begin(self, target: str) -> tuple[str, str]:
        """The provider's address to go to, and what the browser must remember until it is back.

        Raises:
            Unavailable: when the provider does not answer, or not as one.
        """
        provider = await self._provider()
        expires = int((self._now() + FLOW_LIFE).timestamp())
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, target, expires)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": _challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        glue = "&" if "?" in provider.authorization_endpoint else "?"
        remembered = jwt.encode(msgspec.to_builtins(flow) | {"aud": FLOW_AUDIENCE}, self._key, algorithm="HS256")
        return f"{provider.authorization_endpoint}{glue}{urlencode(asked)}", remembered

    async def finish(self, remembered: str, returned: Returned) -> tuple[ProviderClaims, str]:
        """Who came back, and where they wanted to go.

        Raises:
            Unauthenticated: when anything does not fit together; which thing is not said.
            Forbidden: when the person, or the provider, said no.
            Unavailable: when the provider does not answer.
        """
        flow = self._flow(remembered)
        if not returned.state or not secrets.compare_digest(flow.state.encode(), returned.state.encode()):
            raise Unauthenticated(FAILED)
        if returned.error:
            raise Forbidden(tr("The sign-in provider did not let you in."))
        provider = await self._provider()
        if not returned.code or returned.iss not in {"", provider.issuer}:
            raise Unauthenticated(FAILED)
        tokens = await self._exchange(provider, returned.code, flow.verifier)
        claims = await self._verified(provider, tokens.id_token, flow.nonce)
        if "email" not in claims and provider.userinfo_endpoint and tokens.access_token:
            claims |= await self._userinfo(provider, tokens.access_token, claims["sub"])
        return _claims(provider.issuer, claims), flow.next

    def _flow(self, remembered: str) -> Flow:
        try:
            options: jwt.types.Options = {"require": ["exp", "aud"], "verify_exp": False}
            payload = jwt.decode(remembered, self._key, algorithms=["HS256"], audience=FLOW_AUDIENCE, options=options)
            flow = msgspec.convert(payload, Flow)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            raise Unauthenticated(FAILED) from None
        if self._now().timestamp() >= flow.exp:
            raise Unauthenticated(tr("Signing in took longer than ten minutes. Try again."))
        return flow

    async def _provider(self) -> Discovered:
        if self._discovered is None or time.monotonic() - self._discovered_at > DISCOVERED_FOR:
            url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await self._asked("GET", url, Discovered)
            if found.issuer != self._issuer:
                raise Unavailable(
                    tr(
                        "The sign-in provider calls itself {issuer}, not {expected}.",
                        issuer=found.issuer,
                        expected=self._issuer,
                    )
                )
            for place in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if url_problem(place, getattr(found, place)):
                    raise Unavailable(tr("The sign-in provider's {place} is not an https:// address.", place=place))
            self._discovered, self._discovered_at = found, time.monotonic()
        return self._discovered

    async def _exchange(self, provider: Discovered, code: str, verifier: str) -> _Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        headers = {}
        if not self._client_secret:
            form["client_id"] = self._client_id
        elif "client_secret_basic" in provider.token_endpoint_auth_methods_supported:
            # Both are form-encoded before they are joined (RFC 6749, section 2.3.1).
            pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        tokens: _Tokens = await self._asked("POST", provider.token_endpoint, _Tokens, data=form, headers=headers)
        return tokens

    async def _verified(self, provider: Discovered, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is the provider's, for us, and of this very sign-in."""
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key_of(provider, str(header.get("kid", "")))
            if header.get("alg") not in ALGORITHMS or key.key_type == "oct":
                raise Unauthenticated(FAILED)
            options: jwt.types.Options = {
                "require": ["iss", "aud", "sub", "iat", "exp"], "verify_exp": False, "verify_iat": False
            }  # fmt: skip
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[str(header["alg"])],
                audience=self._client_id,
                issuer=provider.issuer,
                options=options,
            )
            given, at = str(claims.get("nonce", "")), self._now().timestamp()
            holds = float(claims["iat"]) - CLOCKS_DIFFER <= at < float(claims["exp"]) + CLOCKS_DIFFER
        except (jwt.PyJWTError, TypeError, ValueError):
            raise Unauthenticated(FAILED) from None
        is_ours = claims["aud"] in (self._client_id, [self._client_id]) or claims.get("azp") == self._client_id
        if not holds or not is_ours or claims.get("azp", self._client_id) != self._client_id:
            raise Unauthenticated(FAILED)
        if not isinstance(claims["sub"], str) or not secrets.compare_digest(given.encode(), nonce.encode()):
            raise Unauthenticated(FAILED)
        return claims

    async def _key_of(self, provider: Discovered, kid: str) -> jwt.PyJWK:
        """The provider's key of that name; its keys are asked for anew when one is not known, once a minute at most."""
        if kid not in self._keys and time.monotonic() - self._keys_at >= KEYS_AGAIN_AFTER:
            self._keys_at = time.monotonic()
            found = await self._asked("GET", provider.jwks_uri, dict[str, Any])
            self._keys = {str(key.get("kid", "")): jwt.PyJWK(key) for key in found.get("keys", []) if _is_usable(key)}
        if kid not in self._keys:
            raise Unauthenticated(FAILED)
        return self._keys[kid]

    async def _userinfo(self, provider: Discovered, access_token: str, subject: str) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {access_token}"}
        found = await self._asked("GET", provider.userinfo_endpoint, dict[str, Any], headers=headers)
        if found.get("sub") != subject:
            raise Unauthenticated(FAILED)
        return {name: found[name] for name in ("email", "email_verified", "name") if name in found}

    async def _asked(self, method: str, url: str, of: type[Any], **options: Any) -> Any:
        """The provider's answer: no redirect is followed, and no more than a MiB is read.

        Raises:
            Unauthenticated: when the provider refuses the request: a code that it does not know.
            Unavailable: when it does not answer, or not as a provider.
        """
        problem = Unavailable(tr("The sign-in provider does not answer as it should. Try again, or use a password."))
        try:
            async with (
                httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as http,
                http.stream(method, url, **options) as answer,
            ):
                content = b""
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > MOST_BYTES:
                        raise problem
        except (httpx.HTTPError, httpx.InvalidURL):
            raise problem from None
        if method == "POST" and answer.is_client_error:
            raise Unauthenticated(FAILED)
        try:
            if not answer.is_success:
                raise problem
            return msgspec.json.decode(content, type=of)
        except msgspec.DecodeError:
            raise problem from None


def _is_usable(key: Mapping[str, Any]) -> bool:
    """A key pair's, for signatures, of a kind that is known here; an unknown one must not hide the others."""
    try:
        return key.get("kty") != "oct" and key.get("use", "sig") == "sig" and bool(jwt.PyJWK(dict(key)))
    except jwt.PyJWTError:
        return False


def _claims(issuer: str, claims: Mapping[str, Any]) -> ProviderClaims:
    def text(name: str) -> str:
        value = claims.get(name)
        return value if isinstance(value, str) else ""

    # Some providers write the boolean as a text.
    is_verified = claims.get("email_verified") in (True, "true")
    return ProviderClaims(
        issuer=issuer, subject=text("sub"), email=text("email"), email_verified=is_verified, name=text("name")
    )


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
