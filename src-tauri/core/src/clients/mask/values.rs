//! Secrets within a value, whatever it is called.

use super::names::is_telling;

pub(super) const MASK: &str = "…";

/// In the words of a web request.
const SCHEMES: [&str; 4] = ["bearer ", "basic ", "token ", "apikey "];
/// Whose next argument sets a variable or a header.
const SETTING: [&str; 5] = ["-e", "--env", "-h", "--header", "--headers"];
/// Whose next argument is a name and a password.
const PERSON: [&str; 2] = ["-u", "--user"];
/// Around a text within a text.
const QUOTES: [char; 3] = ['"', '\'', '\\'];
/// Where packages are named like a person at a host: `npm:name@version`.
const REGISTRIES: [&str; 5] = ["npm", "jsr", "github", "file", "workspace"];

/// What follows another argument, or stands by itself in quotes.
pub(super) fn mask_argument(text: &str, before: &str) -> String {
    let before = before.to_ascii_lowercase();
    if PERSON.contains(&before.as_str()) && text.contains(':') && !text.contains("://") {
        return MASK.to_owned();
    }
    if SETTING.contains(&before.as_str())
        && let Some(at) = text.find(['=', ':'])
    {
        return format!("{}{}", &text[..=at], mask_whole(&text[at + 1..]));
    }
    // Both in one: `--env=NAME=…`
    if let Some((flag, set)) = text.split_once('=')
        && flag.starts_with('-')
        && [&SETTING[..], &PERSON[..]].concat().contains(&flag.to_ascii_lowercase().as_str())
    {
        return format!("{flag}={}", mask_argument(set, flag));
    }
    mask_value(text)
}

/// The value gone, unless it is a reference; a scheme before it stays, and so do blanks around it.
pub(super) fn mask_whole(value: &str) -> String {
    let text = value.trim();
    if text.is_empty() || is_whole_reference(text) || text == MASK {
        return value.to_owned();
    }
    let start = value.len() - value.trim_start().len();
    let scheme = scheme(text);
    format!("{}{scheme}{MASK}{}", &value[..start], &value[start + text.len()..])
}

/// What may be a secret in a text that need not be one: in an address, an argument, a connection, a header.
pub(super) fn mask_value(text: &str) -> String {
    mask_people(&mask_flags(&mask_header(&mask_assignments(text))))
}

/// `--token=…`, `?api_key=…&…`, `Pwd=…;` and `password=…` inside a text.
fn mask_assignments(text: &str) -> String {
    let is_address = text.contains("://");
    let is_list = text.contains(';');
    let is_argument = text.starts_with('-');
    let ends = |letter: char| match letter {
        '&' | '#' => is_address,
        ';' => true,
        letter => letter.is_whitespace() && !is_list && !is_argument,
    };
    let parts = |letter: char| matches!(letter, '&' | '?' | ';' | ',' | '"' | '\'') || letter.is_whitespace();
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, value) = rest.split_at(at + 1);
        let quoted = value.strip_prefix(['\'', '"']).and_then(|inside| inside.find(['\'', '"']));
        let length = quoted.map_or_else(|| value.find(ends).unwrap_or(value.len()), |inside| inside + 2);
        // In a list of settings a name may have blanks in it.
        let name = if is_list { before.rsplit(';').next() } else { before.rsplit(parts).next() };
        masked.push_str(before);
        let hides = is_telling(name.unwrap_or(before)) && length > 0 && !is_reference(&value[..length]);
        if hides {
            masked.push_str(MASK);
            rest = &value[length..];
        } else {
            // What is set may be an assignment itself.
            rest = value;
        }
    }
    masked + rest
}

/// `Authorization: Bearer …`, `X-Api-Key:…`
fn mask_header(text: &str) -> String {
    let Some((name, value)) = text.split_once(':') else { return text.to_owned() };
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_name && is_telling(name) && !value.starts_with("//") && !is_reference(value) {
        return format!("{name}:{}", mask_whole(value));
    }
    text.to_owned()
}

