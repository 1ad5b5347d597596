//! The usual files: what docs/scan.md says is looked at is looked at, and nothing of it takes long.

use crate::{Computer, KEY, Tree};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use superset_keys_core::actions::ScanRequest;
use superset_keys_core::clients::CLIENTS;
use superset_keys_core::places;
use superset_keys_core::scan::{
    FileKind, KeySearch, KnownFiles, USUAL, known_files, search_all, usual_files_in_words,
};

/// What is found of these files in a home folder, each of which holds a key.
fn found(names: &[&str]) -> Vec<String> {
    let tree = Tree::new();
    for name in names {
        tree.write(name, format!("x = \"{KEY}\"\n"));
    }
    search(&tree, &[]).0
}

fn known(tree: &Tree, variables: &[(&str, &str)]) -> KnownFiles {
    let variables: BTreeMap<_, _> = variables
        .iter()
        .map(|(name, path)| ((*name).to_owned(), OsString::from(tree.path().join(path))))
        .collect();
    let computer = places::Computer { home: tree.path(), variables };
    known_files(&computer, Some(&tree.path().join("work")), vec![])
}

fn search(tree: &Tree, variables: &[(&str, &str)]) -> (Vec<String>, Vec<FileKind>) {
    let known = known(tree, variables);
    let searched = search_all(&KeySearch::new([]), &known.files, &[], &false.into());
    let name = |path: &Path| path.strip_prefix(tree.path()).unwrap().display().to_string();
    let spots = searched.caught.iter().map(|caught| &caught.spot);
    (spots.clone().map(|spot| name(&spot.path)).collect(), spots.map(|spot| spot.kind.clone()).collect())
}

