//! Questions that a keychain program asks the person: its prompts, run to an end.
//!
//! `KeePassXC` locks each entry until the person allows this program to read it ("Access Request", its default), and
//! asks again before deleting one. GNOME Keyring locks collections as a whole and is not asked here.

use secret_service::Error as ServiceError;
use std::sync::mpsc;
use std::time::Duration;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";

/// Why nothing came of a question.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nobody has answered; the question was taken back.
    Unanswered,
    /// The person said no.
    Refused,
    Service(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Service(error.into())
    }
}

/// Asks to be let at these entries, where their collection is open. Of a locked one nobody is asked: unlocking is a
/// question of its own.
pub(super) fn open(bus: &Connection, items: &[OwnedObjectPath], patience: Duration) -> Result<(), Failure> {
    for item in items {
        let collection = item.rsplit_once('/').map_or("/", |(collection, _)| collection);
        if proxy(bus, collection.try_into().map_err(zbus::Error::from)?, COLLECTION)?
            .get_property("Locked")?
        {
            return Err(ServiceError::Locked.into());
        }
    }
    let service = proxy(bus, "/org/freedesktop/secrets".try_into().map_err(zbus::Error::from)?, SERVICE)?;
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = service.call("Unlock", &(items,))?;
    run(bus, prompt, patience)
}

/// Deletes an entry, which the person may be asked about.
pub(super) fn delete(bus: &Connection, item: &OwnedObjectPath, patience: Duration) -> Result<(), Failure> {
    let prompt: OwnedObjectPath = proxy(bus, item.clone(), ITEM)?.call("Delete", &())?;
    run(bus, prompt, patience)
}

/// Shows a prompt and waits for its end. `/` is none.
fn run(bus: &Connection, prompt: OwnedObjectPath, patience: Duration) -> Result<(), Failure> {
    if prompt.as_str() == "/" {
        return Ok(());
    }
    let prompt = proxy(bus, prompt, PROMPT)?;
    // Before it is shown, or a quick answer would be missed.
    let mut ends = prompt.receive_signal("Completed")?;
    let (send, receive) = mpsc::sync_channel(1);
    // An iterator of signals has no time limit, so it is waited for on a thread that ends with the prompt.
    let waiting = std::thread::Builder::new().name("keychain-prompt".into()).spawn(move || {
        let _ = send.send(ends.next());
    });
    waiting.map_err(zbus::Error::from)?;
    // Of no window of ours: it has one of its own.
    prompt.call::<_, _, ()>("Prompt", &("",))?;
    match receive.recv_timeout(patience) {
        Ok(Some(end)) => {
            let (dismissed, _): (bool, OwnedValue) = end.body().deserialize()?;
            if dismissed { Err(Failure::Refused) } else { Ok(()) }
        }
        Ok(None) => Err(ServiceError::PromptDisconnected.into()),
        Err(_) => {
            let _ = prompt.call::<_, _, ()>("Dismiss", &());
            Err(Failure::Unanswered)
        }
    }
}

fn proxy(
    bus: &Connection,
    path: OwnedObjectPath,
    interface: &'static str,
) -> Result<Proxy<'static>, zbus::Error> {
    zbus::blocking::proxy::Builder::new(bus)
        .destination(SECRETS)?
        .path(path)?
        .interface(interface)?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
}
