//! A token of an authorization server. All programs here share one, and one of them at a time asks for the next: of two
//! refreshes of one refresh token at once, providers take one for a thief's and end the whole grant.

use crate::clock::Now;
use crate::credential::{AccessKind, OAuthGrant};
use crate::error::{AuthorizationProblem, Error, Result};
use crate::http::Http;
use crate::ids::{InstanceId, SecretId};
use crate::mcp::Pass;
use crate::oauth::{AuthorizationServer, Client, Issuer, Life, Shared, Tokens};
use crate::secret::Secret;
use crate::secrets::{Keep, Safe};
use crate::store::{OAuthRecord, State, Store};
use crate::transport::Transport;
use crate::{Core, blocking};
use jiff::{SignedDuration, Timestamp};
use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// For as long a new token may be refused because the server has not seen yet what signed it.
const NEW: SignedDuration = SignedDuration::from_secs(60);
/// How soon another one is asked for where none was to be had and the old one still works.
const AGAIN: SignedDuration = SignedDuration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// Whoever holds the lock makes a few calls.
const CALLS: u32 = 5;

impl Core {
    pub(in crate::actions) async fn pass_by_oauth(
        &self,
        id: &InstanceId,
        refused: Option<&Pass>,
    ) -> Result<Pass> {
        let getting = self.getting_tokens(id);
        let refused = refused.map(|pass| pass.bearer().duplicate());
        let record = getting.record()?;
        if let Some(shared) = getting.shared(&record).await?
            && getting.is_good(&shared, refused.as_ref())
        {
            return Ok(pass(shared));
        }
        let getting_one = Arc::clone(&self.getting);
        // It goes on when nobody waits for it any more: what the server has given counts, and is given once.
        let got = tokio::spawn(async move {
            let _getting_one = getting_one.read().await;
            getting.next(refused.as_ref()).await
        });
        got.await.map_err(|_| Error::Internal { what: "OAuth token" })?
    }

    /// Waits until no token is asked for, for so long.
    pub(in crate::actions) async fn oauth_at_rest(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.getting.write()).await;
    }

    /// Whom the first token of the sign-in named.
    pub(in crate::actions) fn oauth_subject(&self, id: &InstanceId) -> Result<String> {
        let record = self.getting_tokens(id).record()?;
        Ok(record.signed_in.and_then(|signed_in| signed_in.subject).unwrap_or(record.client_id))
    }

    pub(in crate::actions) fn getting_tokens(&self, id: &InstanceId) -> Getting {
        // The server of tokens is reached like the instance.
        let instance = self.instance(id).ok();
        let network = instance.as_ref().and_then(|instance| instance.network.as_deref());
        Getting {
            store: self.store.clone(),
            safe: Arc::clone(&self.safe),
            http: Http::new(Arc::clone(&self.connections)),
            transport: self.transport_by(network),
            now: Arc::clone(&self.now),
            id: id.clone(),
        }
    }
}

/// What it takes to get tokens for one instance.
pub(in crate::actions) struct Getting {
    store: Store,
    safe: Arc<Safe>,
    pub(in crate::actions) http: Http,
    pub(in crate::actions) transport: Transport,
    now: Arc<dyn Now>,
    id: InstanceId,
}

impl Getting {
    /// # Errors
    /// [`Error::NoOauthClient`]
    pub(in crate::actions) fn record(&self) -> Result<OAuthRecord> {
        let state = self.store.read()?;
        let instance = state.instance(&self.id)?;
        let none = || Error::NoOauthClient { instance: instance.short_name.clone() };
        instance.oauth.as_deref().cloned().ok_or_else(none)
    }

    /// Waits for the lock that no two programs have at once.
    pub(in crate::actions) async fn lock(&self) -> Result<File> {
        let since = Instant::now();
        let patience = self.transport.timeouts.call * CALLS;
        loop {
            let (store, id) = (self.store.clone(), self.id.clone());
            if let Some(lock) = blocking("OAuth lock", move || store.try_lock_oauth(&id)).await? {
                return Ok(lock);
            }
            if since.elapsed() > patience {
                return Err(Error::StateBusy);
            }
            tokio::time::sleep(LOCK_PAUSE).await;
        }
    }

    pub(in crate::actions) async fn server(&self, record: &OAuthRecord) -> Result<AuthorizationServer> {
        let issuer = Issuer::parse(&record.issuer)?;
        AuthorizationServer::find(self.http.clone(), self.transport.clone(), issuer).await
    }

