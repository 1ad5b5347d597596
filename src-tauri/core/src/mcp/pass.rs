//! What an MCP server is shown.

use crate::credential::AccessKind;
use crate::http::Auth;
use crate::secret::Secret;
use jiff::Timestamp;

/// What lets an AI client in, as this computer has it at the moment.
#[derive(Debug)]
pub enum Pass {
    Key(Secret),
    /// A token that is good for a while.
    Token {
        token: Secret,
        /// Who made it.
        kind: AccessKind,
        /// From then on another one is asked for.
        renew: Timestamp,
        /// Until then that it is refused may pass by itself: a server may not have seen yet what it is signed with.
        settles: Option<Timestamp>,
    },
}

impl Pass {
    pub(crate) fn auth(&self) -> Auth<'_> {
        match self {
            Self::Key(key) => Auth::Key(key),
            Self::Token { token, .. } => Auth::Token(token),
        }
    }

    /// As it stands behind `Bearer`.
    #[must_use]
    pub fn bearer(&self) -> &Secret {
        match self {
            Self::Key(key) => key,
            Self::Token { token, .. } => token,
        }
    }

    #[must_use]
    pub fn kind(&self) -> AccessKind {
        match self {
            Self::Key(_) => AccessKind::ApiKey,
            Self::Token { kind, .. } => *kind,
        }
    }

    /// Whether that it is refused at `now` may pass by itself.
    #[must_use]
    pub fn may_settle(&self, now: Timestamp) -> bool {
        matches!(self, Self::Token { settles: Some(until), .. } if *until > now)
    }

    /// When another one is to be asked for; none where it stays the same.
    #[must_use]
    pub fn renew(&self) -> Option<Timestamp> {
        match self {
            Self::Key(_) => None,
            Self::Token { renew, .. } => Some(*renew),
        }
    }
}
