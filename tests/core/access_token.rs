//! A token as Superset gives one for signing in.

/// An access token of user 1 that never ends, as far as anybody can read it.
pub fn token() -> String {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2ln", encode(r#"{"alg":"HS256"}"#), encode(r#"{"sub":"1","exp":4000000000}"#))
}
