//! What the system tells of a person who goes away, on a bus of the test's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[cfg(not(target_os = "linux"))]
#[test]
fn skipped() {
    println!("skipped: nothing is told elsewhere");
}

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "shared with the keychain's own tests")]
mod private_session;

#[cfg(target_os = "linux")]
mod linux {
    use crate::private_session::{child, soon};
    use std::os::fd::OwnedFd;
    use std::process::Command;
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;
    use superset_keys_core::LockReason;
    use superset_keys_core::away::Away;
    use zbus::blocking::Connection;
    use zbus::blocking::connection::Builder;
    use zbus::zvariant::{self, ObjectPath};

    const MANAGER: &str = "/org/freedesktop/login1";
    const LIMIT: Duration = Duration::from_secs(5);

    /// How many hold sleep back, each by what ends when they let go.
    #[derive(Default, Clone)]
    struct Logind(Arc<Mutex<Vec<std::os::unix::net::UnixStream>>>);

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl Logind {
        #[allow(clippy::needless_pass_by_value, clippy::unused_self)]
        fn inhibit(&self, what: String, who: String, why: String, mode: String) -> zvariant::OwnedFd {
            assert_eq!((what.as_str(), who.as_str(), mode.as_str()), ("sleep", "Superset Keys", "delay"));
            assert!(!why.is_empty(), "it is shown to people");
            let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
            ours.set_nonblocking(true).unwrap();
            self.0.lock().unwrap().push(ours);
            OwnedFd::from(theirs).into()
        }
    }

    impl Logind {
        fn holds(&self) -> usize {
            use std::io::Read;
            let held = |stream: &mut std::os::unix::net::UnixStream| {
                stream.read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
            };
            self.0.lock().unwrap().iter_mut().filter_map(|stream| held(stream).then_some(())).count()
        }
    }

    struct Session(u32);

    #[zbus::interface(name = "org.freedesktop.login1.Session")]
    impl Session {
        #[zbus(property)]
        fn user(&self) -> (u32, ObjectPath<'_>) {
            (self.0, ObjectPath::from_static_str_unchecked("/org/freedesktop/login1/user/x"))
        }
    }

    fn emit(bus: &Connection, path: &str, interface: &str, member: &str, body: Option<bool>) {
        let sent = match body {
            Some(body) => bus.emit_signal(None::<&str>, path, interface, member, &body),
            None => bus.emit_signal(None::<&str>, path, interface, member, &()),
        };
        sent.unwrap();
    }

    #[test]
    fn sleep_and_a_locked_screen_are_told_and_sleep_waits() {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/keyring-session.sh");
        let mut command = Command::new("timeout");
        command.arg("40").arg(script).args(["--no-service", "sh", "-c"]);
        // One bus for both: the fake answers on it.
        command.args([r#"DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$0" "$@""#]);
        child(&mut command, "sleep_and_a_locked_screen_are_told_and_sleep_waits", || {
            let logind = Logind::default();
            let me = rustix::process::getuid().as_raw();
            let bus = Builder::session()
                .unwrap()
                .serve_at(MANAGER, logind.clone())
                .unwrap()
                .serve_at("/org/freedesktop/login1/session/own", Session(me))
                .unwrap()
                .serve_at("/org/freedesktop/login1/session/others", Session(me + 1))
                .unwrap()
                .name("org.freedesktop.login1")
                .unwrap()
                .build()
                .unwrap();
            let (told, gone) = mpsc::channel();
            let watched = logind.clone();
            let away = Away::watch(move |reason| told.send((reason, watched.holds())).unwrap());
            assert!(soon(|| away.sees_suspend() && away.sees_screen()), "it does not listen");
            assert_eq!(logind.holds(), 1, "sleep is held back");

            let manager = "org.freedesktop.login1.Manager";
            emit(&bus, MANAGER, manager, "PrepareForSleep", Some(true));
            assert_eq!(gone.recv_timeout(LIMIT), Ok((LockReason::Suspend, 1)), "it sleeps before the lock");
            assert!(soon(|| logind.holds() == 0), "it is held back for ever");
            emit(&bus, MANAGER, manager, "PrepareForSleep", Some(false));
            assert!(soon(|| logind.holds() == 1), "the next sleep is not held back");

            let session = "org.freedesktop.login1.Session";
            emit(&bus, "/org/freedesktop/login1/session/others", session, "Lock", None);
            emit(&bus, "/org/freedesktop/login1/session/own", session, "Unlock", None);
            emit(&bus, "/org/freedesktop/login1/session/own", session, "Lock", None);
            assert_eq!(gone.recv_timeout(LIMIT).unwrap().0, LockReason::Screen);

            for saver in ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"] {
                emit(&bus, "/ScreenSaver", saver, "ActiveChanged", Some(false));
                emit(&bus, "/ScreenSaver", saver, "ActiveChanged", Some(true));
                assert_eq!(gone.recv_timeout(LIMIT).unwrap().0, LockReason::Screen, "{saver}");
            }
            // Somebody who is not logind says so.
            let stranger = Connection::session().unwrap();
            emit(&stranger, MANAGER, manager, "PrepareForSleep", Some(true));
            assert!(gone.recv_timeout(Duration::from_millis(300)).is_err(), "it was told once too often");
        });
    }
}
