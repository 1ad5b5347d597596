//! Be signed in by the session of a browser, and stay so by a key of this program's own: Superset's sign-out ends no
//! session (6.1.0), so the cookie is used for as long as it must be, and kept nowhere.

use super::list_instances::InstanceView;
use crate::api_key::{KeyStatus, NewApiKey};
use crate::credential::SignIn;
use crate::expiry::Expiry;
use crate::http::{Auth, SessionCookie};
use crate::ids::{ApiKeyId, InstanceId};
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::session::{BrowserSession, OwnKey, Session};
use crate::store::{Instance, KeyRecord, SignedIn};
use crate::superset::{Journey, is_octet};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// How long a key of this program's own lives; it is replaced in time.
const DAYS: u32 = 90;
/// No server takes a longer one in a header.
const LIMIT: usize = 16 * 1024;
/// What Flask calls it unless `SESSION_COOKIE_NAME` says otherwise.
const USUAL_NAME: &str = "session";

/// To stay signed in when the session is over.
#[derive(Debug, Clone, Copy)]
pub struct Stay<'a> {
    /// What this computer is called; the key is named by it.
    pub computer: &'a str,
    /// Where no key can be made, whoever was signed in before is so again: nothing else is left of a program that ends.
    pub or_as_before: bool,
}

/// What came of a sign-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BrowserSignInView {
    pub instance: InstanceView,
    /// Who was here before, where that was somebody else: theirs are other keys.
    pub before: Option<String>,
    /// The key by which this computer stays signed in.
    pub own_key: Option<ApiKeyId>,
}

impl SessionCookie {
    /// As a person copies it out of a browser: the value, `name=value`, or all cookies of a request.
    ///
    /// # Errors
    /// [`Error::NotASessionCookie`]
    pub fn pasted(text: &Secret, user_agent: Option<String>) -> Result<Self> {
        // EXPOSE: to find the cookies in it.
        let text = text.expose().trim();
        let text = text.strip_prefix("Cookie:").unwrap_or(text).trim();
        if text.contains('=') {
            let pairs: Vec<_> = text.split(';').map(str::trim).filter(|pair| !pair.is_empty()).collect();
            return Self::new(Secret::new(pairs.join("; ")), user_agent);
        }
        Self::new(Secret::new(format!("{USUAL_NAME}={text}")), user_agent)
    }

    /// `name=value`, or several with `; ` between them: a proxy before the server may have a cookie of its own.
    ///
    /// # Errors
    /// [`Error::NotASessionCookie`]
    pub fn new(cookie: Secret, user_agent: Option<String>) -> Result<Self> {
        // EXPOSE: a cookie is of letters that a header takes (RFC 6265, section 4.1.1).
        let text = cookie.expose();
        let is_pair = |pair: &str| {
            let named =
                pair.split_once('=').is_some_and(|(name, value)| !name.is_empty() && !value.is_empty());
            named && pair.bytes().all(is_octet)
        };
        let fits = text.len() <= LIMIT && text.split("; ").all(is_pair);
        let plain = |agent: &String| agent.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if fits {
            Ok(Self { cookie, user_agent: user_agent.filter(plain) })
        } else {
            Err(Error::NotASessionCookie)
        }
    }
}

impl Core {
    /// The way through a browser's sign-in of an instance, by what its detection names.
    pub fn browser_journey(&self, id: &InstanceId, way: Option<&str>) -> Result<Journey> {
        Ok(Journey::new(&self.instance(id)?.url, way))
    }

    /// Signs in with a browser's session; with `stay` by a key that is made for this program, and then the session is let
    /// go.
    ///
    /// # Errors
    /// [`Error::SessionRefused`]; those of creating a key, which leave the session in memory.
    pub async fn sign_in_with_browser(
        &self,
        id: &InstanceId,
        cookie: SessionCookie,
        provider: Option<String>,
        stay: Option<Stay<'_>>,
    ) -> Result<BrowserSignInView> {
        let _at_work = self.lock.begin()?;
        let instance = self.instance(id)?;
        let site = self.site(&instance);
        let me = match self.superset.me(&site, Auth::Cookie(&cookie)).await {
            Err(Error::SessionOver) => return Err(Error::SessionRefused),
            // Everybody is a stranger there: whose keys these would be nobody could tell.
            Ok(None) => return Err(Error::PublicRole),
            told => told?,
        };
        let user = me.ok_or(Error::SessionRefused)?.user;
        let before = instance.last_username.clone().filter(|before| *before != user.username);
        let signed_in = SignedIn::new(Some(user), SignIn::Browser { provider });
        let was = instance.signed_in.clone();
        self.remember(&instance, signed_in, None, Session::Browser(BrowserSession(cookie))).await?;
        let own_key = match stay {
            Some(stay) => match self.go_on_with_own_key(id, stay.computer).await {
                Err(error) if stay.or_as_before => {
                    self.sign_in_as_before(id, was).await?;
                    return Err(error);
                }
                made => Some(made?),
            },
            None => None,
        };
        if instance.stays_signed_in() {
            self.drop_refresh_token(&instance).await;
        }
        Ok(BrowserSignInView { instance: self.show_instance(id)?, before, own_key })
    }

