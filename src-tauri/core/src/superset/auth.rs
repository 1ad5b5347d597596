//! Signing in, and who is signed in. `/api/v1/security/` is Flask-AppBuilder 5.3.0's, `/api/v1/me/` is
//! Superset 6.1.0's.

use super::client::Superset;
use super::problem::{Problem, read, reason};
use crate::credential::Provider;
use crate::error::{Error, Result};
use crate::http::{Auth, Call};
use crate::instance::User;
use crate::secret::Secret;
use crate::transport::Site;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const ME: &str = "api/v1/me/";
/// No server has made it.
pub(super) const MADE_UP_KEY: &str = "sst_probe";

/// How long before its end an access token is renewed.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// A JWT from signing in, good for 15 minutes unless the server is set otherwise.
#[derive(Debug)]
pub struct AccessToken {
    secret: Secret,
    expires_at: Option<Timestamp>,
    user_id: Option<i32>,
}

/// `sub` is the user's id as text.
#[derive(Deserialize)]
struct Claims {
    sub: Option<serde_json::Value>,
    exp: Option<serde_json::Value>,
}

impl AccessToken {
    /// Reads end and user from the token. The signature is the server's own affair: nothing is decided by
    /// these two but when to ask for a new token, and not to use one under another person's name.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        // EXPOSE: to read the end of the token's life from it.
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(secret.expose()).ok();
        let (sub, exp) = claims.map_or((None, None), |claims| (claims.sub, claims.exp));
        Self {
            secret,
            expires_at: exp.and_then(|exp| exp.as_i64()).and_then(|exp| Timestamp::from_second(exp).ok()),
            user_id: sub.and_then(|sub| match sub {
                serde_json::Value::String(text) => text.parse().ok(),
                other => other.as_i64().and_then(|id| id.try_into().ok()),
            }),
        }
    }

    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// None where the token does not tell; then only a 401 does.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    #[must_use]
    pub fn user_id(&self) -> Option<i32> {
        self.user_id
    }

    /// It is over, or will be within a minute.
    #[must_use]
    pub fn needs_refresh(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at.duration_since(now) <= MARGIN)
    }
}

/// Whom a JWT for the MCP server names (`sub`, as 6.1.0 reads it). Its signature is the server's affair.
#[must_use]
pub fn named_in(token: &Secret) -> Option<String> {
    // EXPOSE: to read whom it names.
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token.expose()).ok()?;
    Some(claims.sub?.as_str()?.to_owned())
}

/// What signing in gives.
#[derive(Debug)]
pub struct Tokens {
    pub access: AccessToken,
    /// Good for 30 days unless the server is set otherwise; nothing ends it sooner.
    pub refresh: Option<Secret>,
}

/// The signed-in person and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    pub user: User,
    pub permissions: KeyPermissions,
    /// They may mint guests' tokens.
    pub mints: bool,
}

/// The four permissions on `ApiKey`. Superset 6.1.0 gives all of them to Admin, Alpha and Gamma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // Four separate rights, as the server has them.
pub struct KeyPermissions {
    pub list: bool,
    pub get: bool,
    pub create: bool,
    pub revoke: bool,
}

#[derive(Serialize)]
struct LoginWire<'a> {
    username: &'a str,
    password: &'a str,
    provider: Provider,
    refresh: bool,
}

#[derive(Deserialize)]
struct TokensWire {
    access_token: Secret,
    refresh_token: Option<Secret>,
}

#[derive(Deserialize)]
struct ResultWire<T> {
    result: T,
}

/// A server whose Public role has permissions takes everybody for a stranger here, whoever asks with whatever
/// (Flask-AppBuilder 5.3.0 looks at what is public first): then there are neither id nor name.
#[derive(Deserialize)]
struct MeWire {
    id: Option<i32>,
    username: Option<String>,
    #[serde(default)]
    is_anonymous: bool,
}

impl MeWire {
    fn user(self, roles: Vec<String>) -> Option<Result<User>> {
        if self.is_anonymous {
            return None;
        }
        let user = self.id.zip(self.username).map(|(id, username)| User { id, username, roles });
        Some(user.ok_or(Error::UnexpectedAnswer { what: "user", status: 200 }))
    }
}

/// Role name to its `[permission, view]` pairs.
#[derive(Deserialize)]
struct RolesWire {
    roles: BTreeMap<String, Vec<(String, String)>>,
}

