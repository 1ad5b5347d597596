//! What a browser gets that shows an embedded dashboard: `/embedded/<uuid>`, and what the server says to pages of other
//! sites (Superset 6.1.0). Asked without credentials, as a frame is.

use super::chart_data::PATH as CHART_DATA;
use super::client::Superset;
use super::detect::LOGIN;
use super::detect::bootstrap::Bootstrap;
use crate::error::Result;
use crate::http::{Asked, Call, Policies, page};
use crate::transport::Site;
use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONNECTION,
    CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT, HOST, HeaderName, ORIGIN, PROXY_AUTHORIZATION, REFERER,
    TRANSFER_ENCODING, UPGRADE,
};
use url::Url;

const EMBEDDED: &str = "embedded/";
const HEALTH: &str = "health";
const HTML: &str = "text/html, application/json;q=0.5";
/// A page whose head is longer is no page of anybody's.
const PAGE: usize = 4 * 1024 * 1024;
/// What Superset ships as `GUEST_TOKEN_HEADER_NAME`.
const GUEST_HEADER: &str = "X-GuestToken";

/// What stands in a call of ours for something else.
const OURS: [HeaderName; 12] = [
    ACCEPT,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    PROXY_AUTHORIZATION,
    REFERER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// An answer, as a browser goes by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageAnswer {
    pub status: u16,
    pub policies: Policies,
    /// Where it leads, if that is somewhere else.
    pub elsewhere: Option<String>,
    /// The header that guests' tokens are looked for in, where the page tells.
    pub guest_header: Option<String>,
}

impl PageAnswer {
    /// The header for a guest's token: the server's own, or the one that Superset ships. One that is no header's name, or
    /// would stand for another of ours, is not taken.
    #[must_use]
    pub fn guest_header(&self) -> &str {
        let told = self.guest_header.as_deref().filter(|name| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok();
            name.is_some_and(|name| !OURS.contains(&name))
        });
        told.unwrap_or(GUEST_HEADER)
    }
}

/// A page that is to show a dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPageAnswer {
    /// Where it is, after redirects.
    pub url: Url,
    pub status: u16,
    /// `Referrer-Policy`
    pub header: Option<String>,
    /// `<meta name="referrer" content="…">`; of several, the last.
    pub meta: Option<String>,
}

impl Superset {
    /// Whether `EMBEDDED_SUPERSET` is on; none where the sign-in page does not tell.
    ///
    /// # Errors
    /// Those of reaching the server.
    pub async fn embedding_is_on(&self, site: &Site) -> Result<Option<bool>> {
        let call = Call::get(site.join(LOGIN)).accept(HTML);
        Ok(match self.http.ask(&call).await? {
            Asked::Answer(answer) => Bootstrap::find(&answer).and_then(|page| page.embedded),
            Asked::Elsewhere(_) => None,
        })
    }

    /// The page that is framed, as a browser asks for it whose page is `from`.
    ///
    /// # Errors
    /// Those of reaching the server.
    pub async fn embedded_page(
        &self,
        site: &Site,
        embedding: &str,
        from: Option<&str>,
    ) -> Result<PageAnswer> {
        let embedding: String = url::form_urlencoded::byte_serialize(embedding.as_bytes()).collect();
        let call = Call::get(site.join(&format!("{EMBEDDED}{embedding}"))).accept(HTML);
        let call = match from {
            // A browser names a page of another site by its origin alone, with a slash.
            Some(from) => call.header(REFERER, &format!("{from}/"))?,
            None => call,
        };
        self.seen(&call).await
    }

    /// What a page of `origin` may read.
    ///
    /// # Errors
    /// Those of reaching the server.
    pub async fn as_other_origin(&self, site: &Site, origin: &str) -> Result<PageAnswer> {
        self.seen(&Call::get(site.join(HEALTH)).header(ORIGIN, origin)?).await
    }

