//! The private window alone, for the command line: it asks by arguments, and hears of the end in one line. A cookie has no
//! road from here to there; what stays is a key in the secret store, and its record.
//!
//!     superset-keys-desktop --sign-in INSTANCE_ID TITLE [WAY]

use crate::AppCore;
use crate::browser::{self, BrowserRequest, SignInWindow};
use crate::ipc::IpcResult;
use std::ffi::OsString;
use std::process::ExitCode;
use superset_keys_core::ids::InstanceId;
use tauri::{Manager, RunEvent};

const SIGN_IN: &str = "--sign-in";

/// What is asked.
pub struct Asked {
    instance: InstanceId,
    request: BrowserRequest,
}

impl Asked {
    /// None where a person starts the app.
    pub fn of(arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
        arguments.find(|argument| argument == SIGN_IN)?;
        let (instance, title) = (arguments.next()?, arguments.next()?);
        let request =
            BrowserRequest { way: arguments.next(), stay: true, user_agent: None, title, or_as_before: true };
        Some(Self { instance: instance.into(), request })
    }
}

/// Until the private window has come to its end.
pub fn sign_in(core: AppCore, asked: Asked) -> ExitCode {
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    let app = tauri::Builder::default().setup(move |app| {
        let handle = app.handle().clone();
        app.manage(SignInWindow::new(handle.clone(), |_| ()));
        tauri::async_runtime::spawn(async move {
            let window = handle.state::<SignInWindow>();
            let end = browser::sign_in(&core, &window, &asked.instance, asked.request).await;
            say(&end);
            handle.exit(0);
        });
        Ok(())
    });
    match app.build(context) {
        Ok(app) => {
            app.run(|_, event| {
                // The window is gone before the key is made.
                if let RunEvent::ExitRequested { api, code: None, .. } = event {
                    api.prevent_exit();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the private window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout, reason = "the command line reads it")]
fn say(end: &IpcResult<browser::BrowserEnd>) {
    let line = match end {
        Ok(end) => serde_json::to_string(end),
        Err(error) => serde_json::to_string(&serde_json::json!({ "end": "failed", "error": error })),
    };
    println!("{}", line.unwrap_or_default());
}
