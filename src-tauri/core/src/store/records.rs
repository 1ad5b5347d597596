//! What lies on disk: no secret. What a record does not know is kept as it is, for programs of tomorrow.

use super::moves::{McpMove, MovedKey};
use super::network::NetworkRecord;
use super::rotations::{MOST_ENDED as MOST_ROTATIONS, Rotation};
use crate::api_key::{ApiKey, KeyOwner};
use crate::clock::ServerClock;
use crate::credential::{McpAccess, OAuthGrant, SignIn};
use crate::error::{LoginRight, NotJudged};
use crate::fingerprint::Fingerprint;
use crate::ids::{ApiKeyId, InstanceId, SecretId, UserId};
use crate::instance::{Environment, InstanceUrl, User};
use crate::report;
use crate::secret::{KeyHint, StoreKind};
use crate::signing::Signing;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// Fields that this program does not know.
pub type Rest = Map<String, Value>;

/// Who is signed in to an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// None where the server does not tell whose a key is.
    pub user: Option<User>,
    pub how: SignIn,
    #[serde(flatten)]
    pub rest: Rest,
}

impl SignedIn {
    #[must_use]
    pub fn new(user: Option<User>, how: SignIn) -> Self {
        Self { user, how, rest: Rest::new() }
    }

    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId(self.user.as_ref().map(|user| user.id))
    }
}

/// One Superset deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    pub id: InstanceId,
    /// What a person types; see `names.rs` for its letters.
    pub short_name: String,
    /// Short names it had before. They stand in written client files, so they keep working.
    #[serde(default)]
    pub former_short_names: Vec<String>,
    pub name: String,
    #[serde(default)]
    pub environment: Environment,
    pub url: InstanceUrl,
    #[serde(default)]
    pub allow_http: bool,
    #[serde(default)]
    pub mcp_url: Option<Url>,
    /// What AI clients are let in with.
    #[serde(default)]
    pub mcp_access: McpAccess,
    /// The secret that its MCP server shares with this computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<SigningRecord>,
    /// How this computer gets tokens for its MCP server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth: Option<Box<OAuthRecord>>,
    /// AI clients that change from keys to `mcp_access`, or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcp_move: Option<Box<McpMove>>,
    /// Superset's version as last seen.
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub signed_in: Option<SignedIn>,
    /// Filled into the sign-in form: who was here last.
    #[serde(default)]
    pub last_username: Option<String>,
    #[serde(default)]
    pub clock: ServerClock,
    #[serde(default)]
    pub default_key: Option<ApiKeyId>,
    #[serde(default)]
    pub keys: Vec<KeyRecord>,
    #[serde(default)]
    pub intents: Vec<CreateIntent>,
    #[serde(default, skip_serializing_if = "AuditRecord::is_empty")]
    pub audit: AuditRecord,
    /// Keys being replaced, and the last ones that were, in the order in which they began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rotations: Vec<Rotation>,
    /// What is set of the way there, where it is not as for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Box<NetworkRecord>>,
    #[serde(flatten)]
    pub rest: Rest,
}

/// What is known of a secret that tokens are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningRecord {
    #[serde(flatten)]
    pub signing: Signing,
    /// When it was made here, or given.
    pub since: Timestamp,
    /// Where it lies.
    pub stored: StoreKind,
    #[serde(flatten)]
    pub rest: Rest,
}

/// How an authorization server knows this computer, and what is asked for there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthRecord {
    /// Random, another one whenever what is asked for changes: a token that was got for another one is not used.
    pub id: String,
    /// Without a slash at its end.
    pub issuer: String,
    pub client_id: String,
    /// The client has a secret, in the secret store.
    #[serde(default)]
    pub has_secret: bool,
    /// The client was made by us, by dynamic registration.
    #[serde(default)]
    pub registered: bool,
    pub grant: OAuthGrant,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Whom tokens are for: `resource` (RFC 8707).
    pub resource: String,
    /// The same by the name that some providers have for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    pub since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<OAuthSignIn>,
    #[serde(flatten)]
    pub rest: Rest,
}

/// A sign-in at an authorization server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthSignIn {
    /// As the first token has it; none where it cannot be read.
    #[serde(default)]
    pub subject: Option<String>,
    pub at: Timestamp,
    /// It outlives its first token.
    pub renews: bool,
    #[serde(flatten)]
    pub rest: Rest,
}

/// What is known of the way to everybody's keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// The number of the dataset that was read last: a role that may read it need not be able to find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<i32>,
    /// The number of the database it lies in, where whoever read it saw that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_database: Option<i32>,
    /// What was found of the logins of the server's databases, by whoever could ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<JudgedLogin>,
    #[serde(flatten)]
    pub rest: Rest,
}

impl AuditRecord {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A login that was asked what it may, for readers who cannot ask it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedLogin {
    /// The database's number on the server.
    pub database: i32,
    pub at: Timestamp,
    /// Who asked, where that is known.
    #[serde(default)]
    pub by: Option<String>,
    /// What it may beyond reading the view; nothing where it may be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<LoginRight>,
    /// Of a kind that has no logins to ask, or that nobody can judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<NotJudged>,
    #[serde(flatten)]
    pub rest: Rest,
}

impl JudgedLogin {
    /// Whether everybody's keys may be read by it.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.rights.is_empty() && self.not_judged.is_none()
    }
}