    pub(in crate::actions) async fn client_secret(&self, record: &OAuthRecord) -> Result<Option<Secret>> {
        if !record.has_secret {
            return Ok(None);
        }
        let none = || Error::SecretNotHere { name: record.client_id.clone() };
        self.get(SecretId::oauth_client_secret(&self.id)).await?.ok_or_else(none).map(Some)
    }

    pub(in crate::actions) async fn refresh_token(&self) -> Result<Option<Secret>> {
        self.get(SecretId::oauth_refresh(&self.id)).await
    }

    /// The tokens of the sign-in before.
    pub(in crate::actions) async fn let_go(&self) -> Result<()> {
        let id = self.id.clone();
        self.change(move |state| {
            if let Some(record) = &mut state.instance_mut(&id)?.oauth {
                record.signed_in = None;
            }
            Ok(())
        })
        .await?;
        let gone = [SecretId::oauth_access(&self.id), SecretId::oauth_refresh(&self.id)];
        // One that cannot be deleted is written over, or nobody's: the record names nobody.
        self.with_safe(move |safe| {
            for id in &gone {
                safe.release(id);
                let _ = safe.delete(id);
            }
            Ok(())
        })
        .await
    }

    /// Keeps what a new sign-in gave: without a place for its refresh token there is none.
    pub(in crate::actions) async fn keep_sign_in(
        &self,
        record: &OAuthRecord,
        tokens: &Tokens,
    ) -> Result<Shared> {
        if let Some(refresh) = &tokens.refresh {
            let (id, kept) = (SecretId::oauth_refresh(&self.id), refresh.duplicate());
            self.with_safe(move |safe| safe.put(&id, &kept).map(drop)).await?;
        }
        self.share(record, tokens).await
    }

    /// Keeps what a refresh gave, the refresh token first: it is the grant.
    async fn keep(&self, record: &OAuthRecord, tokens: &Tokens) -> Result<Shared> {
        if let Some(refresh) = &tokens.refresh {
            let (id, kept) = (SecretId::oauth_refresh(&self.id), refresh.duplicate());
            self.with_safe(move |safe| {
                // The one before has ended with this answer, so where the store fails, memory is better than nothing.
                safe.put(&id, &kept).map_or_else(
                    |_| safe.hold(&id, &kept),
                    |_| {
                        safe.release(&id);
                        Ok(())
                    },
                )
            })
            .await?;
        }
        self.share(record, tokens).await
    }

    async fn share(&self, record: &OAuthRecord, tokens: &Tokens) -> Result<Shared> {
        let shared = Shared { of: record.id.clone(), token: tokens.access.duplicate(), life: tokens.life };
        let (id, kept) = (SecretId::oauth_access(&self.id), shared.write());
        // Some stores take no more than 2,560 bytes. Every program has its own then, one after the other.
        let put = move |safe: &Safe| {
            // What is there else is an older one.
            safe.put(&id, &kept).inspect_err(|_| drop(safe.delete(&id)))
        };
        if let Err(error) = self.with_safe(put).await {
            tracing::info!(%error, "an access token is not shared");
        }
        // Removing an instance waits for nobody, and nothing else would delete what came too late.
        if let Err(gone @ (Error::NoSuchInstance { .. } | Error::NoOauthClient { .. })) = self.record() {
            let late = [SecretId::oauth_refresh(&self.id), SecretId::oauth_access(&self.id)];
            self.with_safe(move |safe| {
                late.iter().try_for_each(|id| {
                    safe.release(id);
                    safe.delete(id)
                })
            })
            .await?;
            return Err(gone);
        }
        Ok(shared)
    }

    /// The token that all programs here share. After a sign-out there is none, also where it could not be deleted yet.
    async fn shared(&self, record: &OAuthRecord) -> Result<Option<Shared>> {
        if record.signed_in.is_none() {
            return Err(self.nobody());
        }
        let kept = self.get(SecretId::oauth_access(&self.id)).await?;
        Ok(kept.as_ref().and_then(Shared::read).filter(|shared| shared.of == record.id))
    }

    fn is_good(&self, shared: &Shared, refused: Option<&Secret>) -> bool {
        !is_same(&shared.token, refused) && !shared.life.is_due(self.now.now())
    }

