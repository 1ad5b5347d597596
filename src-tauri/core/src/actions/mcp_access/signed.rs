//! A token of minutes, signed here with the secret that the server shares.

use super::PassFor;
use crate::Core;
use crate::credential::AccessKind;
use crate::error::{Error, Result};
use crate::ids::{InstanceId, SecretId};
use crate::mcp::Pass;
use crate::signing::{SigningSecret, TokenClaims};
use crate::store::SigningRecord;
use jiff::SignedDuration;

const OF_BRIDGE: SignedDuration = SignedDuration::from_mins(5);
/// For as long as a client's session may take.
const OF_HELPER: SignedDuration = SignedDuration::from_mins(30);
/// How long before its end another one is made.
const MARGIN: SignedDuration = SignedDuration::from_mins(1);

impl Core {
    pub(in crate::actions) async fn pass_by_signed(
        &self,
        id: &InstanceId,
        subject: &str,
        scope: Option<&str>,
        asks: PassFor,
    ) -> Result<Pass> {
        let (record, secret) = self.signing_secret(id).await?;
        let life = match asks {
            PassFor::Bridge => OF_BRIDGE,
            PassFor::Helper => OF_HELPER,
        };
        let now = self.now.now();
        let token = secret.sign(&TokenClaims::new(&record.signing, subject, scope, now, life))?;
        Ok(Pass::Token { token, kind: AccessKind::Signed, renew: now + (life - MARGIN), settles: None })
    }

    /// The secret that an instance's MCP server shares with this computer.
    pub(in crate::actions) async fn signing_secret(
        &self,
        id: &InstanceId,
    ) -> Result<(SigningRecord, SigningSecret)> {
        let instance = self.instance(id)?;
        let none = || Error::NoSigningSecret { instance: instance.short_name.clone() };
        let record = instance.signing.clone().ok_or_else(none)?;
        let entry = SecretId::signing_secret(id);
        let secret = self.safe(move |safe| safe.get(&entry)).await?.ok_or_else(none)?;
        Ok((record, SigningSecret::kept(secret)))
    }
}