/// As many revoked keys as anybody will look for.
const MOST_ENDED: usize = 200;

impl Instance {
    /// One of which nothing more is known.
    #[must_use]
    pub fn new(id: InstanceId, short_name: String, name: String, url: InstanceUrl) -> Self {
        Self {
            id,
            short_name,
            former_short_names: Vec::new(),
            name,
            environment: Environment::default(),
            url,
            allow_http: false,
            mcp_url: None,
            mcp_access: McpAccess::default(),
            signing: None,
            oauth: None,
            mcp_move: None,
            version: None,
            signed_in: None,
            last_username: None,
            clock: ServerClock::default(),
            default_key: None,
            keys: Vec::new(),
            intents: Vec::new(),
            audit: AuditRecord::default(),
            rotations: Vec::new(),
            network: None,
            rest: Rest::new(),
        }
    }

    #[must_use]
    pub fn record(&self, id: &ApiKeyId) -> Option<&KeyRecord> {
        self.keys.iter().find(|record| record.id == *id)
    }

    /// What a key is called here: its alias.
    #[must_use]
    pub fn called(&self, id: &ApiKeyId) -> Option<&str> {
        self.record(id).map(|record| record.alias.as_str())
    }

    pub fn record_mut(&mut self, id: &ApiKeyId) -> Option<&mut KeyRecord> {
        self.keys.iter_mut().find(|record| record.id == *id)
    }

    pub fn intent_mut(&mut self, id: &str) -> Option<&mut CreateIntent> {
        self.intents.iter_mut().find(|intent| intent.id == id)
    }

    #[must_use]
    pub fn rotation(&self, id: &str) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.id == id)
    }

    pub fn rotation_mut(&mut self, id: &str) -> Option<&mut Rotation> {
        self.rotations.iter_mut().find(|rotation| rotation.id == id)
    }

    /// The rotation under way that a key is part of.
    #[must_use]
    pub fn rotation_of(&self, key: &ApiKeyId) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.is_under_way() && rotation.concerns(key))
    }

    /// Whether entries that name this key present what the others do.
    #[must_use]
    pub fn has_moved(&self, key: &ApiKeyId) -> bool {
        self.mcp_move.as_ref().is_some_and(|moving| moving.has(key))
    }

    /// A rotation gives the one key's place to the other: its clients stay where they moved.
    pub(crate) fn move_along(&mut self, from: &ApiKeyId, to: &ApiKeyId) {
        let record = self.record(to).or_else(|| self.record(from));
        let named = record.map(|record| (record.alias.clone(), record.name.clone()));
        let Some(moving) = &mut self.mcp_move else { return };
        if moving.has(from) && !moving.has(to) {
            let (alias, name) = named.unwrap_or_default();
            moving.keys.push(MovedKey::new(to.clone(), alias, name));
        }
    }

    /// A rotation gave the place to another key, whether it is over or not.
    pub(crate) fn stands_back(&self, key: &ApiKeyId) -> bool {
        self.rotations.iter().any(|rotation| rotation.concerns(key) && rotation.in_place() != key)
    }

    /// A new key has its record: the rotation that asked for it goes by that.
    pub(crate) fn note_replacement(&mut self, old: &ApiKeyId, new: &ApiKeyId, at: Timestamp) {
        let waits = |rotation: &&mut Rotation| {
            rotation.is_under_way() && rotation.old == *old && rotation.new.is_none()
        };
        if let Some(rotation) = self.rotations.iter_mut().find(waits) {
            rotation.new = Some(new.clone());
            rotation.created_at = Some(at);
        }
    }

    pub(crate) fn forget_old_rotations(&mut self) {
        let ended = self.rotations.iter().filter(|rotation| !rotation.is_under_way()).count();
        let mut surplus = ended.saturating_sub(MOST_ROTATIONS);
        self.rotations.retain(|rotation| {
            let goes = surplus > 0 && !rotation.is_under_way();
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// The name of a key's plaintext.
    #[must_use]
    pub fn key_secret(&self, key: &ApiKeyId) -> SecretId {
        SecretId::api_key(&self.id, key)
    }

    /// Revoked keys are remembered for their names, not for ever: each rotation leaves one.
    pub(crate) fn forget_old_ends(&mut self) {
        let mut ended: Vec<_> =
            self.keys.iter().filter(|key| key.revoked && !key.is_stored()).map(|key| key.stored_at).collect();
        if ended.len() <= MOST_ENDED {
            return;
        }
        ended.sort_unstable_by(|one, other| other.cmp(one));
        let oldest = ended[MOST_ENDED - 1];
        self.keys.retain(|key| !key.revoked || key.is_stored() || key.stored_at >= oldest);
    }

    /// Whoever is signed in.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.signed_in.as_ref().map(SignedIn::user_id)
    }

    /// Whether a session lies in a secret store, as far as the record knows.
    #[must_use]
    pub fn stays_signed_in(&self) -> bool {
        let how = self.signed_in.as_ref().map(|signed_in| &signed_in.how);
        matches!(how, Some(SignIn::Password { stays: true, .. }))
    }

    /// What signing in may have left in a secret store, whatever the record says of it.
    #[must_use]
    pub fn sign_in_secrets(&self) -> Vec<SecretId> {
        vec![SecretId::refresh_token(&self.id)]
    }

    /// Every secret that may lie in a store for this instance: what removing it goes by.
    #[must_use]
    pub fn secrets(&self) -> Vec<SecretId> {
        let keys = self.keys.iter().map(|record| self.key_secret(&record.id));
        let signing = SecretId::signing_secret(&self.id);
        let all = keys.chain(self.sign_in_secrets()).chain([signing]).chain(self.oauth_secrets());
        all.chain(self.network_secrets()).collect()
    }

    /// What the way there has in a secret store.
    #[must_use]
    pub fn network_secrets(&self) -> Vec<SecretId> {
        self.network.iter().flat_map(|network| network.secrets()).collect()
    }

    /// What its OAuth client may have left in a secret store, whatever the record says of it.
    #[must_use]
    pub fn oauth_secrets(&self) -> Vec<SecretId> {
        let mut all = self.oauth_tokens();
        all.push(SecretId::oauth_client_secret(&self.id));
        all
    }

    /// What a sign-in there left.
    #[must_use]
    pub fn oauth_tokens(&self) -> Vec<SecretId> {
        vec![SecretId::oauth_refresh(&self.id), SecretId::oauth_access(&self.id)]
    }
}

/// What this computer keeps of a key whose plaintext it holds or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    pub id: ApiKeyId,
    /// Unique within the instance; a slot that a rotation moves to the new key.
    pub alias: String,
    pub name: String,
    pub hint: KeyHint,
    #[serde(default)]
    pub owner: Option<KeyOwner>,
    pub stored_at: Timestamp,
    /// Where its plaintext lies. None once a person forgot it, it was revoked, or the store was seen not to hold it.
    #[serde(default)]
    pub stored: Option<StoreKind>,
    /// As last seen on the server, so that a client asking for a header hears of an ended key without a call.
    #[serde(default)]
    pub expires: Option<Timestamp>,
    #[serde(default)]
    pub revoked: bool,
    /// By which its text is known again where it turns up. None for keys stored by an older version, or without
    /// a keychain, until a scan makes up for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// A person wants it replaced by itself before it ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replace_in_time: bool,
    /// How many days before its end it was last reminded of on the desktop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<u8>,
    #[serde(flatten)]
    pub rest: Rest,
}