    /// Another token than the one that is due or was refused.
    async fn next(&self, refused: Option<&Secret>) -> Result<Pass> {
        let _lock = self.lock().await?;
        // Another program may have got one, or a person signed in or out, while this one waited.
        let record = self.record()?;
        let shared = self.shared(&record).await?;
        let shared = match shared {
            Some(shared) if self.is_good(&shared, refused) => return Ok(pass(shared)),
            shared => shared,
        };
        match self.ask(&record).await {
            Ok(shared) => Ok(pass(shared)),
            Err(error) => {
                let now = self.now.now();
                let works = |shared: &Shared| !is_same(&shared.token, refused) && !shared.life.has_ended(now);
                let shared = shared.filter(works).ok_or(error)?;
                let again = now.checked_add(AGAIN).unwrap_or(now);
                let renew = shared.life.end.map_or(again, |end| end.min(again));
                Ok(Pass::Token { token: shared.token, kind: AccessKind::OAuth, renew, settles: None })
            }
        }
    }

    /// The lock is held.
    async fn ask(&self, record: &OAuthRecord) -> Result<Shared> {
        let nobody = || self.nobody();
        let refresh = match record.grant {
            OAuthGrant::ClientCredentials => None,
            OAuthGrant::Code | OAuthGrant::Device => Some(self.refresh_token().await?.ok_or_else(nobody)?),
        };
        let (server, secret) = (self.server(record).await?, self.client_secret(record).await?);
        let client = client(record, secret.as_ref());
        let Some(refresh) = refresh else {
            let tokens = server.by_client_credentials(&client, &*self.now).await?;
            return self.keep(record, &tokens).await;
        };
        // Nothing is traded in that could not be kept.
        self.with_safe(|safe| safe.place(Keep::Keychain)).await?;
        match server.refresh(&client, &refresh, &*self.now).await {
            Ok(tokens) => {
                failpoint!("oauth-refreshed");
                self.keep(record, &tokens).await
            }
            Err(Error::AuthorizationRefused { problem: AuthorizationProblem::InvalidGrant, .. }) => {
                self.is_over().await?;
                Err(nobody())
            }
            Err(error) => Err(error),
        }
    }

    fn nobody(&self) -> Error {
        let instance = self.store.read().and_then(|state| state.instance(&self.id).cloned());
        match instance {
            Ok(instance) => Error::NoOauthSignIn { instance: instance.short_name },
            Err(error) => error,
        }
    }

    /// The grant has ended at the authorization server: what stood for it is of no use any more.
    async fn is_over(&self) -> Result<()> {
        let id = self.id.clone();
        let refresh = SecretId::oauth_refresh(&id);
        self.change(move |state| {
            if let Some(record) = &mut state.instance_mut(&id)?.oauth {
                record.signed_in = None;
            }
            Ok(())
        })
        .await?;
        self.with_safe(move |safe| {
            safe.release(&refresh);
            safe.delete(&refresh)
        })
        .await
    }

    async fn get(&self, id: SecretId) -> Result<Option<Secret>> {
        self.with_safe(move |safe| safe.get(&id)).await
    }

    async fn with_safe<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Safe) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let safe = Arc::clone(&self.safe);
        blocking("secret store", move || work(&safe)).await
    }

    async fn change(&self, change: impl FnOnce(&mut State) -> Result<()> + Send + 'static) -> Result<()> {
        let store = self.store.clone();
        blocking("state file", move || store.change(change)).await
    }
}

fn pass(shared: Shared) -> Pass {
    let Life { got, .. } = shared.life;
    let renew = shared.life.renew().unwrap_or(Timestamp::MAX);
    let settles = got.checked_add(NEW).ok();
    Pass::Token { token: shared.token, kind: AccessKind::OAuth, renew, settles }
}

/// As whom an instance's tokens are asked for.
pub(in crate::actions) fn client<'a>(record: &'a OAuthRecord, secret: Option<&'a Secret>) -> Client<'a> {
    Client {
        id: &record.client_id,
        secret,
        scopes: &record.scopes,
        resource: &record.resource,
        audience: record.audience.as_deref(),
    }
}

fn is_same(token: &Secret, other: Option<&Secret>) -> bool {
    // EXPOSE: to see whether it is the one that was refused.
    other.is_some_and(|other| token.expose() == other.expose())
}
