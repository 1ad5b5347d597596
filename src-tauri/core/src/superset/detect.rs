//! What is at an address, asked without credentials. Which answer means what was measured on Superset 6.1.0
//! with Flask-AppBuilder 5.3.0 and 5.1.0, keys on, off and half off.

use super::Superset;
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::http::{Answer, Asked, Call, host};
use crate::instance::InstanceUrl;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

mod bootstrap;

use bootstrap::Bootstrap;

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Detection {
    pub url: InstanceUrl,
    pub version: Option<String>,
    pub api_keys: ApiKeysSupport,
    pub sign_in: SignInWays,
}

/// Whether API keys can be made and used there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ApiKeysSupport {
    On,
    /// No routes, and a key is not even looked at: `FAB_API_KEY_ENABLED` is off, or Flask-AppBuilder is older
    /// than 5.2.0.
    Off,
    /// No routes, though keys are looked at: `FAB_ADD_SECURITY_API` is off. Existing keys work.
    ManagementOff,
    Unknown,
}

/// How people can get in, as far as this program can do it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(clippy::struct_excessive_bools)] // Each way stands for itself.
pub struct SignInWays {
    pub password: bool,
    pub ldap: bool,
    pub existing_key: bool,
    /// `OAuth` provider names, `remote_user`, `saml`, `openid`: ways this program does not have.
    pub others: Vec<String>,
    /// The server told. Otherwise every way we have is offered.
    pub known: bool,
}

#[derive(Deserialize)]
struct VersionWire {
    version_string: String,
}

#[derive(Deserialize)]
struct StaticVersionWire {
    #[serde(rename = "GIT_SHA")]
    _git_sha: serde_json::Value,
    version: String,
}

const HEALTH: &str = "health";
const VERSION: &str = "version";
/// Also where `/version` is not: before 6.1.
const STATIC_VERSION: &str = "static/version_info.json";
const LOGIN: &str = "login/";
const API_KEYS: &str = "api/v1/security/api_keys/";
/// Any protected route will do; this one is not part of the security API, which can be off.
const PROTECTED: &str = "api/v1/dashboard/?q=(page_size:1)";

impl Superset {
    /// Looks at an address: is it Superset, which version, are keys on, how do people sign in.
    pub async fn detect(&self, url: &InstanceUrl) -> Result<Detection> {
        let bogus = Secret::new("sst_probe");
        let plain = |path: &str| Call::get(url.join(path));
        let page = Call::get(url.join(LOGIN)).accept("text/html, application/json;q=0.5");
        let calls = [
            plain(HEALTH),
            plain(VERSION),
            plain(STATIC_VERSION),
            page,
            plain(API_KEYS),
            plain(PROTECTED).bearer(&bogus),
        ];
        let [health, version, static_version, login, api_keys, protected] = &calls;
        let ask = |call| self.http.ask(call);
        let (health, version, static_version, login, api_keys, protected) = tokio::join!(
            ask(health),
            ask(version),
            ask(static_version),
            ask(login),
            ask(api_keys),
            ask(protected)
        );

        let shown = parsed::<VersionWire>(&version).map(|wire| wire.version_string);
        let shipped = parsed::<StaticVersionWire>(&static_version).map(|wire| wire.version);
        let page = answer(&login).and_then(Bootstrap::find);
        let routes = answer(&api_keys).map(|answer| (answer.status, Problem::of(answer)));
        let keys = answer(&protected).map(|answer| (answer.status, Problem::of(answer)));
        // Many servers say OK at /health; few others answer an API route in Superset's own shapes.
        let healthy = answer(&health).is_some_and(|answer| answer.status == 200 && is_ok(answer))
            && routes.as_ref().is_some_and(|(_, problem)| *problem != Problem::Other);
        if shown.is_none() && shipped.is_none() && page.is_none() && !healthy {
            return Err(not_superset(
                url,
                [
                    (HEALTH, health),
                    (VERSION, version),
                    (STATIC_VERSION, static_version),
                    (LOGIN, login),
                    (API_KEYS, api_keys),
                ],
            ));
        }
        let support = support(routes.as_ref(), keys.as_ref());
        Ok(Detection {
            url: url.clone(),
            version: [shown, shipped, page.as_ref().and_then(|page| page.version.clone())]
                .into_iter()
                .flatten()
                .find_map(|version| presentable_version(&version)),
            api_keys: support,
            sign_in: SignInWays::of(page.as_ref(), support),
        })
    }
}

