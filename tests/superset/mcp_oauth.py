"""OAuth metadata beside the test MCP server, with an authorization server that
leads nowhere: clients that look for it first never get to use their key."""


def announced(plan: dict, verifier):
    """Adds the documents; where callers are refused, the refusal names them."""
    from fastmcp.server.auth import RemoteAuthProvider
    from starlette.responses import JSONResponse

    from superset.mcp_service.app import mcp

    base = plan["mcp_url"].removesuffix("/mcp")
    scopes = plan["mcp_scopes"]
    resource = {
        "resource": plan["mcp_url"],
        "authorization_servers": [base],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
    }
    server = {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "registration_endpoint": f"{base}/register",
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
    }

    def answer(path: str, document: dict) -> None:
        @mcp.custom_route(path, methods=["GET"])
        async def document_of(_request):
            return JSONResponse(document)

    answer("/.well-known/oauth-authorization-server", server)
    answer("/.well-known/oauth-protected-resource", resource)
    if verifier is None:
        answer("/.well-known/oauth-protected-resource/mcp", resource)
        return None
    return RemoteAuthProvider(verifier, [base], base, scopes_supported=scopes)
