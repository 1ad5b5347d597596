//! What a person must know or do beside a snippet. Codes only: the UI and the CLI own the sentences.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SnippetNote {
    // What to do before.
    /// The file holds more than our entry on most computers: add to it, do not replace it.
    MergeIfFileExists,
    /// The client rewrites this file all the time: its own command is the safer way in.
    PreferCommandOverFile,
    /// The file lies elsewhere where this environment variable says so.
    PathMovedBy { name: &'static str },
    /// The environment variable must be there before the client starts.
    SetVariable { name: &'static str },
    /// A desktop app does not see what a shell exports: `launchctl setenv`, `setx`, or start it from a shell.
    GuiAppsDontSeeShellVariables,
    /// Node.js with `npx` must be installed.
    NeedsNode,
    /// Where plain `npx` is not found, `cmd /c npx` is.
    NpxMayNeedCmd,
    /// The command is for bash or zsh; on Windows that is Git Bash or WSL.
    PosixShell,
    /// The program the client would start is not there.
    ProgramNotThere,
    /// The program the client would start lies in a build folder: install it for an entry that lasts.
    ProgramInBuildFolder,
    /// The program the client would start lies in the folder of one version, and nothing that stays leads to it.
    ProgramInVersionedFolder,
    /// The program the client would start lies where it is soon gone.
    ProgramInTemporaryFolder,
    /// The proxy's password is in no file, so the program goes out through the proxy only where the client hands its
    /// variable on.
    ProxyPasswordLeftOut,
    /// The client runs in a sandbox and must be allowed to start programs outside.
    StartedOutsideSandbox,

    /// What must be installed, by the command that does it.
    Install { name: &'static str },
    /// A file that is not there yet needs these keys at its top besides.
    AlsoNeeds { name: &'static str },
    /// A server on a private address must be named in this setting.
    PrivateAddressListed { name: &'static str },
    /// The client's makers call the server themselves: it must be reachable from the internet, over https.
    PublicHttpsOnly,

    // What to do after.
    /// The client asks whether it may read this environment variable.
    ApproveVariable { name: &'static str },
    /// Quit the client altogether and start it again.
    RestartNeeded,
    /// A session that is open does not see the change; the next one does.
    NewSessionNeeded,
    /// The client sees the change by itself.
    ReloadNotNeeded,
    /// The client asks for the key when it first starts the entry, and keeps it encrypted.
    AsksOnFirstStart,
    /// The client asks whether to trust the entry when it first starts it.
    AsksForTrust,
    /// Entries stay off, the person's own too, until the folder is trusted.
    TrustFolderFirst,

    /// The program is named without its path, so the client must find it on its own `PATH`.
    ProgramByName,

    // What others get to read who share the file.
    /// A path to a program that is right on this computer.
    PathOfThisComputer,
    /// Folders or a way out to the network that are this computer's.
    FoldersOfThisComputer,
    /// An address that means another computer on each.
    AddressOfThisComputer,

    // What to be careful about.
    /// The key lies readable in the client's file.
    PlaintextInFile,
    /// The client keeps the key in its own settings.
    KeyInItsSettings,
    /// The key travels to the client's makers, who call the server with it.
    KeyGoesToItsMakers,
    /// The key is in the client's arguments while its command runs, and then readable in its file.
    KeyInArgumentsBriefly,
    /// The MCP address is plain http on another computer: the key travels unencrypted.
    NotEncrypted,
    /// Against a server that answers OAuth discovery, the client may start OAuth and drop the header.
    OauthMetadataMayDropHeader,
    /// On Windows some versions send `${NAME}` as it stands instead of its value.
    VariablesMayFailOnWindows,
    /// The helper sees almost no environment: no D-Bus address, no `SUPERSET_KEYS_HOME`.
    HelperSeesLittleEnvironment,
    /// The client starts programs with almost no environment. The configuration names the variables to pass
    /// on; its command cannot.
    ConfigPassesVariables,
    /// Only recent versions know this key of the file.
    NeedsRecentVersion,
    /// The program's path had to be quoted for Windows, which nobody has tried with this client.
    QuotedPathUntriedOnWindows,
    /// A path in the entry holds a space, at which clients on Windows may split it.
    SpaceInPathOnWindows,
}
