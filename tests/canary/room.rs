//! One person's computer, and everything that can be seen of what happens there.

use crate::dashboard::embedding_server;
use crate::server::{Server, root};
use crate::watch::Watch;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use superset_keys_core::ids::{InstanceId, SecretId};
use superset_keys_core::places::Places;
use superset_keys_core::secrets::{Keychain, SecretStore};
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Meant {
    /// A pattern for a file.
    pub place: &'static str,
    /// A pattern for what is there.
    pub secret: &'static str,
    pub why: &'static str,
}

pub struct Room {
    pub server: Server,
    /// Whose dashboards can be embedded.
    pub embedding: Server,
    computer: TempDir,
    evidence: TempDir,
    watch: Option<Watch>,
    secrets: BTreeMap<String, String>,
    commands: usize,
    flow: &'static str,
}

impl Room {
    pub fn new() -> Self {
        let (computer, evidence) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for folder in ["ours", "person", "temp", "runtime"] {
            fs::create_dir_all(computer.path().join(folder)).unwrap();
        }
        fs::create_dir_all(evidence.path().join("said")).unwrap();
        // Before it is watched: its programs are no programs of ours.
        let (server, embedding) = (Server::start("main", &[]), embedding_server(""));
        let watch = Some(Watch::begin(&evidence.path().join("seen")));
        Self { server, embedding, computer, evidence, watch, secrets: BTreeMap::new(), commands: 0, flow: "" }
    }

    pub fn begin(&mut self, flow: &'static str) {
        self.flow = flow;
    }

    /// It must not be seen from now on, nor have been.
    pub fn knows(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= 8, "{name} is too short to be looked for");
        self.secrets.insert(name.to_owned(), secret.to_owned());
    }

    pub fn secret(&self, name: &str) -> &str {
        &self.secrets[name]
    }

    /// Where AI clients' files lie.
    pub fn person(&self) -> PathBuf {
        self.computer.path().join("person")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_superset-keys"));
        command
            .env("SUPERSET_KEYS_HOME", self.computer.path().join("ours"))
            .env("HOME", self.person())
            .env("TMPDIR", self.computer.path().join("temp"))
            // Whatever is said when something goes wrong.
            .env("RUST_BACKTRACE", "full")
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null());
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it, and keeps what it says under this name.
    pub fn run(&mut self, name: &str, arguments: &[&str]) -> Output {
        self.run_with(name, arguments, None, None)
    }

    pub fn run_with(
        &mut self,
        name: &str,
        arguments: &[&str],
        typed: Option<&str>,
        dying: Option<&str>,
    ) -> Output {
        let mut command = self.command();
        command.args(["-vvv"]).args(arguments);
        if let Some(place) = dying {
            command.env("SUPERSET_KEYS_DIE_AT", place);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if typed.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().unwrap();
        if let Some(typed) = typed {
            let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        }
        let output = child.wait_with_output().unwrap();
        self.keep(name, "out", &output.stdout);
        self.keep(name, "err", &output.stderr);
        output
    }

    pub fn keep(&mut self, name: &str, ending: &str, content: &[u8]) {
        self.commands += 1;
        let name = format!("said/{:04}-{name}.{ending}", self.commands);
        fs::write(self.evidence.path().join(name), content).unwrap();
    }

    /// It must have done what was asked.
    pub fn done(&mut self, name: &str, arguments: &[&str], typed: Option<&str>) -> String {
        let output = self.run_with(name, arguments, typed, None);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {arguments:?}: {said}", self.flow);
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub fn data(&mut self, name: &str, arguments: &[&str]) -> Value {
        let arguments = [&["--json"], arguments].concat();
        serde_json::from_str::<Value>(&self.done(name, &arguments, None)).unwrap()["data"].clone()
    }

    /// What lies in the keychain is a secret as well.
    pub fn knows_of_the_keychain(&mut self, name: &str, id: fn(&InstanceId) -> SecretId) {
        let ours = self.computer.path().join("ours");
        let state: Value =
            serde_json::from_slice(&fs::read(ours.join("config/state.json")).unwrap()).unwrap();
        let instance = InstanceId::from(state["instances"][0]["id"].as_str().unwrap().to_owned());
        let kept = Keychain::new(Places::under(&ours).namespace).get(&id(&instance)).unwrap();
        let kept = kept.unwrap_or_else(|| panic!("the keychain has no {name}"));
        // EXPOSE: to look for it.
        let text = match serde_json::from_str::<Value>(kept.expose()) {
            Ok(Value::Object(fields)) => {
                let longest = fields.values().filter_map(Value::as_str).max_by_key(|text| text.len());
                longest.unwrap().to_owned()
            }
            // EXPOSE: as above.
            _ => kept.expose().to_owned(),
        };
        self.knows(name, &text);
    }

    /// The person's files as they are now, to be searched as what holds a key on purpose. What of ours lies on disk at
    /// this moment is searched as it always is.
    pub fn keep_files_with_plaintext(&mut self, client: &str) {
        copy(&self.person(), &self.evidence.path().join("with plaintext").join(client));
        let now = self.evidence.path().join("meanwhile").join(client);
        copy(&self.computer.path().join("ours"), &now.join("ours"));
        copy(&self.computer.path().join("temp"), &now.join("temp"));
    }

    /// Searches everything, and ends the run with what was found.
    pub fn search(mut self, meant: &[Meant]) -> String {
        let processes = self.watch.take().unwrap().end();
        let folder = |name: &str| (name.to_owned(), self.evidence.path().join(name));
        let mut folders: BTreeMap<_, _> = ["said", "seen", "with plaintext", "meanwhile"].map(folder).into();
        for name in ["ours", "person", "temp"] {
            folders.insert(name.to_owned(), self.computer.path().join(name));
        }
        for (name, variable) in
            [("keyring", "XDG_DATA_HOME"), ("runtime", "XDG_RUNTIME_DIR"), ("state", "XDG_STATE_HOME")]
        {
            if let Some(folder) = std::env::var_os(variable) {
                folders.insert(name.to_owned(), folder.into());
            }
        }
        // How a token is signed, and when, is the same for many; its signature is its own.
        let own = |text: &String| match text.rsplit_once('.') {
            Some((claims, signature)) if claims.starts_with("eyJ") => signature.to_owned(),
            _ => text.clone(),
        };
        let secrets = self.secrets.iter().map(|(name, text)| (name.clone(), own(text))).collect();
        let told = search(&secrets, &folders, meant);
        // A search that saw nothing would find nothing.
        assert!(
            processes * 2 > self.commands / 2,
            "{processes} processes were seen of {} commands",
            self.commands / 2
        );
        assert_eq!(told["found"], json!([]), "a secret is where it is not meant to be");
        assert_eq!(told["unused"], json!([]), "a place that is meant to hold a secret holds none");
        format!(
            "{} secrets, {} commands, {processes} processes; {} files of {} bytes searched",
            self.secrets.len(),
            self.commands / 2,
            told["searched"]["files"],
            told["searched"]["bytes"]
        )
    }
}

/// Asks `search.py`.
pub fn search(
    secrets: &BTreeMap<String, String>,
    folders: &BTreeMap<String, PathBuf>,
    meant: &[Meant],
) -> Value {
    let asked = json!({"secrets": secrets, "folders": folders, "meant": meant});
    let mut searching = Command::new("python3")
        .arg(root().join("tests/canary/search.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    searching.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = searching.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
