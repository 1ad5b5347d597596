//! The end of a grant (RFC 7009). `oauth2` refuses addresses on this computer for it, so the form is posted here.

use super::grants::Client;
use super::server::AuthorizationServer;
use crate::error::Result;
use crate::http::{Auth, Call};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded::{Serializer, byte_serialize};
use zeroize::Zeroizing;

impl AuthorizationServer {
    /// Ends what a refresh token stands for. False where the server has no way to do that.
    pub(crate) async fn revoke(&self, client: &Client<'_>, refresh: &Secret) -> Result<bool> {
        let Some(url) = self.metadata.revocation.clone() else { return Ok(false) };
        let basic = client.secret.filter(|_| self.metadata.basic).map(|secret| named(client.id, secret));
        let form = form(client, refresh, basic.is_some());
        let auth = basic.as_ref().map_or(Auth::Nobody, Auth::Basic);
        let call = Call::form(self.site(url), form).auth(auth);
        let answer = self.send(call).await?;
        if answer.status == 200 { Ok(true) } else { Err(self.refusal(&answer, "OAuth revocation")) }
    }
}

fn form(client: &Client<'_>, refresh: &Secret, named: bool) -> Vec<u8> {
    let mut form = Serializer::new(String::new());
    // EXPOSE: it goes back to who gave it, to be ended.
    form.append_pair("token", refresh.expose()).append_pair("token_type_hint", "refresh_token");
    if !named {
        form.append_pair("client_id", client.id);
        if let Some(secret) = client.secret {
            // EXPOSE: it says who asks.
            form.append_pair("client_secret", secret.expose());
        }
    }
    form.finish().into_bytes()
}

/// As RFC 6749, 2.3.1 has it: both are encoded before they are joined.
fn named(id: &str, secret: &Secret) -> Secret {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    // EXPOSE: it says who asks.
    let joined = Zeroizing::new(format!("{}:{}", encoded(id), encoded(secret.expose())));
    Secret::new(STANDARD.encode(joined.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_secrets_with_odd_letters_stay_apart() {
        // EXPOSE: a test looks at it.
        let joined = STANDARD.decode(named("a:b", &Secret::new("c d%")).expose()).unwrap();
        assert_eq!(joined, b"a%3Ab:c+d%25");
    }
}
