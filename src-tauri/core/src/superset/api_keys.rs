//! `/api/v1/security/api_keys/`: Flask-AppBuilder's `ApiKeyApi`, the same in 5.2.0 and 5.3.0.
//!
//! The final slash is needed on the collection and forbidden after a uuid. Only the caller's own keys are there,
//! revoked and expired ones included; nothing can be renamed, extended or un-revoked.

use super::auth::MADE_UP_KEY;
use super::client::Superset;
use super::detect::PROTECTED;
use super::problem::{Problem, read, reason};
use crate::api_key::{ApiKey, CreatedApiKey};
use crate::clock::WallTime;
use crate::error::{Error, Result};
use crate::http::{Answer, Auth, Call};
use crate::ids::ApiKeyId;
use crate::secret::Secret;
use crate::transport::Site;
use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub(super) const PATH: &str = "api/v1/security/api_keys/";

/// All keys of the signed-in person, newest first.
#[derive(Debug)]
pub struct Listed {
    pub keys: Vec<ApiKey>,
    /// When the server says it answered.
    pub date: Option<Timestamp>,
}

/// A new key, its plaintext, and the server's now.
#[derive(Debug)]
pub struct Created {
    pub created: CreatedApiKey,
    pub date: Option<Timestamp>,
}

/// What a new key shall be. Superset 6.1.0 stores scopes and enforces none.
#[derive(Debug, Clone, Copy)]
pub struct CreateRequest<'a> {
    pub name: &'a str,
    /// The server's wall time: it drops an offset silently.
    pub expires_on: Option<WallTime>,
    pub scopes: Option<&'a str>,
}

#[derive(Serialize)]
struct CreateWire<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a str>,
}

#[derive(Deserialize)]
struct ResultWire<T> {
    result: T,
}

/// A listed key. `active` is left out on purpose: it stays true for revoked and expired keys.
#[derive(Deserialize)]
struct ApiKeyWire {
    uuid: String,
    name: Option<String>,
    key_prefix: Option<String>,
    scopes: Option<String>,
    #[serde(default, deserialize_with = "wall_time")]
    created_on: Option<WallTime>,
    #[serde(default, deserialize_with = "wall_time")]
    expires_on: Option<WallTime>,
    #[serde(default, deserialize_with = "wall_time")]
    last_used_on: Option<WallTime>,
    #[serde(default, deserialize_with = "wall_time")]
    revoked_on: Option<WallTime>,
}

impl From<ApiKeyWire> for ApiKey {
    fn from(wire: ApiKeyWire) -> Self {
        Self {
            id: ApiKeyId::new(wire.uuid),
            name: wire.name.unwrap_or_default(),
            prefix: wire.key_prefix.unwrap_or_default(),
            scopes: wire.scopes,
            created_on: wire.created_on,
            expires_on: wire.expires_on,
            last_used_on: wire.last_used_on,
            revoked_on: wire.revoked_on,
        }
    }
}

/// The answer to a create. The plaintext is shown once, so whatever else is odd must not lose it: only key and
/// uuid are needed, and the key is read back afterwards anyway.
#[derive(Deserialize)]
struct CreatedWire {
    key: Option<Secret>,
    uuid: Option<String>,
    name: Option<Value>,
    key_prefix: Option<Value>,
    scopes: Option<Value>,
    created_on: Option<Value>,
    expires_on: Option<Value>,
}

