//! Sign in with a password, through LDAP, or with an API key that exists already.

use super::list_instances::InstanceView;
use crate::api_key::KeyOwner;
use crate::credential::{Provider, SignIn};
use crate::deed::{Deed, DeedKind};
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::instance::User;
use crate::names::slug_from;
use crate::secret::{KeyHint, Secret};
use crate::session::{OwnKey, Session, Tokens};
use crate::store::{Instance, KeyRecord, SignedIn};
use crate::{Core, Error, Result};
use serde::Deserialize;

/// What a person signs in with.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Credentials {
    Password {
        username: String,
        #[cfg_attr(feature = "specta", specta(type = String))]
        password: Secret,
        /// Keep the refresh token in the keychain, so that the session outlives this process.
        stay: bool,
    },
    Ldap {
        username: String,
        #[cfg_attr(feature = "specta", specta(type = String))]
        password: Secret,
        stay: bool,
    },
    ApiKey {
        #[cfg_attr(feature = "specta", specta(type = String))]
        key: Secret,
        /// Keep the key in the keychain, so that the session outlives this process.
        stay: bool,
    },
}

impl Core {
    /// Signs in and remembers who it was. Nothing is kept when any step fails.
    pub async fn sign_in(&self, id: &InstanceId, credentials: Credentials) -> Result<InstanceView> {
        let _at_work = self.lock.begin()?;
        let instance = self.instance(id)?;
        match credentials {
            Credentials::Password { username, password, stay } => {
                let typed = Typed { provider: Provider::Db, username: username.trim(), password: &password };
                self.sign_in_with_password(&instance, typed, stay).await?;
            }
            Credentials::Ldap { username, password, stay } => {
                let typed =
                    Typed { provider: Provider::Ldap, username: username.trim(), password: &password };
                self.sign_in_with_password(&instance, typed, stay).await?;
            }
            Credentials::ApiKey { key, stay } => self.sign_in_with_key(&instance, key, stay).await?,
        }
        self.show_instance(id)
    }

    async fn sign_in_with_password(&self, instance: &Instance, typed: Typed<'_>, stay: bool) -> Result<()> {
        let Typed { provider, username, password } = typed;
        if username.is_empty() || password.is_empty() {
            return Err(Error::WrongCredentials);
        }
        let site = self.site(instance);
        let tokens = match self.superset.sign_in(&site, provider, username, password).await {
            Err(Error::SignInWayRefused) => return Err(self.why_refused(instance).await),
            answered => answered?,
        };
        let me = self.superset.me(&site, Auth::NewToken(tokens.access.secret())).await?;
        // Where the server takes everybody for a stranger, the token itself tells whose it is.
        let told =
            tokens.access.user_id().map(|id| User { id, username: username.to_owned(), roles: Vec::new() });
        let user = me.map(|me| me.user).or(told);
        let stays = match (&tokens.refresh, stay) {
            (Some(refresh), true) => {
                self.put_secret(&SecretId::refresh_token(&instance.id), refresh).await?;
                true
            }
            _ => false,
        };
        let session = Session::Tokens(Tokens { access: tokens.access, refresh: tokens.refresh });
        let how = SignIn::Password { provider, stays };
        let remembered = self.remember(instance, SignedIn::new(user, how), None, session).await;
        match (&remembered, stays) {
            (Ok(()), false) => self.drop_refresh_token(instance).await,
            // Good for thirty days, and no record would lead to it.
            (Err(_), true) => self.drop_unrecorded(SecretId::refresh_token(&instance.id)).await,
            (Ok(()), true) | (Err(_), false) => {}
        }
        remembered
    }

    /// A secret that no record names would lie in its store for ever.
    async fn drop_unrecorded(&self, id: SecretId) {
        if let Err(error) = self.safe(move |safe| safe.delete(&id)).await {
            tracing::warn!(%error, "a secret that could not be recorded was left in its store");
        }
    }

    /// The server does not take passwords this way: does it take any?
    async fn why_refused(&self, instance: &Instance) -> Error {
        let seen = self.superset.detect(&instance.url, &self.transport_of(instance)).await;
        match seen.map(|seen| seen.sign_in) {
            Ok(ways) if ways.known && !ways.password && !ways.ldap => {
                Error::SignInUnsupported { ways: ways.others }
            }
            _ => Error::SignInWayRefused,
        }
    }