impl Superset {
    /// Signs in with a user name (or email) and a password. A refresh token is always asked for.
    pub async fn sign_in(
        &self,
        site: &Site,
        provider: Provider,
        username: &str,
        password: &Secret,
    ) -> Result<Tokens> {
        let site = site.join("api/v1/security/login");
        // EXPOSE: the server checks it; the request's bytes are wiped afterwards.
        let login = LoginWire { username, password: password.expose(), provider, refresh: true };
        let answer = self.http.send(&Call::post(site.clone(), &login)?).await?;
        match (answer.status, Problem::of(&answer)) {
            (200, _) => {
                let tokens: TokensWire = read(&answer, &site, "sign-in")?;
                Ok(Tokens { access: AccessToken::new(tokens.access_token), refresh: tokens.refresh_token })
            }
            // The server's way to sign in is another one, whichever words it puts that in.
            (400, problem) if problem.names("provider") => Err(Error::SignInWayRefused),
            // Empty ones.
            (400, problem) if problem.names("password") || problem.names("username") => {
                Err(Error::WrongCredentials)
            }
            // No such route: signing in over the API is switched off.
            (404, Problem::Envelope) => Err(Error::SignInWayRefused),
            _ => Err(reason(&answer, &site, Auth::Nobody)),
        }
    }

    /// A new access token. The refresh token stays the same.
    pub async fn refresh(&self, site: &Site, refresh: &Secret) -> Result<AccessToken> {
        let site = site.join("api/v1/security/refresh");
        let auth = Auth::Token(refresh);
        let answer = self.http.send(&Call::new(Method::POST, site.clone()).auth(auth)).await?;
        if answer.status != 200 {
            return Err(reason(&answer, &site, auth));
        }
        read(&answer, &site, "refresh").map(|tokens: TokensWire| AccessToken::new(tokens.access_token))
    }

    /// Who asks: one request, where [`Superset::me`] makes two. None where the server takes everybody for a
    /// stranger: that proves nothing about a key or a token, good or bad.
    pub async fn who(&self, site: &Site, auth: Auth<'_>) -> Result<Option<User>> {
        let me = self.about_me::<MeWire>(site, ME, auth).await?;
        me.user(Vec::new()).transpose()
    }

    /// The server takes everybody for its Public role, which has permissions.
    pub async fn takes_all_for_strangers(&self, site: &Site) -> bool {
        matches!(self.who(site, Auth::Nobody).await, Ok(None))
    }

    /// A made-up key is turned away where a person is asked who they are, so one that is refused otherwise is good: 403
    /// is for who may not ask (6.1.0).
    pub async fn knows_a_made_up_key(&self, site: &Site) -> bool {
        let made_up = Secret::new(MADE_UP_KEY);
        matches!(self.who(site, Auth::Key(&made_up)).await, Err(Error::KeyRejected))
    }

    /// Who is signed in, with which roles, and which of the four permissions on API keys. None as for
    /// [`Superset::who`].
    pub async fn me(&self, site: &Site, auth: Auth<'_>) -> Result<Option<Me>> {
        let (user, roles) = tokio::try_join!(
            self.about_me::<MeWire>(site, ME, auth),
            self.about_me::<RolesWire>(site, "api/v1/me/roles/", auth)
        )?;
        let may_at = |right: &str, at: &str| {
            roles.roles.values().flatten().any(|(permission, view)| view == at && permission == right)
        };
        let may = |right: &str| may_at(right, "ApiKey");
        let permissions = KeyPermissions {
            list: may("can_list"),
            get: may("can_get"),
            create: may("can_create"),
            revoke: may("can_revoke"),
        };
        let mints = may_at("can_grant_guest_token", "SecurityRestApi");
        let roles = roles.roles.into_keys().collect();
        user.user(roles).transpose().map(|user| user.map(|user| Me { user, permissions, mints }))
    }

    async fn about_me<T: serde::de::DeserializeOwned>(
        &self,
        site: &Site,
        path: &str,
        auth: Auth<'_>,
    ) -> Result<T> {
        let site = site.join(path);
        let answer = self.get(site.clone(), auth).await?;
        if answer.status != 200 {
            return Err(reason(&answer, &site, auth));
        }
        read(&answer, &site, "user").map(|wire: ResultWire<T>| wire.result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    fn token(claims: &str) -> AccessToken {
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        AccessToken::new(Secret::new(format!("{}.{}.c2ln", encode(r#"{"alg":"HS256"}"#), encode(claims))))
    }

    #[test]
    fn end_and_user_are_read_from_the_token() {
        let token = token(r#"{"sub":"7","exp":1795209885,"type":"access"}"#);
        assert_eq!(token.user_id(), Some(7));
        let end = Timestamp::from_second(1_795_209_885).unwrap();
        assert_eq!(token.expires_at(), Some(end));
        assert!(!token.needs_refresh(end - SignedDuration::from_secs(61)));
        assert!(token.needs_refresh(end - SignedDuration::from_secs(60)));
        assert!(token.needs_refresh(end + SignedDuration::from_secs(1)));
    }

    #[test]
    fn a_token_that_tells_nothing_is_taken() {
        for claims in ["", "{}", r#"{"exp":"soon","sub":[]}"#, r#"{"exp":9223372036854775807,"sub":9e99}"#] {
            let token = token(claims);
            assert_eq!((token.expires_at(), token.user_id()), (None, None), "{claims}");
            assert!(!token.needs_refresh(Timestamp::MAX));
        }
        assert!(AccessToken::new(Secret::new("opaque")).expires_at().is_none());
    }
}
