//! Set how an instance is reached. What is not named stays as it is.

use super::show_network::{NetworkView, text};
use crate::deed::{Deed, DeedKind};
use crate::error::{
    CertificateFileProblem as FileProblem, Error, ProxySettingProblem as ProxyProblem, Result,
};
use crate::ids::{InstanceId, SecretId};
use crate::instance::{InstanceUrl, is_loopback};
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::settings::Setting;
use crate::store::{IdentityRecord, NetworkRecord, ProxyRecord, Rest};
use crate::transport::{EitherFile, authorities, from_pem, from_pkcs12};
use crate::{Core, blocking};
use serde::Deserialize;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use url::Url;
use zeroize::Zeroizing;

/// No certificate comes with more, and no company has more authorities.
const LARGEST_FILE: u64 = 1024 * 1024;

/// What is to change of the way to an instance.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NetworkChange {
    #[serde(default)]
    pub trusted: Option<TrustedChange>,
    #[serde(default)]
    pub certificate: Option<CertificateChange>,
    #[serde(default)]
    pub proxy: Option<ProxyChange>,
    #[serde(default)]
    pub connect_timeout: Option<TimeoutChange>,
    #[serde(default)]
    pub call_timeout: Option<TimeoutChange>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TrustedChange {
    /// PEM, or one certificate in DER.
    File(PathBuf),
    Nobody,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum CertificateChange {
    Pem {
        certificate: PathBuf,
        /// Where it does not stand in the certificate's file.
        key: Option<PathBuf>,
    },
    Pkcs12 {
        file: PathBuf,
        #[serde(default)]
        #[cfg_attr(feature = "specta", specta(type = Option<String>))]
        passphrase: Option<Secret>,
    },
    None,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ProxyChange {
    System,
    None,
    Given {
        /// `http://name@host:port`; `https`, `socks5` and `socks5h` as well.
        url: String,
        /// The one that is kept for the same address and name where left out.
        #[serde(default)]
        #[cfg_attr(feature = "specta", specta(type = Option<String>))]
        password: Option<Secret>,
    },
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TimeoutChange {
    Seconds(u32),
    /// As the settings say.
    General,
}

impl NetworkChange {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(
            self,
            Self { trusted: None, certificate: None, proxy: None, connect_timeout: None, call_timeout: None }
        )
    }
}

/// A change that can be made: files are read, and secrets have names.
#[derive(Default)]
pub(super) struct Wanted {
    trusted: Option<Vec<String>>,
    identity: Option<NewIdentity>,
    proxy: Option<ProxyRecord>,
    connect_timeout: Option<TimeoutChange>,
    call_timeout: Option<TimeoutChange>,
    pub(super) secrets: Vec<(SecretId, Secret)>,
}

#[derive(Clone)]
enum NewIdentity {
    None,
    This(Box<IdentityRecord>),
}

impl Wanted {
    /// As it would be kept where nothing is set yet.
    pub(super) fn record(&self) -> NetworkRecord {
        let mut record = NetworkRecord::default();
        let Self { trusted, identity, proxy, connect_timeout, call_timeout, .. } = self;
        let (trusted, identity, proxy) = (trusted.clone(), identity.clone(), proxy.clone());
        let (connect_timeout, call_timeout) = (*connect_timeout, *call_timeout);
        let secrets = Vec::new();
        Self { trusted, identity, proxy, connect_timeout, call_timeout, secrets }.apply(&mut record);
        record
    }

    /// What is named, and nothing else.
    pub(super) fn apply(self, record: &mut NetworkRecord) {
        record.trusted = self.trusted.unwrap_or(std::mem::take(&mut record.trusted));
        match self.identity {
            None => {}
            Some(NewIdentity::None) => record.identity = None,
            Some(NewIdentity::This(identity)) => record.identity = Some(*identity),
        }
        record.proxy = self.proxy.unwrap_or(std::mem::take(&mut record.proxy));
        for (change, kept) in [
            (self.connect_timeout, &mut record.connect_timeout),
            (self.call_timeout, &mut record.call_timeout),
        ] {
            match change {
                None => {}
                Some(TimeoutChange::General) => *kept = None,
                Some(TimeoutChange::Seconds(seconds)) => *kept = Some(seconds),
            }
        }
    }
}

impl Core {
    /// Changes what is named of the way to an instance. Files are read once and are not needed afterwards.
    ///
    /// # Errors
    /// Nothing is changed by [`Error::CertificateFileUnusable`], [`Error::ProxySettingUnusable`],
    /// [`Error::SettingOutOfBounds`], a secret store that takes nothing, or [`Error::StateBusy`] where somebody else changes
    /// the same at the same time.
    pub async fn set_network(&self, id: &InstanceId, change: NetworkChange) -> Result<NetworkView> {
        let instance = self.instance(id)?;
        let before = instance.network.as_deref().cloned().unwrap_or_default();
        let wanted = self.wanted_network(id, &instance.url, instance.allow_http, &before, change).await?;
        self.keep_network(id, wanted).await?;
        self.note(id, Deed::new(DeedKind::NetworkChanged)).await;
        self.show_network(id).await
    }

    /// Reads what a change names. Nothing is changed.
    pub(super) async fn wanted_network(
        &self,
        id: &InstanceId,
        url: &InstanceUrl,
        allow_http: bool,
        before: &NetworkRecord,
        change: NetworkChange,
    ) -> Result<Wanted> {
        let mut wanted = Wanted::default();
        if let Some(change) = change.trusted {
            wanted.trusted = Some(match change {
                TrustedChange::Nobody => Vec::new(),
                TrustedChange::File(path) => {
                    let found = blocking("certificate file", move || {
                        authorities(&read(&path)?).map_err(|problem| unusable(&path, problem))
                    });
                    found.await?.iter().map(|der| text(der)).collect()
                }
            });
        }
        if let Some(change) = change.certificate {
            wanted.identity = Some(match blocking("certificate file", move || found(change)).await? {
                None => NewIdentity::None,
                Some(found) => {
                    let key = SecretId::client_key(id, self.random.next());
                    wanted.secrets.push((key.clone(), found.key));
                    let chain = found.chain.iter().map(|der| text(der)).collect();
                    let since = self.now.now();
                    NewIdentity::This(Box::new(IdentityRecord { chain, key, since, rest: Rest::new() }))
                }
            });
        }
        if let Some(change) = change.proxy {
            wanted.proxy = Some(match change {
                ProxyChange::System => ProxyRecord::System,
                ProxyChange::None => ProxyRecord::None,
                ProxyChange::Given { url: typed, password } => {
                    let proxy = proxy_url(&typed)?;
                    if !url.is_https() && !allow_http && !is_loopback(&proxy) {
                        return Err(Error::ProxySettingUnusable { problem: ProxyProblem::InTheOpen });
                    }
                    let password = match password {
                        Some(_) if proxy.username().is_empty() => {
                            return Err(Error::ProxySettingUnusable { problem: ProxyProblem::NoName });
                        }
                        Some(password) => {
                            let name = SecretId::proxy_password(id, self.random.next());
                            wanted.secrets.push((name.clone(), password));
                            Some(name)
                        }
                        None => match &before.proxy {
                            ProxyRecord::Given { url, password } if *url == proxy => password.clone(),
                            _ => None,
                        },
                    };
                    ProxyRecord::Given { url: proxy, password }
                }
            });
        }
        for (change, setting) in
            [(change.connect_timeout, Setting::ConnectTimeout), (change.call_timeout, Setting::CallTimeout)]
        {
            if let Some(TimeoutChange::Seconds(seconds)) = change
                && !setting.bounds().contains(&seconds)
            {
                let (least, most) = setting.bounds().into_inner();
                return Err(Error::SettingOutOfBounds { name: setting.name(), least, most });
            }
        }
        (wanted.connect_timeout, wanted.call_timeout) = (change.connect_timeout, change.call_timeout);
        if !wanted.secrets.is_empty() {
            self.safe(|safe| safe.place(Keep::Keychain)).await?;
        }
        Ok(wanted)
    }

    /// Puts the secrets into their store, and then writes the record that speaks of them: whenever this ends in between,
    /// what is known of them is enough to delete them.
    pub(super) async fn keep_network(&self, id: &InstanceId, mut wanted: Wanted) -> Result<()> {
        let secrets = std::mem::take(&mut wanted.secrets);
        let names: Vec<_> = secrets.iter().map(|(name, _)| name.clone()).collect();
        if !names.is_empty() {
            let (changed, coming) = (id.clone(), names.clone());
            self.change(move |state| {
                let network = state.instance_mut(&changed)?.network.get_or_insert_default();
                // Of somebody who did not get to the end.
                let lost = std::mem::replace(&mut network.coming, coming);
                state.leave_behind(lost);
                Ok(())
            })
            .await?;
        }
        for (name, secret) in &secrets {
            if let Err(error) = self.put_secret(name, secret).await {
                self.give_up_network(id, names).await;
                return Err(error);
            }
            failpoint!("network-secret-stored");
        }
        let (changed, coming) = (id.clone(), names.clone());
        let kept = self.change(move |state| {
            let instance = state.instance_mut(&changed)?;
            let mut network = instance.network.take().unwrap_or_default();
            if !coming.iter().all(|name| network.coming.contains(name)) {
                return Err(Error::StateBusy);
            }
            let before = network.secrets();
            network.coming.retain(|name| !coming.contains(name));
            wanted.apply(&mut network);
            let still = network.secrets();
            instance.network = Some(network).filter(|network| !network.is_empty());
            state.leave_behind(before.into_iter().filter(|name| !still.contains(name)).collect());
            Ok(())
        });
        if let Err(error) = kept.await {
            self.give_up_network(id, names).await;
            return Err(error);
        }
        self.delete_left_behind().await;
        Ok(())
    }

    /// What was stored for a record that did not come about.
    async fn give_up_network(&self, id: &InstanceId, names: Vec<SecretId>) {
        let id = id.clone();
        let noted = self.change(move |state| {
            if let Ok(instance) = state.instance_mut(&id)
                && let Some(network) = &mut instance.network
            {
                network.coming.retain(|name| !names.contains(name));
                if network.is_empty() {
                    instance.network = None;
                }
            }
            state.leave_behind(names);
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a secret of a change that was given up may be left in its store");
        }
        self.delete_left_behind().await;
    }
}

/// What a person typed for a proxy: `host:port` is one that speaks http.
fn proxy_url(typed: &str) -> Result<Url> {
    let refused = |problem| Error::ProxySettingUnusable { problem };
    let typed = typed.trim();
    let url = if typed.contains("://") { Url::parse(typed) } else { Url::parse(&format!("http://{typed}")) };
    let url = url.map_err(|_| refused(ProxyProblem::NotAnAddress))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(refused(ProxyProblem::Scheme));
    }
    if url.password().is_some() {
        return Err(refused(ProxyProblem::HoldsPassword));
    }
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if !is_bare || url.host_str().is_none_or(str::is_empty) {
        return Err(refused(ProxyProblem::NotAnAddress));
    }
    Ok(url)
}

fn unusable(path: &Path, problem: FileProblem) -> Error {
    Error::CertificateFileUnusable { path: path.to_owned(), problem }
}

fn found(change: CertificateChange) -> Result<Option<crate::transport::FoundIdentity>> {
    match change {
        CertificateChange::None => Ok(None),
        CertificateChange::Pem { certificate, key } => {
            let bytes = read(&certificate)?;
            let key_bytes = key.as_deref().map(read).transpose()?;
            let found = from_pem(&bytes, key_bytes.as_ref().map(|bytes| bytes.as_slice()));
            found.map(Some).map_err(|either| match either {
                EitherFile::Key(problem) => unusable(key.as_deref().unwrap_or(&certificate), problem),
                EitherFile::Certificate(problem) => unusable(&certificate, problem),
            })
        }
        CertificateChange::Pkcs12 { file, passphrase } => {
            let bytes = read(&file)?;
            // EXPOSE: the file is opened with it, here and once.
            let passphrase = passphrase.as_ref().map(Secret::expose).unwrap_or_default();
            from_pkcs12(&bytes, passphrase).map(Some).map_err(|problem| unusable(&file, problem))
        }
    }
}

/// A key may stand in it. It may be a pipe, as shells make them: `--client-key <(pass show key)`.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let failed = |error: &io::Error| {
        unusable(
            path,
            match error.kind() {
                io::ErrorKind::NotFound => FileProblem::Missing,
                io::ErrorKind::PermissionDenied => FileProblem::Denied,
                _ => FileProblem::Unreadable,
            },
        )
    };
    let file = std::fs::File::open(path).map_err(|error| failed(&error))?;
    let size = file.metadata().map_or(0, |found| found.len()).min(LARGEST_FILE);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1));
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(unusable(path, FileProblem::TooLarge));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(typed: &str) -> String {
        proxy_url(typed).map_or_else(
            |error| error.params().remove("problem").unwrap_or_default(),
            |url| url.as_str().to_owned(),
        )
    }

    #[test]
    fn what_people_type_for_a_proxy() {
        for (typed, expected) in [
            ("proxy.example.com:3128", "http://proxy.example.com:3128/"),
            (" http://jane@proxy:3128/ ", "http://jane@proxy:3128/"),
            ("socks5h://[::1]:1080", "socks5h://[::1]:1080"),
            ("https://proxy", "https://proxy/"),
            ("http://acme%5Cjane@proxy:1", "http://acme%5Cjane@proxy:1/"),
            ("http://jane:secret@proxy:3128", "holds_password"),
            ("jane:secret@proxy:3128", "holds_password"),
            ("ftp://proxy", "scheme"),
            ("socks4://proxy", "scheme"),
            ("http://proxy/path", "not_an_address"),
            ("http://", "not_an_address"),
            ("", "not_an_address"),
            ("socks5://", "not_an_address"),
        ] {
            assert_eq!(taken(typed), expected, "{typed}");
        }
    }
}
