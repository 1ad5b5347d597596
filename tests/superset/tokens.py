"""JWTs for MCP servers that want one, as the person who runs the server makes them."""

import base64
import hashlib
import hmac
import json
import time


def token(jwt: dict, user: str, scopes: str | None = None, hours: float = 24) -> str:
    """An HS256 JWT for `user`; with fewer than 0 hours, one that has expired.
    `jwt` is what `up --json` tells."""
    now = int(time.time())
    claims = {
        "sub": user,
        "iss": jwt["issuer"],
        "aud": jwt["audience"],
        "iat": now,
        "exp": now + int(hours * 3600),
    }
    if scopes:
        claims["scope"] = scopes.replace(",", " ")
    header = {"alg": jwt["algorithm"], "typ": "JWT"}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.new(jwt["secret"].encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_encoded(signature)}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
