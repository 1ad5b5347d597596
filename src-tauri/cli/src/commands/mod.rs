//! One file per noun: take the arguments apart, call core, say what came of it. No rules here.

mod access;
mod activity;
mod agent;
mod audit;
mod bridge;
mod checkup;
mod clients;
mod completions;
mod connect;
mod create;
mod embed;
mod exec;
mod guest;
mod instances;
mod keys;
mod network;
mod oauth;
mod record;
mod report;
mod revoke;
mod rotate;
mod scan;
mod secrets;
mod settings;
mod sign_in;
mod snippet;
mod stops;
mod vault;

use crate::args::{Cli, Command, Global, Keys};
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::input;
use crate::print::{self, Printer};
use crate::words;
use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::places::{OtherFolders, Places};
use superset_keys_core::sealed::Sealed;
use superset_keys_core::secret::{Secret, StoreKind};
use superset_keys_core::secrets::VaultStore;
use superset_keys_core::{Core, CoreParts, Error, ErrorCode, SystemRandom};
use superset_keys_vault::{Cost, Vault, engine};
use tokio::runtime::Runtime;

/// What every command works with.
pub struct Context {
    pub core: Arc<Core>,
    /// The one behind core, for who answers others.
    pub vault: Arc<Vault>,
    /// The folders that were named, as another program of ours is told them.
    pub folders: Vec<OsString>,
    pub out: Printer,
    runtime: Option<Runtime>,
}

/// What came of it, where that is more than done or not done.
pub fn run(cli: Cli, sealed: Sealed) -> Outcome<ExitCode> {
    // Also where there is no home folder, as where packages are made.
    if let Command::Completions { shell } = cli.command {
        let out = Printer { json: cli.global.json };
        return completions::completions(out, shell).map(|()| ExitCode::SUCCESS);
    }
    let context = Context::new(&cli.global)?;
    let done = match cli.command {
        Command::Checkup(args) => return checkup::checkup(&context, &args),
        Command::Audit(args) => return audit::run(&context, args),
        Command::Embed(command) => return embed::run(&context, &command),
        Command::Scan(args) => return scan::scan(&context, &args),
        Command::Keys(Keys::Rotate(args)) if args.continue_all => return rotate::continue_all(&context),
        Command::Record(command) => return record::run(&context, &command),
        Command::Report(command) => return report::run(&context, &command),
        Command::McpAccess(command) => return access::mcp_access(&context, &command),
        Command::GuestToken(command) => return guest::run(&context, &command),
        Command::Signing(command) => access::signing(&context, &command),
        Command::Tokens(command) => access::tokens(&context, &command),
        Command::OAuth(command) => oauth::oauth(&context, &command),
        Command::Instances(command) => instances::run(&context, command),
        Command::SignIn(args) => sign_in::sign_in(&context, &args),
        Command::SignOut { at } => sign_in::sign_out(&context, &at),
        Command::Keys(command) => match command {
            Keys::List { at, offline } => keys::list(&context, &at, offline),
            Keys::Create(args) => create::create(&context, args),
            Keys::Revoke(args) => return revoke::revoke(&context, &args),
            Keys::Copy { at, key } => secrets::copy(&context, &at, &key),
            Keys::Print { at, key, show } => secrets::print(&context, &at, key.as_deref(), show),
            Keys::Forget { at, key } => secrets::forget(&context, &at, &key),
            Keys::Rotate(args) => rotate::rotate(&context, &args),
            Keys::Rotations(args) => rotate::rotations(&context, args.instance.as_deref()),
            Keys::ReplaceInTime(args) => rotate::replace_in_time(&context, &args),
            Keys::Default { at, key } => keys::default(&context, &at, key.as_deref()),
        },
        Command::Headers(args) => secrets::headers(&context, &args),
        Command::Bridge(args) => bridge::bridge(&context, args, cli.global.timeout),
        Command::Activity(args) => activity::activity(&context, args),
        Command::Exec(args) => exec::exec(&context, &args, sealed),
        Command::Clients(args) => clients::clients(&context, &args),
        Command::Connect(args) => connect::connect(&context, args),
        Command::Disconnect(args) => connect::disconnect(&context, &args),
        Command::Restore(args) => connect::restore(&context, &args),
        Command::Snippet(args) => snippet::snippet(&context, args),
        Command::Settings(command) => settings::run(&context, &command),
        Command::Vault(command) => vault::run(&context, &command),
        Command::Agent(args) => agent::run(&context, &args),
        Command::Completions { .. } => Ok(()),
    };
    done.map(|()| ExitCode::SUCCESS)
}

