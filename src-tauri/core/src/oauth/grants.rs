//! The ways to tokens: by a code, as the client itself, from another device, and by a refresh token.
//!
//! Requests and answers are `oauth2`'s; what carries them is [`super::server`].

use super::callback::{Callback, Came};
use super::life::{Life, subject};
use super::server::{AuthorizationServer, Carrier};
use crate::clock::Now;
use crate::credential::OAuthGrant;
use crate::error::{Error, Result};
use crate::random::Random;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use oauth2::basic::{BasicClient, BasicTokenResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DeviceAuthorizationUrl,
    EndpointNotSet, EndpointSet, ErrorResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, Scope, StandardDeviceAuthorizationResponse, TokenResponse, TokenUrl,
};
use std::borrow::Cow;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

const OFFLINE: &str = "offline_access";
/// A provider that names no pause, or none at all, is not asked more often.
const LEAST_PAUSE: Duration = Duration::from_secs(1);

type Asking = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// As whom tokens are asked for, and for what.
pub(crate) struct Client<'a> {
    pub(crate) id: &'a str,
    pub(crate) secret: Option<&'a Secret>,
    pub(crate) scopes: &'a [String],
    pub(crate) resource: &'a str,
    pub(crate) audience: Option<&'a str>,
}

/// What was given.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) life: Life,
    pub(crate) refresh: Option<Secret>,
}

impl Tokens {
    pub(crate) fn subject(&self) -> Option<String> {
        subject(&self.access)
    }
}

/// What a person does on another device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DevicePrompt {
    pub(crate) url: String,
    /// With the code in it.
    pub(crate) complete: Option<String>,
    pub(crate) code: String,
}

impl Client<'_> {
    /// What stands in every request beside what the grant itself takes.
    fn extras(&self) -> impl Iterator<Item = (&'static str, String)> {
        let audience = self.audience.map(|audience| ("audience", audience.to_owned()));
        [("resource", self.resource.to_owned())].into_iter().chain(audience)
    }

    /// A person's grant is to outlive its first token, where the server says how.
    fn scopes(&self, stays: bool) -> Vec<Scope> {
        let mut scopes = self.scopes.to_vec();
        if stays && !scopes.iter().any(|scope| scope == OFFLINE) {
            scopes.push(OFFLINE.to_owned());
        }
        scopes.into_iter().map(Scope::new).collect()
    }
}

