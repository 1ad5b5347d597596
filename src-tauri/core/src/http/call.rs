//! One call, as it is asked for.

use super::auth::Auth;
use super::csrf::Csrf;
use crate::error::{Error, Result};
use crate::transport::Site;
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use zeroize::Zeroizing;

/// Room for any answer that holds a secret: a buffer that never grows leaves no copy behind.
pub(super) const FIRST_ROOM: usize = 16 * 1024;

/// Ten thousand keys as Superset 6.1.0 lists them take a fifth of this.
const LIMIT: usize = 16 * 1024 * 1024;
const JSON: &str = "application/json";

/// One call, as it is asked for.
pub(crate) struct Call<'a> {
    pub(super) method: Method,
    pub(super) site: Site,
    pub(super) accept: &'static str,
    pub(super) auth: Auth<'a>,
    pub(super) csrf: Option<&'a Csrf>,
    pub(super) body: Option<Bytes>,
    pub(super) content_type: &'static str,
    /// Beside all these.
    pub(super) headers: HeaderMap,
    /// The most bytes of an answer that are read.
    pub(super) limit: usize,
}

impl<'a> Call<'a> {
    pub(crate) fn new(method: Method, site: Site) -> Self {
        Self {
            method,
            site,
            accept: JSON,
            auth: Auth::Nobody,
            csrf: None,
            body: None,
            content_type: JSON,
            headers: HeaderMap::new(),
            limit: LIMIT,
        }
    }

    pub(crate) fn get(site: Site) -> Self {
        Self::new(Method::GET, site)
    }

    /// The JSON may hold a password, so its bytes are wiped when the last call is done with them.
    pub(crate) fn post(site: Site, json: &impl Serialize) -> Result<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
        serde_json::to_writer(&mut *bytes, json).map_err(|_| Error::Internal { what: "JSON" })?;
        Ok(Self { body: Some(Bytes::from_owner(bytes)), ..Self::new(Method::POST, site) })
    }

    /// With what a form holds, as it is sent. It may be a secret, so its bytes are wiped as those of [`Call::post`] are.
    pub(crate) fn form(site: Site, fields: Vec<u8>) -> Self {
        let body = Some(Bytes::from_owner(Zeroizing::new(fields)));
        Self { body, content_type: "application/x-www-form-urlencoded", ..Self::new(Method::POST, site) }
    }

    /// As [`Call::post`].
    pub(crate) fn put(site: Site, json: &impl Serialize) -> Result<Self> {
        Ok(Self { method: Method::PUT, ..Self::post(site, json)? })
    }

    pub(crate) fn auth(self, auth: Auth<'a>) -> Self {
        Self { auth, ..self }
    }

    /// For what Superset guards with a token.
    pub(crate) fn csrf(self, csrf: &'a Csrf) -> Self {
        Self { csrf: Some(csrf), ..self }
    }

    /// As a browser would send it. No secret.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Result<Self> {
        let value = HeaderValue::from_str(value).map_err(|_| Error::Internal { what: "header" })?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// No more of the answer than this is read.
    pub(crate) fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    pub(crate) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }
}
