"""How the test MCP server checks who calls.

Superset 6.1.0's MCP server knows nothing of API keys. Its setting
MCP_AUTH_FACTORY takes a token verifier, though, and with that and one replaced
function it behaves as Superset's main branch does. Each way to check is a
function in MODES that is given the Flask app and returns a verifier, or None
for what 6.1.0 does by itself.
"""

import asyncio
import logging

log = logging.getLogger(__name__)

# The claim that carries the key's owner from the transport to the tool call.
OWNER_CLAIM = "superset_username"


def guarded(app):
    """The key is checked at the transport, on every request: 401 for anything
    but a key that works. Tools run as the owner of the key."""
    from fastmcp.server.auth import AccessToken, TokenVerifier

    class KeyVerifier(TokenVerifier):
        async def verify_token(self, token):
            owner = await asyncio.to_thread(key_owner, app, token)
            if owner is None:
                return None
            return AccessToken(
                token=token,
                client_id=f"api-key:{owner}",
                scopes=[],
                claims={OWNER_CLAIM: owner},
            )

    run_tools_as_key_owner()
    return KeyVerifier()


def stock(app):
    """What Superset 6.1.0 does: keys are ignored and no tool finds a user."""
    return None


MODES = {"guarded": guarded, "stock": stock}


def factory(mode):
    """The MCP_AUTH_FACTORY of a mode; a wrong name stops the server at once,
    because an error inside the factory would leave it open."""
    return MODES[mode]


def key_owner(app, token):
    """The user name of a working API key's owner, else None. Like any use of a
    key, this moves its last_used_on."""
    prefixes = tuple(app.config.get("FAB_API_KEY_PREFIXES") or ["sst_"])
    if not app.config.get("FAB_API_KEY_ENABLED") or not token.startswith(prefixes):
        return None
    # A context of its own: requests that run side by side must not share `g`.
    with app.app_context():
        try:
            user = app.appbuilder.sm.validate_api_key(token)
            return user.username if user else None
        except Exception:  # no table, locked database: a check that fails lets nobody in
            log.exception("The API key could not be checked")
            return None


def run_tools_as_key_owner():
    """Makes tool calls take their user from the verified key."""
    from fastmcp.server.dependencies import get_access_token

    from superset.mcp_service import auth

    def get_user_from_request():
        token = get_access_token()
        owner = token.claims.get(OWNER_CLAIM) if token else None
        user = auth.load_user_with_relationships(owner) if owner else None
        if user is None or not user.is_active:
            raise ValueError("Authentication required. No valid credentials provided.")
        return user

    auth.get_user_from_request = get_user_from_request