impl SignInWays {
    /// `AUTH_TYPE` as Flask-AppBuilder 5.3.0 numbers it.
    fn of(page: Option<&Bootstrap>, support: ApiKeysSupport) -> Self {
        let existing_key = support != ApiKeysSupport::Off;
        let ways = |password, ldap, others| Self { password, ldap, existing_key, others, known: true };
        match page.and_then(|page| page.auth_type) {
            Some(0) => ways(false, false, vec!["openid".into()]),
            Some(1) => ways(true, false, Vec::new()),
            Some(2) => ways(false, true, Vec::new()),
            Some(3) => ways(false, false, vec!["remote_user".into()]),
            Some(4) => ways(false, false, page.map(|page| page.providers.clone()).unwrap_or_default()),
            Some(5) => ways(false, false, vec!["saml".into()]),
            _ => Self { password: true, ldap: true, existing_key, others: Vec::new(), known: false },
        }
    }
}

fn support(routes: Option<&(u16, Problem)>, keys: Option<&(u16, Problem)>) -> ApiKeysSupport {
    match (routes, keys) {
        (Some((401, Problem::Jwt | Problem::Message)), _) => ApiKeysSupport::On,
        (Some((404, Problem::Envelope)), Some((422, Problem::Jwt))) => ApiKeysSupport::Off,
        (Some((404, Problem::Envelope)), Some((401, Problem::Message))) => ApiKeysSupport::ManagementOff,
        _ => ApiKeysSupport::Unknown,
    }
}

/// Why an address that nothing at all speaks for is refused. Being sent elsewhere tells the most: the person
/// can correct the address.
fn not_superset(url: &InstanceUrl, probes: [(&str, Result<Asked>); 5]) -> Error {
    let host = host(url.url());
    let mut first_error = None;
    let mut gateway = None;
    for (path, asked) in probes {
        match asked {
            Ok(Asked::Elsewhere(target)) => return Error::Redirected { host, to: base_of(&target, path) },
            Ok(Asked::Answer(Answer { status: status @ 502..=504, .. })) => gateway = Some(status),
            Ok(Asked::Answer(_)) => {}
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (first_error, gateway) {
        (Some(error), _) => error,
        (None, Some(status)) => Error::ProxyAnswered { host, status },
        (None, None) => Error::NotSuperset { host },
    }
}

/// The base address that a redirect of `path` points at: `https://bi.example.com/bi` of
/// `https://bi.example.com/bi/version`. A sign-in page elsewhere leaves its origin.
fn base_of(target: &Url, path: &str) -> String {
    let found = target.path().trim_end_matches('/');
    let base = found.strip_suffix(path.trim_end_matches('/')).unwrap_or_default();
    format!("{}{}", target.origin().ascii_serialization(), base.trim_end_matches('/'))
}

fn answer(asked: &Result<Asked>) -> Option<&Answer> {
    match asked {
        Ok(Asked::Answer(answer)) => Some(answer),
        _ => None,
    }
}

/// JSON of a known shape, whatever its content type: static files are served by whoever stands in front.
fn parsed<T: serde::de::DeserializeOwned>(asked: &Result<Asked>) -> Option<T> {
    let answer = answer(asked).filter(|answer| answer.status == 200)?;
    serde_json::from_slice(&answer.body).ok()
}

fn is_ok(answer: &Answer) -> bool {
    answer.body.trim_ascii() == b"OK"
}

/// A version goes on the screen and into a file, so it must look like one.
fn presentable_version(text: &str) -> Option<String> {
    let fine = (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte));
    fine.then(|| text.to_owned())
}
