//! The usual places: where keys end up on a person's computer. `docs/scan.md` lists them as they stand here; a test
//! keeps it so.
//!
//! Sources (read 2026-11-29): the manuals of bash 5.3, zsh 5.9, fish 4.1, nushell 0.109 (book, "Configuration"),
//! `PowerShell` 7.5 (`about_Profiles`, `PSReadLine`), mksh R59, tcsh 6.24, elvish 0.21 (`command`), xonsh 0.24 (its
//! defaults), ion (manual), Oils 0.37 (reference, "Front End"); `environment.d(5)`, `systemd.unit(5)`, `sshd(8)`,
//! `direnv(1)`; the clients' own documentation, and what they wrote when they were tried.

use super::kind::FileKind;
use crate::places::DOCUMENTS;

/// Files of one kind, by the program they belong to.
pub struct UsualFiles {
    /// Whose they are, for people.
    pub of: &'static str,
    pub keeps: Keeps,
    /// A path from `~` (the home folder), `.` (the current folder), `$NAME` (a folder or file that a variable names,
    /// and the folder it is without one) or [`APP_DATA`]. `*` is anything within a name; `**`, at the end, everything
    /// below.
    pub places: &'static [&'static str],
}

/// What is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    Startup,
    History,
    Env,
    Requests,
    /// Settings of a program, with room for variables.
    Settings,
    /// What an AI client wrote by itself; its id.
    ClientData(&'static str),
}

impl Keeps {
    #[must_use]
    pub fn kind(self) -> FileKind {
        match self {
            Self::Startup => FileKind::ShellStartup,
            Self::History => FileKind::ShellHistory,
            Self::Env => FileKind::EnvFile,
            Self::Requests => FileKind::RequestSettings,
            Self::Settings => FileKind::Other,
            Self::ClientData(client) => FileKind::ClientData { client: client.to_owned() },
        }
    }

    /// Whether there may be any number of such files, of any size.
    pub(super) fn is_endless(self) -> bool {
        matches!(self, Self::ClientData(_))
    }
}

/// Where programs keep their files: `~/.config` on Linux, `~/Library/Application Support` on macOS, `%APPDATA%` on
/// Windows.
pub const APP_DATA: &str = "$APP_DATA";

/// Folders that a variable names, and below the home folder where they are without it.
pub const FOLDERS: &[(&str, &str)] = &[
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("ZDOTDIR", ""),
    ("IPYTHONDIR", ".ipython"),
    ("CLAUDE_CONFIG_DIR", ".claude"),
    ("CODEX_HOME", ".codex"),
    ("COPILOT_HOME", ".copilot"),
    ("GEMINI_CLI_HOME", ""),
    // As Windows names it.
    (DOCUMENTS, "Documents"),
];

