//! Is an MCP server open to whoever comes, and whom does it take us for? Asked of the server itself: a slip in its
//! settings opens it, and only a call without a token shows that.

use super::mcp_access::PassFor;
use crate::Core;
use crate::clock::rfc3339;
use crate::credential::McpAccess;
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::ids::InstanceId;
use crate::mcp::{Examiner, Pass, Reception, ToolRefusal};
use crate::secret::Secret;
use crate::transport::Site;
use serde::Serialize;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// How somebody was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "was", rename_all = "snake_case")]
pub enum Received {
    /// At the door.
    Refused {
        status: u16,
    },
    /// The door let them in, and the tool knew nobody to act as.
    NoUser,
    /// The tool said no.
    RefusedByTool,
    LetIn {
        user: String,
    },
    /// None of these.
    Odd {
        status: u16,
    },
}

impl From<Reception> for Received {
    fn from(reception: Reception) -> Self {
        match reception {
            Reception::Transport { status } => Self::Refused { status },
            Reception::Tool(ToolRefusal::NoUser) => Self::NoUser,
            Reception::Tool(ToolRefusal::Key | ToolRefusal::Other) => Self::RefusedByTool,
            Reception::LetIn(person) => Self::LetIn { user: person.username },
            Reception::Odd { status } => Self::Odd { status },
        }
    }
}

/// What the server did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct McpProofView {
    /// With what AI clients present, or would.
    pub ours: Received,
    /// Whom it is to be taken for; none where only the server knows.
    pub meant: Option<String>,
    /// With nothing.
    pub nobody: Received,
    /// With a token of that form that nobody signed.
    pub made_up: Received,
    /// RFC 3339 in UTC.
    pub at: String,
}

impl McpProofView {
    /// Somebody gets in who should not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        [&self.nobody, &self.made_up].iter().any(|received| matches!(received, Received::LetIn { .. }))
    }
}

impl Core {
    /// Shows the MCP server what AI clients of an instance present, or would by `access`, nothing, and a made-up token.
    /// Nothing is set. A key's last use moves.
    ///
    /// # Errors
    /// Those of the way there, and of what is presented. How the server received each is no error.
    pub async fn prove_mcp_access(&self, id: &InstanceId, access: Option<McpAccess>) -> Result<McpProofView> {
        let in_use = self.instance(id)?.mcp_access;
        let access = access.unwrap_or(in_use);
        let pass = self.mcp_pass_by(id, &access, None, PassFor::Bridge, None).await?;
        let meant = match access {
            McpAccess::ApiKey | McpAccess::OAuth => None,
            McpAccess::Signed { subject, .. } => Some(subject),
        };
        self.prove(&self.mcp_site(id)?, &pass, meant).await
    }

    pub(super) async fn prove(
        &self,
        site: &Site,
        pass: &Pass,
        meant: Option<String>,
    ) -> Result<McpProofView> {
        let examiner = Examiner::new(self.streams(), self.timeouts().call.min(PATIENCE));
        let made_up = self.made_up_token();
        Ok(McpProofView {
            ours: examiner.receive(site, pass.auth()).await?.into(),
            meant,
            nobody: examiner.receive(site, Auth::Nobody).await?.into(),
            made_up: examiner.receive(site, Auth::Token(&made_up)).await?.into(),
            at: rfc3339(self.now.now()),
        })
    }

    /// Of the form of a token, signed by nobody.
    fn made_up_token(&self) -> Secret {
        use crate::signing::{Signing, SigningSecret, TokenClaims};
        let life = jiff::SignedDuration::from_mins(1);
        let claims = TokenClaims::new(&Signing::default(), "nobody", None, self.now.now(), life);
        let made_up = SigningSecret::random(&*self.random).sign(&claims);
        made_up.unwrap_or_else(|_| Secret::new("a.b.c"))
    }

    pub(super) fn mcp_site(&self, id: &InstanceId) -> Result<Site> {
        let instance = self.instance(id)?;
        Ok(self.site(&instance).at(super::run_bridge::endpoint(&instance)?))
    }
}

/// Why AI clients should not be let in with it: the server does not take it, or for somebody else.
pub(super) fn refusal(proof: &McpProofView, host: &str, user: &str) -> Option<Error> {
    let host = host.to_owned();
    match &proof.ours {
        Received::LetIn { user: acts_as } if acts_as == user => None,
        Received::LetIn { user: acts_as } => {
            Some(Error::TokenOfAnother { host, user: user.to_owned(), acts_as: acts_as.clone() })
        }
        Received::NoUser | Received::RefusedByTool => {
            Some(Error::TokenNamesNobody { host, user: user.to_owned() })
        }
        Received::Refused { .. } => Some(Error::TokenNotTaken { host }),
        Received::Odd { status } => Some(Error::UnexpectedAnswer { what: "MCP tool", status: *status }),
    }
}
