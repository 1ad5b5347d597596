//! The OS keychain, against a real GNOME Keyring in a private session (`tests/keyring-session.sh`).
//!
//! The environment of a running process cannot be changed safely, so each test runs itself once more as a child
//! inside the session it needs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[cfg(not(target_os = "linux"))]
#[test]
fn skipped() {
    println!("skipped: only on Linux can a keychain be started apart from the person's own");
}

#[cfg(target_os = "linux")]
mod private_session;

#[cfg(target_os = "linux")]
mod linux {
    use crate::private_session::{child, inside, lock, secret_service, soon, unlock_by_other_means};
    use keyring_core::api::CredentialStoreApi as _;
    use std::fmt::Write as _;
    use std::path::PathBuf;
    use std::process::{Child, Command};
    use std::time::{Duration, Instant};
    use superset_keys_core::api_key::ApiKeyId;
    use superset_keys_core::error::{Error, KeychainProblem as Problem};
    use superset_keys_core::instance::InstanceId;
    use superset_keys_core::secret::Secret;
    use superset_keys_core::secrets::{Keychain, KeychainState, SecretId, SecretStore as _};
    use zbus_secret_service_keyring_store::Store as KeyringStore;

    const CANARY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";
    const READY: KeychainState = KeychainState::Ready;

    fn instance() -> InstanceId {
        InstanceId::from_random(7)
    }

    fn key(uuid: &str) -> SecretId {
        SecretId::ApiKey(instance(), ApiKeyId::new(uuid))
    }

    fn read(keychain: &Keychain, id: &SecretId) -> Option<String> {
        // EXPOSE: a made-up secret of this test.
        keychain.get(id).unwrap().map(|secret| secret.expose().to_owned())
    }

    /// The reason, after making sure that the error and what is behind it show nothing of the secret.
    #[track_caller]
    fn problem<T>(answer: Result<T, Error>) -> Problem {
        let Err(error) = answer else { panic!("this should have failed") };
        let mut shown = format!("{error} {error:?} {:?}", error.params());
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
        while let Some(inner) = cause {
            write!(shown, " {inner} {inner:?}").unwrap();
            cause = inner.source();
        }
        assert!(!shown.contains("canary"), "{shown}");
        assert!(!shown.contains(&format!("{:?}", &CANARY.as_bytes()[4..10])[1..]), "{shown}");
        println!("{shown}");
        match error {
            Error::Keychain { problem, source } => {
                assert!(source.is_some(), "the log should learn the cause");
                problem
            }
            other => panic!("{other:?}"),
        }
    }

    /// The program of an unlocked keyring, in a session that has none.
    fn start_keyring_program() {
        let unlocked = Command::new("sh")
            .args(["-c", "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"])
            .status()
            .unwrap();
        assert!(unlocked.success());
    }

    /// What is said on the bus about locking and prompting.
    struct Overheard {
        monitor: Child,
        text: tempfile::NamedTempFile,
    }

