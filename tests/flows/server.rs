//! Real Supersets, one per variant, shared by the tests of this run.

use serde_json::Value;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

pub struct Server {
    pub url: String,
    pub mcp_url: Option<String>,
    run_dir: PathBuf,
}

type Slot = Arc<OnceLock<Server>>;
static SERVERS: LazyLock<Mutex<HashMap<&'static str, Slot>>> = LazyLock::new(Mutex::default);

/// The running server of a variant; started when first asked for, ended with this process.
pub fn server(variant: &'static str) -> &'static Server {
    let slot = Arc::clone(SERVERS.lock().unwrap().entry(variant).or_default());
    let slot: &'static Slot = Box::leak(Box::new(slot));
    slot.get_or_init(|| Server::start(variant, &if variant == "main" { vec![] } else { vec!["--no-mcp"] }))
}

impl Server {
    /// A server of the test's own, to be stopped or bent.
    pub fn start(variant: &str, options: &[&str]) -> Self {
        let run_dir = tempfile::Builder::new().prefix("superset-").tempdir().unwrap().keep();
        let options = [&["--variant", variant, "--web-port", "0", "--mcp-port", "0"], options].concat();
        let told = up(&run_dir, &options);
        Self {
            url: told["web_url"].as_str().unwrap().to_owned(),
            mcp_url: told["mcp_url"].as_str().map(str::to_owned),
            run_dir,
        }
    }

    pub fn stop(&self) {
        let ended = superset().args(["down", "--run-dir"]).arg(&self.run_dir).output().unwrap();
        assert!(ended.status.success());
    }

    /// After [`Server::stop`]: the same addresses, the same database.
    pub fn start_again(&self) {
        let port = |url: &str| url.rsplit(':').next().unwrap().trim_end_matches("/mcp").to_owned();
        let (web, mcp) = (port(&self.url), port(self.mcp_url.as_deref().expect("an MCP server")));
        up(&self.run_dir, &["--keep-data", "--web-port", &web, "--mcp-port", &mcp]);
    }

    /// One more MCP server beside this Superset, in a mode of its own. It ends with this Superset.
    pub fn mcp(&self, options: &[&str]) -> Mcp {
        let told = told(superset().args(["mcp", "--json", "--run-dir"]).arg(&self.run_dir).args(options));
        Mcp {
            url: told["mcp_url"].as_str().unwrap().to_owned(),
            run_dir: told["run_dir"].as_str().unwrap().into(),
            certificate: told["tls"]["certificate"].as_str().map(str::to_owned),
            secret: told["jwt"]["secret"].as_str().map(str::to_owned),
        }
    }

    /// The cookie of a browser's session.
    pub fn cookie(&self, user: &str, agent: &str) -> String {
        let words = ["--user", user, "--user-agent", agent];
        let output =
            superset().args(["cookie", "--run-dir"]).arg(&self.run_dir).args(words).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Signs out as a browser does that has this session.
    pub fn sign_out(&self, cookie: &str) {
        let mut command = superset();
        command.args(["sign-out", "--run-dir"]).arg(&self.run_dir).stdin(Stdio::piped());
        let mut browser = command.spawn().unwrap();
        browser.stdin.take().unwrap().write_all(cookie.as_bytes()).unwrap();
        assert!(browser.wait().unwrap().success());
    }

    /// Writes a state into the database under the running server.
    pub fn state(&self, arguments: &[&str]) -> Vec<u8> {
        let output = superset()
            .args(["state", arguments[0], "--run-dir"])
            .arg(&self.run_dir)
            .args(&arguments[1..])
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "state {arguments:?}");
        output.stdout
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = superset().args(["down", "--run-dir"]).arg(&self.run_dir).output();
        let _ = std::fs::remove_dir_all(&self.run_dir);
    }
}

fn up(run_dir: &Path, options: &[&str]) -> Value {
    let watched = std::process::id().to_string();
    told(superset().args(["up", "--json", "--watch-pid", &watched, "--run-dir"]).arg(run_dir).args(options))
}

fn told(command: &mut Command) -> Value {
    let output = command.stderr(Stdio::inherit()).output().expect("python3 runs");
    assert!(output.status.success(), "{command:?}");
    serde_json::from_slice(&output.stdout).expect("one line of JSON")
}

/// An MCP server that runs beside a Superset.
pub struct Mcp {
    pub url: String,
    run_dir: PathBuf,
    certificate: Option<String>,
    secret: Option<String>,
}

impl Mcp {
    /// The file of its certificate.
    pub fn certificate(&self) -> &str {
        self.certificate.as_deref().expect("a server that speaks TLS")
    }

    /// What its tokens are signed with.
    pub fn secret(&self) -> String {
        self.secret.clone().expect("a server that takes tokens")
    }

    /// A JWT that it takes.
    pub fn token(&self, arguments: &[&str]) -> String {
        let output =
            superset().args(["token", "--run-dir"]).arg(&self.run_dir).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Mcp {
    fn drop(&mut self) {
        let _ = superset().args(["down", "--run-dir"]).arg(&self.run_dir).output();
    }
}

fn superset() -> Command {
    let mut command = Command::new("python3");
    command.arg(root().join("tests/superset/superset_server.py"));
    command
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("src-tauri/cli lies two folders deep")
}

/// The test users' passwords; see tests/superset/README.md.
pub fn password(user: &str) -> String {
    format!("demo-{user}")
}