    /// What a browser is told that wants to let a page of `origin` ask for a chart's data.
    ///
    /// # Errors
    /// Those of reaching the server.
    pub async fn preflight(&self, site: &Site, origin: &str) -> Result<PageAnswer> {
        let call = Call::new(Method::OPTIONS, site.join(CHART_DATA))
            .header(ORIGIN, origin)?
            .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")?
            .header(ACCESS_CONTROL_REQUEST_HEADERS, "authorization, content-type")?;
        self.seen(&call).await
    }

    /// A page of another server, as far as its head goes: its `Referrer-Policy`, and what its `meta` says of that.
    ///
    /// # Errors
    /// Those of reaching it.
    pub async fn host_page(&self, site: &Site) -> Result<HostPageAnswer> {
        let call = Call::get(site.clone()).accept(HTML).limit(PAGE);
        Ok(match self.http.ask(&call).await? {
            Asked::Answer(answer) => HostPageAnswer {
                status: answer.status,
                meta: referrer_in(&String::from_utf8_lossy(&answer.body)),
                header: answer.policies.referrer,
                url: answer.url,
            },
            Asked::Elsewhere(url) => HostPageAnswer { url, status: 302, header: None, meta: None },
        })
    }

    async fn seen(&self, call: &Call<'_>) -> Result<PageAnswer> {
        Ok(match self.http.ask(call).await? {
            Asked::Answer(answer) => PageAnswer {
                status: answer.status,
                guest_header: Bootstrap::find(&answer).and_then(|page| page.guest_header),
                policies: *answer.policies,
                elsewhere: None,
            },
            Asked::Elsewhere(to) => {
                PageAnswer { status: 302, elsewhere: Some(page(&to)), ..PageAnswer::default() }
            }
        })
    }
}

/// What the page's own `meta` says. Attributes in any order, with either quotes or none; comments are not looked for.
fn referrer_in(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let tags = lower.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
    let is_it = |tag: &&str| attribute(tag, "name").as_deref() == Some("referrer");
    tags.filter(is_it).filter_map(|tag| attribute(tag, "content")).last()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let begins =
            rest[..at].ends_with(|letter: char| letter.is_ascii_whitespace() || "\"'/".contains(letter));
        rest = &rest[at + name.len()..];
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| begins) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|letter| ['"', '\''].contains(letter));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split(|letter: char| letter.is_ascii_whitespace() || letter == '/').next(),
        };
        return value.map(|value| value.trim().chars().take(200).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_s_own_word_on_referrers_is_found() {
        for (html, found) in [
            (r#"<meta name="referrer" content="no-referrer">"#, Some("no-referrer")),
            ("<META content='Same-Origin' NAME=referrer />", Some("same-origin")),
            (
                r#"<meta charset=utf-8><meta name="viewport" content="x"><meta name=referrer content=origin>"#,
                Some("origin"),
            ),
            (r#"<meta name="referrer" content="a"><meta name="referrer" content="b">"#, Some("b")),
            (r#"<meta data-name="referrer" content="no-referrer">"#, None),
            (r#"<meta name="referrer">"#, None),
            ("<p>referrer</p>", None),
            ("<meta", None),
        ] {
            assert_eq!(referrer_in(html).as_deref(), found, "{html}");
        }
    }

    #[test]
    fn a_guest_s_token_goes_into_no_header_that_means_something_else() {
        let with = |name: Option<&str>| PageAnswer {
            guest_header: name.map(str::to_owned),
            ..PageAnswer::default()
        };
        assert_eq!(with(Some("X-Own-Guest")).guest_header(), "X-Own-Guest");
        assert_eq!(with(Some("Guest")).guest_header(), "Guest");
        for odd in [None, Some("Authorization"), Some("Cookie"), Some("X-A\r\nB"), Some("")] {
            assert_eq!(with(odd).guest_header(), GUEST_HEADER, "{odd:?}");
        }
    }
}