    async fn sign_in_as_before(&self, id: &InstanceId, was: Option<SignedIn>) -> Result<()> {
        self.sessions.end(id);
        let id = id.clone();
        self.change(move |state| {
            state.instance_mut(&id)?.signed_in = was;
            Ok(())
        })
        .await
    }

    /// One that is there already is used again.
    async fn go_on_with_own_key(&self, id: &InstanceId, computer: &str) -> Result<ApiKeyId> {
        let computer = if computer.is_empty() { "this computer" } else { computer };
        let name = format!("Superset Keys on {computer}");
        let instance = self.instance(id)?;
        let key = if let Some(key) = self.own_key(&instance, &name).await? {
            key
        } else {
            let expiry = Expiry::InDays { days: DAYS };
            let new = NewApiKey { name, expiry, scopes: None, alias: None };
            let _under_way = self.creating.begin();
            self.make_key(id, new, Keep::Keychain, None).await?.key.id
        };
        let secret = self.secret(id, &key).await?;
        if let Some(user) = instance.user_id() {
            self.sessions.put(id, user, Session::OwnKey(OwnKey { id: key.clone(), key: secret }));
        }
        let (of, own, had_default) = (id.clone(), key.clone(), instance.default_key.is_some());
        let user = instance.user_id();
        self.change(move |state| {
            let instance = state.instance_mut(&of)?;
            // Somebody else may have signed in meanwhile, by another program.
            let same = instance.user_id() == user;
            if let Some(signed_in) = instance.signed_in.as_mut().filter(|_| same) {
                signed_in.how = SignIn::ApiKey { key: own.clone() };
            }
            if let Some(record) = instance.record_mut(&own) {
                record.replace_in_time = true;
            }
            // It manages keys; AI clients get one of theirs.
            if !had_default && instance.default_key.as_ref() == Some(&own) {
                instance.default_key = None;
            }
            Ok(())
        })
        .await?;
        Ok(key)
    }

    /// A key of this name and person that this computer holds, and the server still lists as a good one.
    async fn own_key(&self, instance: &Instance, name: &str) -> Result<Option<ApiKeyId>> {
        let user = instance.user_id().and_then(|user| user.0);
        let now = self.now.now();
        let is_it = |record: &&KeyRecord| {
            record.name == name
                && record.is_usable(now)
                && record.owner.as_ref().is_some_and(|owner| Some(owner.id) == user)
        };
        let is_leaving = |key: &ApiKeyId| {
            let rotation = instance.rotation_of(key);
            rotation.is_some_and(|rotation| rotation.leaving() == Some(key))
        };
        let mut found: Vec<_> =
            instance.keys.iter().filter(is_it).filter(|record| !is_leaving(&record.id)).collect();
        if found.is_empty() {
            return Ok(None);
        }
        found.sort_by_key(|record| std::cmp::Reverse(record.stored_at));
        let listed = self.fetch_keys(instance).await?;
        let server_now = instance.clock.wall(now);
        let is_good = |record: &&&KeyRecord| {
            listed.iter().any(|key| key.id == record.id && key.status(server_now) == KeyStatus::Active)
        };
        Ok(found.iter().find(is_good).map(|record| record.id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let cookie = SessionCookie::pasted(&Secret::new(text), None).ok()?;
        // EXPOSE: to compare it.
        Some(cookie.cookie.expose().to_owned())
    }

    #[test]
    fn a_cookie_is_read_as_people_copy_it() {
        for (text, expected) in [
            (".eJw.aB-_", Some("session=.eJw.aB-_")),
            ("  session=.eJw.aB \n", Some("session=.eJw.aB")),
            ("superset=abc", Some("superset=abc")),
            ("Cookie: lb=1;session=abc; other=2;", Some("lb=1; session=abc; other=2")),
            ("lb=1; other", None),
            ("", None),
            ("session=", None),
            ("a b", None),
            ("session=a\r\nX: y", None),
            ("session=\"a\"", None),
            ("session=ü", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(read(&"a".repeat(LIMIT)), None);
    }

    #[test]
    fn it_stays_out_of_sight() {
        let cookie = SessionCookie::pasted(&Secret::new("canary"), Some("Browser\r\n1".into())).unwrap();
        assert!(!format!("{cookie:?} {:?}", Auth::Cookie(&cookie)).contains("canary"));
        assert_eq!(cookie.user_agent, None, "what no header takes is left out");
    }
}
