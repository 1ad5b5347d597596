//! The Secret Service on the session's D-Bus: GNOME Keyring, `KWallet` and others.
//!
//! The entries are those of the `keyring` crates (attributes `service` and `username`), but their store is not
//! used: it shows the system's prompt whenever it meets a locked entry, waits for ever for a service that hangs,
//! and keeps the connection to itself, so nobody could ask whether the collection is locked. This asks the same
//! `secret-service` crate over one connection with a time limit.
//!
//! Secrets cross the bus encrypted (the session is negotiated by Diffie-Hellman, 4 of the 6 ms a first read
//! takes). Any program of the same user could read the keychain anyway; what it buys is that no plaintext lies
//! in the bus daemon's memory or in our own message buffers, neither of which anybody wipes.

#[path = "asking.rs"]
mod asking;

use super::{Place, failed};
use crate::error::{Error, KeychainProblem, Result};
use asking::Failure;
use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error as ServiceError};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use zbus::DBusError as _;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;
use zeroize::Zeroizing;

/// How long one question to the bus or the keychain program may take. A person answering a prompt may take
/// longer: the prompt's end is a signal, not an answer.
const LIMIT: Duration = Duration::from_secs(10);

/// How long a person may take to answer what their keychain program asks about one entry.
const PERSON: Duration = Duration::from_secs(120);

const SECRETS: &str = "org.freedesktop.secrets";

pub(super) struct Store {
    session: Mutex<Option<Arc<Session>>>,
    patience: Duration,
}

impl Default for Store {
    fn default() -> Self {
        Self { session: Mutex::default(), patience: PERSON }
    }
}

/// The way to the keychain program, kept for the next call.
struct Session {
    bus: Connection,
    service: SecretService<'static>,
}

impl Store {
    /// By the program that answers for the Secret Service. The bus itself knows, so neither a locked nor a
    /// hanging keychain delays this.
    pub(super) fn name(&self) -> String {
        let program = self.bus().ok().and_then(|bus| program(&bus));
        match program.as_deref() {
            Some(program) if program.starts_with("gnome-keyring") => "GNOME Keyring",
            Some(program) if program.starts_with("keepassxc") => "KeePassXC",
            Some(program) if program.starts_with("kwalletd") || program.starts_with("ksecretd") => "KWallet",
            _ => "Secret Service",
        }
        .to_owned()
    }

    /// With so much patience for a person who is asked about an entry.
    pub(super) fn wait_for_a_person(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Looks at the default collection, never prompts.
    pub(super) fn check(&self) -> Result<()> {
        self.with(|session| Ok(usable(&session.service).map(drop)?))
    }

    pub(super) fn unlock(&self) -> Result<()> {
        self.with(|session| {
            let collection = session.service.get_default_collection()?;
            if collection.is_locked()? {
                collection.unlock()?;
            }
            if collection.is_locked()? { Err(ServiceError::Prompt.into()) } else { Ok(()) }
        })
    }

    /// With the connection goes the key that secrets cross the bus under. The next call makes another.
    pub(super) fn let_go(&self) {
        self.keep(None);
    }

    pub(super) fn get(&self, place: &Place) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.with(|session| {
            for item in &self.opened(session, place)? {
                match item.get_secret() {
                    Err(error) if is_gone(&error) => {}
                    answer => return Ok(answer.map(|bytes| Some(Zeroizing::new(bytes)))?),
                }
            }
            Ok(None)
        })
    }

    /// Whether there is an entry. None is opened, so nobody is asked for one.
    pub(super) fn has(&self, place: &Place) -> Result<bool> {
        self.with(|session| {
            let found = session.service.search_items(attributes(place))?;
            if found.unlocked.is_empty() && found.locked.is_empty() {
                return Ok(usable(&session.service).map(|_| false)?);
            }
            Ok(true)
        })
    }

    pub(super) fn set(&self, place: &Place, secret: &[u8]) -> Result<()> {
        self.with(|session| {
            let found = self.opened(session, place)?;
            if found.is_empty() {
                let replace = true;
                usable(&session.service)?
                    .create_item(place.label, attributes(place), secret, replace, CONTENT_TYPE)
                    .map(drop)?;
            }
            // More than one only if somebody copied entries: then all of them say the same again.
            Ok(found.iter().try_for_each(|item| item.set_secret(secret, CONTENT_TYPE))?)
        })
    }

