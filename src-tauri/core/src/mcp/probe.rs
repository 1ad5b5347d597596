//! Where an instance's MCP server is. Superset's web server does not tell (6.1.0), so the usual places are
//! tried, without credentials.

use crate::error::Result;
use crate::http::{Answer, Asked, Call, Http, Media};
use crate::instance::{InstanceUrl, is_loopback};
use crate::transport::{Site, Timeouts, Transport};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

/// A firewall that drops what is sent to port 5008 shall not be waited for as long as a server would be.
const HURRIED: Timeouts = Timeouts { connect: Duration::from_secs(3), call: Duration::from_secs(5) };
/// Where `superset mcp run` listens unless told otherwise.
const PORT: u16 = 5008;

/// Looks for MCP endpoints.
#[derive(Debug, Clone)]
pub struct McpProbe {
    http: Http,
}

impl McpProbe {
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http }
    }

    /// The instance's MCP endpoint: `/mcp` below its own address, or on port 5008 of the same host. There
    /// https is tried before http, and http only where the instance itself is reached like that.
    pub async fn find_endpoint(&self, instance: &InstanceUrl, transport: &Transport) -> Option<Url> {
        let candidates = candidates(instance);
        let sites = candidates.iter().map(|url| Site::new(url.clone(), transport.clone()).hurried(HURRIED));
        let answers: Vec<_> = sites.map(|site| tokio::spawn(is_endpoint(self.http.clone(), site))).collect();
        let mut found = None;
        for (url, answer) in candidates.into_iter().zip(answers) {
            if found.is_some() {
                answer.abort();
            } else if answer.await.unwrap_or(false) {
                found = Some(url);
            }
        }
        found
    }

    /// Whether an MCP server answers there.
    pub async fn is_endpoint(&self, site: &Site) -> bool {
        is_endpoint(self.http.clone(), site.hurried(HURRIED)).await
    }
}

fn candidates(instance: &InstanceUrl) -> Vec<Url> {
    let mut found = vec![Site::of(instance, Transport::default()).join("mcp").url];
    for scheme in ["https", "http"] {
        let open = scheme == "http";
        let mut url = instance.url().clone();
        url.set_path("/mcp");
        let set = url.set_scheme(scheme).and_then(|()| url.set_port(Some(PORT)));
        if set.is_ok() && (!open || !instance.is_https() || is_loopback(&url)) && !found.contains(&url) {
            found.push(url);
        }
    }
    found
}

async fn is_endpoint(http: Http, site: Site) -> bool {
    match call(site) {
        Ok(call) => matches!(http.ask(&call).await, Ok(Asked::Answer(answer)) if is_mcp(&answer)),
        Err(_) => false,
    }
}

fn call(site: Site) -> Result<Call<'static>> {
    let initialize = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "superset-keys", "version": env!("CARGO_PKG_VERSION") },
        },
    });
    Ok(Call::post(site, &initialize)?.accept("application/json, text/event-stream"))
}

/// An answer or a refusal in MCP's own ways. Superset's web server answers `/mcp` with 404 and an envelope.
fn is_mcp(answer: &Answer) -> bool {
    match answer.status {
        200 => answer.media == Media::EventStream || is_json_rpc(answer),
        400 | 406 => is_json_rpc(answer),
        401 => answer.wants_bearer,
        _ => false,
    }
}

fn is_json_rpc(answer: &Answer) -> bool {
    answer.is_json()
        && serde_json::from_slice::<Value>(&answer.body)
            .is_ok_and(|body| body.get("jsonrpc").and_then(Value::as_str) == Some("2.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(instance: &str) -> Vec<String> {
        let instance = InstanceUrl::parse(instance, true).unwrap();
        candidates(&instance).into_iter().map(String::from).collect()
    }

    #[test]
    fn usual_places() {
        assert_eq!(
            tried("https://bi.example.com:8443/bi"),
            ["https://bi.example.com:8443/bi/mcp", "https://bi.example.com:5008/mcp"]
        );
        assert_eq!(
            tried("http://bi.example.com"),
            [
                "http://bi.example.com/mcp",
                "https://bi.example.com:5008/mcp",
                "http://bi.example.com:5008/mcp"
            ]
        );
        assert_eq!(
            tried("https://localhost"),
            ["https://localhost/mcp", "https://localhost:5008/mcp", "http://localhost:5008/mcp"]
        );
        assert_eq!(tried("http://[::1]:5008"), ["http://[::1]:5008/mcp", "https://[::1]:5008/mcp"]);
    }
}
