//! What goes into a snippet.

use super::delivery::Delivery;
use super::platform::Platform;
use super::program_call::ProgramCall;
use crate::secret::{KeyHint, Secret};
use url::Url;

/// Our one named block in a client's configuration, before it takes that client's shape.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// `superset`, or `superset-<instance>` where that is taken.
    pub name: &'a str,
    /// The MCP endpoint.
    pub url: &'a Url,
    pub credential: Credential<'a>,
}

/// How the client gets the key, with what that takes.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    Plaintext { key: &'a Secret, hint: &'a KeyHint },
    Variable,
    Prompt,
    Helper(&'a ProgramCall),
    Bridge(&'a ProgramCall),
}

impl Credential<'_> {
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::Plaintext { .. } => Delivery::Plaintext,
            Self::Variable => Delivery::Variable,
            Self::Prompt => Delivery::Prompt,
            Self::Helper(_) => Delivery::Helper,
            Self::Bridge(_) => Delivery::Bridge,
        }
    }

    /// What the client starts, where it starts something of ours.
    pub(super) fn call(&self) -> Option<&ProgramCall> {
        match self {
            Self::Bridge(call) | Self::Helper(call) => Some(call),
            Self::Prompt | Self::Variable | Self::Plaintext { .. } => None,
        }
    }
}

/// Where the entry points, as a client's shape needs it.
pub(super) struct Target<'a> {
    pub name: &'a str,
    /// The endpoint as clients must get it; see [`endpoint`].
    pub url: String,
    /// The same before it became text.
    pub address: &'a Url,
    /// Where the client runs.
    pub platform: Platform,
}

impl<'a> Target<'a> {
    pub fn of(entry: &Entry<'a>, platform: Platform) -> Self {
        Self { name: entry.name, url: endpoint(entry.url), address: entry.url, platform }
    }
}

/// The address without a final slash (servers answer `/mcp/` with a redirect that clients may not follow)
/// and without `$`, which some clients would take for a variable; `%24` means the same to a server.
pub(super) fn endpoint(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    let text = url.as_str();
    let text = if path.is_empty() && url.query().is_none() { text.trim_end_matches('/') } else { text };
    text.replace('$', "%24")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_no_final_slash_and_no_dollar() {
        for (given, expected) in [
            ("https://example.com/mcp/", "https://example.com/mcp"),
            ("https://example.com/mcp//", "https://example.com/mcp"),
            ("https://example.com/", "https://example.com"),
            ("https://example.com/bi/mcp#top", "https://example.com/bi/mcp"),
            ("https://example.com/mcp/?team=a/", "https://example.com/mcp?team=a/"),
            ("https://example.com/${HOME}/$x?y=${z}", "https://example.com/%24%7BHOME%7D/%24x?y=%24{z}"),
        ] {
            assert_eq!(endpoint(&Url::parse(given).unwrap()), expected);
        }
    }
}
