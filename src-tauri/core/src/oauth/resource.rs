//! Whom an MCP server believes, by its own word (RFC 9728).

use super::challenge;
use super::issuer::Issuer;
use super::server::ANSWER_LIMIT;
use crate::error::{Error, IssuerProblem, Result};
use crate::http::{Call, Http};
use crate::instance::is_loopback;
use crate::transport::Site;
use serde::Deserialize;
use url::Url;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// What an MCP server announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announced {
    pub(crate) issuer: Issuer,
    /// Its own name, for `resource`.
    pub(crate) resource: String,
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Wire {
    resource: String,
    #[serde(default)]
    authorization_servers: Vec<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

/// None where it announces nothing.
///
/// # Errors
/// Those of the way there; [`Error::IssuerUnusable`] where it speaks of another address than `mcp`.
pub(crate) async fn announced(http: &Http, mcp: &Site) -> Result<Option<Announced>> {
    let door = http.send(&Call::get(mcp.clone()).limit(ANSWER_LIMIT)).await?;
    let named = door.challenge.filter(|_| door.status == 401);
    let named = named.and_then(|challenge| challenge::parameter(&challenge, "resource_metadata"));
    let named = named.and_then(|url| Url::parse(&url).ok()).filter(|url| is_safe(url, &mcp.url));
    for place in named.into_iter().chain(places(&mcp.url)) {
        let answer = http.send(&Call::get(mcp.at(place)).limit(ANSWER_LIMIT)).await?;
        if answer.status != 200 {
            continue;
        }
        let Ok(wire) = serde_json::from_slice::<Wire>(&answer.body) else { continue };
        return read(wire, mcp);
    }
    Ok(None)
}

fn read(wire: Wire, mcp: &Site) -> Result<Option<Announced>> {
    // Somebody else's word would send the tokens for this server to somebody else (RFC 9728, 3.3).
    if !is_about(&wire.resource, &mcp.url) {
        return Err(Error::IssuerUnusable { host: mcp.host(), problem: IssuerProblem::OtherResource });
    }
    let Some(issuer) = wire.authorization_servers.first() else { return Ok(None) };
    let issuer = Issuer::parse(issuer)?;
    if !is_safe(issuer.url(), &mcp.url) {
        return Err(Error::InsecureAddress { host: issuer.host() });
    }
    Ok(Some(Announced { issuer, resource: wire.resource, scopes: wire.scopes_supported }))
}

/// Another computer's word leads to no address on this one.
fn is_safe(url: &Url, mcp: &Url) -> bool {
    if is_loopback(url) {
        return is_loopback(mcp) && matches!(url.scheme(), "http" | "https");
    }
    url.scheme() == "https"
}

/// With the server's path inserted, and without it.
fn places(mcp: &Url) -> Vec<Url> {
    let at = |path: String| {
        let mut url = mcp.clone();
        url.set_path(&path);
        url.set_query(None);
        url
    };
    let path = mcp.path().trim_end_matches('/');
    let mut places = vec![at(format!("{WELL_KNOWN}{path}"))];
    if !path.is_empty() {
        places.push(at(WELL_KNOWN.to_owned()));
    }
    places
}

/// Whether a resource's name is that of `mcp`, or of a place that holds it.
fn is_about(resource: &str, mcp: &Url) -> bool {
    let Ok(resource) = Url::parse(resource) else { return false };
    let (path, above) = (mcp.path().trim_end_matches('/'), resource.path().trim_end_matches('/'));
    let below = path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    resource.origin() == mcp.origin() && below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_for_with_the_path_first() {
        let found = |url: &str| -> Vec<String> {
            places(&Url::parse(url).unwrap()).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            found("https://bi.example.com/mcp/?x=1"),
            [
                "https://bi.example.com/.well-known/oauth-protected-resource/mcp",
                "https://bi.example.com/.well-known/oauth-protected-resource"
            ]
        );
        assert_eq!(
            found("https://bi.example.com"),
            ["https://bi.example.com/.well-known/oauth-protected-resource"]
        );
    }

    #[test]
    fn another_computer_s_word_leads_to_no_address_on_this_one() {
        let safe = |url: &str, mcp: &str| is_safe(&Url::parse(url).unwrap(), &Url::parse(mcp).unwrap());
        assert!(safe("http://localhost:9400", "http://127.0.0.1:5008/mcp"));
        assert!(safe("https://id.example.com", "https://bi.example.com/mcp"));
        assert!(!safe("http://localhost:9400", "https://bi.example.com/mcp"));
        assert!(!safe("https://localhost:9400", "https://bi.example.com/mcp"));
        assert!(!safe("http://id.example.com", "http://127.0.0.1:5008/mcp"));
    }

    #[test]
    fn another_s_name_is_not_believed() {
        let mcp = Url::parse("https://bi.example.com/a/mcp").unwrap();
        for about in [
            "https://bi.example.com/a/mcp",
            "https://bi.example.com/a/mcp/",
            "https://bi.example.com",
            "https://bi.example.com/a",
        ] {
            assert!(is_about(about, &mcp), "{about}");
        }
        for other in [
            "https://bi.example.net/a/mcp",
            "http://bi.example.com/a/mcp",
            "https://bi.example.com/a/mc",
            "https://bi.example.com/a/mcp/x",
            "mcp",
            "",
        ] {
            assert!(!is_about(other, &mcp), "{other}");
        }
    }
}
