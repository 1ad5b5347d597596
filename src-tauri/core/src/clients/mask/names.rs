//! Names by which people call what is a secret.

/// Anywhere in a name.
const TELLING: [&str; 10] = [
    "token",
    "secret",
    "passw",
    "passphrase",
    "apikey",
    "authorization",
    "credential",
    "cookie",
    "connectionstring",
    "connstr",
];
/// A word of a name by itself: `DB_PASS`, `githubPat`. Within others they say nothing: `compass`, `path`.
const TELLING_WORDS: [&str; 20] = [
    "pass",
    "pwd",
    "pw",
    "pat",
    "pin",
    "otp",
    "key",
    "auth",
    "cred",
    "creds",
    "dsn",
    "connection",
    "conn",
    "jwt",
    "bearer",
    "sig",
    "signature",
    "sas",
    "salt",
    "webhook",
];
const TELLING_ENDS: [&str; 4] = ["key", "pwd", "pass", "dsn"];
/// Maps in which any value may be one: what a program gets as its environment, and what is sent along with each request.
const MAPS: [&str; 11] = [
    "env",
    "envs",
    "environment",
    "environments",
    "environmentvariables",
    "header",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "auth",
];

/// Whether what bears this name may be a secret.
pub(super) fn is_telling(name: &str) -> bool {
    let plain = plain(name);
    TELLING.iter().any(|part| plain.contains(part))
        || TELLING_ENDS.iter().any(|end| plain.ends_with(end))
        || words(name).any(|word| TELLING_WORDS.contains(&word.as_str()))
}

/// Whether everything in what bears this name may be a secret.
pub(super) fn is_hidden_map(name: &str) -> bool {
    let plain = plain(name);
    // What is called after variables names them, and holds none.
    MAPS.contains(&plain.as_str()) || (plain.ends_with("headers") && !plain.starts_with("env"))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// `DB_PASS`, `db-pass` and `dbPass` are two words each.
fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).flat_map(|part| {
        let mut words = vec![String::new()];
        let mut was_lower = false;
        for letter in part.chars() {
            if was_lower && letter.is_ascii_uppercase() {
                words.push(String::new());
            }
            was_lower = letter.is_ascii_lowercase();
            if let Some(word) = words.last_mut() {
                word.push(letter.to_ascii_lowercase());
            }
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_of_secrets_tell() {
        for name in [
            "MYSQL_PASS",
            "DB_PWD",
            "dbPwd",
            "GITHUB_PAT",
            "DB_DSN",
            "CONNECTION_STRING",
            "DATABASE_CONNECTION",
            "API_TOKEN",
            "clientSecret",
            "X-Api-Key",
            "--api-key",
            "AUTH",
            "PGPASSWORD",
            "AWS_ACCESS_KEY_ID",
            "DBPASS",
            "Cookie",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "passphrase",
            "sig",
        ] {
            assert!(is_telling(name), "{name}");
        }
    }

    #[test]
    fn other_names_do_not() {
        for name in
            ["command", "PATH", "author", "compassion", "keyboard", "patch", "url", "type", "passive", "X-Id"]
        {
            assert!(!is_telling(name), "{name}");
        }
        for name in ["env_vars_file", "env_http_headers", "envFile", "command", "args"] {
            assert!(!is_hidden_map(name), "{name}");
        }
    }
}