    impl Overheard {
        fn listen() -> Self {
            let text = tempfile::NamedTempFile::new().unwrap();
            let monitor = Command::new("dbus-monitor")
                .args(["member='Lock'", "member='Unlock'", "interface='org.freedesktop.Secret.Prompt'"])
                .stdout(text.reopen().unwrap())
                .spawn()
                .unwrap();
            let overheard = Self { monitor, text };
            let listens = || {
                lock();
                overheard.text().contains("member=Lock")
            };
            assert!(soon(listens));
            overheard
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.text.path()).unwrap()
        }
    }

    impl Drop for Overheard {
        fn drop(&mut self) {
            let _ = self.monitor.kill();
            let _ = self.monitor.wait();
        }
    }

    fn signal(name: &str, variable: &str) {
        let process = std::env::var(variable).unwrap();
        assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
    }

    #[test]
    fn keeps_replaces_and_deletes() {
        inside(&[], "keeps_replaces_and_deletes", || {
            let keychain = Keychain::new(None);
            assert_eq!(keychain.name(), "GNOME Keyring");
            assert_eq!(keychain.state(), READY);
            let (one, two, token) = (key("one"), key("two"), SecretId::RefreshToken(instance()));
            assert_eq!(read(&keychain, &one), None);

            keychain.set(&one, &Secret::new(CANARY)).unwrap();
            keychain.set(&two, &Secret::new("このきれいな花は桜です")).unwrap();
            keychain.set(&token, &Secret::new("t".repeat(100_000))).unwrap();
            // Another process sees it too: nothing of this is remembered here.
            let other = Keychain::new(None);
            assert_eq!(read(&other, &one).as_deref(), Some(CANARY));
            assert_eq!(read(&other, &two).as_deref(), Some("このきれいな花は桜です"));
            assert_eq!(read(&other, &token).unwrap().len(), 100_000);

            keychain.set(&one, &Secret::new("sst_second")).unwrap();
            assert_eq!(read(&other, &one).as_deref(), Some("sst_second"));

            keychain.delete(&one).unwrap();
            keychain.delete(&one).unwrap();
            assert_eq!(read(&other, &one), None);
            assert!(read(&other, &two).is_some());
            keychain.unlock().unwrap();
        });
    }

    #[test]
    fn each_namespace_sees_its_own() {
        inside(&[], "each_namespace_sees_its_own", || {
            let ours = Keychain::new(None);
            let demo = Keychain::new(Some("demo".into()));
            ours.set(&key("one"), &Secret::new("sst_ours")).unwrap();
            assert_eq!(read(&demo, &key("one")), None);
            demo.delete(&key("one")).unwrap();
            demo.set(&key("one"), &Secret::new("sst_demo")).unwrap();
            demo.delete(&key("one")).unwrap();
            assert_eq!(read(&ours, &key("one")).as_deref(), Some("sst_ours"));
        });
    }

    #[test]
    fn many_at_once_do_not_hurt_each_other() {
        inside(&[], "many_at_once_do_not_hurt_each_other", || {
            let shared = Keychain::new(None);
            std::thread::scope(|scope| {
                for number in 0..6 {
                    let shared = &shared;
                    scope.spawn(move || {
                        let own = Keychain::new(None);
                        let id = key(&number.to_string());
                        for _ in 0..5 {
                            shared.set(&id, &Secret::new(format!("sst_{number}"))).unwrap();
                            assert_eq!(read(&own, &id), Some(format!("sst_{number}")));
                            // All of them delete what others are about to delete or to read.
                            for other in 6..12 {
                                own.delete(&key(&other.to_string())).unwrap();
                                shared.get(&key(&other.to_string())).unwrap();
                            }
                        }
                    });
                }
                let others = Keychain::new(None);
                for number in (6..12).cycle().take(60) {
                    // What was just written may be deleted before it is read back, which `set` reports.
                    let _ = others.set(&key(&number.to_string()), &Secret::new(CANARY));
                }
            });
            for number in 0..6 {
                assert_eq!(read(&shared, &key(&number.to_string())), Some(format!("sst_{number}")));
            }
        });
    }

    #[test]
    fn entries_are_those_of_the_keyring_crates() {
        inside(&[], "entries_are_those_of_the_keyring_crates", || {
            let keychain = Keychain::new(None);
            let keyring = KeyringStore::new().unwrap();
            let entry = |id: &SecretId| keyring.build("superset-keys", &id.account(), None).unwrap();

            keychain.set(&key("one"), &Secret::new("sst_ours")).unwrap();
            assert_eq!(entry(&key("one")).get_password().unwrap(), "sst_ours");
            entry(&key("two")).set_password("sst_theirs").unwrap();
            assert_eq!(read(&keychain, &key("two")).as_deref(), Some("sst_theirs"));

            entry(&key("bytes")).set_secret(&[CANARY.as_bytes(), &[0xff]].concat()).unwrap();
            assert_eq!(problem(keychain.get(&key("bytes"))), Problem::Other);
        });
    }

    #[test]
    fn other_programs_are_shown_no_key_and_no_name() {
        inside(&[], "other_programs_are_shown_no_key_and_no_name", || {
            let keychain = Keychain::new(None);
            keychain.set(&key("one"), &Secret::new(CANARY)).unwrap();
            assert!(!format!("{keychain:?}").contains("canary"));
            let found = secret_service("SearchItems", &["{'service': 'superset-keys'}"]);
            let item = found.split('\'').find(|part| part.starts_with("/org/")).unwrap();
            let shown = Command::new("gdbus")
                .args(["call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", item])
                .args(["--method", "org.freedesktop.DBus.Properties.GetAll", "org.freedesktop.Secret.Item"])
                .output()
                .unwrap();
            let shown = String::from_utf8(shown.stdout).unwrap();
            assert!(shown.contains("'Superset Keys: API key'"), "{shown}");
            assert!(shown.contains(&key("one").account()) && !shown.contains("canary"), "{shown}");
        });
    }

    #[test]
    fn locked_is_never_mistaken_for_empty() {
        inside(&["--locked"], "locked_is_never_mistaken_for_empty", || {
            let keychain = Keychain::new(None);
            unlock_by_other_means();
            keychain.set(&key("there"), &Secret::new(CANARY)).unwrap();
            lock();

            let locked = |keychain: &Keychain| {
                assert_eq!(keychain.state(), KeychainState::Problem(Problem::Locked));
                assert_eq!(keychain.name(), "GNOME Keyring");
                for id in [key("there"), key("absent")] {
                    assert_eq!(problem(keychain.get(&id)), Problem::Locked);
                    assert_eq!(problem(keychain.set(&id, &Secret::new(CANARY))), Problem::Locked);
                    assert_eq!(problem(keychain.delete(&id)), Problem::Locked);
                }
            };
            let overheard = Overheard::listen();
            locked(&keychain);
            locked(&Keychain::new(None));
            assert!(!overheard.text().contains("member=Unlock"), "{}", overheard.text());

            // Here no prompt can be shown, which is the same as closing it.
            assert_eq!(problem(keychain.unlock()), Problem::Dismissed);
            assert!(soon(|| overheard.text().contains("member=Prompt")), "{}", overheard.text());
            locked(&keychain);

            unlock_by_other_means();
            assert_eq!(keychain.state(), READY);
            assert_eq!(read(&keychain, &key("there")).as_deref(), Some(CANARY));
            assert_eq!(read(&keychain, &key("absent")), None);
        });
    }

    #[test]
    fn without_a_collection() {
        inside(&["--no-collection"], "without_a_collection", || {
            let keychain = Keychain::new(None);
            assert_eq!(keychain.name(), "GNOME Keyring");
            assert_eq!(keychain.state(), KeychainState::Problem(Problem::NoCollection));
            assert_eq!(problem(keychain.get(&key("one"))), Problem::NoCollection);
            assert_eq!(problem(keychain.set(&key("one"), &Secret::new(CANARY))), Problem::NoCollection);
            assert_eq!(problem(keychain.unlock()), Problem::NoCollection);
            keychain.delete(&key("one")).unwrap();
        });
    }

    #[test]
    fn without_a_keychain_program() {
        inside(&["--no-service"], "without_a_keychain_program", || {
            let keychain = Keychain::new(None);
            assert_eq!(keychain.name(), "Secret Service");
            assert_eq!(keychain.state(), KeychainState::Problem(Problem::Absent));
            assert_eq!(problem(keychain.get(&key("one"))), Problem::Absent);
            assert_eq!(problem(keychain.set(&key("one"), &Secret::new(CANARY))), Problem::Absent);
            assert_eq!(problem(keychain.delete(&key("one"))), Problem::Absent);
            assert_eq!(problem(keychain.unlock()), Problem::Absent);
            // Installed while we run.
            start_keyring_program();
            assert!(soon(|| keychain.state() == READY));
            keychain.set(&key("one"), &Secret::new(CANARY)).unwrap();
        });
    }

    #[test]
    fn without_a_bus() {
        let nowhere = tempfile::tempdir().unwrap();
        let address = format!("unix:path={}", nowhere.path().join("bus").display());
        let mut named = Command::new("env");
        named.arg(format!("DBUS_SESSION_BUS_ADDRESS={address}"));
        let mut unnamed = Command::new("env");
        unnamed.args(["-u", "DBUS_SESSION_BUS_ADDRESS"]);
        for mut command in [named, unnamed] {
            command.arg(format!("XDG_RUNTIME_DIR={}", nowhere.path().display()));
            child(&mut command, "without_a_bus", || {
                let keychain = Keychain::new(None);
                assert_eq!(keychain.name(), "Secret Service");
                assert_eq!(keychain.state(), KeychainState::Problem(Problem::NoBus));
                assert_eq!(problem(keychain.get(&key("one"))), Problem::NoBus);
                assert_eq!(problem(keychain.set(&key("one"), &Secret::new(CANARY))), Problem::NoBus);
                assert_eq!(problem(keychain.delete(&key("one"))), Problem::NoBus);
                assert_eq!(problem(keychain.unlock()), Problem::NoBus);
            });
        }
    }

    #[test]
    fn a_bus_that_appears_later_works() {
        inside(&[], "a_bus_that_appears_later_works", || {
            let bus = PathBuf::from(std::env::var("XDG_RUNTIME_DIR").unwrap()).join("bus");
            let away = bus.with_file_name("away");
            std::fs::rename(&bus, &away).unwrap();
            let keychain = Keychain::new(None);
            assert_eq!(keychain.state(), KeychainState::Problem(Problem::NoBus));
            assert_eq!(problem(keychain.get(&key("one"))), Problem::NoBus);
            std::fs::rename(&away, &bus).unwrap();
            assert_eq!(keychain.state(), READY);
            keychain.set(&key("one"), &Secret::new(CANARY)).unwrap();
        });
    }

    #[test]
    fn a_restarted_keychain_program_works() {
        inside(&[], "a_restarted_keychain_program_works", || {
            let keychain = Keychain::new(None);
            keychain.set(&key("one"), &Secret::new(CANARY)).unwrap();
            signal("-KILL", "KEYRING_PID");
            assert!(soon(|| keychain.state() == KeychainState::Problem(Problem::Absent)));
            start_keyring_program();
            assert!(soon(|| keychain.state() == READY));
            assert_eq!(read(&keychain, &key("one")).as_deref(), Some(CANARY));
        });
    }

    #[test]
    fn a_hanging_keychain_program_is_given_up_on() {
        inside(&[], "a_hanging_keychain_program_is_given_up_on", || {
            let keychain = Keychain::new(None);
            keychain.set(&key("one"), &Secret::new(CANARY)).unwrap();
            signal("-STOP", "KEYRING_PID");
            let start = Instant::now();
            assert_eq!(keychain.name(), "GNOME Keyring");
            assert!(start.elapsed() < Duration::from_secs(1));
            assert_eq!(problem(keychain.get(&key("one"))), Problem::Other);
            let waited = start.elapsed().as_secs();
            assert!((9..20).contains(&waited), "{waited} s");
            signal("-CONT", "KEYRING_PID");
            assert_eq!(read(&keychain, &key("one")).as_deref(), Some(CANARY));
        });
    }

    #[test]
    fn a_hanging_bus_is_given_up_on() {
        inside(&[], "a_hanging_bus_is_given_up_on", || {
            let keychain = Keychain::new(None);
            signal("-STOP", "BUS_PID");
            let start = Instant::now();
            assert_eq!(problem(keychain.get(&key("one"))), Problem::Other);
            let waited = start.elapsed().as_secs();
            assert!((9..20).contains(&waited), "{waited} s");
            signal("-CONT", "BUS_PID");
            assert_eq!(keychain.state(), READY);
        });
    }
}
