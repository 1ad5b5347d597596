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
    use crate::private_session::{
        child, inside, lock, secret_service, soon, start_keyring_program, unlock_by_other_means,
    };
    use keyring_core::api::CredentialStoreApi as _;
    use std::fmt::Write as _;
    use std::path::PathBuf;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};
    use superset_keys_core::error::{Error, KeychainProblem as Problem};
    use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
    use superset_keys_core::secret::Secret;
    use superset_keys_core::secrets::{Keychain, SecretStore as _, StoreState};
    use zbus_secret_service_keyring_store::Store as KeyringStore;

    const CANARY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";
    const READY: StoreState = StoreState::Ready;

    fn instance() -> InstanceId {
        InstanceId::from_random(7)
    }

    fn key(uuid: &str) -> SecretId {
        SecretId::api_key(&instance(), &ApiKeyId::new(uuid))
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
        assert!(std::error::Error::source(&error).is_some(), "the log should learn the cause");
        error.keychain_problem().unwrap_or_else(|| panic!("{error:?}"))
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
            let (one, two, token) = (key("one"), key("two"), SecretId::refresh_token(&instance()));
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
                assert_eq!(keychain.state(), StoreState::Problem(Problem::Locked));
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
            assert_eq!(keychain.state(), StoreState::Problem(Problem::NoCollection));
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
            assert_eq!(keychain.state(), StoreState::Problem(Problem::Absent));
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
                assert_eq!(keychain.state(), StoreState::Problem(Problem::NoBus));
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
            assert_eq!(keychain.state(), StoreState::Problem(Problem::NoBus));
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
            assert!(soon(|| keychain.state() == StoreState::Problem(Problem::Absent)));
            start_keyring_program();
            assert!(soon(|| keychain.state() == READY));
            assert_eq!(read(&keychain, &key("one")).as_deref(), Some(CANARY));
        });
    }

    /// Answers in a window of the keychain program's, as soon as it is there.
    fn press(title: &'static str, key: &'static str) -> std::thread::JoinHandle<bool> {
        std::thread::spawn(move || {
            soon(|| {
                window(title).is_some_and(|window| {
                    let pressed = ["windowfocus", "--sync", &window, "key", key];
                    Command::new("xdotool").args(pressed).stderr(Stdio::null()).status().unwrap().success()
                })
            })
        })
    }

    fn window(title: &str) -> Option<String> {
        let found =
            Command::new("xdotool").args(["search", "--onlyvisible", "--name", title]).output().unwrap();
        String::from_utf8(found.stdout).unwrap().lines().last().map(str::to_owned)
    }

    const REQUEST: &str = "Access Request";

    /// Its default: an unlocked database whose entries are locked, each for itself, until the person allows it.
    #[test]
    fn keepassxc_asks_for_an_entry_and_the_call_goes_on() {
        inside(&["--keepassxc"], "keepassxc_asks_for_an_entry_and_the_call_goes_on", || {
            let id = key("uuid-1");
            let keychain = Keychain::new(None);
            assert_eq!((keychain.name(), keychain.state()), ("KeePassXC".to_owned(), READY));
            keychain.set(&id, &Secret::new(CANARY)).unwrap();
            assert!(window(REQUEST).is_none(), "whoever makes an entry may read it");

            // Nobody is there to answer: it is not said that nothing works, and the question is taken back.
            let other = || Keychain::new(None).with_patience(Duration::from_secs(2));
            assert_eq!(other().held(&[id.clone(), key("none")]).unwrap(), [true, false]);
            let waited = Instant::now();
            let Err(Error::KeychainWaiting { .. }) = other().get(&id) else { panic!("nobody allowed it") };
            assert!((1..20).contains(&waited.elapsed().as_secs()));
            // KeePassXC leaves its question open all the same.
            assert!(press(REQUEST, "Escape").join().unwrap() && soon(|| window(REQUEST).is_none()));

            let patient = Keychain::new(None).with_patience(Duration::from_secs(30));
            let denied = press(REQUEST, "Escape");
            let Err(Error::KeychainRefused { .. }) = patient.get(&id) else { panic!("it was denied") };
            assert!(denied.join().unwrap());

            let patient = Keychain::new(None).with_patience(Duration::from_secs(30));
            let allowed = press(REQUEST, "Return");
            assert_eq!(read(&patient, &id).as_deref(), Some(CANARY));
            assert!(allowed.join().unwrap());
            assert_eq!(read(&patient, &id).as_deref(), Some(CANARY), "once is enough");
            patient.set(&id, &Secret::new("another")).unwrap();
            assert_eq!(read(&patient, &id).as_deref(), Some("another"));
        });
    }

    #[test]
    fn keepassxc_asks_before_what_another_program_made_is_replaced_or_deleted() {
        let name = "keepassxc_asks_before_what_another_program_made_is_replaced_or_deleted";
        inside(&["--keepassxc"], name, || {
            let id = key("uuid-1");
            Keychain::new(None).set(&id, &Secret::new(CANARY)).unwrap();
            let patience = Duration::from_secs(30);
            let denied = press(REQUEST, "Escape");
            let deleted = Keychain::new(None).with_patience(patience).delete(&id);
            assert!(matches!(deleted, Err(Error::KeychainRefused { .. })), "{deleted:?}");
            assert!(denied.join().unwrap());

            let allowed = press(REQUEST, "Return");
            let keychain = Keychain::new(None).with_patience(patience);
            keychain.set(&id, &Secret::new("another")).unwrap();
            assert!(allowed.join().unwrap());
            keychain.delete(&id).unwrap();
            assert_eq!(keychain.held(std::slice::from_ref(&id)).unwrap(), [false]);
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
            assert!(start.elapsed() < Duration::from_secs(5), "nobody is asked for a name");
            assert_eq!(problem(keychain.get(&key("one"))), Problem::Waiting);
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
