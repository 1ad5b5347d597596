//! What goes into a snippet.

use super::delivery::Delivery;
use super::quote;
use super::table::Platform;
use crate::secret::{KeyHint, Secret};
use std::path::Path;
use url::Url;

/// The environment variable that holds the bare key for [`Delivery::Variable`].
pub const VARIABLE: &str = "SUPERSET_API_KEY";

/// The id under which a client keeps what it asked for.
pub(super) const INPUT_ID: &str = "superset-token";

/// Stands where the key goes until the very end, so that no half-built document ever holds the key.
/// A private-use letter: neither an address nor a short name can hold it.
pub(super) const KEY_MARK: &str = "\u{E000}";

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

/// Our own program as a client starts it: `superset-keys headers|bridge <instance> [--key <alias>]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramCall {
    /// Absolute: clients start it from folders of their own and with a `PATH` of their own.
    pub program: String,
    pub args: Vec<String>,
}

impl ProgramCall {
    /// Word by word: the program, then its arguments.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.program).chain(&self.args).map(String::as_str)
    }

    /// As one line for the shell a client hands it to: `sh` on Linux and macOS, `cmd` on Windows.
    #[must_use]
    pub fn line(&self, platform: Platform) -> String {
        let quote = match platform {
            Platform::Windows => quote::cmd,
            Platform::Linux | Platform::Macos => quote::posix,
        };
        self.words().map(quote).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn holds_space(&self) -> bool {
        self.words().any(|word| word.contains(char::is_whitespace))
    }

    /// The program is where a build put it: the next one replaces it, and tidying up removes it.
    pub(super) fn is_in_a_build_folder(&self) -> bool {
        let folder = Path::new(&self.program).parent().and_then(Path::file_name);
        folder.is_some_and(|name| name == "debug" || name == "release")
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