    pub(super) fn delete(&self, place: &Place) -> Result<()> {
        self.with(|session| {
            let found = match self.opened(session, place) {
                // Where nothing can be kept, nothing is left to delete.
                Err(Failure::Service(ServiceError::NoResult)) => return Ok(()),
                found => found?,
            };
            for item in &found {
                match asking::delete(&session.bus, &item.item_path, self.patience) {
                    Err(Failure::Service(error)) if is_gone(&error) => {}
                    deleted => deleted?,
                }
            }
            Ok(())
        })
    }

    /// The entries of a name, after the person was asked for those that their keychain program shows nobody unasked.
    /// None where there is none for sure: a locked collection need not say what it holds.
    fn opened<'a>(&self, session: &'a Session, place: &Place) -> std::result::Result<Vec<Item<'a>>, Failure> {
        let found = session.service.search_items(attributes(place))?;
        if !found.unlocked.is_empty() {
            return Ok(found.unlocked);
        }
        if found.locked.is_empty() {
            usable(&session.service)?;
            return Ok(Vec::new());
        }
        let paths: Vec<_> = found.locked.iter().map(|item| item.item_path.clone()).collect();
        asking::open(&session.bus, &paths, self.patience)?;
        let opened: Vec<_> =
            found.locked.into_iter().filter(|item| item.is_locked().is_ok_and(|locked| !locked)).collect();
        if opened.is_empty() { Err(Failure::Refused) } else { Ok(opened) }
    }

    /// Does `act`, over the connection of an earlier call if it still stands.
    fn with<T>(&self, act: impl Fn(&Session) -> std::result::Result<T, Failure>) -> Result<T> {
        if let Some(session) = self.kept() {
            match act(&session) {
                Err(Failure::Service(error)) if is_lost(&error) => self.keep(None),
                answer => return answer.map_err(why),
            }
        }
        let session = Arc::new(Session::open()?);
        self.keep(Some(Arc::clone(&session)));
        act(&session).map_err(why)
    }

    fn bus(&self) -> Result<Connection> {
        self.kept().map_or_else(connect, |session| Ok(session.bus.clone()))
    }

    fn kept(&self) -> Option<Arc<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, session: Option<Arc<Session>>) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }
}

impl Session {
    fn open() -> Result<Self> {
        let bus = connect()?;
        let service =
            SecretService::connect_with_existing(EncryptionType::Dh, bus.clone()).map_err(reason)?;
        Ok(Self { bus, service })
    }
}

/// What the `keyring` crates write as well.
const CONTENT_TYPE: &str = "application/octet-stream";

fn attributes<'a>(place: &Place<'a>) -> HashMap<&'a str, &'a str> {
    HashMap::from([("service", place.service), ("username", place.account)])
}

/// The default collection, if something can be kept in it now.
fn usable<'a>(service: &'a SecretService<'a>) -> std::result::Result<Collection<'a>, ServiceError> {
    let collection = service.get_default_collection()?;
    collection.ensure_unlocked()?;
    Ok(collection)
}

/// Connecting has no time limit of its own, so it happens on a thread that may be left behind.
fn connect() -> Result<Connection> {
    let (send, receive) = mpsc::sync_channel(1);
    let connecting = std::thread::Builder::new().name("session-bus".into()).spawn(move || {
        let bus = Builder::session().and_then(|builder| builder.method_timeout(LIMIT).build());
        // Nobody receives any more once the limit has passed.
        let _ = send.send(bus);
    });
    connecting.map_err(|error| failed(KeychainProblem::Other, error))?;
    match receive.recv_timeout(LIMIT) {
        Ok(bus) => bus.map_err(|error| reason(ServiceError::Zbus(error))),
        Err(error) => Err(failed(KeychainProblem::Other, error)),
    }
}