fn all_found(names: &[&str]) {
    let mut expected: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    expected.sort();
    let mut found = found(names);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_each_shell_reads_by_itself() {
    all_found(&[
        ".profile",
        ".bashrc",
        ".bash_profile",
        ".bash_login",
        ".bash_logout",
        ".bash_aliases",
        ".bashrc.d/keys",
        ".inputrc",
        ".zshenv",
        ".zprofile",
        ".zshrc",
        ".zlogin",
        ".zlogout",
        ".zshrc.zwc",
        ".oh-my-zsh/custom/keys.zsh",
        ".config/fish/config.fish",
        ".config/fish/fish_variables",
        ".config/fish/conf.d/secrets.fish",
        ".config/fish/functions/bi.fish",
        ".config/fish/completions/bi.fish",
        ".local/share/fish/vendor_conf.d/keys.fish",
        ".config/nushell/env.nu",
        ".config/nushell/config.nu",
        ".config/nushell/login.nu",
        ".config/nushell/autoload/keys.nu",
        ".local/share/nushell/vendor/autoload/keys.nu",
        "Library/Application Support/nushell/autoload/keys.nu",
        ".config/powershell/profile.ps1",
        ".config/powershell/Microsoft.PowerShell_profile.ps1",
        ".config/powershell/Microsoft.VSCode_profile.ps1",
        "Documents/WindowsPowerShell/Microsoft.PowerShellISE_profile.ps1",
        "OneDrive - Example/Documents/PowerShell/profile.ps1",
        ".kshrc",
        ".mkshrc",
        ".shrc",
        ".yashrc",
        ".cshrc",
        ".tcshrc",
        ".login",
        ".logout",
        ".config/elvish/rc.elv",
        ".elvish/rc.elv",
        ".xonshrc",
        ".config/xonsh/rc.xsh",
        ".config/xonsh/rc.d/keys.xsh",
        ".config/ion/initrc",
        ".config/oils/oshrc",
        ".murex_profile",
        ".config/environment.d/10-keys.conf",
        ".pam_environment",
        ".config/systemd/user/bi.service",
        ".config/systemd/user/bi.service.d/key.conf",
        ".config/systemd/user.conf",
        ".ssh/environment",
        ".config/direnv/direnvrc",
        ".config/direnv/lib/bi.sh",
        ".config/mise/config.toml",
        ".ipython/profile_default/startup/00-key.py",
    ]);
}

#[test]
fn documents_are_where_windows_says_and_where_they_usually_are() {
    let tree = Tree::new();
    let names = ["Cloud/Dokumente/PowerShell/profile.ps1", "Documents/PowerShell/profile.ps1"];
    for name in names {
        tree.write(name, format!("$env:KEY = \"{KEY}\"\n"));
    }
    assert_eq!(search(&tree, &[("DOCUMENTS", "Cloud/Dokumente")]).0, names);
}

#[test]
fn every_history_in_each_form() {
    all_found(&[
        ".bash_history",
        ".bash_history-01234.tmp",
        ".bash_sessions/8A.history",
        ".zsh_history",
        ".zsh_history.new",
        ".zhistory",
        ".histfile",
        ".zsh_sessions/8A.historynew",
        ".local/share/fish/fish_history",
        ".local/share/fish/work_history",
        ".config/nushell/history.txt",
        ".config/nushell/history.sqlite3",
        ".config/nushell/history.sqlite3-wal",
        ".local/share/powershell/PSReadLine/ConsoleHost_history.txt",
        ".local/share/powershell/PSReadLine/Visual Studio Code Host_history.txt",
        ".sh_history",
        ".ksh_history",
        ".ash_history",
        ".history",
        ".local/state/elvish/db.bolt",
        ".elvish/db",
        ".local/share/xonsh/history_json/xonsh-8a.json",
        ".local/share/xonsh/xonsh-history.sqlite",
        ".local/share/ion/history",
        ".murex_history",
        ".local/share/atuin/history.db",
        ".python_history",
        ".node_repl_history",
        ".sqlite_history",
        ".psql_history",
        ".psql_history-examples",
        ".mysql_history",
        ".duckdb_history",
        ".ipython/profile_default/history.sqlite",
        ".viminfo",
        ".local/state/nvim/shada/main.shada",
    ]);
}

#[test]
fn environments_and_programs_that_make_requests() {
    all_found(&[
        ".env",
        ".env.local",
        "work/.env",
        "work/.env.staging",
        "work/.envrc",
        "work/.flaskenv",
        "work/docker/.env-local",
        "work/mise.local.toml",
        "work/.vscode/launch.json",
        "work/.claude/settings.local.json",
        ".claude/settings.json",
        ".gemini/.env",
        ".netrc",
        ".curlrc",
        ".config/httpie/sessions/bi.example.com/jane.json",
        ".config/xh/sessions/bi/jane.json",
        "work/http-client.private.env.json",
        "work/.idea/httpRequests/http-requests-log.http",
        "work/bi.http",
        ".config/JetBrains/PyCharm2026.1/scratches/bi.http",
    ]);
}

#[test]
fn what_ai_clients_write_by_themselves() {
    let names = [
        ".claude/projects/-home-jane-work/0a1b.jsonl",
        ".claude/projects/-home-jane-work/0a1b/subagents/agent-1.jsonl",
        ".claude/projects/-home-jane-work/0a1b/tool-results/1.txt",
        ".claude/history.jsonl",
        ".claude/backups/.claude.json.backup.1763600000000",
        ".claude/file-history/0a1b/5f@v1",
        ".claude/paste-cache/1.txt",
        ".claude.json.backup",
        ".claude.json.backup.1763600000000",
        ".codex/sessions/2026/11/29/rollout-1.jsonl",
        ".codex/archived_sessions/rollout-0.jsonl",
        ".codex/history.jsonl",
        ".codex/log/codex-tui.log",
        ".gemini/tmp/4f/logs.json",
        ".gemini/tmp/4f/chats/session-1.json",
        ".copilot/session-state/1/events.jsonl",
        ".copilot/session-store.db",
        ".config/Cursor/User/globalStorage/state.vscdb",
        ".config/Cursor/logs/20261129/window1/exthost.log",
        ".cursor/projects/work/agent-transcripts/1.jsonl",
        ".config/Code/User/workspaceStorage/1/chatSessions/2.json",
        ".config/Code/User/History/-1/a.env",
        ".config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks/1/api_conversation_history.json",
        ".cline/data/tasks/1/ui_messages.json",
        ".local/share/opencode/storage/part/msg_1/prt_1.json",
        ".local/share/opencode/opencode.db",
        ".local/share/goose/sessions/sessions.db",
        ".config/goose/history.txt",
        ".qwen/projects/work/chats/1.jsonl",
        ".continue/sessions/1.json",
        ".factory/sessions/work/1.jsonl",
        ".lmstudio/conversations/1.conversation.json",
    ];
    all_found(&names);
    let tree = Tree::new();
    tree.write(names[0], KEY);
    assert_eq!(search(&tree, &[]).1, [FileKind::ClientData { client: "claude-code".into() }]);
}

/// The variables that move things, and the places where they would be without.
#[test]
fn where_variables_say_and_where_they_are_otherwise() {
    let tree = Tree::new();
    let names = [
        "cfg/fish/conf.d/a.fish",
        ".config/fish/conf.d/a.fish",
        "zsh/.zshrc",
        ".zshenv",
        "hist",
        "claude/projects/a/1.jsonl",
        "codex/sessions/1.jsonl",
        "state/elvish/db.bolt",
        "py",
        "bash-env",
    ];
    for name in names {
        tree.write(name, KEY);
    }
    let variables = [
        ("XDG_CONFIG_HOME", "cfg"),
        ("ZDOTDIR", "zsh"),
        ("HISTFILE", "hist"),
        ("CLAUDE_CONFIG_DIR", "claude"),
        ("CODEX_HOME", "codex"),
        ("XDG_STATE_HOME", "state"),
        ("PYTHON_HISTORY", "py"),
        ("BASH_ENV", "bash-env"),
    ];
    let mut found = search(&tree, &variables).0;
    found.sort();
    let mut expected = names.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
}

/// A key's text lies in a page of `SQLite` as it is.
#[test]
fn databases_are_searched_by_their_bytes() {
    let tree = Tree::new();
    let page =
        [b"SQLite format 3\0".as_slice(), &[0; 4096], b"\x02\x81\x23export K=", KEY.as_bytes(), &[0; 64]];
    tree.write(".config/nushell/history.sqlite3", page.concat());
    tree.write(".local/share/opencode/opencode.db", page.concat());
    assert_eq!(search(&tree, &[]).0.len(), 2);
}

const MIB: u64 = 1024 * 1024;

/// Years of conversations do not hold up a search: the newest are searched, and what is not is told.
#[test]
fn very_much_is_searched_from_its_newest_end() {
    let tree = Tree::new();
    let file = |name: &str, days_old: u64, size: u64| {
        let path = tree.write(name, KEY);
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_len(size).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(days_old * 86_400))
            .unwrap();
    };
    // Holes: they take no room on a disk.
    for n in 0..12 {
        file(&format!(".claude/projects/p/{n:02}.jsonl"), n, 50 * MIB);
    }
    file(".codex/sessions/old.jsonl", 400, MIB);
    file(".bash_history", 4000, MIB);
    let known = known(&tree, &[]);
    let searched = search_all(&KeySearch::new([]), &known.files, &[], &false.into());
    let found: Vec<_> = searched.caught.iter().map(|caught| caught.spot.path.clone()).collect();
    let expected: Vec<_> =
        (0..5).map(|n| tree.path().join(format!(".claude/projects/p/{n:02}.jsonl"))).collect();
    assert_eq!(found[..1], [tree.path().join(".bash_history")]);
    assert_eq!(found[1..], expected);
    let older = &known.older;
    assert_eq!((older.files, older.bytes / MIB), (8, 351));
    assert_eq!(older.folders, [tree.path().join(".claude/projects"), tree.path().join(".codex/sessions")]);
}

