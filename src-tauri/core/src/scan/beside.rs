//! The addresses around a key. Only they can tell whose a key is that nobody here knows.

use memchr::memmem;
use std::ops::Range;
use url::Url;

/// As far as an entry of a client's file reaches, and a line of a shell.
const AROUND: usize = 512;
const MOST: usize = 16;

/// Every `http` address near `range`, without user names, passwords, queries and fragments.
pub fn addresses(bytes: &[u8], range: &Range<usize>) -> Vec<Url> {
    let from = range.start.saturating_sub(AROUND);
    let near = &bytes[from..bytes.len().min(range.end.saturating_add(AROUND))];
    memmem::find_iter(near, b"http")
        .take(MOST)
        .filter_map(|start| {
            let rest = &near[start..];
            let end = rest.iter().position(|byte| ends_address(*byte)).unwrap_or(rest.len());
            let mut url = Url::parse(std::str::from_utf8(&rest[..end]).ok()?).ok()?;
            let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
            let _ = (url.set_username(""), url.set_password(None));
            url.set_query(None);
            url.set_fragment(None);
            is_web.then_some(url)
        })
        .collect()
}

fn ends_address(byte: u8) -> bool {
    !byte.is_ascii_graphic() || b"\"'`<>\\,;()[]{}|^".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_json_shells_and_far_away() {
        let text =
            br#"{"url": "https://jane:pw@bi.example.com:8443/mcp?x=1#y", "a": "KEY"} curl 'http://other/x'"#;
        let at = memmem::find(text, b"KEY").unwrap();
        let found: Vec<_> = addresses(text, &(at..at + 3)).into_iter().map(String::from).collect();
        assert_eq!(found, ["https://bi.example.com:8443/mcp", "http://other/x"]);
        let far = [b"https://bi.example.com ".as_slice(), &[b' '; 600], b"KEY"].concat();
        assert!(addresses(&far, &(far.len() - 3..far.len())).is_empty());
    }
}
