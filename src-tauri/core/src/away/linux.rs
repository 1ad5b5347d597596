//! logind on the system's bus, screen savers on the session's.

use crate::lock::LockReason;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::message::{Message, Type};
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{MatchRule, Result};

type Gone = Arc<dyn Fn(LockReason) + Send + Sync>;

const LIMIT: Duration = Duration::from_secs(10);
/// A bus that went away, or that is not there yet, is looked for again.
const AGAIN: Duration = Duration::from_secs(30);

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const SESSIONS: &str = "/org/freedesktop/login1/session";

/// GNOME's and those that took it over each have their own; KDE and others have the common one.
const SCREEN_SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

pub(super) fn watch(sees_sleep: &Arc<AtomicBool>, sees_screen: &Arc<AtomicBool>, gone: Gone) {
    let (sleep, screen) = (Arc::clone(sees_sleep), Arc::clone(sees_screen));
    let (told, also_screen) = (Arc::clone(&gone), Arc::clone(&screen));
    keep_at("logind", move || logind(&told, &sleep, &also_screen));
    keep_at("screen-saver", move || screen_savers(&gone, &screen));
}

/// On a thread of its own, which ends with the program.
fn keep_at(name: &'static str, work: impl Fn() -> Result<()> + Send + 'static) {
    let kept = std::thread::Builder::new().name(name.into()).spawn(move || {
        loop {
            if let Err(error) = work() {
                tracing::info!(%error, name, "this system does not tell");
            }
            std::thread::sleep(AGAIN);
        }
    });
    if let Err(error) = kept {
        tracing::warn!(%error, name, "no thread to listen on");
    }
}

/// Until the bus is gone.
fn logind(gone: &Gone, sees_sleep: &AtomicBool, sees_screen: &AtomicBool) -> Result<()> {
    let bus = Builder::system()?.method_timeout(LIMIT).build()?;
    let heard = MessageIterator::from(&bus);
    let daemon = DBusProxy::new(&bus)?;
    // By its sender: on this bus are other people's programs too.
    let from = || MatchRule::builder().msg_type(Type::Signal).sender(LOGIND);
    daemon.add_match_rule(from()?.interface(MANAGER)?.member("PrepareForSleep")?.build())?;
    daemon.add_match_rule(from()?.interface(SESSION)?.member("Lock")?.path_namespace(SESSIONS)?.build())?;
    let mut delay = held_back(&bus);
    let is_there = daemon.name_has_owner(LOGIND.try_into()?)?;
    sees_sleep.store(is_there, Ordering::Relaxed);
    sees_screen.fetch_or(is_there, Ordering::Relaxed);
    for message in heard {
        let message = message?;
        match signal(&message).as_deref() {
            Some("PrepareForSleep") => {
                sees_sleep.store(true, Ordering::Relaxed);
                if message.body().deserialize::<bool>().unwrap_or(true) {
                    gone(LockReason::Suspend);
                    delay = None;
                } else {
                    delay = held_back(&bus);
                }
            }
            Some("Lock") if is_own(&bus, &message) => gone(LockReason::Screen),
            _ => {}
        }
    }
    drop(delay);
    sees_sleep.store(false, Ordering::Relaxed);
    Ok(())
}

/// For as long as it is held, the system waits before it sleeps. Without it the lock comes as soon as it can.
fn held_back(bus: &Connection) -> Option<OwnedFd> {
    let manager = Proxy::new(bus, LOGIND, MANAGER_PATH, MANAGER).ok()?;
    let asked = ("sleep", "Superset Keys", "It locks before the computer sleeps", "delay");
    manager.call("Inhibit", &asked).inspect_err(|error| tracing::info!(%error, "sleep is not held back")).ok()
}

/// Other people have sessions too. One that does not tell whose it is counts as this person's.
fn is_own(bus: &Connection, message: &Message) -> bool {
    let header = message.header();
    let Some(path) = header.path() else { return true };
    let session = Proxy::new(bus, LOGIND, path, SESSION);
    let user = session.and_then(|session| session.get_property::<(u32, OwnedObjectPath)>("User"));
    user.map_or(true, |(user, _)| user == rustix::process::getuid().as_raw())
}

/// Until the bus is gone.
fn screen_savers(gone: &Gone, sees: &AtomicBool) -> Result<()> {
    let bus = Builder::session()?.method_timeout(LIMIT).build()?;
    let heard = MessageIterator::from(&bus);
    let daemon = DBusProxy::new(&bus)?;
    for saver in SCREEN_SAVERS {
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(saver)?.member("ActiveChanged")?;
        daemon.add_match_rule(rule.build())?;
    }
    sees.store(true, Ordering::Relaxed);
    for message in heard {
        let message = message?;
        let is_active = signal(&message).as_deref() == Some("ActiveChanged")
            && message.body().deserialize::<bool>().unwrap_or(false);
        if is_active {
            gone(LockReason::Screen);
        }
    }
    sees.store(false, Ordering::Relaxed);
    Ok(())
}

/// What it is called, if it is one.
fn signal(message: &Message) -> Option<String> {
    let header = message.header();
    (header.message_type() == Type::Signal).then(|| header.member().map(ToString::to_string)).flatten()
}