/// The program behind the Secret Service, as the kernel calls it.
fn program(bus: &Connection) -> Option<String> {
    let daemon = DBusProxy::new(bus).ok()?;
    let owner = || daemon.get_connection_unix_process_id(BusName::try_from(SECRETS).ok()?).ok();
    let process = owner().or_else(|| {
        // Not asked for since the person signed in.
        daemon.start_service_by_name(SECRETS.try_into().ok()?, 0).ok()?;
        owner()
    })?;
    std::fs::read_to_string(format!("/proc/{process}/comm")).ok()
}

fn why(failure: Failure) -> Error {
    match failure {
        Failure::Unanswered => Error::keychain(KeychainProblem::Waiting, None),
        Failure::Refused => Error::keychain(KeychainProblem::Refused, None),
        Failure::Service(error) => reason(error),
    }
}

fn reason(error: ServiceError) -> Error {
    failed(problem(&error), error)
}

fn problem(error: &ServiceError) -> KeychainProblem {
    match error {
        ServiceError::Locked => KeychainProblem::Locked,
        ServiceError::NoResult => KeychainProblem::NoCollection,
        ServiceError::Prompt => KeychainProblem::Dismissed,
        ServiceError::Unavailable => KeychainProblem::NoBus,
        _ => match cause(error) {
            Cause::NoWay | Cause::Lost => KeychainProblem::NoBus,
            Cause::Named(name) => match name.as_str() {
                "org.freedesktop.Secret.Error.IsLocked" => KeychainProblem::Locked,
                "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
                    KeychainProblem::Absent
                }
                "org.freedesktop.DBus.Error.Disconnected" => KeychainProblem::NoBus,
                name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => KeychainProblem::Absent,
                _ => KeychainProblem::Other,
            },
            // It may have a window open for the person.
            Cause::Silent => KeychainProblem::Waiting,
            Cause::Other => KeychainProblem::Other,
        },
    }
}

/// The connection or the session in it is no longer good; a new one may be.
fn is_lost(error: &ServiceError) -> bool {
    match cause(error) {
        Cause::NoWay | Cause::Lost => true,
        Cause::Named(name) => matches!(
            name.as_str(),
            "org.freedesktop.Secret.Error.NoSession"
                | "org.freedesktop.DBus.Error.Disconnected"
                | "org.freedesktop.DBus.Error.NoReply"
        ),
        Cause::Silent | Cause::Other => false,
    }
}

/// The entry was deleted between being found and being used. GNOME Keyring calls that an unknown method.
fn is_gone(error: &ServiceError) -> bool {
    matches!(cause(error), Cause::Named(name) if matches!(
        name.as_str(),
        "org.freedesktop.Secret.Error.NoSuchObject"
            | "org.freedesktop.DBus.Error.UnknownObject"
            | "org.freedesktop.DBus.Error.UnknownMethod"
    ))
}

/// What the bus said, where it is the bus that failed.
enum Cause {
    /// There is no bus to connect to.
    NoWay,
    /// The connection broke.
    Lost,
    /// No answer within `LIMIT`: a new connection would wait as long again.
    Silent,
    /// An error of this D-Bus name.
    Named(String),
    Other,
}

fn cause(error: &ServiceError) -> Cause {
    match error {
        ServiceError::Zbus(error) => bus_cause(error),
        ServiceError::ZbusFdo(error) => fdo_cause(error),
        _ => Cause::Other,
    }
}

fn bus_cause(error: &zbus::Error) -> Cause {
    match error {
        zbus::Error::Connection(..) | zbus::Error::Address(_) | zbus::Error::Handshake(_) => Cause::NoWay,
        zbus::Error::InputOutput(error) if error.kind() == ErrorKind::TimedOut => Cause::Silent,
        zbus::Error::InputOutput(_) => Cause::Lost,
        zbus::Error::MethodError(name, ..) => Cause::Named(name.to_string()),
        zbus::Error::FDO(error) => fdo_cause(error),
        _ => Cause::Other,
    }
}

fn fdo_cause(error: &zbus::fdo::Error) -> Cause {
    match error {
        zbus::fdo::Error::ZBus(error) => bus_cause(error),
        error => Cause::Named(error.name().to_string()),
    }
}
