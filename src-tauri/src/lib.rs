//! The desktop shell: the window, its one command table, and nothing that decides anything.

mod clipboard;
mod commands;
mod desktop;
pub mod ipc;
mod log;
mod running;
mod watch;

use clipboard::CopiedKey;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use superset_keys_core::{Core, CoreParts};
use tauri::{Manager, RunEvent, Runtime, WindowEvent};
use tauri_specta::{Event, collect_commands, collect_events};

/// The core as the commands see it.
pub type AppCore = Arc<Core>;
/// The check-ups under way, as the commands see them.
type AppCheckups = running::RunningCheckups;
/// The last scan, as the commands see it.
type AppScan = running::KeptScan;
/// The system's dialogs as the commands see them.
type AppDialogs = desktop::Dialogs;
/// The clipboard as the commands see it.
type AppClipboard = Arc<CopiedKey>;

/// The one command table: what the window can ask for and hear.
#[must_use]
pub fn command_table<R: Runtime>() -> tauri_specta::Builder<R> {
    use commands::{api_keys, checkup, clients, desktop, instances, mcp, scan, secrets, session};
    tauri_specta::Builder::<R>::new()
        // One shape for both ways: what a view leaves out, it sends as null.
        .disable_serde_phases()
        .commands(collect_commands![
            instances::list_instances,
            instances::detect_instance,
            instances::add_instance,
            instances::rename_instance,
            instances::remove_instance,
            instances::set_mcp_url,
            session::sign_in,
            session::sign_out,
            api_keys::list_keys,
            api_keys::kept_keys,
            api_keys::create_key,
            api_keys::replace_key,
            api_keys::store_held_key,
            api_keys::acknowledge_saved,
            api_keys::revoke_key,
            api_keys::dismiss_unaccounted,
            secrets::keychain_state,
            secrets::unlock_keychain,
            secrets::reveal_secret,
            secrets::copy_secret,
            secrets::copy_text,
            secrets::clear_clipboard,
            secrets::forget_secret,
            secrets::set_default_key,
            mcp::list_clients,
            clients::find_clients,
            clients::clients_that_use,
            clients::preview_connect,
            clients::connect_client,
            clients::preview_disconnect,
            clients::disconnect_client,
            clients::preview_restore,
            clients::restore_client,
            desktop::choose_folder,
            desktop::open_client_file,
            mcp::render_snippet,
            mcp::copy_snippet,
            checkup::checkup,
            checkup::stop_checkup,
            checkup::past_checkups,
            scan::scan_keys,
            scan::stop_scan,
            scan::check_scanned_keys,
            scan::move_scanned_key,
        ])
        .events(collect_events![
            ipc::StateChanged,
            ipc::ClipboardEnded,
            ipc::CloseRefused,
            ipc::CheckupProgress
        ])
}

/// The app on any runtime: the real one, or a test's.
pub fn build<R: Runtime>(builder: tauri::Builder<R>, core: AppCore) -> tauri::Builder<R> {
    let table = command_table::<R>();
    let refused = AtomicBool::new(false);
    let builder = builder.on_window_event(move |window, event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && window.state::<AppCore>().holds_unsaved_keys()
            // Asked again, the person means it.
            && !refused.swap(true, Ordering::Relaxed)
        {
            api.prevent_close();
            let _ = ipc::CloseRefused.emit(window);
        }
    });
    builder.manage(core).manage(AppScan::default()).invoke_handler(table.invoke_handler()).setup(move |app| {
        table.mount_events(app);
        let window = app.handle().clone();
        app.manage(AppClipboard::new(CopiedKey::new(move |ended| {
            if let Err(error) = ended.emit(&window) {
                tracing::warn!(%error, "the window was not told that the clipboard is clear");
            }
        })));
        app.manage(AppDialogs::new(app.handle().clone()));
        let window = app.handle().clone();
        app.manage(AppCheckups::new(move |found| {
            let _ = found.emit(&window);
        }));
        watch::state_file(app.handle());
        Ok(())
    })
}

/// Opens the window and stays until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    let parts = match CoreParts::of_this_computer() {
        Ok(parts) => parts,
        Err(error) => return stop(&error),
    };
    log::start(&parts.store.places().state);
    let app = build(tauri::Builder::default(), Arc::new(Core::new(parts))).build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    app.state::<AppClipboard>().clear();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => stop(&error),
    }
}

fn stop(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!(%error, "the app cannot start");
    #[allow(clippy::print_stderr)] // there is no window to say it in
    {
        eprintln!("Superset Keys cannot start: {error}");
    }
    ExitCode::FAILURE
}
