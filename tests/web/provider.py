"""A small OpenID Connect provider, as a process of its own: `python provider.py PORT ISSUER`.

It keeps the rules that it can keep: one use for each code, PKCE, the address to come back to, the client's secret. What
it says of the person, and which of its answers it gets wrong, is set by POST /control.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT, SECRET = "depictio", "s3cret with / and :"
KEYS = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "stranger": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
PERSON = {"sub": "1", "email": "ada@example.org", "email_verified": True, "name": "Ada Lovelace"}


def jwk(name: str) -> dict[str, Any]:
    algorithm = ECAlgorithm if name == "ec" else RSAAlgorithm
    return algorithm.to_jwk(KEYS[name].public_key(), as_dict=True) | {"kid": name, "use": "sig"}


def signed_with_public_key(claims: dict[str, Any]) -> str:
    """The public key, which everybody knows, as the secret of HS256 (algorithm confusion)."""
    head = base64url(json.dumps({"alg": "HS256", "kid": "rsa", "typ": "JWT"}).encode())
    body = base64url(json.dumps(claims).encode())
    public = KEYS["rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{head}.{body}." + base64url(hmac.digest(public, f"{head}.{body}".encode(), "sha256"))


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "": lambda claims: jwt.encode(claims, KEYS["rsa"], "RS256", headers={"kid": "rsa"}),
    "elliptic": lambda claims: jwt.encode(claims, KEYS["ec"], "ES256", headers={"kid": "ec"}),
    "none": lambda claims: jwt.encode(claims, None, "none", headers={"kid": "rsa"}),
    "confused": signed_with_public_key,
    "shared": lambda claims: jwt.encode(claims, "k" * 64, "HS256", headers={"kid": "shared"}),
    "stranger": lambda claims: jwt.encode(claims, KEYS["stranger"], "RS256", headers={"kid": "rsa"}),
    "unknown key": lambda claims: jwt.encode(claims, KEYS["stranger"], "RS256", headers={"kid": "stranger"}),
    "text": lambda _: "not.a.token",
}
SHARED = {"kty": "oct", "k": base64url(b"k" * 64), "kid": "shared", "alg": "HS256"}


class Provider(BaseHTTPRequestHandler):
    issuer: ClassVar[str]
    person: ClassVar[dict[str, Any]] = dict(PERSON)
    claims: ClassVar[dict[str, Any]] = {}
    forgery: ClassVar[str] = ""
    in_userinfo: ClassVar[bool] = False
    codes: ClassVar[dict[str, dict[str, str]]] = {}

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        match address.path:
            case "/.well-known/openid-configuration":
                self.answer({
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize?kind=test",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                })  # fmt: skip
            case "/keys":
                self.answer({"keys": [jwk("rsa"), jwk("ec"), SHARED, {"kty": "new", "kid": "odd"}]})
            case "/authorize":
                self.authorize(query)
            case "/userinfo" if self.headers["authorization"] == "Bearer access":
                self.answer(self.person)
            case _:
                self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/control":
            wanted = json.loads(body)
            Provider.person = PERSON | wanted.get("person", {})
            Provider.claims = wanted.get("claims", {})
            Provider.forgery = wanted.get("forgery", "")
            Provider.in_userinfo = wanted.get("in_userinfo", False)
            self.answer({})
        else:
            self.token({name: values[0] for name, values in parse_qs(body.decode()).items()})

    def authorize(self, asked: dict[str, str]) -> None:
        good = asked["response_type"] == "code" and asked["client_id"] == CLIENT and "openid" in asked["scope"]
        if not good or asked["code_challenge_method"] != "S256":
            self.answer({"error": "invalid_request"}, 400)
            return
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        self.send_response(302)
        self.send_header("location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def token(self, form: dict[str, str]) -> None:
        asked = self.codes.pop(form.get("code", ""), None)
        given = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        challenge = base64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or [unquote(part) for part in given.split(":")] != [CLIENT, SECRET]
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or form["grant_type"] != "authorization_code"
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        at = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        said = {"sub": self.person["sub"]} if self.in_userinfo else self.person
        claims |= {**said, **self.claims}
        token = FORGERIES[self.forgery]({name: value for name, value in claims.items() if value is not None})
        self.answer({"access_token": "access", "id_token": token, "token_type": "Bearer"})

    def answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Provider.issuer = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
