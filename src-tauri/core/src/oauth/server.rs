//! An authorization server that was found.

use super::issuer::Issuer;
use super::metadata::Metadata;
use crate::credential::OAuthGrant;
use crate::error::{AuthorizationProblem, Error, IssuerProblem, Result};
use crate::http::{Answer, Auth, Call, Http};
use crate::secret::Secret;
use crate::transport::{Site, Transport};
use oauth2::http::Response;
use oauth2::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU16, Ordering};
use url::Url;

/// Tokens of companies with hundreds of groups have tens of kilobytes.
pub(super) const ANSWER_LIMIT: usize = 256 * 1024;

/// Where one is, what it can do, and the way there.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationServer {
    pub(super) issuer: Issuer,
    pub(super) metadata: Metadata,
    http: Http,
    transport: Transport,
}

impl AuthorizationServer {
    /// Asks it what it is.
    ///
    /// # Errors
    /// [`Error::IssuerUnusable`], and those of the way there.
    pub(crate) async fn find(http: Http, transport: Transport, issuer: Issuer) -> Result<Self> {
        let mut problem = IssuerProblem::NoMetadata;
        for place in issuer.well_known() {
            let call = Call::get(Site::new(place, transport.clone())).limit(ANSWER_LIMIT);
            let answer = http.send(&call).await?;
            match answer.status {
                200 => {}
                500.. => return Err(Error::ServerFault { status: answer.status }),
                _ => continue,
            }
            match Metadata::read(&answer.body, &issuer) {
                Ok(metadata) => return Ok(Self { issuer, metadata, http, transport }),
                // What one of the places says clearly is not covered up by the next one's silence.
                Err(IssuerProblem::NoMetadata) => {}
                Err(clear) => problem = clear,
            }
        }
        Err(Error::IssuerUnusable { host: issuer.host(), problem })
    }

    pub(crate) fn host(&self) -> String {
        self.issuer.host()
    }

    /// Whether it has what a grant takes.
    pub(crate) fn can(&self, grant: OAuthGrant) -> Result<()> {
        match grant {
            OAuthGrant::Code if !self.metadata.pkce => {
                Err(Error::IssuerUnusable { host: self.host(), problem: IssuerProblem::NoPkce })
            }
            OAuthGrant::Code => self.endpoint(self.metadata.authorization.as_ref()).map(drop),
            OAuthGrant::Device => self.endpoint(self.metadata.device.as_ref()).map(drop),
            OAuthGrant::ClientCredentials => Ok(()),
        }
    }

    /// Whether it makes clients by itself.
    pub(crate) fn registers(&self) -> bool {
        self.metadata.registration.is_some()
    }

    pub(super) fn endpoint(&self, endpoint: Option<&Url>) -> Result<Url> {
        let missing = || Error::IssuerUnusable { host: self.host(), problem: IssuerProblem::EndpointMissing };
        endpoint.cloned().ok_or_else(missing)
    }

    pub(super) async fn send(&self, call: Call<'_>) -> Result<Answer> {
        self.http.send(&call.limit(ANSWER_LIMIT)).await
    }

    pub(super) fn site(&self, url: Url) -> Site {
        Site::new(url, self.transport.clone())
    }

    async fn carry(&self, request: HttpRequest, status: &AtomicU16) -> Result<HttpResponse> {
        let odd = || Error::Internal { what: "OAuth request" };
        let url = Url::parse(&request.uri().to_string()).map_err(|_| odd())?;
        let basic = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let basic = basic.and_then(|text| text.strip_prefix("Basic ")).map(Secret::new);
        let auth = basic.as_ref().map_or(Auth::Nobody, Auth::Basic);
        let answer = self.send(Call::form(self.site(url), request.into_body()).auth(auth)).await?;
        status.store(answer.status, Ordering::Relaxed);
        if answer.status >= 500 {
            return Err(Error::ServerFault { status: answer.status });
        }
        let mut response = Response::new(answer.body.to_vec());
        *response.status_mut() = answer.status.try_into().map_err(|_| odd())?;
        if answer.is_json() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(response)
    }

    /// What a refusal in JSON says, by its code alone.
    pub(super) fn refusal(&self, answer: &Answer, what: &'static str) -> Error {
        #[derive(Deserialize)]
        struct Said {
            error: String,
        }
        match serde_json::from_slice::<Said>(&answer.body) {
            _ if answer.status >= 500 => Error::ServerFault { status: answer.status },
            Ok(Said { error }) => self.refused(&error),
            Err(_) => Error::UnexpectedAnswer { what, status: answer.status },
        }
    }

    pub(super) fn refused(&self, code: &str) -> Error {
        Error::AuthorizationRefused { host: self.host(), problem: AuthorizationProblem::named(code) }
    }
}

/// Carries what `oauth2` wants carried, and notes the last status, which that library keeps to itself.
pub(super) struct Carrier<'a> {
    server: &'a AuthorizationServer,
    status: AtomicU16,
}

impl<'a> Carrier<'a> {
    pub(super) fn of(server: &'a AuthorizationServer) -> Self {
        Self { server, status: AtomicU16::new(0) }
    }

    pub(super) fn status(&self) -> u16 {
        self.status.load(Ordering::Relaxed)
    }
}

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = Error;
    // With a name, so that what waits for it can move between threads.
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.server.carry(request, &self.status))
    }
}
