//! What a server's `superset_config.py` needs so that it takes our tokens. Tried on Superset 6.1.0.

use super::{Signing, SigningSecret};
use serde::{Deserialize, Serialize};

/// From where the server takes the secret, unless it stands in the file.
pub const VARIABLE: &str = "SUPERSET_MCP_JWT_SECRET";

/// Which Superset it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ConfigFor {
    /// 6.1 checks a token, and then knows no user.
    V6_1,
    /// Takes the user from the token by itself.
    Later,
}

/// Superset 6.1.0 has no setting for it, so one function of its own is replaced. An error in here would be swallowed, and
/// the server would start with no check at all: hence `SystemExit`.
const NAME_IS_USER: &str = r#"

def MCP_AUTH_FACTORY(app):
    """Tools run as the Superset user whom a token names, which 6.1 does not do by itself."""
    from fastmcp.server.dependencies import get_access_token
    from superset.mcp_service import auth
    from superset.mcp_service.mcp_config import create_default_mcp_auth_factory

    verifier = create_default_mcp_auth_factory(app)
    if verifier is None:
        raise SystemExit("The MCP server does not start: its MCP_JWT_ settings are not complete.")

    def user_of_token():
        token = get_access_token()
        name = token.claims.get("sub") if token else None
        user = auth.load_user_with_relationships(username=name) if name and isinstance(name, str) else None
        if user is None or not user.is_active:
            raise ValueError("No active Superset user has the name that this token gives.")
        return user

    auth.get_user_from_request = user_of_token
    return verifier
"#;

/// The last of those lines alone, for a server that takes tokens of another maker: 6.1 knows no user by any of them.
#[must_use]
pub fn user_lines() -> &'static str {
    NAME_IS_USER.trim_start()
}

/// The lines. Without the secret they hold nothing that must be hidden.
#[must_use]
pub fn superset_config(signing: &Signing, secret: Option<&SigningSecret>, server: ConfigFor) -> String {
    // EXPOSE: the person asked for the secret in the lines.
    let secret = secret.map(|secret| python(secret.text().expose()));
    let import = if secret.is_none() { "import os\n\n" } else { "" };
    let secret = secret.unwrap_or_else(|| format!("os.environ[\"{VARIABLE}\"]"));
    let (issuer, audience) = (python(&signing.issuer), python(&signing.audience));
    let lines = format!(
        "{import}MCP_AUTH_ENABLED = True\n\
         # Exactly so: with another spelling, or without a secret, the server starts and lets anybody in.\n\
         MCP_JWT_ALGORITHM = \"HS256\"\n\
         MCP_JWT_SECRET = {secret}\n\
         MCP_JWT_ISSUER = {issuer}\n\
         MCP_JWT_AUDIENCE = {audience}\n\
         # Nobody in particular for whoever brings no user.\n\
         MCP_DEV_USERNAME = None\n\
         # With fastmcp 3.4 and later, True refuses every token.\n\
         MCP_JWT_DEBUG_ERRORS = False\n"
    );
    match server {
        ConfigFor::V6_1 => lines + NAME_IS_USER,
        ConfigFor::Later => lines,
    }
}

/// A literal of Python. JSON's are, for text.
fn python(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
