//! Make a call as whoever is signed in.

use crate::Core;
use crate::credential::SignIn;
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::ids::SecretId;
use crate::secret::Secret;
use crate::session::{OwnKey, Session, Tokens};
use crate::store::{Instance, SignedIn};
use crate::transport::Site;
use std::sync::Arc;

/// Where a call goes, and who makes it.
pub(crate) struct Caller {
    pub(crate) site: Site,
    session: Arc<Session>,
    is_new: bool,
}

impl Caller {
    pub(crate) fn auth(&self) -> Auth<'_> {
        match self.session.auth() {
            Auth::Token(token) if self.is_new => Auth::NewToken(token),
            auth => auth,
        }
    }
}

impl Core {
    /// Makes a call with the instance's session; when the server says the session is over, renews it and makes the
    /// call once more.
    pub(crate) async fn with_session<T, Answer: Future<Output = Result<T>>>(
        &self,
        instance: &Instance,
        // Owned, not lent: the future of a closure that borrows its argument cannot be sent to another thread.
        call: impl Fn(Caller) -> Answer,
    ) -> Result<T> {
        let site = self.site(instance);
        let session = self.session(instance).await?;
        match call(Caller { site: site.clone(), session: Arc::clone(&session), is_new: false }).await {
            Err(Error::SessionOver) if session.can_renew() => {
                let session = self.renewed_session(instance, &session).await?;
                call(Caller { site, session, is_new: true }).await
            }
            // Everybody else is to hear of it, and not to try once more.
            Err(Error::SessionOver) => {
                self.sessions.drop_this(&instance.id, &session);
                Err(Error::SessionOver)
            }
            first => first,
        }
    }

    /// The session of whoever is signed in according to `instance`: another process may have signed out, or
    /// signed in somebody else, since ours began.
    pub(super) fn live_session(&self, instance: &Instance) -> Option<Arc<Session>> {
        let signed_in = instance.signed_in.as_ref()?;
        let session = self.sessions.get(&instance.id, signed_in.user_id());
        session.filter(|session| is_of_way(session, signed_in))
    }

    /// The live session of an instance, renewed if it is due, picked up from the secret store if the person stays
    /// signed in.
    pub(super) async fn session(&self, instance: &Instance) -> Result<Arc<Session>> {
        self.lock.check()?;
        if let Some(session) = self.live_session(instance) {
            if session.is_due(&*self.now) && session.can_renew() {
                return self.renewed_session(instance, &session).await;
            }
            return Ok(session);
        }
        let gate = self.sessions.gate(&instance.id);
        let _one_at_a_time = gate.lock().await;
        if let Some(session) = self.live_session(instance) {
            return Ok(session);
        }
        let signed_in = instance.signed_in.as_ref().ok_or(Error::SignedOut)?;
        match &signed_in.how {
            SignIn::ApiKey { key: id } => {
                let entry = instance.key_secret(id);
                let key = self.safe(move |safe| safe.get(&entry)).await?.ok_or(Error::SessionOver)?;
                let session = Session::OwnKey(OwnKey { id: id.clone(), key });
                Ok(self.sessions.put(&instance.id, signed_in.user_id(), session))
            }
            SignIn::Password { stays: true, .. } => {
                let entry = SecretId::refresh_token(&instance.id);
                let refresh = self.safe(move |safe| safe.get(&entry)).await?;
                self.picked_up(instance, refresh.ok_or(Error::SessionOver)?).await
            }
            SignIn::Password { stays: false, .. } | SignIn::Browser { .. } => Err(Error::SessionOver),
        }
    }

    /// A session newer than `stale`.
    async fn renewed_session(&self, instance: &Instance, stale: &Arc<Session>) -> Result<Arc<Session>> {
        let gate = self.sessions.gate(&instance.id);
        let _one_at_a_time = gate.lock().await;
        if let Some(session) = self.live_session(instance)
            && !Arc::ptr_eq(&session, stale)
        {
            return Ok(session);
        }
        let renewed = stale.renew(&self.superset, &self.site(instance)).await;
        self.taken_up(instance, renewed)
    }

    async fn picked_up(&self, instance: &Instance, refresh: Secret) -> Result<Arc<Session>> {
        let tokens = Tokens::of(&self.superset, &self.site(instance), refresh).await;
        self.taken_up(instance, tokens.map(Session::Tokens))
    }

    fn taken_up(&self, instance: &Instance, session: Result<Session>) -> Result<Arc<Session>> {
        let user_id = instance.user_id().ok_or(Error::SignedOut)?;
        match session {
            // A sign-in that ended halfway leaves one person's token in the keychain under another's name.
            Ok(Session::Tokens(tokens)) if !tokens.may_be_of(user_id) => Err(Error::SessionOver),
            Ok(session) => Ok(self.sessions.put(&instance.id, user_id, session)),
            Err(Error::SessionOver) => {
                self.sessions.drop_one(&instance.id, user_id);
                Err(Error::SessionOver)
            }
            Err(other) => Err(other),
        }
    }
}

fn is_of_way(session: &Session, signed_in: &SignedIn) -> bool {
    match (session, &signed_in.how) {
        (Session::Tokens(_), SignIn::Password { .. }) | (Session::Browser(_), SignIn::Browser { .. }) => true,
        (Session::OwnKey(own), SignIn::ApiKey { key }) => own.id == *key,
        _ => false,
    }
}
