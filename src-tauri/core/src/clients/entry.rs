//! What goes into a snippet.

use super::delivery::Delivery;
use super::quote;
use super::table::Platform;
use crate::secret::{KeyHint, Secret};
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
    Helper(&'a HelperCommand),
}

impl Credential<'_> {
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::Plaintext { .. } => Delivery::Plaintext,
            Self::Variable => Delivery::Variable,
            Self::Prompt => Delivery::Prompt,
            Self::Helper(_) => Delivery::Helper,
        }
    }

    /// The one word a client's shape of this delivery is filled with.
    pub(super) fn fill(&self, platform: Platform) -> String {
        match self {
            Self::Plaintext { .. } => KEY_MARK.to_owned(),
            Self::Variable => VARIABLE.to_owned(),
            Self::Prompt => INPUT_ID.to_owned(),
            Self::Helper(command) => command.line(platform),
        }
    }
}

/// A program that prints the headers as one JSON object: `superset-keys headers <instance> [--key <alias>]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelperCommand {
    /// Absolute: clients start it from folders of their own and with a `PATH` of their own.
    pub program: String,
    pub args: Vec<String>,
}

impl HelperCommand {
    /// As one line for the shell a client hands it to: `sh` on Linux and macOS, `cmd` on Windows.
    #[must_use]
    pub fn line(&self, platform: Platform) -> String {
        let quote = match platform {
            Platform::Windows => quote::cmd,
            Platform::Linux | Platform::Macos => quote::posix,
        };
        let words = std::iter::once(&self.program).chain(&self.args);
        words.map(|word| quote(word)).collect::<Vec<_>>().join(" ")
    }
}

/// Where the entry points, as a client's shape needs it.
pub(super) struct Target<'a> {
    pub name: &'a str,
    /// The endpoint as clients must get it; see [`endpoint`].
    pub url: String,
    /// The same before it became text.
    pub address: &'a Url,
}

impl<'a> Target<'a> {
    pub fn of(entry: &Entry<'a>) -> Self {
        Self { name: entry.name, url: endpoint(entry.url), address: entry.url }
    }
}

/// The address without a final slash (servers answer `/mcp/` with a redirect that clients may not follow)
/// and without `$`, which some clients would take for a variable; `%24` means the same to a server.
fn endpoint(url: &Url) -> String {
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