impl Context {
    fn new(global: &Global) -> Outcome<Self> {
        let mut parts = match (&global.home, global.folders()) {
            (Some(home), _) => CoreParts::at(Places::under(home)),
            (None, folders) if folders == OtherFolders::default() => CoreParts::of_this_computer()?,
            (None, folders) => {
                let usual = Places::usual().ok_or(Error::Internal { what: "no home folder" })?;
                CoreParts::at(usual.at(folders))
            }
        };
        if let Some(seconds) = global.connect_timeout {
            parts.timeouts.connect = Some(Duration::from_secs(seconds));
        }
        if let Some(seconds) = global.timeout {
            parts.timeouts.call = Some(Duration::from_secs(seconds));
        }
        let vault = Vault::new(parts.store.places(), engine, Cost::NOW, Arc::new(SystemRandom));
        let vault = Arc::new(vault);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| Error::Internal { what: "runtime" })?;
        Ok(Self {
            core: Arc::new(Core::with_vault(parts, Arc::clone(&vault) as Arc<dyn VaultStore>)),
            vault,
            folders: global.folder_words(),
            out: Printer { json: global.json },
            runtime: Some(runtime),
        })
    }

    /// Waits for an action of core. Ctrl-C ends the wait; what the action had begun is accounted for by its
    /// own intents.
    pub fn wait<T>(&self, action: impl Future<Output = superset_keys_core::Result<T>>) -> Outcome<T> {
        self.block(async { action.await.map_err(Failure::from) })
    }

    pub fn block<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.run(work, true)
    }

    /// For work that listens for Ctrl-C itself.
    pub fn uninterrupted<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.run(work, false)
    }

    fn run<T>(&self, work: impl Future<Output = Outcome<T>>, interrupted: bool) -> Outcome<T> {
        let mut done = Err(Failure::core(ErrorCode::Internal));
        self.run_any(pin!(async { done = work.await }), interrupted)?;
        done
    }

    /// The runtime is in the program once, and not for each command.
    fn run_any(&self, work: Pin<&mut dyn Future<Output = ()>>, interrupted: bool) -> Outcome {
        let Some(runtime) = &self.runtime else { return Err(Failure::core(ErrorCode::Internal)) };
        let done = runtime.block_on(async {
            tokio::select! {
                // Ctrl-C first: it must be listened for before anything begins.
                biased;
                Ok(()) = tokio::signal::ctrl_c(), if interrupted => Err(Failure::face(FaceCode::Interrupted)),
                () = work => Ok(()),
            }
        });
        if self.core.take_not_noted() {
            print::aside(words::record::NOT_NOTED);
        }
        done
    }

    /// The instance a person means; if there is none of that name, the failure lists those there are.
    pub fn instance(&self, name: &str) -> Outcome<InstanceId> {
        self.core.find_instance(name).map_err(|error| {
            let failure = Failure::from(error);
            if !failure.is(ErrorCode::NoSuchInstance) {
                return failure;
            }
            let known = self.core.list_instances().unwrap_or_default();
            if known.is_empty() {
                return failure.hint("There is none yet: `superset-keys instances add URL` adds one.");
            }
            let names: Vec<_> = known.into_iter().map(|instance| instance.short_name).collect();
            failure.hint(format!("There are: {}.", names.join(", ")))
        })
    }

    /// What a person calls a key on this computer; its alias where it has one.
    pub fn alias(&self, instance: &InstanceId, key: &ApiKeyId) -> String {
        let state = self.core.store().read().ok();
        let record = state.as_ref().and_then(|state| state.instance(instance).ok()?.record(key));
        record.map_or_else(|| key.to_string(), |record| record.alias.clone())
    }

    /// Has a locked keychain unlocked by the person, if one is there to do it.
    pub fn open_keychain(&self) -> Outcome {
        if !input::is_terminal() {
            return Ok(());
        }
        let view = self.wait(self.core.keychain_view())?;
        match (view.locked, view.store) {
            (false, _) => Ok(()),
            (true, StoreKind::Keychain) => {
                self.out.note("The keychain is locked; your system asks for its password.");
                self.wait(self.core.unlock_keychain()).map(drop)
            }
            // For this command; `vault unlock` is for all of them.
            (true, StoreKind::Vault) => {
                let passphrase = self.ask_secret("Passphrase of the vault".to_owned())?;
                self.wait(self.core.unlock_vault(passphrase)).map(drop)
            }
        }
    }

    /// A secret: a line of stdin, or the answer to a question where a person types it.
    pub fn read_secret(&self, question: String) -> Outcome<Secret> {
        if input::is_typed() { self.ask_secret(question) } else { input::read_secret() }
    }

    /// A question on the terminal, whose answer is not shown.
    pub fn ask_secret(&self, question: String) -> Outcome<Secret> {
        let echo = input::Echo::off();
        let answer = self.block(async move {
            let answer = tokio::task::spawn_blocking(move || input::ask_secret(&question)).await;
            answer.map_err(|_| Failure::face(FaceCode::InputUnusable))?
        });
        echo.on_again();
        if answer.as_ref().is_err_and(|failure| failure.reason == Reason::Face(FaceCode::Interrupted)) {
            // The question still stands there, with nothing behind it.
            self.out.note("");
        }
        answer
    }

    /// A question on the terminal, answered in a line.
    pub fn ask(&self, question: String) -> Outcome<String> {
        self.block(async move {
            let answer = tokio::task::spawn_blocking(move || input::ask_line(&question)).await;
            answer.map_err(|_| Failure::face(FaceCode::InputUnusable))
        })
    }
}

/// This program, as an AI client is to start it.
fn program(context: &Context) -> Outcome<String> {
    let program =
        std::env::current_exe().map_err(|_| Error::Internal { what: "the path of this program" })?;
    let called = std::env::args_os().next().map(PathBuf::from);
    Ok(context.core.find_program(&program, called.as_deref())?)
}

impl Drop for Context {
    /// Does not wait for a thread that waits for a person.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A word as a person would have to type it in a shell.
pub fn shell_word(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.:/@+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
