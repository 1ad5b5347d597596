//! What a snippet's notes say.

use superset_keys_core::clients::SnippetNote;

#[allow(clippy::too_many_lines, reason = "a table: one row per note")]
pub fn note(note: SnippetNote) -> String {
    use SnippetNote as N;
    let sentence = match note {
        N::MergeIfFileExists => "If the file exists, add this to it instead of replacing it.",
        N::PreferCommandOverFile => {
            "The client rewrites this file all the time: --as command is the safer way in."
        }
        N::PathMovedBy { name } => return format!("Where {name} is set, the file lies there."),
        N::SetVariable { name } => {
            return format!("{name} must hold the key, and nothing else, before the client starts.");
        }
        N::GuiAppsDontSeeShellVariables => {
            "A desktop app does not see what a shell exports: start it from a shell, or use launchctl setenv \
             (macOS) or setx (Windows)."
        }
        N::NeedsNode => "Node.js with npx must be installed.",
        N::NpxMayNeedCmd => "Where npx is not found, write cmd /c npx.",
        N::Install { name } => return format!("Install it first: {name}"),
        N::AlsoNeeds { name } => {
            return format!("A file that is not there yet also needs {name} at its top.");
        }
        N::PrivateAddressListed { name } => {
            return format!("If the server has a private address, name it in {name}.");
        }
        N::ApproveVariable { name } => {
            return format!("The client asks whether it may read {name}: allow it.");
        }
        N::PublicHttpsOnly => "The server must be reachable from the internet, over https.",
        N::KeyInItsSettings => "The client keeps the key in its own settings.",
        N::KeyGoesToItsMakers => "The key travels to the client's makers, who call your server with it.",
        N::PosixShell => "The command is for bash or zsh; on Windows that is Git Bash or WSL.",
        N::ProgramNotThere => {
            "The program it starts is not there: install superset-keys beside the app first."
        }
        N::ProgramInBuildFolder => {
            "The program it starts lies in a build folder: install it for an entry that lasts."
        }
        N::ProgramInVersionedFolder => {
            "The program it starts lies in the folder of this version, and no link that stays leads there. After an \
             upgrade `superset-keys clients --mend` writes the entry anew."
        }
        N::ProgramInTemporaryFolder => {
            "The program it starts lies where it is soon gone: install it for an entry that lasts."
        }
        N::ProxyPasswordLeftOut => {
            "Your proxy wants a password, which is written nowhere: the program reaches the server only where the \
             client hands the proxy's variable on."
        }
        N::StartedOutsideSandbox => {
            "The client runs in a sandbox, and starts the program outside by flatpak-spawn, which it must be allowed to."
        }
        N::ProgramByName => {
            "The entry names superset-keys without a path, which is right for everybody who has the project: their \
             clients must find it on the PATH."
        }
        N::PathOfThisComputer => {
            "Git shares this file, and the program's path in it is this computer's. With superset-keys on your PATH its \
             name alone is written."
        }
        N::FoldersOfThisComputer => {
            "Git shares this file, and folders or a proxy of this computer are in it: others must change them."
        }
        N::AddressOfThisComputer => {
            "Git shares this file, and the address in it is another computer on each: only --delivery bridge writes none."
        }
        N::RestartNeeded => "Afterwards quit the client altogether and start it again.",
        N::NewSessionNeeded => "An open session does not see the change; the next one does.",
        N::ReloadNotNeeded => "The client sees the change by itself.",
        N::AsksOnFirstStart => {
            "The client asks for the key when it first starts the entry, and keeps it encrypted."
        }
        N::AsksForTrust => "The client asks whether to trust the entry when it first starts it.",
        N::TrustFolderFirst => "Entries stay off until the folder is trusted in the client.",
        N::PlaintextInFile => "The key lies readable in the client's file.",
        N::KeyInArgumentsBriefly => {
            "While the command runs, other programs on this computer can see the key in its arguments."
        }
        N::NotEncrypted => "The MCP address is plain http to another computer: the key travels in the open.",
        N::OauthMetadataMayDropHeader => {
            "Where the server offers OAuth, the client may start that and drop the key."
        }
        N::VariablesMayFailOnWindows => {
            "On Windows some versions send the variable's name instead of its value."
        }
        N::HelperSeesLittleEnvironment => {
            "The client gives the program it calls almost no environment: neither the D-Bus address nor \
             SUPERSET_KEYS_HOME."
        }
        N::ConfigPassesVariables => {
            "The client starts the program with almost no environment. If that finds no keychain, no instance or \
             no way through a proxy, use --as config instead: there the client is told what to pass on."
        }
        N::NeedsRecentVersion => "Only recent versions of the client know this.",
        N::QuotedPathUntriedOnWindows => {
            "The program's path had to be quoted, which nobody has tried with this client on Windows."
        }
        N::SpaceInPathOnWindows => {
            "A path in the entry holds a space, at which clients on Windows may split it. If the program does \
             not start, move it to a folder without one."
        }
    };
    sentence.to_owned()
}

/// What others get to read who share the file: said before it is written.
pub fn is_for_those_who_share(note: SnippetNote) -> bool {
    use SnippetNote as N;
    matches!(note, N::PathOfThisComputer | N::FoldersOfThisComputer | N::AddressOfThisComputer)
}