const fn files(of: &'static str, keeps: Keeps, places: &'static [&'static str]) -> UsualFiles {
    UsualFiles { of, keeps, places }
}

use Keeps::{ClientData, Env, History, Requests, Settings, Startup};

/// All of them.
pub const USUAL: &[UsualFiles] = &[
    files(
        "sh, dash, ksh, mksh, yash",
        Startup,
        &[
            "~/.profile",
            "~/.shrc",
            "~/.shinit",
            "~/.kshrc",
            "~/.mkshrc",
            "~/.yashrc",
            "~/.yash_profile",
            "$ENV",
        ],
    ),
    files(
        "bash",
        Startup,
        &[
            "~/.bashrc",
            "~/.bash_profile",
            "~/.bash_login",
            "~/.bash_logout",
            "~/.bash_aliases",
            "~/.bashrc.d/*",
            "~/.inputrc",
            "$BASH_ENV",
        ],
    ),
    files(
        "zsh",
        Startup,
        &[
            "$ZDOTDIR/.zshenv",
            "$ZDOTDIR/.zprofile",
            "$ZDOTDIR/.zshrc",
            "$ZDOTDIR/.zlogin",
            "$ZDOTDIR/.zlogout",
            "$ZDOTDIR/.z*.zwc",
            "~/.oh-my-zsh/custom/*.zsh",
        ],
    ),
    files(
        "fish",
        Startup,
        &[
            "$XDG_CONFIG_HOME/fish/config.fish",
            "$XDG_CONFIG_HOME/fish/fish_variables",
            "$XDG_CONFIG_HOME/fish/conf.d/*.fish",
            "$XDG_CONFIG_HOME/fish/functions/*.fish",
            "$XDG_CONFIG_HOME/fish/completions/*.fish",
            "$XDG_DATA_HOME/fish/vendor_conf.d/*.fish",
            "$XDG_DATA_HOME/fish/vendor_functions.d/*.fish",
            "$XDG_DATA_HOME/fish/vendor_completions.d/*.fish",
        ],
    ),
    files(
        "nushell",
        Startup,
        &[
            "$APP_DATA/nushell/env.nu",
            "$APP_DATA/nushell/config.nu",
            "$APP_DATA/nushell/login.nu",
            "$APP_DATA/nushell/autoload/*.nu",
            "$APP_DATA/nushell/vendor/autoload/*.nu",
            "$XDG_DATA_HOME/nushell/vendor/autoload/*.nu",
        ],
    ),
    files(
        "PowerShell",
        Startup,
        &[
            "$XDG_CONFIG_HOME/powershell/*profile.ps1",
            "$DOCUMENTS/PowerShell/*profile.ps1",
            "$DOCUMENTS/WindowsPowerShell/*profile.ps1",
            "~/OneDrive*/Documents/PowerShell/*profile.ps1",
            "~/OneDrive*/Documents/WindowsPowerShell/*profile.ps1",
        ],
    ),
    files("csh, tcsh", Startup, &["~/.cshrc", "~/.tcshrc", "~/.login", "~/.logout"]),
    files(
        "elvish",
        Startup,
        &["$APP_DATA/elvish/rc.elv", "$XDG_CONFIG_HOME/elvish/rc.elv", "~/.elvish/rc.elv"],
    ),
    files(
        "xonsh",
        Startup,
        &["~/.xonshrc", "$XDG_CONFIG_HOME/xonsh/rc.xsh", "$XDG_CONFIG_HOME/xonsh/rc.d/*"],
    ),
    files("ion", Startup, &["$XDG_CONFIG_HOME/ion/initrc"]),
    files(
        "Oils",
        Startup,
        &[
            "$XDG_CONFIG_HOME/oils/oshrc",
            "$XDG_CONFIG_HOME/oils/yshrc",
            "$XDG_CONFIG_HOME/oils/oshrc.d/*",
            "$XDG_CONFIG_HOME/oils/yshrc.d/*",
            "$XDG_CONFIG_HOME/oil/oshrc",
        ],
    ),
    files("murex", Startup, &["~/.murex_profile", "~/.murex_preload"]),
    files(
        "a session",
        Startup,
        &[
            "$XDG_CONFIG_HOME/environment.d/*.conf",
            "$XDG_CONFIG_HOME/systemd/user.conf",
            "$XDG_CONFIG_HOME/systemd/user.conf.d/*.conf",
            "$XDG_CONFIG_HOME/systemd/user/*.service",
            "$XDG_CONFIG_HOME/systemd/user/*.d/*.conf",
            "$XDG_CONFIG_HOME/plasma-workspace/env/*.sh",
            "~/.pam_environment",
            "~/.xprofile",
            "~/.xsession",
            "~/.xsessionrc",
            "~/.xinitrc",
            "~/.ssh/environment",
            "~/.ssh/rc",
            "~/Library/LaunchAgents/*.plist",
        ],
    ),
    files(
        "direnv, mise",
        Startup,
        &[
            "~/.direnvrc",
            "$XDG_CONFIG_HOME/direnv/direnvrc",
            "$XDG_CONFIG_HOME/direnv/lib/*.sh",
            "$XDG_CONFIG_HOME/mise/config.toml",
            "$XDG_CONFIG_HOME/mise/conf.d/*.toml",
        ],
    ),
    files("Python", Startup, &["$PYTHONSTARTUP", "$IPYTHONDIR/profile_*/startup/*"]),
    files(
        "sh, dash, ksh, mksh, yash",
        History,
        &[
            "$HISTFILE",
            "~/.sh_history",
            "~/.ksh_history",
            "~/.mksh_history",
            "~/.ash_history",
            "~/.yash_history",
        ],
    ),
    files("bash", History, &["~/.bash_history*", "~/.bash_sessions/*"]),
    files(
        "zsh",
        History,
        &["$ZDOTDIR/.zsh_history*", "$ZDOTDIR/.zhistory*", "$ZDOTDIR/.histfile*", "$ZDOTDIR/.zsh_sessions/*"],
    ),
    files("fish", History, &["$XDG_DATA_HOME/fish/*_history"]),
    files("nushell", History, &["$APP_DATA/nushell/history.txt", "$APP_DATA/nushell/history.sqlite3*"]),
    files(
        "PowerShell",
        History,
        &[
            "$XDG_DATA_HOME/powershell/PSReadLine/*_history.txt",
            "$APP_DATA/Microsoft/Windows/PowerShell/PSReadLine/*_history.txt",
        ],
    ),
    files("csh, tcsh", History, &["~/.history"]),
    files(
        "elvish",
        History,
        &[
            "$XDG_STATE_HOME/elvish/db.bolt",
            "$XDG_DATA_HOME/elvish/db.bolt",
            "$LOCALAPPDATA/elvish/db.bolt",
            "~/.elvish/db",
        ],
    ),
    files(
        "xonsh",
        History,
        &[
            "$XDG_DATA_HOME/xonsh/history_json/*.json",
            "$XDG_DATA_HOME/xonsh/xonsh-*.json",
            "$XDG_DATA_HOME/xonsh/xonsh-history.sqlite*",
        ],
    ),
    files("ion", History, &["$XDG_DATA_HOME/ion/history"]),
    files("murex", History, &["~/.murex_history"]),
    files(
        "atuin, McFly, hiSHtory, Clink",
        History,
        &[
            "$XDG_DATA_HOME/atuin/*.db*",
            "$XDG_DATA_HOME/mcfly/history.db*",
            "$APP_DATA/McFly/history.db*",
            "~/.mcfly/history.db*",
            "~/.hishtory/.hishtory.db*",
            "$LOCALAPPDATA/clink/clink_history*",
        ],
    ),
    files(
        "Python, Node.js, Ruby, R, Julia",
        History,
        &[
            "~/.python_history",
            "$PYTHON_HISTORY",
            "$IPYTHONDIR/profile_*/history.sqlite*",
            "~/.node_repl_history",
            "$NODE_REPL_HISTORY",
            "~/.bun_repl_history",
            "~/.irb_history",
            "~/.Rhistory",
            "~/.julia/logs/repl_history.jl",
        ],
    ),
    files(
        "database clients",
        History,
        &[
            "~/.psql_history*",
            "$PSQL_HISTORY",
            "~/.sqlite_history",
            "$SQLITE_HISTORY",
            "~/.mysql_history",
            "$MYSQL_HISTFILE",
            "~/.mariadb_history",
            "~/.duckdb_history",
            "~/.clickhouse-client-history*",
            "~/.rediscli_history",
            "~/.mycli-history",
            "$XDG_CONFIG_HOME/pgcli/history",
            "~/.mongodb/mongosh/mongosh_repl_history",
        ],
    ),
    files("vim, Neovim", History, &["~/.viminfo", "$XDG_STATE_HOME/nvim/shada/*"]),
    files(
        "environments",
        Env,
        &[
            "~/.env",
            "~/.env.*",
            "~/.envrc",
            "./.env",
            "./.env.*",
            "./.envrc",
            "./.flaskenv",
            "./docker/.env*",
            "./mise.toml",
            "./mise.local.toml",
            "./.mise.toml",
            "./.mise.local.toml",
            "$GEMINI_CLI_HOME/.gemini/.env",
            "$CODEX_HOME/.env",
            "~/.qwen/.env",
        ],
    ),
    files(
        "variables in settings",
        Settings,
        &[
            "$CLAUDE_CONFIG_DIR/settings*.json",
            "./.claude/settings*.json",
            "$APP_DATA/Code*/User/settings.json",
            "$APP_DATA/Cursor/User/settings.json",
            "./.vscode/settings.json",
            "./.vscode/launch.json",
            "./.vscode/tasks.json",
        ],
    ),
    files(
        "programs that make requests",
        Requests,
        &[
            "~/.netrc",
            "~/_netrc",
            "~/.curlrc",
            "~/_curlrc",
            "$XDG_CONFIG_HOME/curlrc",
            "~/.wgetrc",
            "~/.httpie/**",
            "$XDG_CONFIG_HOME/httpie/**",
            "$XDG_CONFIG_HOME/xh/sessions/**",
            "$APP_DATA/Insomnia/*.db",
            "~/.rest-client/*",
            "./*.http",
            "./*.rest",
            "./http-client*.env.json",
            "./.idea/httpRequests/*",
            "$APP_DATA/JetBrains/*/scratches/*",
        ],
    ),
    files(
        "Claude Code",
        ClientData("claude-code"),
        &[
            "$CLAUDE_CONFIG_DIR/projects/**",
            "$CLAUDE_CONFIG_DIR/history.jsonl",
            "$CLAUDE_CONFIG_DIR/backups/**",
            "$CLAUDE_CONFIG_DIR/.claude.json.*",
            "~/.claude.json.*",
            "$CLAUDE_CONFIG_DIR/file-history/**",
            "$CLAUDE_CONFIG_DIR/paste-cache/**",
            "$CLAUDE_CONFIG_DIR/shell-snapshots/**",
            "$CLAUDE_CONFIG_DIR/session-env/**",
            "$CLAUDE_CONFIG_DIR/todos/**",
            "$CLAUDE_CONFIG_DIR/plans/**",
            "$CLAUDE_CONFIG_DIR/debug/**",
        ],
    ),
    files(
        "Claude Desktop",
        ClientData("claude-desktop"),
        &["$APP_DATA/Claude/logs/*", "~/Library/Logs/Claude/*"],
    ),
    files(
        "Codex",
        ClientData("codex"),
        &[
            "$CODEX_HOME/sessions/**",
            "$CODEX_HOME/archived_sessions/**",
            "$CODEX_HOME/history.jsonl",
            "$CODEX_HOME/log/**",
            "$CODEX_HOME/shell_snapshots/**",
            "$CODEX_HOME/*.sqlite*",
            "$CODEX_HOME/rules/*",
            "$CODEX_HOME/config.toml.*",
        ],
    ),
    files(
        "Gemini CLI",
        ClientData("gemini"),
        &[
            "$GEMINI_CLI_HOME/.gemini/tmp/**",
            "$GEMINI_CLI_HOME/.gemini/history/**",
            "$GEMINI_CLI_HOME/.gemini/settings.json.*",
        ],
    ),
    files("Qwen Code", ClientData("qwen"), &["~/.qwen/projects/**", "~/.qwen/tmp/**", "~/.qwen/debug/**"]),
    files(
        "GitHub Copilot CLI",
        ClientData("copilot"),
        &[
            "$COPILOT_HOME/session-state/**",
            "$COPILOT_HOME/history-session-state/**",
            "$COPILOT_HOME/session-store.db*",
            "$COPILOT_HOME/command-history-state.json",
            "$COPILOT_HOME/logs/**",
        ],
    ),
    files(
        "Cursor",
        ClientData("cursor"),
        &[
            "$APP_DATA/Cursor/User/globalStorage/state.vscdb*",
            "$APP_DATA/Cursor/User/workspaceStorage/*/state.vscdb*",
            "$APP_DATA/Cursor/User/History/**",
            "$APP_DATA/Cursor/logs/**",
            "~/.cursor/projects/**",
            "~/.cursor/chats/**",
        ],
    ),
    files(
        "VS Code",
        ClientData("vscode"),
        &[
            "$APP_DATA/Code/User/globalStorage/state.vscdb*",
            "$APP_DATA/Code/User/globalStorage/emptyWindowChatSessions/**",
            "$APP_DATA/Code/User/workspaceStorage/*/state.vscdb*",
            "$APP_DATA/Code/User/workspaceStorage/*/chatSessions/**",
            "$APP_DATA/Code/User/workspaceStorage/*/chatEditingSessions/**",
            "$APP_DATA/Code/User/History/**",
            "$APP_DATA/Code/logs/**",
        ],
    ),
    files(
        "VS Code Insiders",
        ClientData("vscode-insiders"),
        &[
            "$APP_DATA/Code - Insiders/User/globalStorage/state.vscdb*",
            "$APP_DATA/Code - Insiders/User/globalStorage/emptyWindowChatSessions/**",
            "$APP_DATA/Code - Insiders/User/workspaceStorage/*/state.vscdb*",
            "$APP_DATA/Code - Insiders/User/workspaceStorage/*/chatSessions/**",
            "$APP_DATA/Code - Insiders/User/workspaceStorage/*/chatEditingSessions/**",
            "$APP_DATA/Code - Insiders/User/History/**",
            "$APP_DATA/Code - Insiders/logs/**",
        ],
    ),
    files(
        "Windsurf",
        ClientData("windsurf"),
        &["$APP_DATA/Windsurf/User/History/**", "$APP_DATA/Windsurf/logs/**"],
    ),
    files(
        "Cline",
        ClientData("cline"),
        &[
            "$APP_DATA/*/User/globalStorage/saoudrizwan.claude-dev/tasks/**",
            "~/.cline/data/tasks/**",
            "~/.cline/log/**",
        ],
    ),
    files(
        "Kilo Code",
        ClientData("kilo"),
        &["$APP_DATA/*/User/globalStorage/kilocode.kilo-code/tasks/**", "$XDG_DATA_HOME/kilo/**"],
    ),
    files(
        "opencode",
        ClientData("opencode"),
        &[
            "$XDG_DATA_HOME/opencode/storage/**",
            "$XDG_DATA_HOME/opencode/project/**",
            "$XDG_DATA_HOME/opencode/opencode*.db*",
            "$XDG_DATA_HOME/opencode/log/*",
            "$XDG_STATE_HOME/opencode/*.jsonl",
        ],
    ),
    files(
        "goose",
        ClientData("goose"),
        &[
            "$XDG_DATA_HOME/goose/sessions/**",
            "$XDG_STATE_HOME/goose/**",
            "$XDG_CONFIG_HOME/goose/history.txt",
            "~/.goose/sessions/**",
            "$APP_DATA/Block/goose/data/**",
        ],
    ),
    files(
        "Continue",
        ClientData("continue"),
        &["~/.continue/sessions/**", "~/.continue/dev_data/**", "~/.continue/logs/**"],
    ),
    files(
        "droid",
        ClientData("droid"),
        &["~/.factory/sessions/**", "~/.factory/logs/**", "~/.factory/history.json"],
    ),
    files("Amp", ClientData("amp"), &["$XDG_DATA_HOME/amp/threads/**", "$XDG_DATA_HOME/amp/history.jsonl"]),
    files("Crush", ClientData("crush"), &["$XDG_DATA_HOME/crush/**", "./.crush/**"]),
    files(
        "Zed",
        ClientData("zed"),
        &["$XDG_DATA_HOME/zed/conversations/*", "$XDG_DATA_HOME/zed/logs/*", "~/Library/Logs/Zed/*"],
    ),
    files(
        "LM Studio",
        ClientData("lm-studio"),
        &["~/.lmstudio/conversations/**", "~/.lmstudio/server-logs/**"],
    ),
];

/// All of them, as the documentation has them: a table in Markdown.
#[must_use]
pub fn usual_files_in_words() -> String {
    let row = |group: &UsualFiles| {
        let kind = match group.keeps {
            Startup => "shell_startup",
            History => "shell_history",
            Env => "env_file",
            Requests => "request_settings",
            Settings => "other",
            ClientData(_) => "client_data",
        };
        let places: Vec<_> = group.places.iter().map(|place| format!("`{place}`")).collect();
        format!("| {} | `{kind}` | {} |\n", group.of, places.join(" "))
    };
    let rows: String = USUAL.iter().map(row).collect();
    format!("| of | kind | files |\n|---|---|---|\n{rows}")
}
