//! What a check-up or a scan does with a key is noted, so that nobody takes it for somebody's use.

use crate::Core;
use crate::ids::ApiKeyId;
use crate::key_use::{KeyUse, LastUse, Purpose};
use crate::store::Instance;

/// A use under way. Noted when it begins, since the process may end in the middle, and again when it ends or the
/// check is stopped, since only then it is known how long it took.
pub(super) struct Noted<'a> {
    core: &'a Core,
    ours: KeyUse,
}

impl Noted<'_> {
    /// It ended, and this was sent.
    pub(super) fn sent(mut self, requests: &[&str]) {
        self.ours.requests = requests.iter().map(|request| (*request).to_owned()).collect();
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.ours.ended = self.core.now.now();
        self.core.store.note_key_use(&self.ours);
    }
}

impl Core {
    /// To be called before the first request is sent with the key.
    pub(super) async fn begin_own_use(
        &self,
        instance: &Instance,
        key: &ApiKeyId,
        signed_in: bool,
        what: Purpose,
    ) -> Noted<'_> {
        let before = if signed_in { self.last_use(instance, key).await } else { None };
        let (began, requests) = (self.now.now(), Vec::new());
        let (instance, key) = (instance.id.clone(), key.clone());
        let ours = KeyUse { instance, key, what, began, ended: began, before, requests };
        self.store.note_key_use(&ours);
        Noted { core: self, ours }
    }

    /// The last use so far, unless asking would be one.
    async fn last_use(&self, instance: &Instance, key: &ApiKeyId) -> Option<LastUse> {
        if self.session(instance).await.ok()?.key_id() == Some(key) {
            return None;
        }
        let asked =
            self.with_session(
                instance,
                |by| async move { self.superset.get_key(&by.site, by.auth(), key).await },
            );
        asked.await.ok()?.as_ref().map(LastUse::of)
    }
}
