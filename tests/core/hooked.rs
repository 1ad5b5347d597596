//! A store of secrets beneath which something happens.

use crate::{Result, Secret, SecretId, SecretKind, SecretStore, StoreState};

/// What it was asked for, before it does that.
pub enum Asked<'a> {
    Get,
    Set(&'a SecretId),
    Delete,
}

impl Asked<'_> {
    /// It is to take a key.
    pub fn is_key_to_keep(&self) -> bool {
        matches!(self, Self::Set(id) if matches!(id.kind, SecretKind::ApiKey(_)))
    }
}

type Hook<S> = dyn Fn(Asked<'_>, &S) -> bool + Send + Sync;

/// Does what `inner` does, unless its hook says that it only says so.
pub struct Hooked<S> {
    pub inner: S,
    hook: Box<Hook<S>>,
}

impl<S> Hooked<S> {
    pub fn new(inner: S, hook: impl Fn(Asked<'_>, &S) -> bool + Send + Sync + 'static) -> Self {
        Self { inner, hook: Box::new(hook) }
    }

    /// With something that happens when a key comes.
    pub fn when_a_key_comes(inner: S, happens: impl Fn(&S) + Send + Sync + 'static) -> Self {
        Self::new(inner, move |asked, inner| {
            if asked.is_key_to_keep() {
                happens(inner);
            }
            true
        })
    }
}

impl<S: SecretStore> SecretStore for Hooked<S> {
    fn name(&self) -> String {
        self.inner.name()
    }
    fn state(&self) -> StoreState {
        self.inner.state()
    }
    fn unlock(&self) -> Result<()> {
        self.inner.unlock()
    }
    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        if (self.hook)(Asked::Get, &self.inner) { self.inner.get(id) } else { Ok(None) }
    }
    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        self.inner.held(ids)
    }
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        if (self.hook)(Asked::Set(id), &self.inner) { self.inner.set(id, secret) } else { Ok(()) }
    }
    fn delete(&self, id: &SecretId) -> Result<()> {
        if (self.hook)(Asked::Delete, &self.inner) { self.inner.delete(id) } else { Ok(()) }
    }
}