impl Superset {
    /// Every key of the signed-in person.
    pub async fn list_keys(&self, site: &Site, auth: Auth<'_>) -> Result<Listed> {
        let (root, site) = (site, site.join(PATH));
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => {}
            500 if Problem::of(&answer) == Problem::Message => return Err(self.why_no_list(root).await),
            _ => return Err(refusal(&answer, &site, auth)),
        }
        let listed: ResultWire<Vec<ApiKeyWire>> = read(&answer, &site, "key list")?;
        Ok(Listed { keys: listed.result.into_iter().map(ApiKey::from).collect(), date: answer.date })
    }

    /// Flask-AppBuilder says "Fatal error" of all its faults. Two of them can be told apart by asking as a stranger:
    /// a Public role with permissions, and a database without the table, where every use of a key fails with SQL in
    /// the answer (6.1.0).
    async fn why_no_list(&self, site: &Site) -> Error {
        if self.takes_all_for_strangers(site).await {
            return Error::PublicRole;
        }
        let made_up = Secret::new(MADE_UP_KEY);
        let used = self.get(site.join(PROTECTED), Auth::Key(&made_up)).await;
        match used {
            Ok(answer) if answer.status == 500 && misses_table(&answer.body) => Error::KeyTableMissing,
            _ => Error::ServerFault { status: 500 },
        }
    }

    /// One key, or none where the server knows none of that uuid among the caller's own.
    pub async fn get_key(&self, site: &Site, auth: Auth<'_>, id: &ApiKeyId) -> Result<Option<ApiKey>> {
        let Some(site) = key_site(site, id) else { return Ok(None) };
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => read(&answer, &site, "key").map(|wire: ResultWire<ApiKeyWire>| Some(wire.result.into())),
            404 if is_not_found(&answer) => Ok(None),
            _ => Err(refusal(&answer, &site, auth)),
        }
    }

    /// Makes a key. When the server's database fails it answers 201 with an empty result all the same
    /// (Flask-AppBuilder 5.3.0): that is [`Error::NotCreated`].
    pub async fn create_key(
        &self,
        site: &Site,
        auth: Auth<'_>,
        request: &CreateRequest<'_>,
    ) -> Result<Created> {
        let site = site.join(PATH);
        let wire = CreateWire {
            name: request.name,
            expires_on: request.expires_on.map(WallTime::to_wire),
            scopes: request.scopes,
        };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth)).await?;
        match (answer.status, Problem::of(&answer)) {
            (201, _) => {}
            (400, Problem::Fields(fields)) => {
                return Err(Error::UnexpectedAnswer { what: refused_field(&fields), status: 400 });
            }
            _ => return Err(refusal(&answer, &site, auth)),
        }
        let wire: ResultWire<CreatedWire> = read(&answer, &site, "created key")?;
        let created = wire.result.into_created(answer.status)?;
        Ok(Created { created, date: answer.date })
    }

    /// Asks for a key's end. That the server agrees means only that it said so: when its database fails it
    /// says so too (Flask-AppBuilder 5.3.0). A second revoke overwrites `revoked_on`.
    pub async fn revoke_key(&self, site: &Site, auth: Auth<'_>, id: &ApiKeyId) -> Result<()> {
        let no_such_key = || Error::NoSuchKey { name: printable(id) };
        let site = key_site(site, id).ok_or_else(no_such_key)?;
        let answer = self.http.send(&Call::new(Method::DELETE, site.clone()).auth(auth)).await?;
        match answer.status {
            200 if answer.is_json() => Ok(()),
            404 if is_not_found(&answer) => Err(no_such_key()),
            _ => Err(refusal(&answer, &site, auth)),
        }
    }
}

impl CreatedWire {
    fn into_created(self, status: u16) -> Result<CreatedApiKey> {
        let secret = self.key.filter(|key| !key.is_empty()).ok_or(Error::NotCreated)?;
        let uuid = self.uuid.ok_or(Error::UnexpectedAnswer { what: "created key", status })?;
        let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        let time = |value: Option<Value>| text(value).and_then(|text| WallTime::parse(&text));
        let key = ApiKey {
            id: ApiKeyId::new(uuid),
            name: text(self.name).unwrap_or_default(),
            prefix: text(self.key_prefix).unwrap_or_default(),
            scopes: text(self.scopes),
            created_on: time(self.created_on),
            expires_on: time(self.expires_on),
            last_used_on: None,
            revoked_on: None,
        };
        Ok(CreatedApiKey { key, secret })
    }
}

/// As the databases that Superset runs on say it.
fn misses_table(body: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(body, part).is_some();
    has(b"ab_api_key") && (has(b"no such table") || has(b"does not exist") || has(b"doesn't exist"))
}

/// 404 in Superset's own envelope is what every unknown route answers: there is no `ApiKeyApi`.
fn refusal(answer: &Answer, site: &Site, auth: Auth<'_>) -> Error {
    if answer.status == 404 && Problem::of(answer) == Problem::Envelope {
        return Error::ApiKeysOff;
    }
    reason(answer, site, auth)
}

fn is_not_found(answer: &Answer) -> bool {
    Problem::of(answer) == Problem::Message
}

fn refused_field(fields: &[String]) -> &'static str {
    let known = ["name", "expires_on", "scopes"];
    known.into_iter().find(|known| fields.iter().any(|field| field == known)).unwrap_or("new key")
}

/// The address of one key; none for an id that could not be a uuid, since it could lead anywhere.
fn key_site(site: &Site, id: &ApiKeyId) -> Option<Site> {
    let text = id.as_str();
    let is_uuid = (1..=64).contains(&text.len()) && text.bytes().all(is_uuid_byte);
    is_uuid.then(|| site.join(&format!("{PATH}{text}")))
}

fn printable(id: &ApiKeyId) -> String {
    id.as_str().chars().filter(|c| u8::try_from(*c).is_ok_and(is_uuid_byte)).take(64).collect()
}

fn is_uuid_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// A time that cannot be read is an error: taken for none, it would make an ended key look alive.
fn wall_time<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<WallTime>, D::Error> {
    let unreadable = || serde::de::Error::custom("time");
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| WallTime::parse(&text).ok_or_else(unreadable)).transpose()
}
