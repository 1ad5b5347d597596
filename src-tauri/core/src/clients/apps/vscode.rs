//! VS Code.
//!
//! The root is `servers`, not `mcpServers`. What `inputs` ask for is asked once, when the entry first starts,
//! and kept encrypted. The command and the link write the person's own file, never a project's.
//!
//! Each profile but the first has a file of its own, and reads no other of the person's. Windows that are connected to
//! another computer read a file there. `VSCodium` and Code - OSS are the same program under other names
//! (`mcpConfigPathsService.ts` and `workspaceDotMcpDiscovery.ts`, read 2026-11-29).

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{FileForm, Installation, Location};
use crate::clients::note::SnippetNote as Note;
use crate::clients::quote::uri_component;
use crate::clients::shapes::{at_as, started_as, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Map, Value, json};

/// What earlier versions read in their settings; newer ones move it.
const OLDER: FileForm = FileForm::new(Dialect::Jsonc, &["mcp", "servers"]);

/// What a workspace of several folders has among its settings.
const OF_WORKSPACE: FileForm = FileForm::new(Dialect::Jsonc, &["settings", "mcp", "servers"]);
/// What a container that is developed in gets.
const OF_CONTAINER: FileForm = FileForm::new(Dialect::Jsonc, &["customizations", "vscode", "mcp", "servers"]);

/// A file of a product's that is made as VS Code is, by the name of its folder.
macro_rules! user_file {
    ($product:literal, $file:literal) => {
        Location::of_app(
            concat!("~/.config/", $product, "/User/", $file),
            concat!("~/Library/Application Support/", $product, "/User/", $file),
            concat!("%APPDATA%\\", $product, "\\User\\", $file),
        )
    };
}
pub(super) use user_file;

/// What windows on other computers read from this one.
macro_rules! server_file {
    ($folder:literal) => {
        Location::in_home(
            concat!("~/", $folder, "/data/User/mcp.json"),
            concat!("%USERPROFILE%\\", $folder, "\\data\\User\\mcp.json"),
        )
    };
}
pub(super) use server_file;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "vscode",
    name: "VS Code",
    kind: ClientKind::Editor,
    programs: &["code"],
    locations: &[
        Location::named("$VSCODE_PORTABLE/user-data/User/mcp.json").alone(),
        Location::of_app(
            "~/.config/Code/User/mcp.json",
            "~/Library/Application Support/Code/User/mcp.json",
            "%APPDATA%\\Code\\User\\mcp.json",
        ),
        user_file!("Code", "profiles/*/mcp.json").of_profile(),
        user_file!("Code", "settings.json").form(OLDER).never_written(),
        Location::of_app("~/.var/app/com.visualstudio.code/config/Code/User/mcp.json", "", "")
            .by(Installation::Flatpak("com.visualstudio.code")),
        Location::of_app("~/.var/app/com.visualstudio.code/config/Code/User/profiles/*/mcp.json", "", "")
            .by(Installation::Flatpak("com.visualstudio.code"))
            .of_profile(),
        Location::of_app("~/snap/code/current/.config/Code/User/mcp.json", "", "")
            .by(Installation::Snap("code")),
        user_file!("VSCodium", "mcp.json").by(Installation::Product("VSCodium")),
        user_file!("VSCodium", "profiles/*/mcp.json").by(Installation::Product("VSCodium")).of_profile(),
        Location::of_app("~/.var/app/com.vscodium.codium/config/VSCodium/User/mcp.json", "", "")
            .by(Installation::Flatpak("com.vscodium.codium")),
        Location::of_app("~/snap/codium/current/.config/VSCodium/User/mcp.json", "", "")
            .by(Installation::Snap("codium")),
        user_file!("Code - OSS", "mcp.json").by(Installation::Product("Code - OSS")),
        user_file!("Code - OSS", "profiles/*/mcp.json").by(Installation::Product("Code - OSS")).of_profile(),
        Location::of_app("~/.var/app/com.visualstudio.code-oss/config/Code - OSS/User/mcp.json", "", "")
            .by(Installation::Flatpak("com.visualstudio.code-oss")),
        server_file!(".vscode-server").by(Installation::Product("VS Code Server")),
        server_file!(".vscodium-server").by(Installation::Product("VSCodium Server")),
        Location::in_project("<project>/.vscode/mcp.json"),
        Location::in_project("<project>/.mcp.json").form(FileForm::COMMON).never_written(),
        Location::in_project("<project>/*.code-workspace").form(OF_WORKSPACE).never_written(),
        Location::in_project("<project>/.devcontainer/devcontainer.json").form(OF_CONTAINER).never_written(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["servers"])),
    checks: &[Check::Open("MCP: List Servers")],
    notes: &[Note::AsksForTrust, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-20",
        sources: &["https://code.visualstudio.com/docs/copilot/reference/mcp-configuration"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))
                .command(|target, call| add(&named(target, &started_as("stdio", call))))
                .link(|target, call| link(&named(target, &started_as("stdio", call)))),
        )
        .prompt(
            Forms::new(|target, input| Document::File(file_that_asks(target, input)))
                .command(|target, input| add(&prompting(target, input)))
                .link(|target, input| link(&prompting(target, input)))
                .notes(&[Note::AsksOnFirstStart]),
        )
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(
            Forms::new(|target, key| Document::Entry(at_as("http", target, key)))
                .command(|target, key| add(&named(target, &at_as("http", target, key))))
                .link(|target, key| link(&named(target, &at_as("http", target, key)))),
        ),
};

fn asked(input: &str) -> String {
    format!("${{input:{input}}}")
}

fn inputs(input: &str) -> Value {
    json!([{ "type": "promptString", "id": input, "description": "Superset API key", "password": true }])
}

pub(super) fn file_that_asks(target: &Target<'_>, input: &str) -> Value {
    let servers = json!({ target.name: at_as("http", target, &asked(input)) });
    json!({ "servers": servers, "inputs": inputs(input) })
}

/// The entry as the command and the link take it: with its name inside.
pub(super) fn named(target: &Target<'_>, entry: &Value) -> Value {
    let mut named = Map::new();
    named.insert("name".into(), target.name.into());
    if let Value::Object(entry) = entry {
        named.extend(entry.clone());
    }
    Value::Object(named)
}

pub(super) fn prompting(target: &Target<'_>, input: &str) -> Value {
    let mut entry = named(target, &at_as("http", target, &asked(input)));
    entry["inputs"] = inputs(input);
    entry
}

fn add(entry: &Value) -> Vec<String> {
    told(&["code", "--add-mcp"], &[&entry.to_string()])
}

fn link(entry: &Value) -> String {
    format!("vscode:mcp/install?{}", uri_component(&entry.to_string()))
}
