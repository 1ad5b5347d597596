//! Keys in the texts of an entry, wherever they stand and whatever stands around them.

use crate::secret::Secret;

/// What keys look like. Whoever searches files knows it; see `scan::KeySearch`.
pub trait KeyShape {
    /// The keys in a text, in their order.
    fn keys_in(&self, text: &str) -> Vec<Secret>;
}

/// Those of a shape, and whatever follows `Bearer`: a token that is no API key is a secret as well.
pub(super) fn secrets_in(text: &str, shape: &dyn KeyShape) -> Vec<Secret> {
    let mut found = shape.keys_in(text);
    if let Some(bearer) = bearer(text).map(Secret::new) {
        // EXPOSE: to see whether it was found by its shape already.
        let is_known = found.iter().any(|key| key.expose() == bearer.expose());
        if !is_known {
            found.push(bearer);
        }
    }
    found
}

/// What stands behind `Bearer`, in any case, where it is no reference to something.
fn bearer(text: &str) -> Option<&str> {
    let behind = behind_bearer(text)?;
    let key = behind.split(|letter: char| letter.is_whitespace() || "\"',;`".contains(letter)).next()?;
    (!key.is_empty() && !is_reference(key)).then_some(key)
}

/// Whether `Bearer` is followed by a reference: `${NAME}`, `$NAME`, `${env:NAME}`, `{env:NAME}`, `${{ secrets.NAME }}`,
/// `%NAME%`.
pub(super) fn refers(text: &str) -> bool {
    behind_bearer(text).is_some_and(is_reference)
}

fn is_reference(text: &str) -> bool {
    text.starts_with(['$', '{', '<', '%'])
}

fn behind_bearer(text: &str) -> Option<&str> {
    const WORD: &str = "bearer";
    let at = text.to_ascii_lowercase().find(WORD)?;
    let behind = &text[at + WORD.len()..];
    // As it stands in an address.
    let behind = behind.strip_prefix("%20").or_else(|| behind.strip_prefix('+')).map(|key| (key, true));
    let (key, is_apart) = behind.unwrap_or((&text[at + WORD.len()..], false));
    let trimmed = key.trim_start();
    (is_apart || trimmed.len() < key.len()).then_some(trimmed)
}

/// Keys of no shape: what follows `Bearer` is a secret all the same.
pub struct OnlyBearers;

impl KeyShape for OnlyBearers {
    fn keys_in(&self, _text: &str) -> Vec<Secret> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_bearer_is_a_secret_unless_it_is_named_only() {
        for (text, secret) in [
            ("Bearer abc", Some("abc")),
            ("Authorization: bearer  abc", Some("abc")),
            ("--header=AUTHORIZATION:BEARER abc", Some("abc")),
            ("https://x/mcp?auth=Bearer%20abc", Some("abc")),
            ("curl -H \"Authorization: Bearer abc\" https://x", Some("abc")),
            ("Bearer ${NAME}", None),
            ("Bearer {env:NAME}", None),
            ("Bearer %NAME%", None),
            ("bearer_token_env_var", None),
            ("bearers abc", None),
            ("Bearer ", None),
        ] {
            assert_eq!(secrets_in(text, &OnlyBearers).first().map(Secret::expose), secret, "{text}");
        }
        assert!(refers("Authorization: Bearer $NAME") && !refers("Bearer abc"));
    }
}