#[tokio::test]
async fn what_was_left_out_is_shown() {
    let computer = Computer::new();
    for n in 0..6 {
        let path = computer.tree.write(&format!(".claude/projects/p/{n}.jsonl"), "");
        std::fs::File::options().write(true).open(path).unwrap().set_len(60 * 1024 * 1024).unwrap();
    }
    let request = ScanRequest { paths: vec![], usual: true, current: None };
    let view = computer.show(&computer.core.scan(request).await.unwrap());
    let older = view.skipped.older;
    assert_eq!(
        (older.files, older.megabytes, older.folders),
        (2, 120, vec!["~/.claude/projects".to_owned()])
    );
}

/// No link out of a folder is followed, nothing goes round in circles, and a folder of a million files ends.
#[test]
#[cfg(unix)]
fn links_and_depths() {
    use std::os::unix::fs::symlink;
    let (tree, outside) = (Tree::new(), Tree::new());
    outside.write("secret.jsonl", KEY);
    outside.write("keys.fish", KEY);
    tree.write(".claude/projects/p/1.jsonl", KEY);
    symlink(outside.path(), tree.path().join(".claude/projects/out")).unwrap();
    symlink(outside.path().join("secret.jsonl"), tree.path().join(".claude/projects/p/2.jsonl")).unwrap();
    symlink(".", tree.path().join(".claude/projects/loop")).unwrap();
    tree.write(&format!(".claude/projects/{}deep.jsonl", "d/".repeat(100)), KEY);
    std::fs::create_dir_all(tree.path().join(".config/fish/conf.d/folder.fish")).unwrap();
    // What a shell reads may be a link into a folder of dotfiles.
    symlink(outside.path().join("keys.fish"), tree.path().join(".config/fish/conf.d/keys.fish")).unwrap();
    assert_eq!(search(&tree, &[]).0, [".claude/projects/p/1.jsonl", ".config/fish/conf.d/keys.fish"]);
}

#[test]
fn the_documentation_lists_what_the_code_looks_at() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scan.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- usual files -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of usual files -->").unwrap();
    let current =
        format!("{before}<!-- usual files -->\n{}<!-- end of usual files -->{after}", usual_files_in_words());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(&path, &current).unwrap();
    }
    assert!(text == current, "run UPDATE_GOLDEN=1 cargo test -p superset-keys-core --test scan usual");
}

#[test]
fn every_client_named_is_one_we_know() {
    for group in USUAL {
        if let FileKind::ClientData { client } = group.keeps.kind() {
            assert!(CLIENTS.iter().any(|known| known.id == client), "{client}");
        }
    }
}
