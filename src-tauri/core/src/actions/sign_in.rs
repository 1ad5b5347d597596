//! Sign in with a password, through LDAP, or with an API key that exists already.

use crate::api_key::{ApiKeyId, KeyOwner, KeyRecord};
use crate::instance::{Instance, InstanceId, InstanceView, SignInWay, SignedIn, User};
use crate::names::slug_from;
use crate::secret::{KeyHint, Secret};
use crate::secrets::SecretId;
use crate::session::Session;
use crate::superset::{Bearer, Provider};
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
    },
}

impl Core {
    /// Signs in and remembers who it was. Nothing is kept when any step fails.
    pub async fn sign_in(&self, id: &InstanceId, credentials: Credentials) -> Result<InstanceView> {
        let instance = self.instance(id)?;
        match credentials {
            Credentials::Password { username, password, stay } => {
                self.sign_in_with_password(&instance, SignInWay::Password, &username, &password, stay)
                    .await?;
            }
            Credentials::Ldap { username, password, stay } => {
                self.sign_in_with_password(&instance, SignInWay::Ldap, &username, &password, stay).await?;
            }
            Credentials::ApiKey { key } => self.sign_in_with_key(&instance, key).await?,
        }
        self.show_instance(id)
    }

    async fn sign_in_with_password(
        &self,
        instance: &Instance,
        way: SignInWay,
        username: &str,
        password: &Secret,
        stay: bool,
    ) -> Result<()> {
        if username.trim().is_empty() || password.is_empty() {
            return Err(Error::WrongCredentials);
        }
        let provider = if way == SignInWay::Ldap { Provider::Ldap } else { Provider::Db };
        let superset = self.superset()?;
        let tokens = match superset.sign_in(&instance.url, provider, username.trim(), password).await {
            Err(Error::SignInWayRefused) => return Err(self.why_refused(instance).await),
            answered => answered?,
        };
        let me = superset.me(&instance.url, &Bearer::Access(&tokens.access)).await?;
        let stays = match (&tokens.refresh, stay) {
            (Some(refresh), true) => {
                let entry = SecretId::RefreshToken(instance.id.clone());
                let refresh = refresh.duplicate();
                self.keychain(move |keychain| keychain.set(&entry, &refresh)).await?;
                true
            }
            _ => false,
        };
        if !stays {
            self.drop_refresh_token(instance).await;
        }
        let session = Session::Tokens { access: tokens.access, refresh: tokens.refresh };
        self.remember(instance, SignedIn { user: me.user, way, stays, key: None }, session).await
    }

    /// The server does not take passwords this way: does it take any?
    async fn why_refused(&self, instance: &Instance) -> Error {
        let ways = match self.superset() {
            Ok(superset) => superset.detect(&instance.url).await.map(|seen| seen.sign_in),
            Err(error) => Err(error),
        };
        match ways {
            Ok(ways) if ways.known && !ways.password && !ways.ldap => {
                Error::SignInUnsupported { ways: ways.others }
            }
            _ => Error::SignInWayRefused,
        }
    }

    async fn sign_in_with_key(&self, instance: &Instance, typed: Secret) -> Result<()> {
        let key = pasted_key(&typed)?;
        let me = self.superset()?.me(&instance.url, &Bearer::Key(&key)).await?;
        let known = self.stored_key_with_text(instance, &key).await?;
        let id = match known {
            Some(known) => known,
            None => self.keep_pasted_key(instance, &key, &me.user).await?,
        };
        self.drop_refresh_token(instance).await;
        let signed_in =
            SignedIn { user: me.user, way: SignInWay::ApiKey, stays: false, key: Some(id.clone()) };
        self.remember(instance, signed_in, Session::Key { id, key }).await
    }

    /// Stores a pasted key under a name of its own; listing finds out later which one it is.
    async fn keep_pasted_key(&self, instance: &Instance, key: &Secret, user: &User) -> Result<ApiKeyId> {
        let id = ApiKeyId::pasted(self.random.next());
        let entry = SecretId::ApiKey(instance.id.clone(), id.clone());
        let (copy, target) = (key.duplicate(), entry.clone());
        self.keychain(move |keychain| keychain.set(&target, &copy)).await?;
        let fingerprint = self.fingerprint(&instance.id, key).await;
        let record = KeyRecord {
            id: id.clone(),
            alias: String::new(),
            name: String::new(),
            hint: KeyHint::of(key, "sst_"),
            owner: Some(KeyOwner { id: user.id, username: user.username.clone() }),
            stored_at: self.now.now(),
            stored: true,
            expires: None,
            revoked: false,
            fingerprint,
        };
        let instance = instance.id.clone();
        let noted = self
            .change(move |state| {
                let instance = state.instance_mut(&instance)?;
                let alias =
                    slug_from("pasted", "pasted", |made| instance.keys.iter().any(|k| k.alias == made));
                instance.default_key.get_or_insert_with(|| record.id.clone());
                instance.keys.push(KeyRecord { alias, ..record });
                Ok(())
            })
            .await;
        if let Err(error) = noted {
            // An entry that no record names would lie there for ever.
            let _ = self.keychain(move |keychain| keychain.delete(&entry)).await;
            return Err(error);
        }
        Ok(id)
    }

    /// The record of a key pasted a second time.
    async fn stored_key_with_text(&self, instance: &Instance, key: &Secret) -> Result<Option<ApiKeyId>> {
        let hint = KeyHint::of(key, "sst_");
        let candidates: Vec<_> =
            instance.keys.iter().filter(|r| r.stored && r.hint == hint).map(|r| r.id.clone()).collect();
        let (id, copy) = (instance.id.clone(), key.duplicate());
        self.keychain(move |keychain| {
            for candidate in candidates {
                let stored = keychain.get(&SecretId::ApiKey(id.clone(), candidate.clone()))?;
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
    async fn remember(&self, instance: &Instance, signed_in: SignedIn, session: Session) -> Result<()> {
        let id = instance.id.clone();
        self.sessions.put(&id, signed_in.user.id, session);
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            instance.last_username = Some(signed_in.user.username.clone());
            instance.signed_in = Some(signed_in);
            Ok(())
        })
        .await
    }

    /// A token of whoever was signed in before. If the keychain is locked it stays, unused: nothing reads it
    /// unless the record says so.
    pub(super) async fn drop_refresh_token(&self, instance: &Instance) {
        if instance.signed_in.as_ref().is_some_and(|signed_in| signed_in.stays) {
            let entry = SecretId::RefreshToken(instance.id.clone());
            if let Err(error) = self.keychain(move |keychain| keychain.delete(&entry)).await {
                tracing::warn!(%error, "an old refresh token could not be dropped");
            }
        }
    }
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