impl AuthorizationServer {
    /// Has a person sign in with a browser on this computer, and waits for that.
    pub(crate) async fn by_code(
        &self,
        client: &Client<'_>,
        callback: Callback<'_>,
        random: &dyn Random,
        now: &dyn Now,
        show: impl FnOnce(&Url),
    ) -> Result<Tokens> {
        self.can(OAuthGrant::Code)?;
        let (state, verifier) = (drawn(random), PkceCodeVerifier::new(drawn(random)));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let redirect = RedirectUrl::new(callback.address()).map_err(|_| odd())?;
        let url = self.endpoint(self.metadata.authorization.as_ref())?;
        let asking = self.asking(client)?.set_auth_uri(AuthUrl::from_url(url));
        let stays = self.metadata.offline;
        let drawn_state = CsrfToken::new(state.clone());
        let mut request = asking
            .authorize_url(|| drawn_state)
            .add_scopes(client.scopes(stays))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect));
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        if stays && self.metadata.consent {
            request = request.add_extra_param("prompt", "consent");
        }
        show(&request.url().0);
        let came = callback.wait(&state).await?;
        let code = self.code_of(came)?;
        // EXPOSE: the code goes back to who gave it.
        let code = AuthorizationCode::new(code.expose().to_owned());
        let mut request =
            asking.exchange_code(code).set_pkce_verifier(verifier).set_redirect_uri(Cow::Borrowed(&redirect));
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        let carrier = Carrier::of(self);
        self.tokens(request.request_async(&carrier).await, &carrier, now)
    }

    /// Whoever mixes servers up sends a code of another one here (RFC 9207).
    fn code_of(&self, came: Came) -> Result<Secret> {
        let is_ours = match &came.issuer {
            Some(told) => self.issuer.is_called(told),
            None => !self.metadata.names_itself,
        };
        if !is_ours {
            return Err(Error::AnswerOfAnother { host: self.host() });
        }
        match (came.error, came.code) {
            (Some(error), _) => Err(self.refused(&error)),
            (None, Some(code)) => Ok(code),
            (None, None) => Err(Error::UnexpectedAnswer { what: "OAuth callback", status: 0 }),
        }
    }

    /// As the client itself.
    pub(crate) async fn by_client_credentials(&self, client: &Client<'_>, now: &dyn Now) -> Result<Tokens> {
        let asking = self.asking(client)?;
        let mut request = asking.exchange_client_credentials().add_scopes(client.scopes(false));
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        let carrier = Carrier::of(self);
        self.tokens(request.request_async(&carrier).await, &carrier, now)
    }

    /// Has a person sign in anywhere, and asks until that is done (RFC 8628).
    pub(crate) async fn by_device(
        &self,
        client: &Client<'_>,
        patience: Duration,
        now: &dyn Now,
        show: impl FnOnce(DevicePrompt),
    ) -> Result<Tokens> {
        let url = self.endpoint(self.metadata.device.as_ref())?;
        let asking = self.asking(client)?.set_device_authorization_url(DeviceAuthorizationUrl::from_url(url));
        let mut request = asking.exchange_device_code().add_scopes(client.scopes(self.metadata.offline));
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        let carrier = Carrier::of(self);
        let begun: std::result::Result<StandardDeviceAuthorizationResponse, _> =
            request.request_async(&carrier).await;
        let begun = begun.map_err(|error| self.reason(error, &carrier, "OAuth device"))?;
        let complete = begun.verification_uri_complete().map(|url| url.secret().clone());
        show(DevicePrompt {
            url: begun.verification_uri().to_string(),
            complete,
            code: begun.user_code().secret().clone(),
        });
        let mut request = asking.exchange_device_access_token(&begun);
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        let pause = |wanted: Duration| tokio::time::sleep(wanted.max(LEAST_PAUSE));
        let late = || Error::SignInTooLate { host: self.host() };
        // The library asks on for as long as it gets no answer, so that the end is ours.
        let asked = tokio::time::timeout(patience, request.request_async(&carrier, pause, None));
        let given = asked.await.map_err(|_| late())?;
        match given {
            Err(RequestTokenError::ServerResponse(said)) if said.error().as_ref() == "expired_token" => {
                Err(late())
            }
            Err(error) => Err(self.reason(error, &carrier, "OAuth token")),
            Ok(given) => taken(&given, now),
        }
    }

    /// Trades a refresh token in. Where no other comes back, the one that was sent goes on.
    pub(crate) async fn refresh(
        &self,
        client: &Client<'_>,
        refresh: &Secret,
        now: &dyn Now,
    ) -> Result<Tokens> {
        let asking = self.asking(client)?;
        // EXPOSE: it goes back to who gave it.
        let sent = RefreshToken::new(refresh.expose().to_owned());
        let mut request = asking.exchange_refresh_token(&sent);
        for (name, value) in client.extras() {
            request = request.add_extra_param(name, value);
        }
        let carrier = Carrier::of(self);
        self.tokens(request.request_async(&carrier).await, &carrier, now)
    }

    fn asking(&self, client: &Client<'_>) -> Result<Asking> {
        let token = TokenUrl::new(self.metadata.token.to_string()).map_err(|_| odd())?;
        let how = if self.metadata.basic { AuthType::BasicAuth } else { AuthType::RequestBody };
        let asking = BasicClient::new(ClientId::new(client.id.to_owned())).set_token_uri(token);
        Ok(match client.secret {
            // EXPOSE: it says who asks.
            Some(secret) => asking.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => asking,
        }
        .set_auth_type(how))
    }

    fn tokens<T: ErrorResponse + Said>(
        &self,
        given: std::result::Result<BasicTokenResponse, RequestTokenError<Error, T>>,
        carrier: &Carrier<'_>,
        now: &dyn Now,
    ) -> Result<Tokens> {
        let given = given.map_err(|error| self.reason(error, carrier, "OAuth token"))?;
        taken(&given, now)
    }

    /// The library's reason without what the server wrote beside its code.
    fn reason<T: ErrorResponse + Said>(
        &self,
        error: RequestTokenError<Error, T>,
        carrier: &Carrier<'_>,
        what: &'static str,
    ) -> Error {
        match error {
            RequestTokenError::Request(error) => error,
            RequestTokenError::ServerResponse(said) => self.refused(&said.code()),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Error::UnexpectedAnswer { what, status: carrier.status() }
            }
        }
    }
}

fn taken(given: &BasicTokenResponse, now: &dyn Now) -> Result<Tokens> {
    // EXPOSE: out of the library's types, which are not wiped, into ours.
    let access = Secret::new(given.access_token().secret().as_str());
    if !matches!(given.token_type(), BasicTokenType::Bearer) || access.is_empty() {
        return Err(Error::UnexpectedAnswer { what: "OAuth token", status: 200 });
    }
    let expires_in = given.expires_in().and_then(|life| SignedDuration::try_from(life).ok());
    Ok(Tokens {
        life: Life::of(&access, expires_in, now.now()),
        // EXPOSE: as above.
        refresh: given.refresh_token().map(|token| Secret::new(token.secret().as_str())),
        access,
    })
}

/// The code of a refusal.
trait Said {
    fn code(&self) -> String;
}

impl<T: oauth2::ErrorResponseType + AsRef<str>> Said for oauth2::StandardErrorResponse<T> {
    fn code(&self) -> String {
        self.error().as_ref().to_owned()
    }
}

/// 43 letters, as many as RFC 7636 wants of a verifier at least.
fn drawn(random: &dyn Random) -> String {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    for piece in bytes.chunks_mut(16) {
        piece.copy_from_slice(&random.next().to_le_bytes());
    }
    URL_SAFE_NO_PAD.encode(*bytes)
}

fn odd() -> Error {
    Error::Internal { what: "OAuth address" }
}
