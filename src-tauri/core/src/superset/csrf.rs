//! `/api/v1/security/csrf_token/`: what Superset wants of most writes besides who asks.

use super::client::Superset;
use super::problem::{read, reason};
use crate::error::Result;
use crate::http::{Auth, Csrf};
use crate::secret::Secret;
use crate::transport::Site;
use serde::Deserialize;

const PATH: &str = "api/v1/security/csrf_token/";

#[derive(Deserialize)]
struct TokenWire {
    result: Secret,
}

impl Superset {
    /// A token and its session's cookies, for as many writes as are to be made. Needs `can_read` on `SecurityRestApi`
    /// (6.1.0).
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without that permission.
    pub async fn csrf(&self, site: &Site, auth: Auth<'_>) -> Result<Csrf> {
        let site = site.join(PATH);
        let answer = self.get(site.clone(), auth).await?;
        if answer.status != 200 {
            return Err(reason(&answer, &site, auth));
        }
        let token: TokenWire = read(&answer, &site, "CSRF token")?;
        let cookies = match auth {
            Auth::Cookie(session) => together(&session.cookie, answer.cookies.as_str()),
            _ => Secret::new(answer.cookies.as_str()),
        };
        Ok(Csrf::new(token.result, cookies))
    }
}

/// What a browser would send next: its cookies, with the answer's in the place of those of the same name.
fn together(session: &Secret, answer: &str) -> Secret {
    let named = |pairs: &'_ str| -> Vec<(String, String)> {
        let pairs = pairs.split("; ").filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    // EXPOSE: they go back where they came from.
    let mut all = named(session.expose());
    for (name, value) in named(answer) {
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => all.push((name, value)),
        }
    }
    let text = all.into_iter().map(|(name, value)| format!("{name}={value}"));
    Secret::new(text.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_s_cookies_stand_beside_those_of_the_session() {
        let with = |answer: &str| {
            let together = together(&Secret::new("proxy=1; session=a"), answer);
            // EXPOSE: to compare it.
            together.expose().to_owned()
        };
        assert_eq!(with(""), "proxy=1; session=a");
        assert_eq!(with("session=b"), "proxy=1; session=b");
        assert_eq!(with("balancer=2"), "proxy=1; session=a; balancer=2");
    }
}
