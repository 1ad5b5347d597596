"""How the test MCP server checks who calls, where 6.1.0 cannot do it by itself.

Superset 6.1.0's MCP server knows nothing of API keys. Its setting
MCP_AUTH_FACTORY takes a token verifier, though, and with that and one replaced
function it behaves as the generations after it do.
"""

import asyncio
import logging

log = logging.getLogger(__name__)

# The claim that carries the key's owner from the transport to the tool call.
OWNER_CLAIM = "superset_username"


def auth(plan: dict, app):
    """The MCP_AUTH_FACTORY of a plan (mcp_modes.planned). An error in here would
    leave the server open; the keeper looks whether it is."""
    from superset.mcp_service.mcp_config import create_default_mcp_auth_factory

    make = {"guarded": guarded, "late": late, "fallthrough": fallthrough}.get(plan["mcp_mode"])
    verifier = make(plan, app) if make else create_default_mcp_auth_factory(app)
    if plan["tls"]:
        serve_over_tls(plan["tls"])
    if plan["oauth_metadata"]:
        import mcp_oauth

        verifier = mcp_oauth.announced(plan, verifier)
    return verifier


def guarded(plan: dict, app):
    """The key is checked at the transport, on every request: 401 for anything
    but a key that works. Tools run as the owner of the key."""

    def check(token: str):
        owner = key_owner(app, token)
        if owner is None:
            return None
        if plan["key_scopes"] == "own":
            return {OWNER_CLAIM: owner}, own_scopes(app, token)
        return {OWNER_CLAIM: owner}, None

    def owner_of(token) -> str:
        return token.claims[OWNER_CLAIM]

    run_tools_as(owner_of, "Authentication required. No valid credentials provided.")
    return key_verifier(plan, check)


def late(plan: dict, app):
    """Whatever begins like a key gets in; the tool call looks whether it is one."""

    def owner_of(token) -> str | None:
        return key_owner(app, token.token)

    run_tools_as(
        owner_of,
        "Invalid or expired API key. Create a new key at /api/v1/security/api_keys/.",
    )
    return key_verifier(plan, lambda token: ({}, None) if looks_like_key(app, token) else None)


def fallthrough(plan: dict, app):
    """Whatever begins like a key gets in, and nobody looks at it again: tools
    take their user as 6.1.0 does, and that is the dev user."""
    return key_verifier(plan, lambda token: ({}, None) if looks_like_key(app, token) else None)


def key_verifier(plan: dict, check):
    """`check` is given a token and answers its claims and scopes (None for what
    the plan says), or None for a token that is not let in."""
    from fastmcp.server.auth import AccessToken, TokenVerifier

    usual = plan["mcp_scopes"] if plan["key_scopes"] == "granted" else []

    class KeyVerifier(TokenVerifier):
        async def verify_token(self, token):
            checked = await asyncio.to_thread(check, token)
            if checked is None:
                return None
            claims, scopes = checked
            scopes = usual if scopes is None else scopes
            return AccessToken(token=token, client_id="api-key", scopes=scopes, claims=claims)

    return KeyVerifier(required_scopes=plan["mcp_scopes"])


def looks_like_key(app, token: str) -> bool:
    prefixes = tuple(app.config.get("FAB_API_KEY_PREFIXES") or ["sst_"])
    return bool(app.config.get("FAB_API_KEY_ENABLED")) and token.startswith(prefixes)


def key_owner(app, token: str) -> str | None:
    """The user name of a working API key's owner, else None. Like any use of a
    key, this moves its last_used_on."""
    if not looks_like_key(app, token):
        return None
    # A context of its own: requests that run side by side must not share `g`.
    with app.app_context():
        try:
            user = app.appbuilder.sm.validate_api_key(token)
            return user.username if user else None
        except Exception:  # no table, locked database: a check that fails lets nobody in
            log.exception("The API key could not be checked")
            return None


def own_scopes(app, token: str) -> list:
    """What was written down as the key's scopes when it was created."""
    with app.app_context():
        manager = app.appbuilder.sm
        model = manager.api_key_model
        lookup = manager._compute_lookup_hash(token)
        key = manager.session.query(model).filter(model.lookup_hash == lookup).one()
        return (key.scopes or "").replace(",", " ").split()


def run_tools_as(owner_of, otherwise: str) -> None:
    """Makes tool calls take their user from what the transport let in."""
    from fastmcp.server.dependencies import get_access_token

    from superset.mcp_service import auth as superset_auth

    def get_user_from_request():
        token = get_access_token()
        owner = owner_of(token) if token else None
        user = superset_auth.load_user_with_relationships(owner) if owner else None
        if user is None or not user.is_active:
            raise ValueError(otherwise)
        return user

    superset_auth.get_user_from_request = get_user_from_request


def serve_over_tls(tls: dict) -> None:
    """Superset starts its server without saying anything about certificates."""
    import functools

    from superset.mcp_service.app import mcp

    files = {"ssl_certfile": tls["certificate"], "ssl_keyfile": tls["key"]}
    mcp.run = functools.partial(mcp.run, uvicorn_config=files)
