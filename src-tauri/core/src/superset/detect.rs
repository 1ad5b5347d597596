//! What is at an address, asked without credentials. Which answer means what was measured on Superset 6.1.0
//! with Flask-AppBuilder 5.3.0 and 5.1.0, keys on, off and half off.

use super::auth::{MADE_UP_KEY, ME};
use super::client::Superset;
use super::journey::REMOTE_USER;
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::http::{Answer, Asked, Auth, Call, is_moved, page};
use crate::instance::InstanceUrl;
use crate::secret::Secret;
use crate::transport::{Site, Transport};
use serde::{Deserialize, Serialize};
use url::Url;

pub(super) mod bootstrap;

use bootstrap::Bootstrap;

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Detection {
    pub url: InstanceUrl,
    pub version: Option<String>,
    pub api_keys: ApiKeysSupport,
    pub sign_in: SignInWays,
    /// Its Public role has permissions: then it takes everybody for a stranger where those reach.
    pub public_role: bool,
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
    /// `OAuth` provider names, `remote_user`, `saml`, `openid`: by the server's own pages, in a browser.
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
pub(super) const LOGIN: &str = "login/";
const API_KEYS: &str = "api/v1/security/api_keys/";
/// Any protected route will do; this one is not part of the security API, which can be off.
pub(super) const PROTECTED: &str = "api/v1/dashboard/?q=(page_size:1)";

impl Superset {
    /// Looks at an address: is it Superset, which version, are keys on, how do people sign in. Where it is the
    /// address of a page, the Superset that the page belongs to is found.
    pub async fn detect(&self, url: &InstanceUrl, transport: &Transport) -> Result<Detection> {
        let found = Box::pin(self.look(url, transport)).await;
        match &found {
            // The host is there, and what is at this path is no Superset.
            Err(Error::NotSuperset { .. } | Error::SignInPage { .. } | Error::ProxyAnswered { .. }) => {}
            _ => return found,
        }
        for above in url.above() {
            if let Ok(detection) = Box::pin(self.look(&above, transport)).await {
                return Ok(detection);
            }
        }
        found
    }

    async fn look(&self, url: &InstanceUrl, transport: &Transport) -> Result<Detection> {
        let site = Site::of(url, transport.clone());
        let bogus = Secret::new(MADE_UP_KEY);
        let plain = |path: &str| Call::get(site.join(path));
        let login_page = Call::get(login_towards_me(&site)).accept("text/html, application/json;q=0.5");
        let calls = [
            plain(HEALTH),
            plain(VERSION),
            plain(STATIC_VERSION),
            login_page,
            plain(API_KEYS),
            plain(PROTECTED).auth(Auth::Key(&bogus)),
        ];
        let [health, version, static_version, login, api_keys, protected] = &calls;
        let ask = |call| self.http.ask(call);
        let (health, version, static_version, login, api_keys, protected, public_role) = tokio::join!(
            ask(health),
            ask(version),
            ask(static_version),
            ask(login),
            ask(api_keys),
            ask(protected),
            self.takes_all_for_strangers(&site)
        );

        let lets_pass =
            matches!(&login, Ok(Asked::Answer(answer)) if answer.is_json() && is_at(answer, &site, ME));
        // What came from elsewhere tells where Superset may be, not that it is here.
        let here = |asked: Result<Asked>, path: &str| match asked {
            Ok(Asked::Answer(answer)) if !is_at(&answer, &site, path) => Ok(Asked::Elsewhere(answer.url)),
            other => other,
        };
        let (health, version) = (here(health, HEALTH), here(version, VERSION));
        let (static_version, login) = (here(static_version, STATIC_VERSION), here(login, LOGIN));
        let shown = parsed::<VersionWire>(&version).map(|wire| wire.version_string);
        let shipped = parsed::<StaticVersionWire>(&static_version).map(|wire| wire.version);
        let bootstrap = answer(&login).and_then(Bootstrap::find);
        let routes = answer(&api_keys).map(|answer| (answer.status, Problem::of(answer)));
        let keys = answer(&protected).map(|answer| (answer.status, Problem::of(answer)));
        // Many servers say OK at /health; few others answer an API route in Superset's own shapes.
        let healthy = answer(&health).is_some_and(|answer| answer.status == 200 && is_ok(answer))
            && routes.as_ref().is_some_and(|(_, problem)| *problem != Problem::Other);
        if shown.is_none() && shipped.is_none() && bootstrap.is_none() && !healthy {
            return Err(not_superset(
                &site,
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
            version: [shown, shipped, bootstrap.as_ref().and_then(|page| page.version.clone())]
                .into_iter()
                .flatten()
                .find_map(|version| presentable_version(&version)),
            api_keys: support,
            sign_in: SignInWays::of(bootstrap.as_ref(), lets_pass, support),
            public_role,
        })
    }
}

impl SignInWays {
    /// `AUTH_TYPE` as Flask-AppBuilder 5.3.0 numbers it. One that has no page, and sends everybody on, only looks for what
    /// a proxy says.
    fn of(page: Option<&Bootstrap>, lets_pass: bool, support: ApiKeysSupport) -> Self {
        let existing_key = support != ApiKeysSupport::Off;
        let ways = |password, ldap, others| Self { password, ldap, existing_key, others, known: true };
        match page.and_then(|page| page.auth_type).or(lets_pass.then_some(3)) {
            Some(0) => ways(false, false, vec!["openid".into()]),
            Some(1) => ways(true, false, Vec::new()),
            Some(2) => ways(false, true, Vec::new()),
            Some(3) => ways(false, false, vec![REMOTE_USER.into()]),
            Some(4) => ways(false, false, page.map(|page| page.providers.clone()).unwrap_or_default()),
            Some(5) => ways(false, false, vec!["saml".into()]),
            _ => Self { existing_key, ..Self::unknown() },
        }
    }

    /// Of a server that could not be asked: any may be right.
    #[must_use]
    pub fn unknown() -> Self {
        Self { password: true, ldap: true, existing_key: true, others: Vec::new(), known: false }
    }
}

/// Whoever gets past it comes to an address that is not another sign-in's.
fn login_towards_me(site: &Site) -> Site {
    let mut login = site.join(LOGIN);
    login.url.query_pairs_mut().append_pair("next", site.join(ME).url.path());
    login
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
/// can correct the address, or learns that a sign-in page stands before it.
fn not_superset(site: &Site, probes: [(&str, Result<Asked>); 5]) -> Error {
    let host = site.host();
    let (mut first_error, mut gateway, mut page_at, mut pages) = (None, None, None, 0);
    for (path, asked) in probes {
        // An application's own sign-in page says nothing; neither does where that leads.
        let is_api = path != LOGIN;
        match asked {
            Ok(Asked::Elsewhere(target)) if is_moved(&site.join(path).url, &target) => {
                return Error::Redirected { host, to: base_of(&target, path) };
            }
            Ok(Asked::Elsewhere(target)) => page_at = page_at.or(is_api.then(|| page(&target))),
            Ok(Asked::Answer(answer)) => match answer.status {
                status @ (407 | 502..=504) => gateway = Some(status),
                401 if !answer.is_json() && is_api => pages = PAGES,
                403 if !answer.is_json() && is_api => gateway = gateway.or(Some(403)),
                200 if answer.is_html() && is_api => pages += 1,
                _ => {}
            },
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match (first_error, gateway) {
        _ if page_at.is_some() || pages == PAGES => Error::SignInPage { host, to: page_at },
        (Some(error), _) => error,
        (None, Some(status)) => Error::ProxyAnswered { host, status },
        (None, None) => Error::NotSuperset { host },
    }
}

/// All addresses that are no pages: where each of them is one, it is the same for everything.
const PAGES: u8 = 4;

/// It was not sent on to another address.
fn is_at(answer: &Answer, site: &Site, path: &str) -> bool {
    answer.url.path().trim_end_matches('/') == site.join(path).url.path().trim_end_matches('/')
}

/// The base address that a redirect of `path` points at: `https://bi.example.com/bi` of
/// `https://bi.example.com/bi/version`.
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
