//! How an instance is reached: what is set for it, and the way that comes of it.

use crate::clock::rfc3339;
use crate::error::{ClientCertificateProblem, Result, SeenCertificate};
use crate::ids::InstanceId;
use crate::settings::Setting;
use crate::store::{NetworkRecord, ProxyRecord};
use crate::transport::{GivenProxy, Identity, ProxyWay, Timeouts, Transport, certificate_shown, own_problem};
use crate::{Core, TimeoutsWanted};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What is set of the way to an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NetworkView {
    /// Beside those that this computer trusts.
    pub trusted: Vec<CertificateView>,
    pub certificate: Option<OwnCertificateView>,
    pub proxy: ProxyView,
    pub connect_timeout: TimeoutView,
    pub call_timeout: TimeoutView,
    /// What people call the place where a certificate's key and a proxy's password lie.
    pub store: String,
}

/// A certificate, by its own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CertificateView {
    pub subject: String,
    pub issuer: String,
    /// RFC 3339, UTC.
    pub starts: Option<String>,
    pub ends: Option<String>,
    pub has_ended: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OwnCertificateView {
    pub shown: CertificateView,
    /// What is seen to be wrong with it.
    pub problem: Option<ClientCertificateProblem>,
    /// Whole days that are left; none where it does not say when it ends.
    pub days: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProxyView {
    System,
    None,
    Given {
        /// Without the name.
        url: String,
        username: Option<String>,
        has_password: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TimeoutView {
    pub seconds: u32,
    /// For this instance; else it is what the settings say.
    pub is_set: bool,
}

impl CertificateView {
    fn of(der: &[u8], now: Timestamp) -> Option<Self> {
        let SeenCertificate { subject, issuer, starts, ends, .. } = certificate_shown(der)?;
        let has_ended = ends.is_some_and(|ends| ends < now);
        Some(Self { subject, issuer, starts: starts.map(rfc3339), ends: ends.map(rfc3339), has_ended })
    }
}

impl OwnCertificateView {
    pub(super) fn of(der: &[u8], now: Timestamp) -> Option<Self> {
        let ends = certificate_shown(der)?.ends;
        let days = ends.map(|ends| ends.duration_since(now).as_hours().div_euclid(24));
        Some(Self {
            shown: CertificateView::of(der, now)?,
            problem: own_problem(der, now),
            days: days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
        })
    }
}

impl Core {
    /// What is set of the way to an instance. No call is made, and no secret is read.
    pub async fn show_network(&self, id: &InstanceId) -> Result<NetworkView> {
        let network = self.instance(id)?.network.map(|network| *network).unwrap_or_default();
        let now = self.now.now();
        let timeout = |set: Option<u32>, setting| TimeoutView {
            seconds: set.unwrap_or_else(|| self.setting(setting)),
            is_set: set.is_some(),
        };
        let own = network.identity.as_ref().and_then(|identity| identity.chain.first());
        Ok(NetworkView {
            trusted: network.trusted.iter().filter_map(|one| CertificateView::of(&der(one)?, now)).collect(),
            certificate: own.and_then(|own| OwnCertificateView::of(&der(own)?, now)),
            proxy: proxy_view(&network.proxy),
            connect_timeout: timeout(network.connect_timeout, Setting::ConnectTimeout),
            call_timeout: timeout(network.call_timeout, Setting::CallTimeout),
            // Some of them ask the system for it.
            store: self.safe(|safe| Ok(safe.name())).await?,
        })
    }

    /// The way that a record speaks of; without one, what is on no list yet is reached like this.
    pub(crate) fn transport_by(&self, network: Option<&NetworkRecord>) -> Transport {
        let TimeoutsWanted { connect, call } = self.timeouts;
        // A state that cannot be read has nothing set.
        let general = self.store.read().map(|state| state.settings.timeouts()).unwrap_or_default();
        let of_instance = |set: Option<u32>| Some(Duration::from_secs(set?.into()));
        // What was asked for when this program started goes before everything.
        let timeouts = |network: &NetworkRecord| Timeouts {
            connect: connect.or(of_instance(network.connect_timeout)).unwrap_or(general.connect),
            call: call.or(of_instance(network.call_timeout)).unwrap_or(general.call),
        };
        let Some(network) = network else {
            return Transport { timeouts: timeouts(&NetworkRecord::default()), ..Transport::default() };
        };
        let identity = network.identity.as_ref().map(|identity| {
            Arc::new(Identity { chain: certificates(&identity.chain), key: identity.key.clone() })
        });
        Transport {
            timeouts: timeouts(network),
            proxy: match &network.proxy {
                ProxyRecord::System => ProxyWay::System,
                ProxyRecord::None => ProxyWay::Straight,
                ProxyRecord::Given { url, password } => {
                    ProxyWay::Through(Arc::new(GivenProxy { url: url.clone(), password: password.clone() }))
                }
            },
            trusted: Arc::new(certificates(&network.trusted)),
            identity,
        }
    }
}

pub(super) fn der(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

pub(super) fn text(der: &[u8]) -> String {
    STANDARD.encode(der)
}

/// What somebody wrote into the file by hand, and is none, is passed by.
fn certificates(texts: &[String]) -> Vec<CertificateDer<'static>> {
    texts.iter().filter_map(|text| Some(CertificateDer::from(der(text)?))).collect()
}

fn proxy_view(proxy: &ProxyRecord) -> ProxyView {
    match proxy {
        ProxyRecord::System => ProxyView::System,
        ProxyRecord::None => ProxyView::None,
        ProxyRecord::Given { url, password } => {
            let name = percent_encoding::percent_decode_str(url.username()).decode_utf8_lossy().into_owned();
            ProxyView::Given {
                url: without_name(url),
                username: Some(name).filter(|name| !name.is_empty()),
                has_password: password.is_some(),
            }
        }
    }
}

/// As people write it: without a slash at its end.
pub(super) fn without_name(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.as_str().trim_end_matches('/').to_owned()
}
