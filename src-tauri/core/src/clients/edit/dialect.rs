//! What files are written in.

/// What a client's file is written in, as strictly as the client itself reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Neither comments nor trailing commas.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    Toml,
    Yaml,
}
