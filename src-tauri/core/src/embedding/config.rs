//! Lines that mend a switch: for a server's `superset_config.py`, or what stands before it.

use super::site::HostSite;
use std::fmt::Write;

/// A text as Python reads it, whatever stands in it.
pub(super) fn python(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// The line that gives a role to guests.
#[must_use]
pub fn guest_role_line(role: &str) -> String {
    format!("GUEST_ROLE_NAME = {}", python(role))
}

/// What is to be mended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mend<'a> {
    FeatureFlag,
    Secret,
    Lifetime,
    /// Another role for guests.
    Role,
    /// What the role lacks.
    Permissions(&'a [&'a str]),
    Cors(&'a str),
    /// Who may frame, besides whoever is named already.
    Ancestors {
        host: &'a str,
        named: &'a [String],
    },
    /// A header that something before Superset adds.
    FrameOptions(&'a str),
    Sites {
        host: &'a str,
        listed: &'a [String],
    },
    Referrer,
}

const CONFIG: Option<&str> = Some("superset_config.py");
const NGINX: Option<&str> = Some("nginx.conf");

/// The file, if it is one, and the lines for it. Those for `superset_config.py` go at its end, and keep what stands above.
pub(super) fn lines(mend: Mend<'_>) -> (Option<&'static str>, String) {
    match mend {
        Mend::FeatureFlag => {
            (CONFIG, "FEATURE_FLAGS = {**globals().get(\"FEATURE_FLAGS\", {}), \"EMBEDDED_SUPERSET\": True}".to_owned())
        }
        Mend::Secret => (
            CONFIG,
            "# A new one, of its own: openssl rand -base64 42\nimport os\n\nGUEST_TOKEN_JWT_SECRET = os.environ[\"GUEST_TOKEN_JWT_SECRET\"]"
                .to_owned(),
        ),
        Mend::Lifetime => (CONFIG, "GUEST_TOKEN_JWT_EXP_SECONDS = 300".to_owned()),
        Mend::Role => (CONFIG, guest_role_line("Embedded")),
        Mend::Permissions(missing) => (None, missing.join("\n")),
        Mend::Cors(host) => (
            CONFIG,
            format!("CORS_OPTIONS = {{\"origins\": [{}], \"supports_credentials\": True}}", python(host)),
        ),
        Mend::Ancestors { host, named } => {
            // What lets in anybody, or nobody, does not stay beside the one that is meant.
            let stays = |source: &&String| !["*", "'none'", "http:", "https:"].contains(&source.as_str());
            let mut sources: Vec<&str> = named.iter().filter(stays).map(String::as_str).collect();
            sources.push(host);
            sources.dedup();
            let sources: Vec<String> = sources.into_iter().map(python).collect();
            let lines = [
                "TALISMAN_ENABLED = True",
                "if \"TALISMAN_CONFIG\" not in globals():",
                "    from superset.config import TALISMAN_CONFIG",
            ];
            let last = format!(
                "TALISMAN_CONFIG[\"content_security_policy\"][\"frame-ancestors\"] = [{}]",
                sources.join(", ")
            );
            (CONFIG, format!("{}\n{last}", lines.join("\n")))
        }
        Mend::FrameOptions(host) => (
            NGINX,
            format!(
                "proxy_hide_header X-Frame-Options;\nadd_header Content-Security-Policy \"frame-ancestors {host}\" always;"
            ),
        ),
        Mend::Sites { host, listed } => {
            let mut sites: Vec<&str> =
                listed.iter().map(String::as_str).filter(|listed| HostSite::counts(listed)).collect();
            sites.push(host);
            (None, sites.join("\n"))
        }
        Mend::Referrer => {
            (NGINX, "add_header Referrer-Policy \"strict-origin-when-cross-origin\" always;".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(guest_role_line("Embedded"), "GUEST_ROLE_NAME = \"Embedded\"");
        assert_eq!(python("a\"\\\n"), r#""a\"\\\u000a""#);
    }
}
