//! How an instance is reached.
//!
//! - `site`: an address, and the way to it
//! - `connections`: the HTTP clients, one for each way; nowhere else is one made
//! - `resolver`: from names to addresses
//! - `proxy`: what stands on the way, and what is wrong with it
//! - `trust`, `certificate`: which servers are believed, and what a certificate says
//! - `own`, `files`: what is shown to servers that ask who we are, and the files that it comes in

mod certificate;
mod connections;
mod files;
mod own;
mod proxy;
mod resolver;
mod site;
mod trust;

pub use connections::{Connections, Keyring};
pub use resolver::Names;
pub use site::{GivenProxy, Identity, ProxyWay, Site, Timeouts, Transport};

pub(crate) use certificate::{end as certificate_end, own_problem, shown as certificate_shown};
pub(crate) use connections::{Use, Way};
pub(crate) use files::{Either as EitherFile, Found as FoundIdentity, authorities, from_pem, from_pkcs12};
pub(crate) use proxy::Said;
pub(crate) use resolver::UnknownName;
pub(crate) use trust::Untrusted;
