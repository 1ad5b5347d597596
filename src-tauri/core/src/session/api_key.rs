//! Signed in with an API key that a person pasted: it is all there is.

use crate::http::Auth;
use crate::ids::ApiKeyId;
use crate::secret::Secret;

pub(crate) struct OwnKey {
    pub(crate) id: ApiKeyId,
    pub(crate) key: Secret,
}

impl OwnKey {
    pub(super) fn auth(&self) -> Auth<'_> {
        Auth::Key(&self.key)
    }
}