    async fn sign_in_with_key(&self, instance: &Instance, typed: Secret, stay: bool) -> Result<()> {
        let key = pasted_key(&typed)?;
        let site = self.site(instance);
        let me = match self.superset.me(&site, Auth::Key(&key)).await {
            // A role made for one thing need not be told who it is.
            Err(Error::Forbidden) if self.superset.knows_a_made_up_key(&site).await => None,
            Ok(None) => {
                // Any key, good or bad, is answered so there. Their list is open to good ones only.
                self.superset.list_keys(&site, Auth::Key(&key)).await?;
                None
            }
            told => told?,
        };
        let user = me.map(|me| me.user);
        let (id, record) = if !stay {
            // The session holds it, and whoever pasted it has it elsewhere.
            (ApiKeyId::pasted(self.random.next()), None)
        } else if let Some(known) = self.stored_key_with_text(instance, &key).await? {
            (known, None)
        } else {
            let record = self.keep_pasted_key(instance, &key, user.as_ref()).await?;
            (record.id.clone(), Some(record))
        };
        let kept = record.is_some().then(|| instance.key_secret(&id));
        let signed_in = SignedIn::new(user, SignIn::ApiKey { key: id.clone() });
        let session = Session::OwnKey(OwnKey { id, key });
        let remembered = self.remember(instance, signed_in, record, session).await;
        match (remembered, kept) {
            (Ok(()), _) => {
                self.drop_refresh_token(instance).await;
                Ok(())
            }
            (Err(error), Some(kept)) => {
                self.drop_unrecorded(kept).await;
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Stores a pasted key; listing finds out later which one it is. Its record is still to be written.
    async fn keep_pasted_key(
        &self,
        instance: &Instance,
        key: &Secret,
        user: Option<&User>,
    ) -> Result<KeyRecord> {
        let id = ApiKeyId::pasted(self.random.next());
        let lies = self.put_secret(&instance.key_secret(&id), key).await?;
        Ok(KeyRecord {
            owner: user.map(|user| KeyOwner { id: user.id, username: user.username.clone() }),
            fingerprint: self.fingerprint(&instance.id, key).await,
            ..KeyRecord::new(id, KeyHint::of(key, "sst_"), self.now.now(), Some(lies))
        })
    }

    /// The record of a key pasted a second time.
    async fn stored_key_with_text(&self, instance: &Instance, key: &Secret) -> Result<Option<ApiKeyId>> {
        let hint = KeyHint::of(key, "sst_");
        let candidates: Vec<_> =
            instance.keys.iter().filter(|r| r.is_stored() && r.hint == hint).map(|r| r.id.clone()).collect();
        let (id, copy) = (instance.id.clone(), key.duplicate());
        self.safe(move |safe| {
            for candidate in candidates {
                let stored = safe.get(&SecretId::api_key(&id, &candidate))?;
                // EXPOSE: to compare a pasted key with a stored one.
                if stored.is_some_and(|stored| stored.expose() == copy.expose()) {
                    return Ok(Some(candidate));
                }
            }
            Ok(None)
        })
        .await
    }

    /// The session first: whoever sees the record (the window follows the file) must find it there. A
    /// session without its record is nobody's.
    pub(super) async fn remember(
        &self,
        instance: &Instance,
        signed_in: SignedIn,
        pasted: Option<KeyRecord>,
        session: Session,
    ) -> Result<()> {
        let id = instance.id.clone();
        let kept = pasted.as_ref().map(|record| Deed::of_key(DeedKind::KeyKept, &record.id));
        let who = signed_in.user.as_ref().map(|user| user.username.as_str());
        let how = match &signed_in.how {
            SignIn::Password { provider: Provider::Db, .. } => "password",
            SignIn::Password { provider: Provider::Ldap, .. } => "ldap",
            SignIn::ApiKey { .. } => "api_key",
            SignIn::Browser { .. } => "browser",
        };
        let deed = Deed::new(DeedKind::SignedIn).who(who).how(how);
        self.sessions.put(&id, signed_in.user_id(), session);
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            if let Some(record) = pasted {
                let taken = |made: &str| instance.keys.iter().any(|key| key.alias == made);
                let alias = slug_from("pasted", "pasted", taken);
                instance.default_key.get_or_insert_with(|| record.id.clone());
                instance.keys.push(KeyRecord { alias, ..record });
            }
            if let Some(user) = &signed_in.user {
                instance.last_username = Some(user.username.clone());
            }
            instance.signed_in = Some(signed_in);
            Ok(())
        })
        .await?;
        for deed in kept.into_iter().chain([deed]) {
            self.note(&instance.id, deed).await;
        }
        Ok(())
    }

    /// A token of whoever was signed in before.
    pub(super) async fn drop_refresh_token(&self, instance: &Instance) {
        if instance.stays_signed_in()
            && let Err(error) = self.drop_secrets(instance.sign_in_secrets()).await
        {
            tracing::warn!(%error, "an old refresh token could not be dropped");
        }
    }
}

/// What a person typed into the form.
struct Typed<'a> {
    provider: Provider,
    username: &'a str,
    password: &'a Secret,
}

/// What people paste: a key, perhaps with `Bearer ` before it, quotes or spaces around it.
fn pasted_key(typed: &Secret) -> Result<Secret> {
    // EXPOSE: to cut off what was pasted along with the key.
    let text = typed.expose().trim().trim_matches(['"', '\'', '`']).trim();
    let text = text.strip_prefix("Authorization:").unwrap_or(text).trim();
    let text = match text.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim(),
        _ => text,
    };
    // Prefixes are an instance's own setting, so only what no key can hold is refused: white space, non-ASCII,
    // and a JWT, which is a token and not a key.
    let is_key = (8..=512).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic())
        && !text.starts_with("eyJ");
    if is_key { Ok(Secret::new(text)) } else { Err(Error::NotAnApiKey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_what_people_paste() {
        for typed in [
            "sst_abcdefgh",
            " sst_abcdefgh\n",
            "Bearer sst_abcdefgh",
            "\"sst_abcdefgh\"",
            "Authorization: Bearer sst_abcdefgh",
        ] {
            assert_eq!(pasted_key(&Secret::new(typed)).unwrap().expose(), "sst_abcdefgh", "{typed:?}");
        }
        for typed in ["", "sst_", "two words here", "eyJhbGciOiJIUzI1NiJ9.e30.abc", "sst_äöüabcdef"] {
            assert!(pasted_key(&Secret::new(typed)).is_err(), "{typed:?}");
        }
    }
}