/// `program --api-key … --verbose` and `curl -H 'X-Api-Key: …'`, as shells are given it.
fn mask_flags(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut flag = "";
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let inner = bare.trim_start_matches(QUOTES);
        let (before, behind) = (&bare[..bare.len() - inner.len()], inner.trim_end_matches(QUOTES).len());
        let (inner, behind) = (&inner[..behind], &inner[behind..]);
        let is_scheme = scheme(&format!("{inner} ")).len() > inner.len();
        let hides = is_telling(flag) && !inner.starts_with('-') && !is_reference(inner) && !is_scheme;
        let hides = hides || (PERSON.contains(&flag) && inner.contains(':') && !inner.contains("://"));
        let shown = if hides && !inner.is_empty() { MASK.to_owned() } else { mask_header(inner) };
        masked.extend([before, &shown, behind, &word[bare.len()..]]);
        if !bare.is_empty() && !is_scheme {
            let is_flag = inner.starts_with('-') && !inner.contains('=');
            flag = if is_flag || (inner.ends_with(':') && behind.is_empty()) { inner } else { "" };
        }
    }
    masked
}

/// `https://name:…@host`, `name:…@host`, `name:…@tcp(host)`
fn mask_people(text: &str) -> String {
    let words = text.split_inclusive(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\''));
    words.map(mask_person).collect()
}

fn mask_person(word: &str) -> String {
    if let Some((scheme, address)) = word.split_once("://") {
        let at = address.find(['/', '?', '#']).unwrap_or(address.len());
        // A password may hold such a letter too.
        let host = address[..at].rfind('@').or_else(|| {
            let at = address.rfind('@')?;
            address[..at].contains(':').then_some(at)
        });
        return match host {
            Some(host) => format!("{scheme}://{MASK}{}", &address[host..]),
            None => word.to_owned(),
        };
    }
    let Some(host) = word.rfind('@') else { return word.to_owned() };
    let before = &word[..host];
    // Behind `--dsn=` and the like.
    let start = before.find('=').map_or(0, |at| at + 1);
    let Some((name, password)) = before[start..].split_once(':') else { return word.to_owned() };
    let is_host =
        word[host + 1..].starts_with(|letter: char| letter.is_alphanumeric() || "([/".contains(letter));
    if name.is_empty() || password.is_empty() || !is_host || REGISTRIES.contains(&name) {
        return word.to_owned();
    }
    format!("{}{MASK}{}", &word[..start], &word[host..])
}

fn scheme(text: &str) -> &str {
    let is_before =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().find(|scheme| is_before(scheme)).map_or("", |scheme| &text[..scheme.len()])
}

/// A reference to something, the name of a variable, or already masked.
pub(super) fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let value = &value[scheme(value).len()..];
    let is_name = value.contains('_') && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_whole_reference(value) || value.contains(MASK) || is_name
}

