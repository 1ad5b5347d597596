//! Tests inside a private D-Bus session with a GNOME keyring of its own (`tests/keyring-session.sh`).
//!
//! The environment of a running process cannot be changed safely, so each test runs itself once more as a child
//! inside the session it needs. Such tests live in a module called `linux`.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use zbus::blocking::Proxy;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

/// Runs `body` in a session of that kind (the script's options), as the child of the test called `name`.
pub fn inside(kind: &[&str], name: &str, body: impl FnOnce()) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/keyring-session.sh");
    child(Command::new("timeout").arg("40").arg(script).args(kind), name, body);
}

pub fn child(command: &mut Command, name: &str, body: impl FnOnce()) {
    if std::env::var("KEYCHAIN_TEST").is_ok_and(|inside| inside == name) {
        return body();
    }
    let name = name.to_owned();
    let Output { status, stdout, stderr } = command
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("linux::{name}"), "--nocapture"])
        .env("KEYCHAIN_TEST", &name)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&stdout);
    assert!(
        status.success() && said.contains("1 passed"),
        "{status}\n{said}{}",
        String::from_utf8_lossy(&stderr)
    );
}

pub fn secret_service(method: &str, arguments: &[&str]) -> String {
    let output = Command::new("gdbus")
        .args(["call", "--session", "--dest", "org.freedesktop.secrets"])
        .args(["--object-path", "/org/freedesktop/secrets"])
        .args(["--method", &format!("org.freedesktop.Secret.Service.{method}")])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub fn lock() {
    secret_service("Lock", &["['/org/freedesktop/secrets/collection/login']"]);
}

/// As another program's prompt would, with the password that `keyring-session.sh` gave the keyring.
pub fn unlock_by_other_means() {
    let bus = zbus::blocking::Connection::session().unwrap();
    let proxy = |interface| {
        Proxy::new(&bus, "org.freedesktop.secrets", "/org/freedesktop/secrets", interface).unwrap()
    };
    let (_, session): (OwnedValue, OwnedObjectPath) =
        proxy("org.freedesktop.Secret.Service").call("OpenSession", &("plain", Value::from(""))).unwrap();
    let login = ObjectPath::try_from("/org/freedesktop/secrets/collection/login").unwrap();
    let password = (session, Vec::<u8>::new(), b"\n".to_vec(), "text/plain");
    proxy("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
        .call::<_, _, ()>("UnlockWithMasterPassword", &(login, password))
        .unwrap();
}

/// The program of an unlocked keyring, in a session that has none.
pub fn start_keyring_program() {
    let start = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
    assert!(Command::new("sh").args(["-c", start]).status().unwrap().success());
}

/// Whether the condition comes true within two seconds.
pub fn soon(condition: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
