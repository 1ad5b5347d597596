//! Signed in through a browser's window. The server alone ends such a session: it lives here for as long as the process
//! does, and nowhere else.

use crate::http::{Auth, SessionCookie};

pub(crate) struct BrowserSession(pub(crate) SessionCookie);

impl BrowserSession {
    pub(super) fn auth(&self) -> Auth<'_> {
        Auth::Cookie(&self.0)
    }
}