impl KeyRecord {
    /// One of which nothing more is known.
    #[must_use]
    pub fn new(id: ApiKeyId, hint: KeyHint, stored_at: Timestamp, stored: Option<StoreKind>) -> Self {
        Self {
            id,
            alias: String::new(),
            name: String::new(),
            hint,
            owner: None,
            stored_at,
            stored,
            expires: None,
            revoked: false,
            fingerprint: None,
            replace_in_time: false,
            reminded: None,
            rest: Rest::new(),
        }
    }

    #[must_use]
    pub fn is_stored(&self) -> bool {
        self.stored.is_some()
    }

    /// Whether its plaintext can be handed out and should still work, as far as this computer knows.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.is_stored() && !self.revoked && self.expires.is_none_or(|at| at > now)
    }
}

/// Written before a create is sent and cleared when everything it led to is accounted for. A crash in
/// between leaves it behind, and the next start can name what was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateIntent {
    pub id: String,
    pub name: String,
    /// None where the server does not tell who is signed in.
    pub owner: Option<KeyOwner>,
    pub started_at: Timestamp,
    /// The uuids that were there before. A key that is not among them was made by this create.
    pub seen: Vec<ApiKeyId>,
    /// Known as soon as the answer arrived.
    #[serde(default)]
    pub created: Option<ApiKeyId>,
    /// The key whose rotation it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ApiKeyId>,
    #[serde(flatten)]
    pub rest: Rest,
}

/// Who signed the first report that came under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportMaker {
    /// The instance's address and the user name, by the maker's word.
    pub instance: String,
    pub username: String,
    pub fingerprint: report::Fingerprint,
    #[serde(flatten)]
    pub rest: Rest,
}

impl ReportMaker {
    #[must_use]
    pub fn new(instance: &str, username: &str, fingerprint: report::Fingerprint) -> Self {
        let rest = Rest::new();
        Self { instance: instance.to_owned(), username: username.to_owned(), fingerprint, rest }
    }

    #[must_use]
    pub fn is_of_same_name(&self, other: &Self) -> bool {
        self.instance == other.instance && self.username == other.username
    }
}

/// The last list a server gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptList {
    pub user_id: UserId,
    pub fetched: Timestamp,
    pub keys: Vec<ApiKey>,
}
