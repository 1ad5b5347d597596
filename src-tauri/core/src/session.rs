//! Who is signed in, and with what. Access tokens live in memory only.

use crate::api_key::ApiKeyId;
use crate::error::{Error, Result};
use crate::instance::{Instance, InstanceId, SignInWay, SignedIn};
use crate::secret::Secret;
use crate::secrets::SecretId;
use crate::superset::{AccessToken, Bearer};
use crate::{Core, clock::Now};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What stands behind the calls to one instance.
pub(crate) enum Session {
    /// From signing in. The refresh token is there for as long as this process lives, or longer where the
    /// person stays signed in.
    Tokens { access: AccessToken, refresh: Option<Secret> },
    /// A pasted API key is all there is.
    Key { id: ApiKeyId, key: Secret },
}

impl Session {
    pub(crate) fn bearer(&self) -> Bearer<'_> {
        match self {
            Self::Tokens { access, .. } => Bearer::Access(access),
            Self::Key { key, .. } => Bearer::Key(key),
        }
    }

    pub(crate) fn can_renew(&self) -> bool {
        matches!(self, Self::Tokens { refresh: Some(_), .. })
    }

    pub(crate) fn key_id(&self) -> Option<&ApiKeyId> {
        match self {
            Self::Key { id, .. } => Some(id),
            Self::Tokens { .. } => None,
        }
    }

    fn is_due(&self, now: &dyn Now) -> bool {
        matches!(self, Self::Tokens { access, .. } if access.needs_refresh(now.now()))
    }

    fn is_of_way(&self, signed_in: &SignedIn) -> bool {
        match self {
            Self::Tokens { .. } => signed_in.way != SignInWay::ApiKey,
            Self::Key { id, .. } => signed_in.way == SignInWay::ApiKey && signed_in.key.as_ref() == Some(id),
        }
    }
}

/// The sessions of this process, and one gate per instance so that a token is refreshed once, not by each
/// call that finds it stale.
#[derive(Default)]
pub(crate) struct Sessions {
    /// By person too: a refresh that was under way must not put one person's session in another's place.
    live: Mutex<HashMap<(InstanceId, i32), Arc<Session>>>,
    gates: Mutex<HashMap<InstanceId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Sessions {
    /// The session of whoever is signed in according to `instance`: another process may have signed out, or
    /// signed in somebody else, since ours began.
    pub(crate) fn get(&self, instance: &Instance) -> Option<Arc<Session>> {
        let signed_in = instance.signed_in.as_ref()?;
        let place = (instance.id.clone(), signed_in.user.id);
        let session = self.live().get(&place).cloned();
        session.filter(|session| session.is_of_way(signed_in))
    }

    pub(crate) fn put(&self, id: &InstanceId, user_id: i32, session: Session) -> Arc<Session> {
        let session = Arc::new(session);
        self.live().insert((id.clone(), user_id), Arc::clone(&session));
        session
    }

    pub(crate) fn end(&self, id: &InstanceId) {
        self.live().retain(|(instance, _), _| instance != id);
    }

    fn live(&self) -> MutexGuard<'_, HashMap<(InstanceId, i32), Arc<Session>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate(&self, id: &InstanceId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.gates.lock().unwrap_or_else(PoisonError::into_inner).entry(id.clone()).or_default())
    }
}

/// Makes a call with the instance's session; when the server says the session is over, refreshes it and
/// makes the call once more.
macro_rules! with_session {
    ($core:expr, $instance:expr, $bearer:ident => $call:expr) => {{
        let session = $core.session($instance).await?;
        let first = {
            let $bearer = &session.bearer();
            $call.await
        };
        match first {
            Err($crate::Error::SessionOver) if session.can_renew() => {
                let session = $core.renewed_session($instance, &session).await?;
                let $bearer = &session.bearer();
                $call.await
            }
            first => first,
        }
    }};
}

impl Core {
    /// The live session of an instance, refreshed if it is due, picked up from the secret store if the
    /// person stays signed in.
    pub(crate) async fn session(&self, instance: &Instance) -> Result<Arc<Session>> {
        if let Some(session) = self.sessions.get(instance) {
            if session.is_due(&*self.now) && session.can_renew() {
                return self.renewed_session(instance, &session).await;
            }
            return Ok(session);
        }
        let gate = self.sessions.gate(&instance.id);
        let _one_at_a_time = gate.lock().await;
        if let Some(session) = self.sessions.get(instance) {
            return Ok(session);
        }
        match &instance.signed_in {
            None => Err(Error::SignedOut),
            Some(SignedIn { user, way: SignInWay::ApiKey, key: Some(id), .. }) => {
                let entry = SecretId::ApiKey(instance.id.clone(), id.clone());
                let key = match self.held_secret(&entry)? {
                    Some(key) => Some(key),
                    None => self.keychain(move |keychain| keychain.get(&entry)).await?,
                };
                let key = key.ok_or(Error::SessionOver)?;
                Ok(self.sessions.put(&instance.id, user.id, Session::Key { id: id.clone(), key }))
            }
            Some(SignedIn { stays: true, .. }) => {
                let entry = SecretId::RefreshToken(instance.id.clone());
                let refresh = self.keychain(move |keychain| keychain.get(&entry)).await?;
                self.refreshed(instance, refresh.ok_or(Error::SessionOver)?).await
            }
            Some(_) => Err(Error::SessionOver),
        }
    }

    /// A session newer than `stale`, by its refresh token.
    pub(crate) async fn renewed_session(
        &self,
        instance: &Instance,
        stale: &Arc<Session>,
    ) -> Result<Arc<Session>> {
        let gate = self.sessions.gate(&instance.id);
        let _one_at_a_time = gate.lock().await;
        if let Some(session) = self.sessions.get(instance)
            && !Arc::ptr_eq(&session, stale)
        {
            return Ok(session);
        }
        match &**stale {
            Session::Tokens { refresh: Some(refresh), .. } => {
                self.refreshed(instance, refresh.duplicate()).await
            }
            _ => Err(Error::SessionOver),
        }
    }

    async fn refreshed(&self, instance: &Instance, refresh: Secret) -> Result<Arc<Session>> {
        let user_id = instance.signed_in.as_ref().ok_or(Error::SignedOut)?.user.id;
        match self.superset()?.refresh(&instance.url, &refresh).await {
            // A sign-in that ended halfway leaves one person's token in the keychain under another's name.
            Ok(access) if access.user_id().is_some_and(|of| of != user_id) => Err(Error::SessionOver),
            Ok(access) => {
                let session = Session::Tokens { access, refresh: Some(refresh) };
                Ok(self.sessions.put(&instance.id, user_id, session))
            }
            Err(Error::SessionOver) => {
                self.sessions.live().remove(&(instance.id.clone(), user_id));
                Err(Error::SessionOver)
            }
            Err(other) => Err(other),
        }
    }
}
