//! One file per noun: take the arguments apart, call core, say what came of it. No rules here.

mod bridge;
mod checkup;
mod clients;
mod connect;
mod create;
mod exec;
mod instances;
mod keys;
mod scan;
mod secrets;
mod sign_in;
mod snippet;
mod stops;

use crate::args::{Cli, Command, Global, Keys};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::input;
use crate::print::Printer;
use std::future::Future;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::api_key::ApiKeyId;
use superset_keys_core::instance::InstanceId;
use superset_keys_core::places::Places;
use superset_keys_core::{Core, CoreParts, Error, ErrorCode};
use tokio::runtime::Runtime;

/// What every command works with.
pub struct Context {
    pub core: Arc<Core>,
    pub out: Printer,
    runtime: Option<Runtime>,
}

/// What came of it, where that is more than done or not done.
pub fn run(cli: Cli) -> Outcome<ExitCode> {
    let context = Context::new(&cli.global)?;
    let done = match cli.command {
        Command::Checkup(args) => return checkup::checkup(&context, &args),
        Command::Scan(args) => return scan::scan(&context, &args),
        Command::Instances(command) => instances::run(&context, command),
        Command::SignIn(args) => sign_in::sign_in(&context, &args),
        Command::SignOut { at } => sign_in::sign_out(&context, &at),
        Command::Keys(command) => match command {
            Keys::List { at, offline } => keys::list(&context, &at, offline),
            Keys::Create(args) => create::create(&context, args),
            Keys::Revoke { at, key, yes } => keys::revoke(&context, &at, &key, yes),
            Keys::Copy { at, key } => secrets::copy(&context, &at, &key),
            Keys::Print { at, key, show } => secrets::print(&context, &at, key.as_deref(), show),
            Keys::Forget { at, key } => secrets::forget(&context, &at, &key),
            Keys::Default { at, key } => keys::default(&context, &at, key.as_deref()),
        },
        Command::Headers(args) => secrets::headers(&context, &args),
        Command::Bridge(args) => bridge::bridge(&context, args, cli.global.timeout),
        Command::Exec(args) => exec::exec(&context, &args),
        Command::Clients(args) => clients::clients(&context, &args),
        Command::Connect(args) => connect::connect(&context, args),
        Command::Disconnect(args) => connect::disconnect(&context, &args),
        Command::Restore(args) => connect::restore(&context, &args),
        Command::Snippet(args) => snippet::snippet(&context, args),
    };
    done.map(|()| ExitCode::SUCCESS)
}

impl Context {
    fn new(global: &Global) -> Outcome<Self> {
        let mut parts = match &global.home {
            Some(home) => CoreParts::at(Places::under(home)),
            None => CoreParts::of_this_computer()?,
        };
        if let Some(seconds) = global.connect_timeout {
            parts.timeouts.connect = Duration::from_secs(seconds);
        }
        if let Some(seconds) = global.timeout {
            parts.timeouts.call = Duration::from_secs(seconds);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| Error::Internal { what: "runtime" })?;
        Ok(Self {
            core: Arc::new(Core::new(parts)),
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
        runtime.block_on(async {
            tokio::select! {
                // Ctrl-C first: it must be listened for before anything begins.
                biased;
                Ok(()) = tokio::signal::ctrl_c(), if interrupted => Err(Failure::face(FaceCode::Interrupted)),
                () = work => Ok(()),
            }
        })
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
        if input::is_terminal() && self.wait(self.core.keychain_view())?.locked {
            self.out.note("The keychain is locked; your system asks for its password.");
            self.wait(self.core.unlock_keychain())?;
        }
        Ok(())
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
fn program() -> Outcome<String> {
    let program = std::env::current_exe().ok();
    let program = program.and_then(|program| program.into_os_string().into_string().ok());
    program.ok_or_else(|| {
        Failure::core(ErrorCode::Internal).with("what", "the path of this program is not text")
    })
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
