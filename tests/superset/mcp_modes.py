"""How the test MCP server treats whoever calls it: the modes, and the settings
that make each of them out of Superset 6.1.0."""

import functools
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from progress import Problem
from settings_file import written

JWT_ISSUER = "superset-mcp"
JWT_AUDIENCE = "superset-mcp-clients"


@dataclass(frozen=True)
class Mode:
    about: str
    # What a caller must show to get past the transport: an API key, a JWT, or
    # nothing, and then nobody is ever refused there.
    wants: str | None = None
    # The user as whom tools run for callers without one of their own.
    dev_user: str | None = None
    # Which of KEY_SCOPES fit, the usual one first.
    key_scopes: tuple = ()

    @property
    def is_closed(self) -> bool:
        return self.wants is not None


# Which scopes a key brings along: all that are required (what Superset's main
# branch does), none (what it did at first, so that every key got a 403), or
# those that were written down when the key was created (what no Superset does).
KEY_SCOPES = ("granted", "none", "own")

MODES = {
    "guarded": Mode(
        "as Superset's main branch: a key is checked on every request",
        wants="key",
        key_scopes=("granted", "none", "own"),
    ),
    "late": Mode(
        "as main was for a while: whatever begins like a key gets in, and a tool checks it",
        wants="key",
        key_scopes=("granted", "none"),
    ),
    "fallthrough": Mode(
        "as main was before that: whatever begins like a key acts as the dev user",
        wants="key",
        dev_user="admin",
        key_scopes=("none", "granted"),
    ),
    "stock": Mode("6.1.0 as it comes: keys are ignored and tools find no user"),
    "dev-user": Mode("6.1.0 with MCP_DEV_USERNAME: everybody is that user", dev_user="admin"),
    "jwt": Mode("6.1.0 with HS256 JWTs, which get in, but tools find no user", wants="jwt"),
    "jwt-shared": Mode(
        "6.1.0 with JWTs and MCP_DEV_USERNAME: each JWT is that user",
        wants="jwt",
        dev_user="admin",
    ),
}


def planned(
    name: str, scopes: str | None, key_scopes: str | None, oauth: bool, config: str | None = None
) -> dict:
    """One server's mode with all that belongs to it; written beside the server,
    which reads it as it starts. `config` is a file of settings that come last."""
    mode = MODES[name]
    if scopes and not mode.is_closed:
        raise Problem(f"In the mode {name} nothing is checked, so no scopes can be required.")
    if key_scopes and key_scopes not in mode.key_scopes:
        fitting = " or ".join(mode.key_scopes) or "none at all"
        raise Problem(f"The mode {name} does not know --key-scopes {key_scopes}: {fitting}.")
    jwt = {
        "secret": secrets.token_urlsafe(32),
        "algorithm": "HS256",
        "issuer": JWT_ISSUER,
        "audience": JWT_AUDIENCE,
    }
    return {
        "mcp_mode": name,
        "dev_user": mode.dev_user,
        "mcp_scopes": (scopes or "").replace(",", " ").split(),
        "key_scopes": key_scopes or next(iter(mode.key_scopes), None),
        "oauth_metadata": oauth,
        "jwt": jwt if mode.wants == "jwt" else None,
        "config": str(Path(config).resolve()) if config else None,
    }


def settings(file: str | None) -> dict:
    """Superset's settings for the plan in `file`; none for the web server."""
    if file is None:
        return {}
    plan = json.loads(Path(file).read_text())
    found = {
        "MCP_DEV_USERNAME": plan["dev_user"],
        "MCP_REQUIRED_SCOPES": plan["mcp_scopes"],
    }
    if plan["jwt"]:
        found |= {
            "MCP_AUTH_ENABLED": True,
            "MCP_JWT_ALGORITHM": plan["jwt"]["algorithm"],
            "MCP_JWT_SECRET": plan["jwt"]["secret"],
            "MCP_JWT_ISSUER": plan["jwt"]["issuer"],
            "MCP_JWT_AUDIENCE": plan["jwt"]["audience"],
        }
    if MODES[plan["mcp_mode"]].wants == "key" or plan["oauth_metadata"] or plan["tls"]:
        import mcp_guard  # here, because only Superset's Python can use it

        found["MCP_AUTH_FACTORY"] = functools.partial(mcp_guard.auth, plan)
    if plan.get("config"):
        found |= written(plan["config"])
    return found