/// `${NAME}`, `Bearer ${NAME}`, `$NAME`, `{env:NAME}`, `%NAME%` and nothing beside it: a secret may begin like one.
fn is_whole_reference(value: &str) -> bool {
    let value = value[scheme(value).len()..].trim();
    let is_name = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_uppercase() || letter == '_')
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    // `${NAME:-…}` would hold a value.
    let is_path = |path: &str| {
        !path.is_empty()
            && !path.contains(":-")
            && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-/~ ".contains(&byte))
    };
    let within = |open: &str, close: &str| value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_named = |inside: &&str| inside.starts_with("env:") || inside.starts_with("file:");
    let braces = || within("{", "}").filter(is_named);
    within("${{", "}}").or_else(|| within("${", "}")).or_else(braces).is_some_and(is_path)
        || within("%", "%").is_some_and(is_name)
        || value.strip_prefix('$').is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_value_is_hidden_and_what_stands_around_it_is_not() {
        for (given, shown) in [
            ("root:hunter2@tcp(127.0.0.1:3306)/app", "…@tcp(127.0.0.1:3306)/app"),
            ("jane:hunter2@db.example.com/app", "…@db.example.com/app"),
            ("jane:hun@ter2@db.example.com/app", "…@db.example.com/app"),
            ("postgres://jane:hunter2@db/app", "postgres://…@db/app"),
            ("postgres://jane:hun/ter2@db/app", "postgres://…@db/app"),
            ("see https://x/y and http://a:hunter2@b", "see https://x/y and http://…@b"),
            ("Server=db;Uid=sa;Pwd=hunter2", "Server=db;Uid=sa;Pwd=…"),
            ("Server=db;Password=hunter 2&#;Uid=sa", "Server=db;Password=…;Uid=sa"),
            ("Endpoint=sb://x/;SharedAccessKey=hunter2=;Y=1", "Endpoint=sb://x/;SharedAccessKey=…;Y=1"),
            ("host=db password=hunter2 user=jane", "host=db password=… user=jane"),
            ("host=db password='hunter 2' user=jane", "host=db password=… user=jane"),
            ("--token=hunter2", "--token=…"),
            ("--dsn=hunter2 more", "--dsn=…"),
            ("--db=root:hunter2@tcp(h)/a", "--db=…@tcp(h)/a"),
            ("exec x --api-key hunter2 --verbose", "exec x --api-key … --verbose"),
            ("curl -u jane:hunter2 https://x", "curl -u … https://x"),
            ("Authorization: Bearer hunter2", "Authorization: Bearer …"),
            ("curl -H 'X-Api-Key: hunter2' https://x", "curl -H 'X-Api-Key: …' https://x"),
            ("curl -H \\\"X-Api-Key:hunter2\\\" x", "curl -H \\\"X-Api-Key:…\\\" x"),
            ("curl -H 'Authorization: Token hunter2' x", "curl -H 'Authorization: Token …' x"),
            ("curl -H 'Authorization: Bearer ${NAME}' x", "curl -H 'Authorization: Bearer ${NAME}' x"),
            ("X-Api-Key:hunter2", "X-Api-Key:…"),
            ("https://h/mcp?x=1&token=hunter2#y", "https://h/mcp?x=1&token=…#y"),
            ("https://h/mcp?code=1&sig=hunter2", "https://h/mcp?code=1&sig=…"),
        ] {
            assert_eq!(mask_value(given), shown);
        }
        for (before, given, shown) in [
            ("-e", "MODE=hunter2", "MODE=…"),
            ("--header", "X-Whatever: hunter2", "X-Whatever: …"),
            ("-H", "X-Whatever: ${NAME}", "X-Whatever: ${NAME}"),
            ("-u", "jane:hunter2", "…"),
        ] {
            assert_eq!(mask_argument(given, before), shown);
        }
    }

    #[test]
    fn what_holds_no_secret_stays() {
        for text in [
            "https://example.com/mcp?page=1#top",
            "npm:left-pad@1.3.0",
            "@modelcontextprotocol/server-filesystem@2026.7.10",
            "--header=Authorization:${AUTH_HEADER}",
            "Authorization:${AUTH_HEADER}",
            "jane@example.com",
            "C:\\Users\\jane",
            "--verbose --port 80",
            "a=b;c=d",
        ] {
            assert_eq!(mask_value(text), text);
        }
    }

    #[test]
    fn a_reference_is_one_as_a_whole() {
        for text in [
            "${NAME}",
            "$NAME",
            "Bearer ${env:NAME}",
            "{env:NAME}",
            "%NAME%",
            "${{ secrets.NAME }}",
            "${input:x}",
        ] {
            assert!(is_whole_reference(text), "{text}");
        }
        for text in
            ["$3cr3tv4lue", "${NAME", "${NAME:-hunter2}", "{hunter2", "%hunter2", "$NAME-hunter2", "$hunter2"]
        {
            assert!(!is_whole_reference(text), "{text}");
        }
    }
}
